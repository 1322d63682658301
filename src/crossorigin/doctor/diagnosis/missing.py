"""Causes of an answer without Access-Control-Allow-Origin: no policy, one that says no, or one that was passed by."""

from __future__ import annotations

from collections.abc import Iterator

from crossorigin.doctor.advice import advise
from crossorigin.doctor.causes import Cause, CauseCode
from crossorigin.doctor.diagnosis import errors
from crossorigin.doctor.diagnosis.answers import (
    allow_origins,
    allows,
    bucket_sign,
    fields,
    granted,
    sign_of,
    speaks_cors,
    status_line,
    vary_names,
)
from crossorigin.doctor.diagnosis.asked import by_what_is_asked, is_plain_allowed
from crossorigin.doctor.diagnosis.caches import fresh_is_allowed
from crossorigin.doctor.diagnosis.case import Case
from crossorigin.doctor.diagnosis.near import near
from crossorigin.doctor.diagnosis.origins import is_on_this_machine
from crossorigin.doctor.diagnosis.siblings import Sibling, by_origin, sibling
from crossorigin.fetch.trace import Exchange
from crossorigin.fetch.wire import HTTPResponse
from crossorigin.web.statuses import is_ok_status

__all__ = ["causes"]


def causes(case: Case) -> Iterator[Cause]:
    """Those that hold, in no order."""
    failing, answer = case.failing, case.answer
    if failing is None or answer is None or not case.is_silent or errors.explains(case, answer):
        return
    if allows(answer, case.origin):
        return  # the policy has spoken, and it said yes
    if case.fails_on_preflight:
        yield from _preflight(case, failing, answer)
    else:
        yield from _response(case, failing, answer)


def _preflight(case: Case, failing: Exchange, answer: HTTPResponse) -> Iterator[Cause]:
    """The preflight was answered, well or with a refusal, and leave was not given."""
    evidence = [_said(case, failing, answer)]
    if _decides(answer):
        yield from _says_no(case, failing, answer, evidence)
        return
    if is_ok_status(answer.status) and bucket_sign(answer) is not None:
        yield _bucket(case, failing, answer, evidence)
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
        elif other is not None and not allows(other, case.origin):
            evidence.append(f"{case.second.mark(other)}GET was answered {status_line(other)}, and {sign_of(other)}")
            yield Cause(CauseCode.ORIGIN_NOT_ALLOWED, 0.7, tuple(evidence), _fix(case))
        elif other is None and answer.status in {404, 405, 501}:
            yield _unconfigured(case, evidence, 0.5)
        return
    yield from _nothing_said(case, failing, evidence)


def _said(case: Case, failing: Exchange, answer: HTTPResponse) -> str:
    # An engine that looks at a preflight's status first may not have come to the origin that is there.
    lines = allow_origins(answer)
    shown = f"with {fields('Access-Control-Allow-Origin', lines)}" if lines else "without Access-Control-Allow-Origin"
    return f"{case.said(failing)} {shown}"


def _decides(answer: HTTPResponse) -> bool:
    """Whether a CORS layer gave this answer: it names a grant, or varies by what it is asked."""
    asked = {"access-control-request-method", "access-control-request-headers"}
    return speaks_cors(answer) or bool(asked & vary_names(answer))


def _says_no(case: Case, failing: Exchange, answer: HTTPResponse, evidence: list[str]) -> Iterator[Cause]:
    """A policy is there. For which of the three things does it say no?"""
    evidence.append(sign_of(answer))
    url = failing.request.url
    confidence = 0.75 if is_on_this_machine(case.question.origin) else 0.85  # its ports are too many to try
    if case.fails_on_preflight:
        plain = is_plain_allowed(case, failing)
        if plain is None:
            confidence = 0.7  # it may be the method or a header as well
        elif plain:
            yield from by_what_is_asked(case, failing, evidence)
            return
        other = case.second.get(url, case.origin)
        if other is not None and allows(other, case.origin):
            evidence.append(f"{case.second.mark(other)}GET was answered {granted(other)}")
            yield Cause(CauseCode.SOME_ANSWERS, 0.85, tuple(evidence), _everywhere(case, answer))
            return
    meant = near(case, failing, evidence[0])
    if meant is not None:
        yield meant
        return
    yield Cause(CauseCode.ORIGIN_NOT_ALLOWED, confidence, tuple(evidence), _fix(case))


def _nothing_said(case: Case, failing: Exchange, evidence: list[str]) -> Iterator[Cause]:
    """Status fine, and not a word about CORS: mostly there is no policy; some say no by silence."""
    meant = near(case, failing, evidence[0])
    if meant is not None:
        yield meant
        return
    if case.fails_on_preflight:
        known = sibling(case, failing, asks=False)
        if known is not None:
            code = CauseCode.SOME_ANSWERS if known.gives_leave else CauseCode.ORIGIN_NOT_ALLOWED
            yield Cause(code, 0.75, (*evidence, known.evidence), _fix(case))
            return
        other = case.second.get(failing.request.url, case.origin)
        if other is not None:
            if allows(other, case.origin):
                evidence.append(f"{case.second.mark(other)}GET was answered {granted(other)}")
                fix = f"{_fix(case)} The responses have it already: the preflight is answered by something else."
                yield Cause(CauseCode.NO_ROUTE, 0.85, tuple(evidence), fix)
                return
            if speaks_cors(other):
                evidence.append(f"{case.second.mark(other)}GET was answered {status_line(other)}, and {sign_of(other)}")
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
    evidence = [_said(case, failing, answer)]
    elsewhere = sibling(case, failing)
    if elsewhere is not None and elsewhere.gives_leave:
        yield _partly(case, answer, elsewhere, (*evidence, elsewhere.evidence))
        return
    if bucket_sign(answer) is not None:
        yield _bucket(case, failing, answer, evidence)
    elif _decides(answer):
        yield from _says_no(case, failing, answer, evidence)
    elif elsewhere is not None:
        evidence.append(elsewhere.evidence)
        yield near(case, failing, evidence[0]) or Cause(CauseCode.ORIGIN_NOT_ALLOWED, 0.8, tuple(evidence), _fix(case))
    elif not is_ok_status(answer.status):
        refused = by_origin(case, failing, answer)
        meant = near(case, failing, evidence[0])
        if meant is not None:
            yield meant
            return
        if refused is not None:
            yield Cause(CauseCode.ORIGIN_NOT_ALLOWED, 0.85, (*evidence, refused), _fix(case))
            return
        yield _unconfigured(case, evidence, 0.7)
        yield Cause(CauseCode.SOME_ANSWERS, 0.4, tuple(evidence), _everywhere(case, answer))
    else:
        yield from _nothing_said(case, failing, evidence)


def _bucket(case: Case, failing: Exchange, answer: HTTPResponse, evidence: list[str]) -> Cause:
    """A bucket whose rules do not match answers as if there were no Origin."""
    evidence.append(f"it is a bucket's: {bucket_sign(answer)}")
    fix = f"Add a rule for the origin {case.origin} and the method {_method(case)} to the bucket's CORS rules."
    return near(case, failing, evidence[0]) or Cause(CauseCode.BUCKET, 0.85, tuple(evidence), fix)


def _partly(case: Case, answer: HTTPResponse, elsewhere: Sibling, evidence: tuple[str, ...]) -> Cause:
    """This origin has leave in another answer and none in this one."""
    if not is_ok_status(answer.status) or not elsewhere.is_preflight:
        return Cause(CauseCode.SOME_ANSWERS, 0.9, evidence, _everywhere(case, answer))
    fix = (
        f"Send `Access-Control-Allow-Origin: {case.origin}` on the answer to {_method(case)} too, not in the handler "
        "of OPTIONS alone: CORS belongs around all routes."
    )
    return Cause(CauseCode.PREFLIGHT_ONLY, 0.85 if elsewhere.is_probe else 0.95, evidence, fix)


def _method(case: Case) -> str:
    return case.question.method.decode("latin-1")


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
