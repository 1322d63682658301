"""Causes that lie in what was kept from before: by a shared cache, or by the browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from crossorigin.doctor.causes import Cause, CauseCode
from crossorigin.doctor.diagnosis.answers import allow_origins, allows, cached_by, field, status_line, vary_names
from crossorigin.doctor.diagnosis.case import Case
from crossorigin.fetch.blocks import BlockCode
from crossorigin.fetch.max_age import max_age
from crossorigin.fetch.response import Response
from crossorigin.fetch.trace import Exchange
from crossorigin.fetch.wire import HTTPResponse
from crossorigin.web.mime import parse_mime_type
from crossorigin.web.statuses import is_ok_status
from crossorigin.web.url import URL, parse_url

__all__ = ["causes", "fresh_is_allowed"]

_ORIGIN_BLOCKS: Final = frozenset({BlockCode.ALLOW_ORIGIN_MISSING, BlockCode.ALLOW_ORIGIN_MISMATCH})
_NEW: Final = "crossorigin-fresh"
"""The name of a query parameter that no cache has seen; with the page's origin as its value no two pages share it."""
_ELEMENTS: Final = frozenset({"image", "font", "audio", "video"})


def causes(case: Case) -> Iterator[Cause]:
    """Those that hold, in no order."""
    if case.error is None:
        yield from _remembered_preflight(case)
        yield from _loaded_before(case)
        return
    failing, answer = case.failing, case.answer
    if failing is None or answer is None or case.code not in _ORIGIN_BLOCKS:
        return
    sign, fresh = cached_by(answer), fresh_is_allowed(case)
    if fresh is None and (sign is None or not allow_origins(answer)):
        return
    evidence = [_seen(case, failing, answer)]
    if sign is not None:
        evidence.append(f"a cache gave it: {sign}")
    if "origin" not in vary_names(answer):
        evidence.append("it does not say `Vary: Origin`, so a cache takes it for the answer to everybody")
    if fresh is not None:
        evidence.append(
            f"second probe: under a URL that no cache knows it was answered {status_line(fresh)} with "
            f"{field('Access-Control-Allow-Origin', allow_origins(fresh)[0])}"
        )
    fix = (
        "Send `Vary: Origin` on every answer, allowed or not, with an Origin or without; let the cache's key hold "
        "Origin (or send a fixed `*` where the data is public); then empty the cache."
    )
    yield Cause(CauseCode.SHARED_CACHE, 0.96 if fresh is not None else 0.6, tuple(evidence), fix)


def _seen(case: Case, failing: Exchange, answer: HTTPResponse) -> str:
    lines = allow_origins(answer)
    if not lines:
        return f"{case.said(failing)} without Access-Control-Allow-Origin"
    return f"{case.said(failing)} with {field('Access-Control-Allow-Origin', lines[0])}, and the page is {case.origin}"


def fresh_is_allowed(case: Case) -> HTTPResponse | None:
    """The answer past all caches, if the page may read that one and not the one that it got; else None."""
    failing, answer = case.failing, case.answer
    if failing is None or answer is None or case.code not in _ORIGIN_BLOCKS or not is_ok_status(answer.status):
        return None
    if failing.request.method != b"GET" or failing.request.headers.get(b"Origin") == b"null":
        return None
    url = _unknown_to_caches(failing.request.url, case.origin)
    fresh = None if url is None else case.second.get(url, case.origin)
    return fresh if fresh is not None and allows(fresh, case.origin) else None


def _unknown_to_caches(url: URL, origin: str) -> URL | None:
    name = "".join(char if char.isalnum() else "-" for char in origin)
    query = f"{url.query}&{_NEW}={name}" if url.query else f"{_NEW}={name}"
    return parse_url(f"?{query}", url)


def _remembered_preflight(case: Case) -> Iterator[Cause]:
    """A yes is remembered; what the server says afterwards is not heard until then. A no never is."""
    if case.preflight is None or case.preflight.response is None:
        return
    seconds = max_age(case.preflight.response.headers)
    evidence = f"browsers remember this preflight's answer for {seconds} s, and ask again only afterwards"
    fix = (
        "Where a browser does otherwise than this check: it goes by an earlier yes. Try in a private window; lower "
        "Access-Control-Max-Age before a policy gets narrower."
    )
    yield Cause(CauseCode.PREFLIGHT_CACHE, 0.3, (evidence,), fix)


def _loaded_before(case: Case) -> Iterator[Cause]:
    """An image or font that an element without `crossorigin` loads first is kept without its CORS headers."""
    response = case.result.response
    if not isinstance(response, Response) or response.type != "cors" or case.question.method != b"GET":
        return
    headers = response.internal.headers
    mime = parse_mime_type((headers.get(b"Content-Type") or b"").decode("latin-1"))
    if mime is None or mime.type not in _ELEMENTS or "origin" in vary_names(_as_answer(response)):
        return
    evidence = (
        f"the answer is {field('Content-Type', headers.get(b'Content-Type') or b'')}, which elements load without "
        "CORS, and it does not say `Vary: Origin`"
    )
    fix = "Send `Vary: Origin`, and write the attribute crossorigin on every element that loads the URL."
    yield Cause(CauseCode.LOADED_BEFORE, 0.4, (evidence,), fix)


def _as_answer(response: Response) -> HTTPResponse:
    return HTTPResponse(response.internal.status, response.internal.headers)
