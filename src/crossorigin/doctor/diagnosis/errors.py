"""Causes of an error that has no CORS headers: the application failed, or a proxy answered with a page of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from crossorigin.doctor.causes import Cause, CauseCode
from crossorigin.doctor.diagnosis.answers import PROXYS_STATUSES, field, is_proxys_page, text_of
from crossorigin.doctor.diagnosis.case import Case
from crossorigin.doctor.diagnosis.refusers import Refuser, refuser_of
from crossorigin.doctor.diagnosis.siblings import sibling
from crossorigin.fetch.trace import Exchange
from crossorigin.fetch.wire import HTTPResponse

__all__ = ["causes", "explains"]

_TRACE: Final = re.compile(
    r"Traceback \(most recent call last\)|Internal Server Error|Whitelabel Error Page|Server Error|"
    r"\b[\w.]{0,60}(?:Exception|Error)\b|^\s{1,8}at [^\n]{1,60}|stack trace|panic: [^\n]{1,60}",
    re.MULTILINE,
)
"""What frameworks write into the page of an error that nobody caught."""


def causes(case: Case) -> Iterator[Cause]:
    """Those that hold, in no order."""
    failing, answer = case.failing, case.answer
    if failing is None or answer is None or not case.is_silent:
        return
    if is_proxys_page(answer):
        yield _proxys_page(case, failing, answer)
    elif answer.status >= 500:
        yield _crash(case, failing, answer)
    else:
        yield from _refusal(case, failing, answer)


def explains(case: Case, answer: HTTPResponse) -> bool:
    """Whether a silent answer is an error of one of these kinds: then the error comes first, and CORS after it."""
    return is_proxys_page(answer) or answer.status >= 500 or _turns_away(case, answer) is not None


def _turns_away(case: Case, answer: HTTPResponse) -> Refuser | None:
    """The firewall or the CSRF check that refused the call itself; what refuses preflights has rules of its own."""
    refuser = None if case.fails_on_preflight else refuser_of(answer)
    return None if refuser is None or refuser.kind == "authentication" else refuser


def _refusal(case: Case, failing: Exchange, answer: HTTPResponse) -> Iterator[Cause]:
    refuser = _turns_away(case, answer)
    if refuser is not None:
        fix = (
            "Let the page's calls pass what refuses them (the firewall's rule, or the check against CSRF with the "
            "page's origin among those that it trusts), and let its refusals carry the CORS headers too."
        )
        yield Cause(CauseCode.FIREWALL, refuser.confidence, (case.said(failing), refuser.evidence), fix)


def _proxys_page(case: Case, failing: Exchange, answer: HTTPResponse) -> Cause:
    evidence = [case.said(failing), PROXYS_STATUSES[answer.status]]
    server = answer.headers.get(b"Server")
    if server is not None:
        evidence.append(f"the page is from {field('Server', server)}")
    # An application gives these on its own as well, and mostly without a Server header.
    confidence = 0.7 if answer.status in {413, 429, 431, 503} and server is None else 0.9
    fix = (
        f"Mend the {answer.status} first: {PROXYS_STATUSES[answer.status]}. Then let the proxy add the CORS headers "
        "to its own error pages (in nginx `add_header … always`), so that script can read the status."
    )
    return Cause(CauseCode.PROXY_ERROR, confidence, tuple(evidence), fix)


def _crash(case: Case, failing: Exchange, answer: HTTPResponse) -> Cause:
    evidence = [case.said(failing)]
    trace = _TRACE.search(text_of(answer))
    if trace is not None:
        evidence.append(f'its body is that of a crash: "{trace[0].strip()}"')
    confidence = 0.85 if trace else 0.65
    if not case.fails_on_preflight:
        elsewhere = sibling(case, failing)
        if elsewhere is not None and elsewhere.gives_leave:
            evidence.append(elsewhere.evidence)
            confidence = 0.95
    fix = (
        f"Mend the {answer.status} first; the server's log has it. Then put CORS outside of what handles errors, so "
        "that script can read them too: an unhandled error often passes the layer that adds the headers by."
    )
    return Cause(CauseCode.APPLICATION_ERROR, confidence, tuple(evidence), fix)
