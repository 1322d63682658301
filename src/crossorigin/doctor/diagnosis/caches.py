"""Causes that lie in what was kept from before: by a shared cache, or by the browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from crossorigin.doctor.causes import Cause, CauseCode
from crossorigin.doctor.diagnosis.answers import (
    allow_origins,
    allows,
    cached_by,
    field,
    granted,
    status_line,
    vary_names,
)
from crossorigin.doctor.diagnosis.case import Case
from crossorigin.fetch.blocks import BlockCode
from crossorigin.fetch.max_age import max_age
from crossorigin.fetch.response import Response
from crossorigin.fetch.trace import Exchange
from crossorigin.fetch.wire import HTTPResponse
from crossorigin.web.mime import parse_mime_type
from crossorigin.web.statuses import is_ok_status
from crossorigin.web.url import URL, parse_url

__all__ = ["causes", "fresh_answer", "fresh_is_allowed"]

_ORIGIN_BLOCKS: Final = frozenset({BlockCode.ALLOW_ORIGIN_MISSING, BlockCode.ALLOW_ORIGIN_MISMATCH})
_NEW: Final = "crossorigin-fresh"
"""The name of a query parameter that no cache has seen; with the page's origin as its value no two pages share it."""
_MAX_AGE: Final = re.compile(rb"\bmax-age=([0-9]{1,10})", re.IGNORECASE)
_ASKS_AGAIN: Final = re.compile(rb"\b(?:no-store|no-cache)\b", re.IGNORECASE)
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
    sign, fresh = cached_by(answer), fresh_answer(case)
    is_fresh_allowed = fresh is not None and allows(fresh, case.origin)
    if not is_fresh_allowed and (sign is None or fresh is not None):
        return  # nothing speaks for a cache, or the server itself says the same
    evidence = [_seen(case, failing, answer)]
    if sign is not None:
        evidence.append(f"a cache gave it: {sign}")
    varies = bool({"origin", "*"} & vary_names(answer))
    if not varies:
        evidence.append("it does not say `Vary: Origin`, so a cache takes it for the answer to everybody")
    confidence = 0.45 if not allow_origins(answer) else 0.5 if varies else 0.65
    if fresh is not None and is_fresh_allowed:
        confidence = 0.96
        evidence.append(f"second probe: under a URL that no cache knows it was answered {granted(fresh)}")
    fix = (
        "Send `Vary: Origin` on every answer, allowed or not, with an Origin or without; let the cache's key hold "
        "Origin (or send a fixed `*` where the data is public); then empty the cache."
    )
    yield Cause(CauseCode.SHARED_CACHE, confidence, tuple(evidence), fix)


def _seen(case: Case, failing: Exchange, answer: HTTPResponse) -> str:
    lines = allow_origins(answer)
    if not lines:
        return f"{case.said(failing)} without Access-Control-Allow-Origin"
    return f"{case.said(failing)} with {field('Access-Control-Allow-Origin', lines[0])}, and the page is {case.origin}"


def fresh_is_allowed(case: Case) -> HTTPResponse | None:
    """The answer past all caches, if the page may read that one and not the one that it got; else None."""
    fresh = fresh_answer(case)
    return fresh if fresh is not None and allows(fresh, case.origin) else None


def fresh_answer(case: Case) -> HTTPResponse | None:
    """The answer past all caches, to a call that a cache may have answered; None where that is not known."""
    failing, answer = case.failing, case.answer
    if failing is None or answer is None or case.code not in _ORIGIN_BLOCKS or not is_ok_status(answer.status):
        return None
    if failing.request.method != b"GET" or failing.request.headers.get(b"Origin") == b"null":
        return None
    url = _unknown_to_caches(failing.request.url, case.origin)
    return None if url is None else case.second.get(url, case.origin)


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
    answer = HTTPResponse(response.internal.status, response.internal.headers)
    content_type = answer.headers.get(b"Content-Type") or b""
    mime = parse_mime_type(content_type.decode("latin-1"))
    if mime is None or mime.type not in _ELEMENTS:
        return
    if {"origin", "*"} & vary_names(answer):
        yield from _varied_too_late(case, content_type)
        return
    evidence = [f"the answer is {field('Content-Type', content_type)}, which elements load without CORS"]
    kept = _kept(answer)
    sure = 0.4
    if kept is not None:
        evidence.append(f"browsers keep it: {kept}")
        plain = case.second.get(case.result.exchanges[-1].request.url, None)
        if plain is not None and allow_origins(plain):
            return  # what an element has loaded can be read afterwards
        if plain is not None:
            evidence.append(f"second probe: without Origin it was answered {status_line(plain)} without leave")
        sure = 0.5 if plain is None else 0.75
    fix = "Send `Vary: Origin`, and write the attribute crossorigin on every element that loads the URL."
    yield Cause(CauseCode.LOADED_BEFORE, sure, (*evidence, "it does not say `Vary: Origin`"), fix)


def _varied_too_late(case: Case, content_type: bytes) -> Iterator[Cause]:
    """An answer that varies by Origin only where one came: what an element has loaded without is kept for everybody."""
    plain = case.second.get(case.result.exchanges[-1].request.url, None)
    if plain is None or not is_ok_status(plain.status) or allow_origins(plain) or vary_names(plain) & {"origin", "*"}:
        return
    evidence = (
        f"the answer is {field('Content-Type', content_type)}, which elements load without CORS",
        f"second probe: without Origin it was answered {status_line(plain)} without leave, and without `Vary: Origin`",
    )
    fix = (
        "Write the attribute crossorigin on every element that loads the URL, or let what stands before the server "
        "send the CORS headers to everybody."
    )
    yield Cause(CauseCode.LOADED_BEFORE, 0.75 if _kept(plain) is not None else 0.6, evidence, fix)


def _kept(answer: HTTPResponse) -> str | None:
    """The header by which a browser keeps an answer without asking again, as evidence."""
    control, expires = answer.headers.get(b"Cache-Control"), answer.headers.get(b"Expires")
    if control is not None and _ASKS_AGAIN.search(control):
        return None
    if control is not None and (found := _MAX_AGE.search(control)):
        return field("Cache-Control", control) if int(found[1]) else None
    date, until = _time(answer.headers.get(b"Date")), _time(expires)
    # What is no date, `0` or `-1`, is in the past: https://www.rfc-editor.org/rfc/rfc9111#section-5.3
    return field("Expires", expires) if expires and date and until and until > date else None


def _time(value: bytes | None) -> datetime | None:
    try:
        return None if value is None else parsedate_to_datetime(value.decode("latin-1")).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
