"""The calls that script makes: `fetch()`, XMLHttpRequest, EventSource, WebSocket and `sendBeacon()`."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any, Literal

from crossorigin.browser.asgi_websocket import accept_value
from crossorigin.browser.call import Call, HeadersInit, PageState, as_fields, hidden, readable
from crossorigin.browser.errors import error_for
from crossorigin.browser.form_data import Fields, File, json_bytes, multipart, urlencoded
from crossorigin.browser.response import Response
from crossorigin.browser.websocket import Handshake
from crossorigin.fetch.construct import fetch_request, potential_cors_request, xhr_request
from crossorigin.fetch.request import Body, CacheMode, CredentialsMode, Mode, RedirectMode, ReferrerPolicy, Request
from crossorigin.fetch.response import FetchResult, NetworkError
from crossorigin.web.headers import HeaderList, is_header_name
from crossorigin.web.safelisted_header import is_cors_safelisted_request_header
from crossorigin.web.url import URL, parse_url

__all__ = ["event_source", "fetch", "send_beacon", "websocket", "xhr"]

BodyInit = bytes | str | Iterable[bytes] | None

_KEY = base64.b64encode(b"crossorigin test")
"""Sec-WebSocket-Key is a nonce, and proves nothing: here always the same, so that a test may compare bytes."""


def fetch(
    page: PageState,
    url: str,
    *,
    method: str = "GET",
    headers: HeadersInit | None = None,
    body: BodyInit = None,
    json: Any = None,
    form: Fields | None = None,
    mode: Mode = "cors",
    credentials: CredentialsMode = "same-origin",
    redirect: RedirectMode = "follow",
    referrer: str | None = None,
    referrer_policy: ReferrerPolicy = "",
    cache: CacheMode = "default",
    keepalive: bool = False,
) -> Call[Response]:
    """`fetch(url, init)`: https://fetch.spec.whatwg.org/#fetch-method

    `url` may be relative to the page's. The body is one of `body`, `json` (sent as application/json) and `form` (as
    application/x-www-form-urlencoded, or multipart/form-data where it holds a `File`). A `body` that is an iterable of
    bytes is a stream, with `duplex: "half"`: it has no length beforehand, and always needs a preflight across origins.
    `referrer` "" is no referrer. Raises CORSError where CORS blocks, another FetchError for any other network error,
    and TypeError for a request that script cannot make.
    """
    fields = as_fields(headers)
    content, content_type = _body(body, json, form)
    if content_type is not None and not any(name.lower() == b"content-type" for name, _ in fields):
        fields.append((b"Content-Type", content_type.encode("ascii")))
    request = fetch_request(
        url,
        page.client,
        method=_method(method),
        headers=fields,
        body=content,
        mode=mode,
        credentials=credentials,
        cache=cache,
        redirect=redirect,
        referrer=referrer,
        referrer_policy=referrer_policy,
        keepalive=keepalive,
        duplex="half",
    )
    return Call(request, readable(page))


def xhr(
    page: PageState,
    url: str,
    *,
    method: str = "GET",
    headers: HeadersInit | None = None,
    body: bytes | str | None = None,
    json: Any = None,
    form: Fields | None = None,
    with_credentials: bool = False,
    upload_listeners: bool = False,
) -> Call[Response]:
    """`XMLHttpRequest`, opened, sent and loaded: https://xhr.spec.whatwg.org/#the-send()-method

    `upload_listeners` is whether script listens on `xhr.upload`, which always asks for a preflight across origins.
    Raises as `fetch`, where script gets an `error` event.
    """
    fields = as_fields(headers)
    content, content_type = _body(body, json, form)
    if content_type is not None and not any(name.lower() == b"content-type" for name, _ in fields):
        fields.append((b"Content-Type", content_type.encode("ascii")))
    request = xhr_request(
        url,
        page.client,
        method=_method(method),
        headers=fields,
        body=content.content if isinstance(content, Body) else content,
        with_credentials=with_credentials,
        upload_listeners=upload_listeners,
    )
    return Call(request, readable(page))


def event_source(
    page: PageState, url: str, *, with_credentials: bool = False, events: int = 1, last_event_id: str = ""
) -> Call[Response]:
    """`new EventSource(url)`, its request: https://html.spec.whatwg.org/multipage/server-sent-events.html#the-eventsource-interface

    The response is there as soon as it holds so many `events`, or ends, and the page then leaves: most streams never
    end by themselves. `last_event_id` is what a reconnection sends. Raises as `fetch`.
    """
    crossorigin: Literal["anonymous", "use-credentials"] = "use-credentials" if with_credentials else "anonymous"
    request = potential_cors_request(url, page.client, "", crossorigin)
    request.initiator_type = "other"
    request.cache_mode = "no-store"
    request.headers = HeaderList.of(("Accept", "text/event-stream"))
    if last_event_id:
        # UTF-8 by the standard, unlike every other header.
        request.headers = request.headers.append(b"Last-Event-ID", last_event_id.encode())
    return Call(request, readable(page), lambda body: _events_in(body) >= events)


def _events_in(body: bytes) -> int:
    """How many events the stream has dispatched: blocks that hold data, each ended by an empty line."""
    blocks = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n\n")[:-1]
    return sum(any(line.startswith(b"data") for line in block.split(b"\n")) for block in blocks)


def send_beacon(
    page: PageState,
    url: str,
    data: bytes | str | Fields | None = None,
    *,
    content_type: str | None = None,
) -> Call[Response]:
    """`navigator.sendBeacon(url, data)`: https://w3c.github.io/beacon/#sendbeacon-method

    `data` is text, bytes, or the fields of a form; `content_type` makes it a Blob of that type. Script learns nothing
    of what became of it, so the response is opaque; what raises as for `fetch` is what a browser would have kept from
    the server, or reported on its console.
    """
    parsed = parse_url(url, page.client.url)
    if parsed is None or not parsed.is_http_family:
        raise TypeError(f"{url!r} is not a URL that a beacon can go to: http and https only")
    body: bytes | None
    if isinstance(data, bytes):
        body, said = data, content_type
    elif isinstance(data, str):
        body, said = data.encode(), content_type or "text/plain;charset=UTF-8"
    elif data is None:
        body, said = None, None
    else:
        body, said = multipart(data)
    request = Request(
        url_list=(parsed,),
        client=page.client,
        origin=page.client.origin,
        method=b"POST",
        body=None if body is None else Body(body),
        keepalive=True,
        mode="no-cors",
        credentials_mode="include",
        initiator_type="beacon",
        unsafe_request=True,
    )
    if said is not None:
        value = said.encode("latin-1", "replace")
        request.headers = HeaderList(((b"Content-Type", value),))
        if not is_cors_safelisted_request_header(b"Content-Type", value):
            request.mode = "cors"
    return Call(request, hidden(page))


def websocket(page: PageState, url: str, *, protocols: Iterable[str] = ()) -> Call[Handshake]:
    """`new WebSocket(url, protocols)`, its opening handshake: https://websockets.spec.whatwg.org/#concept-websocket-establish

    No CORS applies: the server alone decides, by the Origin that it is told. The connection is closed as soon as it is
    open. The result says whether the server accepted; raises FetchError when no answer came, or the browser did not
    even ask.
    """
    target = _websocket_url(url, page)
    asked = tuple(protocols)
    if len({name.lower() for name in asked}) != len(asked) or not all(is_header_name(name.encode()) for name in asked):
        raise ValueError(f"the protocols {asked!r} are not names of WebSocket protocols, each given once")
    fields = [
        ("Upgrade", "websocket"),
        ("Connection", "Upgrade"),
        ("Sec-WebSocket-Key", _KEY.decode()),
        ("Sec-WebSocket-Version", "13"),
        *([("Sec-WebSocket-Protocol", ", ".join(asked))] if asked else []),
    ]
    request = Request(
        url_list=(target,),
        client=page.client,
        origin=page.client.origin,
        headers=HeaderList.of(*fields),
        initiator_type="other",
        destination="websocket",
        referrer="no-referrer",
        mode="websocket",
        credentials_mode="include",
        cache_mode="no-store",
        redirect_mode="error",
    )

    def finish(result: FetchResult) -> Handshake:
        if isinstance(result.response, NetworkError):
            raise error_for(result, page.engine)
        return Handshake(result, result.response.internal, asked, accept_value(_KEY))

    return Call(request, finish)


def _websocket_url(url: str, page: PageState) -> URL:
    parsed = parse_url(url, page.client.url)
    if parsed is None or parsed.scheme not in {"ws", "wss", "http", "https"} or parsed.fragment is not None:
        raise ValueError(f"{url!r} is not the URL of a WebSocket: it is ws: or wss:, and has no fragment")
    return parsed.with_scheme({"ws": "http", "wss": "https"}.get(parsed.scheme, parsed.scheme))


def _method(method: str) -> bytes:
    return method.encode("latin-1", "replace")


def _body(body: BodyInit, json: Any, form: Fields | None) -> tuple[Body | bytes | str | None, str | None]:
    """The one body of three, and the Content-Type that it brings along."""
    if sum(each is not None for each in (body, json, form)) > 1:
        raise TypeError("a request has one body: give body, json or form")
    if json is not None:
        return json_bytes(json), "application/json"
    if form is not None:
        fields = list(form.items() if hasattr(form, "items") else form)
        if any(isinstance(value, File) for _, value in fields):
            return multipart(fields)
        return urlencoded(fields).encode("ascii"), "application/x-www-form-urlencoded;charset=UTF-8"
    if body is None or isinstance(body, bytes | str):
        return body, None
    if isinstance(body, bytearray | memoryview):
        return bytes(body), None
    return Body(b"".join(body), stream=True), None
