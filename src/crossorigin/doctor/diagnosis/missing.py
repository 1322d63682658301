"""Causes of an answer without Access-Control-Allow-Origin: no policy, one that says no, or one that was passed by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from crossorigin.doctor.advice import advise
from crossorigin.doctor.causes import Cause, CauseCode
from crossorigin.doctor.diagnosis import errors
from crossorigin.doctor.diagnosis.answers import (
    allows,
    field,
    speaks_cors,
    status_line,
    vary_names,
)
from crossorigin.doctor.diagnosis.caches import fresh_is_allowed
from crossorigin.doctor.diagnosis.case import Case
from crossorigin.doctor.diagnosis.leave import leave_elsewhere, with_leave
from crossorigin.doctor.diagnosis.near import near_miss
from crossorigin.fetch.blocks import BlockCode
from crossorigin.fetch.trace import Exchange
from crossorigin.fetch.wire import HTTPResponse
from crossorigin.web.statuses import is_ok_status

__all__ = ["causes"]

_MISSING: Final = frozenset({BlockCode.ALLOW_ORIGIN_MISSING, BlockCode.PREFLIGHT_ALLOW_ORIGIN_MISSING})


def causes(case: Case) -> Iterator[Cause]:
    """Those that hold, in no order."""
    failing, answer = case.failing, case.answer
    if failing is None or answer is None or not case.lacks_leave or errors.explains(case):
        return
    if case.fails_on_preflight:
        yield from _preflight(case, failing, answer)
    else:
        yield from _response(case, failing, answer)


def _preflight(case: Case, failing: Exchange, answer: HTTPResponse) -> Iterator[Cause]:
    """The preflight was answered, well or with a refusal, and leave was not given."""
    evidence = [case.said(failing) + " without Access-Control-Allow-Origin"]
    if _decides(answer):
        yield from _says_no(case, failing, answer, evidence)
        return
    if not is_ok_status(answer.status):
        # Something stood before the policy, or there is none: what a GET says about it decides.
        other = case.second.get(failing.request.url, case.origin)
        if other is not None and not speaks_cors(other):
            evidence.append(f"{case.second.mark(other)}GET was answered {status_line(other)} without any sign of CORS")
            confidence = 0.75 if is_ok_status(other.status) else 0.55
            if answer.status in {404, 405, 501} or not is_ok_status(other.status):
                yield _unconfigured(case, evidence, confidence)
            else:
                yield _unconfigured(case, evidence, 0.5)
        elif other is None and answer.status in {404, 405, 501}:
            yield _unconfigured(case, evidence, 0.5)
        return
    yield from _nothing_said(case, failing, evidence)


def _decides(answer: HTTPResponse) -> bool:
    """Whether a CORS layer gave this answer: it names a grant, or varies by what it is asked."""
    asked = {"access-control-request-method", "access-control-request-headers"}
    return speaks_cors(answer) or bool(asked & vary_names(answer))


def _says_no(case: Case, failing: Exchange, answer: HTTPResponse, evidence: list[str]) -> Iterator[Cause]:
    """A policy is there. For which of the three things does it say no?"""
    evidence.append(_sign(answer))
    url, method = failing.request.url, case.question.method
    if case.fails_on_preflight:
        plain = case.second.preflight(url, case.origin, b"GET")
        if plain is not None and allows(plain, case.origin):
            evidence.append(f"second probe: a preflight for GET without headers was answered {with_leave(plain)}")
            yield from _by_what_is_asked(case, failing, evidence, method)
            return
        other = case.second.get(url, case.origin)
        if other is not None and allows(other, case.origin):
            evidence.append(f"{case.second.mark(other)}GET was answered {with_leave(other)}")
            yield Cause(CauseCode.SOME_ANSWERS, 0.85, tuple(evidence), _everywhere(case, answer))
            return
    near = near_miss(case)
    if near is not None:
        yield near
        return
    yield Cause(CauseCode.ORIGIN_NOT_ALLOWED, 0.85, tuple(evidence), _fix(case))


def _by_what_is_asked(case: Case, failing: Exchange, evidence: list[str], method: bytes) -> Iterator[Cause]:
    names = case.header_names
    without = case.second.preflight(failing.request.url, case.origin, method) if names else None
    allowed = [b", ".join(names).decode("latin-1")]
    if without is not None and allows(without, case.origin):
        evidence.append(f"second probe: the same without headers was answered {with_leave(without)}")
        fix = f"Allow the request headers {allowed[0]} in the server's policy."
        yield Cause(CauseCode.HEADER_NOT_ALLOWED, 0.93, tuple(evidence), fix)
    else:
        fix = f"Allow the method {method.decode('latin-1')} in the server's policy."
        yield Cause(CauseCode.METHOD_NOT_ALLOWED, 0.9, tuple(evidence), fix)


def _sign(answer: HTTPResponse) -> str:
    for name, value in answer.headers:
        if name.lower().startswith(b"access-control-"):
            return f"something there knows CORS: it sends {field(name.decode('latin-1'), value)}"
    return f"something there knows CORS: it sends {field('Vary', answer.headers.get(b'Vary') or b'')}"


def _nothing_said(case: Case, failing: Exchange, evidence: list[str]) -> Iterator[Cause]:
    """Status fine, and not a word about CORS: mostly there is no policy; some say no by silence."""
    near = near_miss(case)
    if near is not None:
        yield near
        return
    if case.fails_on_preflight:
        other = case.second.get(failing.request.url, case.origin)
        if other is not None:
            if allows(other, case.origin):
                evidence.append(f"{case.second.mark(other)}GET was answered {with_leave(other)}")
                fix = f"{_fix(case)} The responses have it already: the preflight is answered by something else."
                yield Cause(CauseCode.NO_ROUTE, 0.85, tuple(evidence), fix)
                return
            if speaks_cors(other):
                evidence.append(f"{case.second.mark(other)}GET was answered {status_line(other)}, and {_sign(other)}")
                yield Cause(CauseCode.ORIGIN_NOT_ALLOWED, 0.8, tuple(evidence), _fix(case))
                return
            evidence.append(f"{case.second.mark(other)}GET was answered {status_line(other)} without any sign of CORS")
    evidence.append("nothing in it speaks of CORS, and it does not vary by Origin")
    # Where nobody could be asked, an error, a cache or a forgotten route may be behind it as well.
    yield _unconfigured(case, evidence, 0.85 if case.second.are_possible else 0.7)


def _response(case: Case, failing: Exchange, answer: HTTPResponse) -> Iterator[Cause]:
    """The call itself was answered, and its answer says nothing of the origin."""
    if fresh_is_allowed(case) is not None:
        return  # a cache's doing
    evidence = [case.said(failing) + " without Access-Control-Allow-Origin"]
    elsewhere = leave_elsewhere(case)
    if elsewhere is not None:
        evidence.append(elsewhere)
        yield from _partly(case, answer, evidence)
    elif _decides(answer):
        yield from _says_no(case, failing, answer, evidence)
    elif not is_ok_status(answer.status):
        near = near_miss(case)
        if near is not None:
            yield near
            return
        yield _unconfigured(case, evidence, 0.7)
        yield Cause(CauseCode.SOME_ANSWERS, 0.4, tuple(evidence), _everywhere(case, answer))
    else:
        yield from _nothing_said(case, failing, evidence)


def _partly(case: Case, answer: HTTPResponse, evidence: list[str]) -> Iterator[Cause]:
    if case.preflight is not None and is_ok_status(answer.status):
        fix = (
            f"Send `Access-Control-Allow-Origin: {case.origin}` on the answer to "
            f"{case.question.method.decode('latin-1')} too, not in the handler of OPTIONS alone: CORS belongs around "
            "all routes."
        )
        yield Cause(CauseCode.PREFLIGHT_ONLY, 0.95, tuple(evidence), fix)
    elif is_ok_status(answer.status) and "preflight" in evidence[-1]:
        fix = f"Send `Access-Control-Allow-Origin: {case.origin}` on every answer, not on those to OPTIONS alone."
        yield Cause(CauseCode.PREFLIGHT_ONLY, 0.85, tuple(evidence), fix)
    else:
        yield Cause(CauseCode.SOME_ANSWERS, 0.9, tuple(evidence), _everywhere(case, answer))


def _everywhere(case: Case, answer: HTTPResponse) -> str:
    return (
        f"Send `Access-Control-Allow-Origin: {case.origin}` on every answer, on the {answer.status} too. In nginx that "
        "takes `always`, and a location or `if` with an `add_header` of its own inherits none; in a framework put CORS "
        "outside of what handles errors and authentication."
    )


def _unconfigured(case: Case, evidence: list[str], confidence: float) -> Cause:
    return Cause(CauseCode.NO_CORS_CONFIGURED, confidence, tuple(evidence), _fix(case))


def _fix(case: Case) -> str:
    assert case.error is not None  # noqa: S101 - only called for a block
    return advise(case.question, case.result, case.error)
