"""The requests that script and markup make: `fetch()`, `XMLHttpRequest`, and elements with `crossorigin`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeVar, get_args

from crossorigin.fetch.headers_guard import Guard, append_guarded
from crossorigin.fetch.request import (
    Body,
    CacheMode,
    Client,
    CredentialsMode,
    Mode,
    RedirectMode,
    ReferrerPolicy,
    Request,
)
from crossorigin.web.headers import HeaderList, normalize
from crossorigin.web.methods import is_cors_safelisted_method, is_forbidden_method, is_method, normalize_method
from crossorigin.web.origins import same_origin
from crossorigin.web.url import URL, parse_url

__all__ = ["fetch_request", "potential_cors_request", "xhr_request"]

Headers = Iterable[tuple[bytes, bytes]]
Choice = TypeVar("Choice", bound=str)


def fetch_request(
    url: str | URL,
    client: Client,
    *,
    method: bytes = b"GET",
    headers: Headers = (),
    body: Body | bytes | str | None = None,
    mode: Mode = "cors",
    credentials: CredentialsMode = "same-origin",
    cache: CacheMode = "default",
    redirect: RedirectMode = "follow",
    referrer: str | None = None,
    referrer_policy: ReferrerPolicy = "",
    keepalive: bool = False,
    duplex: Literal["half"] | None = None,
) -> Request:
    """The request of `fetch(url, init)`: https://fetch.spec.whatwg.org/#dom-request

    `url` may be relative to the client's; a `str` body brings `text/plain;charset=UTF-8` along, as script's strings
    do. `referrer` "" is no referrer, None the page's URL. Raises TypeError where `new Request` does, with a sentence
    that names the value. Headers that script may not set are dropped and kept in `dropped_headers`.
    """
    # 6. A string is parsed against the page's URL, and must hold no user name or password.
    parsed = _parse(url, client)
    if parsed.includes_credentials:
        raise TypeError(f"{parsed.stripped().href}: a URL with a user name or password cannot be fetched by script")
    # 14-22.
    request = Request(
        url_list=(parsed,),
        client=client,
        origin=client.origin,
        unsafe_request=True,
        initiator_type="fetch",
        referrer=_referrer(referrer, client),
        referrer_policy=_one_of("referrer policy", referrer_policy, ReferrerPolicy),
        mode=_one_of("mode", mode, Mode),
        credentials_mode=_one_of("credentials mode", credentials, CredentialsMode),
        cache_mode=_one_of("cache mode", cache, CacheMode),
        redirect_mode=_one_of("redirect mode", redirect, RedirectMode),
        keepalive=keepalive,
    )
    # 17. Navigation is not script's, nor is the WebSocket handshake.
    if request.mode in {"navigate", "websocket"}:
        raise TypeError(f'mode "{mode}" is the browser\'s own; script may use cors, no-cors and same-origin')
    # 21.
    if request.cache_mode == "only-if-cached" and request.mode != "same-origin":
        raise TypeError('cache mode "only-if-cached" goes only with mode "same-origin"')
    # 25.
    request.method = _method(method)
    # 32.
    if request.mode == "no-cors" and not is_cors_safelisted_method(request.method):
        raise TypeError(f'mode "no-cors" goes only with GET, HEAD and POST, not {method.decode("latin-1")}')
    # 33.
    _fill(request, headers, "request-no-cors" if request.mode == "no-cors" else "request")
    # 34-39.
    _set_body(request, body, duplex)
    return request


def xhr_request(
    url: str | URL,
    client: Client,
    *,
    method: bytes = b"GET",
    headers: Headers = (),
    body: bytes | str | None = None,
    with_credentials: bool = False,
    upload_listeners: bool = False,
) -> Request:
    """The request of `XMLHttpRequest.send`: https://xhr.spec.whatwg.org/#the-send()-method

    Repeated headers are combined, a body with GET or HEAD is ignored, a user name or password in the URL goes along,
    and listeners on `xhr.upload` ask for a preflight whatever the request is. Raises TypeError as `fetch_request`.
    """
    parsed = _parse(url, client)
    request = Request(
        url_list=(parsed,),
        client=client,
        origin=client.origin,
        method=_method(method),
        unsafe_request=True,
        initiator_type="xmlhttprequest",
        use_cors_preflight=upload_listeners,
        use_url_credentials=parsed.includes_credentials,
        mode="cors",
        credentials_mode="include" if with_credentials else "same-origin",
    )
    combined = HeaderList()
    for name, value in headers:
        if append_guarded(HeaderList(), name, value, "request"):
            combined = combined.combine(name, normalize(value))
        else:
            request.dropped_headers = request.dropped_headers.append(name, value)
    request.headers = combined
    if request.method not in {b"GET", b"HEAD"}:
        _set_body(request, body, None)
    return request


def potential_cors_request(
    url: str | URL,
    client: Client,
    destination: str,
    crossorigin: Literal["anonymous", "use-credentials"] | None,
    *,
    same_origin_fallback: bool = False,
) -> Request:
    """HTML: https://html.spec.whatwg.org/multipage/urls-and-fetching.html#create-a-potential-cors-request

    What an element loads; `crossorigin` is the attribute's state, None when the attribute is absent. Raises TypeError
    when the URL does not parse.
    """
    # 1-2. No attribute: no CORS, or no other origin at all.
    mode: Mode = "no-cors" if crossorigin is None else "cors"
    if same_origin_fallback and mode == "no-cors":
        mode = "same-origin"
    # 3-4. Only "anonymous" keeps credentials from other origins.
    return Request(
        url_list=(_parse(url, client),),
        client=client,
        origin=client.origin,
        destination=destination,
        mode=mode,
        credentials_mode="same-origin" if crossorigin == "anonymous" else "include",
        use_url_credentials=True,
    )


def _parse(url: str | URL, client: Client) -> URL:
    if isinstance(url, URL):
        return url
    parsed = parse_url(url, client.url)
    if parsed is None:
        raise TypeError(f"{url!r} is not a URL" + (" (and there is no page to complete it)" if not client.url else ""))
    return parsed


def _one_of(what: str, value: Choice, literal: object) -> Choice:
    """`value`, if it is one of a Literal's; callers without a type checker are told what the choices are."""
    allowed = get_args(literal)
    if value not in allowed:
        raise TypeError(f"{value!r} is not a {what}; it is one of {', '.join(filter(None, allowed))}")
    return value


def _method(method: bytes) -> bytes:
    if not is_method(method):
        raise TypeError(
            f"{method.decode('latin-1')!r} is not a method: a method is letters, digits and !#$%&'*+-.^_`|~"
        )
    if is_forbidden_method(method):
        raise TypeError(f"a browser's script cannot use the method {method.decode('latin-1')}")
    return normalize_method(method)


def _referrer(referrer: str | None, client: Client) -> URL | Literal["client", "no-referrer"]:
    """Step 15 of https://fetch.spec.whatwg.org/#dom-request"""
    if referrer is None:
        return "client"
    if not referrer:
        return "no-referrer"
    parsed = parse_url(referrer, client.url)
    if parsed is None:
        raise TypeError(f"the referrer {referrer!r} is not a URL")
    if parsed.href == "about:client" or not same_origin(parsed.origin, client.origin):
        return "client"
    return parsed


def _fill(request: Request, headers: Headers, guard: Guard) -> None:
    """Fetch, "fill": https://fetch.spec.whatwg.org/#concept-headers-fill

    Keeps what the guard drops, which script never learns.
    """
    for name, value in headers:
        filled = append_guarded(request.headers, name, value, guard)
        if len(filled) == len(request.headers):
            request.dropped_headers = request.dropped_headers.append(name, value)
        request.headers = filled


def _set_body(request: Request, body: Body | bytes | str | None, duplex: str | None) -> None:
    """Steps 34 to 40 of https://fetch.spec.whatwg.org/#dom-request"""
    if body is None:
        return
    # 34.
    if request.method in {b"GET", b"HEAD"}:
        raise TypeError(f"a {request.method.decode()} request cannot have a body")
    # 36. A string says what it is; bytes do not.
    if isinstance(body, str):
        if not request.headers.contains(b"Content-Type"):
            request.headers = request.headers.append(b"Content-Type", b"text/plain;charset=UTF-8")
        body = body.encode()
    request.body = Body(body) if isinstance(body, bytes) else body
    if request.body.stream and request.keepalive:
        raise TypeError("a streamed body cannot outlive its page: it does not go with keepalive")
    # 38. A stream can be sent once, so a server must have been asked before.
    if request.body.stream:
        if duplex != "half":
            raise TypeError('a streamed body needs duplex: "half"')
        if request.mode == "no-cors":
            raise TypeError('a streamed body goes only with mode "cors" or "same-origin"')
        request.use_cors_preflight = True
