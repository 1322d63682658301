"""Causes of an error that goes without CORS headers: a crash, a proxy's own page, a refusal before the policy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from crossorigin.doctor.causes import Cause, CauseCode
from crossorigin.doctor.diagnosis.answers import field, text_of
from crossorigin.doctor.diagnosis.case import Case
from crossorigin.doctor.diagnosis.leave import leave_elsewhere
from crossorigin.doctor.diagnosis.refusers import refuser_of
from crossorigin.fetch.trace import Exchange
from crossorigin.fetch.wire import HTTPResponse

__all__ = ["causes", "explains"]

_PROXYS_OWN: Final = {
    413: "the body is larger than the proxy takes",
    429: "the proxy limits how often it is called",
    431: "the headers are larger than the proxy takes",
    502: "the proxy got no proper answer from the application",
    503: "the proxy has no application to ask",
    504: "the application took too long for the proxy",
    520: "the application's answer was none",
    521: "the application refused the connection",
    522: "the application did not take the connection",
    523: "the application could not be reached",
    524: "the application took too long",
    525: "TLS to the application failed",
    526: "the application's certificate is not valid",
}
"""Statuses that are mostly given by what stands before an application; 520 to 526 are Cloudflare's."""
_TRACES: Final = (
    "Traceback (most recent call last)",
    "Internal Server Error",
    "Whitelabel Error Page",
    "    at ",
    "Exception",
    "Server Error",
    "stack trace",
    "panic:",
)
"""What pages of a crash say."""


def causes(case: Case) -> Iterator[Cause]:
    """Those that hold, in no order."""
    failing, answer = case.failing, case.answer
    if failing is None or answer is None or not explains(case):
        return
    if answer.status in _PROXYS_OWN:
        yield _proxys_page(case, failing, answer)
    elif answer.status >= 500:
        yield _crash(case, failing, answer)
    else:
        yield from _refusal(case, failing, answer)


def explains(case: Case) -> bool:
    """Whether the failing answer is an error of one of these kinds: then the error comes first, and CORS after it."""
    answer = case.answer
    if answer is None or not case.lacks_leave:
        return False
    if answer.status in _PROXYS_OWN or answer.status >= 500:
        return True
    refuser = None if case.fails_on_preflight else refuser_of(answer)
    return refuser is not None and refuser.kind != "authentication"


def _proxys_page(case: Case, failing: Exchange, answer: HTTPResponse) -> Cause:
    why = _PROXYS_OWN[answer.status]
    evidence = [case.said(failing), why]
    server = answer.headers.get(b"Server")
    if server is not None:
        evidence.append(f"the page is from {field('Server', server)}")
    fix = (
        f"Mend the {answer.status} first: {why}. Then let the proxy add the CORS headers to its own error pages (in "
        "nginx `add_header … always`), so that script can read the status."
    )
    # Applications say these two themselves.
    confidence = 0.7 if answer.status in {429, 503} and server is None else 0.9
    return Cause(CauseCode.PROXY_ERROR, confidence, tuple(evidence), fix)


def _crash(case: Case, failing: Exchange, answer: HTTPResponse) -> Cause:
    evidence = [case.said(failing)]
    text = text_of(answer)
    trace = next((sign for sign in _TRACES if sign in text), None)
    confidence = 0.65
    if trace is not None:
        evidence.append(f'its body is that of a crash: "{trace.strip()}"')
        confidence = 0.85
    elsewhere = None if case.fails_on_preflight else leave_elsewhere(case)
    if elsewhere is not None:
        evidence.append(elsewhere)
        confidence = 0.95
    fix = (
        f"Mend the {answer.status} first; the server's log has it. Then put CORS outside of what handles errors, so "
        "that script can read them too: an unhandled error often passes the layer that adds the headers by."
    )
    return Cause(CauseCode.APPLICATION_ERROR, confidence, tuple(evidence), fix)


def _refusal(case: Case, failing: Exchange, answer: HTTPResponse) -> Iterator[Cause]:
    refuser = refuser_of(answer)
    assert refuser is not None  # noqa: S101 - `explains` has seen to it
    fix = (
        "Let the page's calls pass what refuses them (the firewall's rule, or the check against CSRF with the page's "
        "origin among those that it trusts), and let its refusals carry the CORS headers too."
    )
    yield Cause(CauseCode.FIREWALL, refuser.confidence, (case.said(failing), refuser.evidence), fix)
