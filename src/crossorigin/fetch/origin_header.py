"""The Origin header of a request: when it is sent, and when it is only `null`."""

from __future__ import annotations

from crossorigin.fetch.request import Request, byte_serialize_request_origin
from crossorigin.web.origins import TupleOrigin, same_origin

__all__ = ["origin_header_value"]


def origin_header_value(request: Request) -> bytes | None:
    """Fetch: https://fetch.spec.whatwg.org/#append-a-request-origin-header

    The value to append, or None for no Origin header. A same-origin POST has one too, so that a server must not
    take its presence for CORS.
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
    # 4.2.
    return value


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
