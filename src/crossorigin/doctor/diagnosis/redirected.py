"""Causes that lie in a redirect: it was not to be there, it lacks leave itself, or it has made the origin null."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from crossorigin.doctor.advice import advise
from crossorigin.doctor.causes import Cause, CauseCode
from crossorigin.doctor.diagnosis.answers import allow_origins, allows, field
from crossorigin.doctor.diagnosis.case import Case
from crossorigin.doctor.diagnosis.redirects import RedirectKind, kind_of, target_of
from crossorigin.doctor.words import shortened
from crossorigin.fetch.blocks import BlockCode
from crossorigin.fetch.trace import Exchange
from crossorigin.web.origins import OpaqueOrigin

__all__ = ["causes"]

_BY_KIND: Final[dict[RedirectKind, CauseCode]] = {
    "https": CauseCode.TO_HTTPS,
    "slash": CauseCode.TRAILING_SLASH,
    "login": CauseCode.LOGIN,
    "moved": CauseCode.MOVED,
}
_OF_THE_LOCATION: Final = frozenset(
    {
        BlockCode.LOCATION_UNPARSABLE,
        BlockCode.TOO_MANY_REDIRECTS,
        BlockCode.LOCATION_CREDENTIALS,
        BlockCode.LOCATION_CREDENTIALS_TAINTED,
        BlockCode.REDIRECT_STREAM,
    }
)
"""Steps that stop a redirect for what it is, whatever kind it is of."""
_ORIGIN_BLOCKS: Final = frozenset(
    {
        BlockCode.ALLOW_ORIGIN_MISSING,
        BlockCode.ALLOW_ORIGIN_MISMATCH,
        BlockCode.ALLOW_ORIGIN_INVALID,
        BlockCode.ORIGIN_TAINTED,
        BlockCode.PREFLIGHT_ALLOW_ORIGIN_MISSING,
        BlockCode.PREFLIGHT_ALLOW_ORIGIN_MISMATCH,
        BlockCode.PREFLIGHT_ALLOW_ORIGIN_INVALID,
        BlockCode.PREFLIGHT_ORIGIN_TAINTED,
        BlockCode.PREFLIGHT_STATUS,
    }
)


def causes(case: Case) -> Iterator[Cause]:
    """Those that hold, in no order."""
    failing = case.failing
    blocks = {BlockCode.PREFLIGHT_REDIRECT, BlockCode.MIXED_CONTENT} | _OF_THE_LOCATION | _ORIGIN_BLOCKS
    if failing is None or case.code not in blocks or not case.redirects:
        return
    redirect = failing if failing in case.redirects else case.redirects[-1]
    kind: RedirectKind = "moved" if case.code in _OF_THE_LOCATION else kind_of(redirect)
    if case.code is BlockCode.MIXED_CONTENT and kind not in {"slash", "login"}:
        return  # that it leads to http is all that is wrong with it
    sent = (failing.request.headers.get(b"Origin") or b"").decode("latin-1")
    if failing is not redirect and kind != "login" and failing.response and allows(failing.response, sent):
        return  # the origin was no obstacle, the status was
    if failing is not redirect and kind not in {"login", "https"}:
        yield from _after(case, redirect, failing)
        return
    evidence = [case.said(redirect)]
    location = case.header(redirect, "Location")
    evidence.append(f"it leads to {location}" if location else "it has no Location")
    if failing is redirect and case.fails_on_preflight:
        evidence.append("browsers follow no redirect of a preflight")
    elif failing is redirect and case.code in _ORIGIN_BLOCKS:
        evidence.append("the redirect itself gives no leave, and browsers check every answer")
    elif failing is redirect:
        evidence.append(case.reason)
    else:
        evidence.append(f"{case.said(failing)} without leave")
    confidence = 0.93 if kind != "moved" else 0.85
    yield Cause(_BY_KIND[kind], confidence, tuple(evidence), _fix(case, redirect, kind))


def _fix(case: Case, redirect: Exchange, kind: RedirectKind) -> str:
    assert case.error is not None  # noqa: S101 - only called for a block
    target = target_of(redirect)
    where = "the final URL" if target is None else shortened(target.href)
    if kind == "https":
        return f"Call {where}, with https from the start; a preflight may not be redirected at all."
    if kind == "slash":
        return (
            f"Call {where}, exactly as the route is written, or let both be answered without a redirect (FastAPI: "
            "redirect_slashes=False; Django: APPEND_SLASH=False; Flask: strict_slashes=False)."
        )
    if kind == "login":
        return (
            "Answer calls of script with 401 and the CORS headers instead of a redirect to a login page; a preflight "
            "needs no login. In the page, go to the login page yourself after a 401."
        )
    if case.code in _OF_THE_LOCATION:
        return advise(case.question, case.result, case.error)
    if case.fails_on_preflight and redirect is case.failing:
        return (
            f"Call {where} directly, or answer OPTIONS before redirecting: browsers follow no redirect of a preflight."
        )
    if target is None:
        return f"Let the redirect have a Location that is a URL, and allow {case.origin} like every other answer."
    return f"Call {where} directly, or let the redirect and its target both allow {case.origin}."


def _after(case: Case, redirect: Exchange, failing: Exchange) -> Iterator[Cause]:
    """The redirect itself was read rightly; it is where it led to that fails."""
    if failing.request.headers.get(b"Origin") != b"null" or isinstance(case.question.origin, OpaqueOrigin):
        return  # as if the page had called the target: the other rules tell
    assert case.error is not None  # noqa: S101 - only called for a block
    evidence = [
        f"{case.said(redirect)}, to another origin",
        "so the browser sends `Origin: null` from there on: no server can know the page any more",
    ]
    lines = [] if failing.response is None else allow_origins(failing.response)
    if lines:
        evidence.append(f"{case.said(failing)} with {field('Access-Control-Allow-Origin', lines[0])}")
        yield Cause(CauseCode.TAINTED_ORIGIN, 0.97, tuple(evidence), advise(case.question, case.result, case.error))
        return
    evidence.append(f"{case.said(failing)} without Access-Control-Allow-Origin")
    yield Cause(CauseCode.TAINTED_ORIGIN, 0.85, tuple(evidence), advise(case.question, case.result, case.error))
