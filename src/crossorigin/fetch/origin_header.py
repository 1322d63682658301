"""The Origin header of a request: when it is sent, and when it is only `null`."""

from __future__ import annotations

from itertools import pairwise

from crossorigin.fetch.request import Request, byte_serialize_request_origin
from crossorigin.web.origins import TupleOrigin, same_origin

__all__ = ["origin_header_value"]


def origin_header_value(request: Request, *, redirects_hide_it: bool = False) -> bytes | None:
    """Fetch: https://fetch.spec.whatwg.org/#append-a-request-origin-header

    The value to append, or None for no Origin header. A same-origin POST has one too, so that a server must not
    take its presence for CORS. With `redirects_hide_it`, an engine's choice, a no-cors request that has crossed origins
    on its way says `null`, even where the page's own origin was the first to redirect it.
    """
    # 2.
    value = byte_serialize_request_origin(request)
    # 3. CORS and WebSockets always say where they come from.
    if request.response_tainting == "cors" or request.mode == "websocket":
        return value
    # 4. Otherwise only what may change something on the server,
    if request.method in {b"GET", b"HEAD"}:
        return None
    # 4.1. and then no more than the referrer policy shows, unless script opted in to CORS.
    if request.mode != "cors" and _is_hidden_by_referrer_policy(request):
        value = b"null"
    if redirects_hide_it and request.mode == "no-cors" and _has_crossed_origins(request):
        value = b"null"
    # 4.2.
    return value


def _has_crossed_origins(request: Request) -> bool:
    """Whether a redirect has led from one origin to another."""
    return any(not same_origin(one.origin, other.origin) for one, other in pairwise(request.url_list))


def _is_hidden_by_referrer_policy(request: Request) -> bool:
    """Step 4.1 of https://fetch.spec.whatwg.org/#append-a-request-origin-header"""
    policy = request.referrer_policy
    if policy == "no-referrer":
        return True
    if policy in {"no-referrer-when-downgrade", "strict-origin", "strict-origin-when-cross-origin"}:
        origin = request.origin
        return isinstance(origin, TupleOrigin) and origin.scheme == "https" and request.current_url.scheme != "https"
    if policy == "same-origin":
        return not same_origin(request.origin, request.current_url.origin)
    return False
