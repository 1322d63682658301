"""Scheme fetch: what each URL scheme means to a browser."""

from __future__ import annotations

from crossorigin.fetch.blocks import BlockCode
from crossorigin.fetch.data_url import parse_data_url
from crossorigin.fetch.http_fetch import MainFetch, http_fetch
from crossorigin.fetch.params import FetchParams, Wire
from crossorigin.fetch.response import InternalResponse, NetworkError, Response
from crossorigin.web.headers import HeaderList

__all__ = ["scheme_fetch"]


def scheme_fetch(params: FetchParams, main_fetch: MainFetch) -> Wire[InternalResponse | Response | NetworkError]:
    """Fetch: https://fetch.spec.whatwg.org/#concept-scheme-fetch

    `blob:` has no object store behind it here and `file:` is left to the browser by the standard: both are network
    errors.
    """
    request = params.request
    url = request.current_url
    if url.is_http_family:
        return (yield from http_fetch(params, main_fetch))
    if url.scheme == "about" and url.path == "blank":
        return _local(params, b"text/html;charset=utf-8", b"")
    if url.scheme == "data":
        parsed = parse_data_url(url)
        if parsed is not None:
            return _local(params, parsed.mime_type.serialize().encode("latin-1"), parsed.body)
    if request.mode == "websocket" and url.scheme in {"ws", "wss"}:
        # The WebSocket protocol establishes its own connection; its handshake is not an HTTP fetch of this URL.
        return params.block(BlockCode.UNWRITTEN_STEP, "The WebSocket handshake is not implemented.")
    return params.block(BlockCode.SCHEME_NOT_FETCHED, f"There is nothing to fetch at {url.href[:200]}.")


def _local(params: FetchParams, content_type: bytes, body: bytes) -> InternalResponse:
    return InternalResponse(
        url_list=params.request.url_list,
        status=200,
        headers=HeaderList(((b"Content-Type", content_type),)),
        body=body,
        status_message=b"OK",
    )
