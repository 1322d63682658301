"""Causes that are not CORS at all: no answer, TLS, mixed content, and policies of other names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from crossorigin.doctor.advice import advise
from crossorigin.doctor.causes import Cause, CauseCode
from crossorigin.doctor.diagnosis.answers import allows, field, status_line, wants_tls, wrong_coding
from crossorigin.doctor.diagnosis.case import Case
from crossorigin.doctor.diagnosis.redirects import kind_of, leading
from crossorigin.doctor.local_network import local_network_warning
from crossorigin.fetch.blocks import BlockCode
from crossorigin.fetch.response import Response
from crossorigin.fetch.wire import TransportFailure, TransportFailureKind
from crossorigin.web.statuses import is_redirect_status

__all__ = ["causes"]

_BY_FAILURE: Final = {
    TransportFailureKind.DNS: CauseCode.UNREACHABLE,
    TransportFailureKind.REFUSED: CauseCode.UNREACHABLE,
    TransportFailureKind.UNREACHABLE: CauseCode.UNREACHABLE,
    TransportFailureKind.TIMEOUT: CauseCode.UNREACHABLE,
    TransportFailureKind.TLS: CauseCode.TLS,
    TransportFailureKind.RESET: CauseCode.BROKEN_ANSWER,
    TransportFailureKind.NOT_HTTP: CauseCode.BROKEN_ANSWER,
    TransportFailureKind.TOO_LARGE: CauseCode.BROKEN_ANSWER,
    TransportFailureKind.STOPPED: CauseCode.EXTENSION,
}
_DROPPED: Final = frozenset({TransportFailureKind.RESET, TransportFailureKind.TIMEOUT})
"""How it looks when something on the way takes a request and answers nothing."""
_STOPPED_BY: Final = (
    ("BLOCKED_BY_CSP", CauseCode.CONTENT_SECURITY_POLICY),
    ("LOCAL_NETWORK_ACCESS", CauseCode.LOCAL_NETWORK),
    ("BLOCKED_BY_RESPONSE", CauseCode.RESOURCE_POLICY),
    ("BLOCKED_BY_ORB", CauseCode.NO_CORS),
)
"""What the browser that recorded a call names as having stopped it, where that was no extension."""
_BY_BLOCK: Final = {
    BlockCode.MIXED_CONTENT: CauseCode.MIXED_CONTENT,
    BlockCode.MIXED_CONTENT_RESPONSE: CauseCode.MIXED_CONTENT,
    BlockCode.BAD_PORT: CauseCode.NOT_FETCHABLE,
    BlockCode.SCHEME_NOT_HTTP: CauseCode.NOT_FETCHABLE,
    BlockCode.SCHEME_NOT_FETCHED: CauseCode.NOT_FETCHABLE,
    BlockCode.LOCAL_URLS_ONLY: CauseCode.NOT_FETCHABLE,
    BlockCode.LOCATION_NOT_HTTP: CauseCode.NOT_FETCHABLE,
    BlockCode.CROSS_ORIGIN_RESOURCE_POLICY: CauseCode.RESOURCE_POLICY,
    BlockCode.CROSS_ORIGIN_EMBEDDER_POLICY: CauseCode.RESOURCE_POLICY,
    BlockCode.PROXY_AUTHENTICATION: CauseCode.PROXY_ERROR,
}


def causes(case: Case) -> Iterator[Cause]:
    """Those that hold, in no order."""
    error, code = case.error, case.code
    if error is None or code is None:
        yield from _local_network(case)
        yield from _not_decoded(case)
        return
    fix = advise(case.question, case.result, error)
    if code is BlockCode.LOCATION_UNPARSABLE and case.answer is not None and not is_redirect_status(case.answer.status):
        # Firefox takes several Location for an answer that was tampered with, whatever its status.
        yield Cause(CauseCode.BROKEN_ANSWER, 0.9, tuple(_evidence(case)), fix)
    elif error.failure is not None:
        yield from _no_answer(case, error.failure, fix)
    elif code in _BY_BLOCK:
        # Where a redirect led to http that was to add a slash, or to a login page, that is what has to change.
        redirect = leading(case.redirects)
        sure = 0.75 if redirect is not None and kind_of(redirect) in {"slash", "login"} else 0.97
        yield Cause(_BY_BLOCK[code], sure, tuple(_evidence(case)), fix)
    yield from _plain_on_tls(case)


def _no_answer(case: Case, failure: TransportFailure, fix: str) -> Iterator[Cause]:
    evidence = [failure.detail.removesuffix(".")]
    if case.fails_on_preflight and case.failing is not None and failure.kind in _DROPPED:
        other = case.second.get(case.failing.request.url, case.origin)
        if other is not None:
            evidence.append(f"{case.second.mark(other)}a GET of the same URL was answered {status_line(other)}")
            confidence = 0.75 if allows(other, case.origin) else 0.65
            fix = (
                "Let OPTIONS through to the application: something between drops the preflight and answers other "
                "methods (a firewall, a load balancer, a server that reads no OPTIONS)."
            )
            yield Cause(CauseCode.FIREWALL, confidence, tuple(evidence), fix)
            return
    code = _BY_FAILURE[failure.kind]
    if failure.kind is TransportFailureKind.STOPPED:
        seen = case.report.seen_error or ""
        code = next((each for sign, each in _STOPPED_BY if sign in seen), code)
    yield Cause(code, 0.97, tuple(evidence), fix)


def _evidence(case: Case) -> Iterator[str]:
    """The sentence of the step that blocked, and the header that it looked at."""
    assert case.error is not None  # noqa: S101 - only called for a block
    step = case.error.step
    yield case.reason
    if case.failing is not None and step.header is not None:
        value = None if case.failing.response is None else case.failing.response.headers.get(step.header)
        if value is not None:
            yield f"{case.said(case.failing)} with {field(step.header.decode('latin-1'), value)}"


def _plain_on_tls(case: Case) -> Iterator[Cause]:
    """A server that says, in plain HTTP, that it wants TLS."""
    said = None if case.failing is None else wants_tls(case.failing)
    if said is not None and case.failing is not None:
        url = case.failing.request.url.with_scheme("https")
        evidence = (f'{case.said(case.failing)}, and says "{said}"',)
        yield Cause(CauseCode.TLS, 0.97, evidence, f"Call {url.href}: this port speaks https.")


def _not_decoded(case: Case) -> Iterator[Cause]:
    """A body that is not what its Content-Encoding says: the headers are right, and reading it fails."""
    answer = None if case.report.last_answer is None else case.report.last_answer.response
    response = case.result.response
    if answer is None or not isinstance(response, Response) or not response.is_readable:
        return
    wrong = wrong_coding(answer)
    if wrong is not None:
        fix = "Leave Content-Encoding, Content-Length and Transfer-Encoding out of what is handed on unpacked."
        yield Cause(CauseCode.BROKEN_ANSWER, 0.9, (wrong,), fix)


def _local_network(case: Case) -> Iterator[Cause]:
    question = case.question
    if not any(profile.has_local_network_access for profile in case.report.results):
        return
    warning = local_network_warning(question.origin, question.url.host or "", case.report.addresses)
    if warning is not None:
        fix = (
            "Serve the page over https and let its user grant the permission; or put a server with a public address "
            "in front of the private one."
        )
        yield Cause(CauseCode.LOCAL_NETWORK, 0.4, (warning.removesuffix("."),), fix)
