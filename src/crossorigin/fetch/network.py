"""HTTP-network-or-cache fetch, without the cache: from a request to the exact fields that go on the wire."""

from __future__ import annotations

from dataclasses import replace

from crossorigin.fetch.blocks import BlockCode
from crossorigin.fetch.fetch_metadata import fetch_metadata_headers
from crossorigin.fetch.origin_header import origin_header_value
from crossorigin.fetch.params import FetchParams, Wire
from crossorigin.fetch.request import Request
from crossorigin.fetch.resource_policy import embedder_policy_allows_credentials
from crossorigin.fetch.response import InternalResponse, NetworkError
from crossorigin.fetch.trace import Exchange
from crossorigin.fetch.wire import HTTPRequest, HTTPResponse, Role, TransportFailure
from crossorigin.web.headers import HeaderList
from crossorigin.web.infra import isomorphic_encode
from crossorigin.web.origins import same_origin
from crossorigin.web.url import URL

__all__ = ["http_network_or_cache_fetch", "is_never_cached"]

_ANCHOR = "concept-http-network-or-cache-fetch"
_INFLIGHT_KEEPALIVE_LIMIT = 64 * 1024
_CONDITIONAL = frozenset({b"if-modified-since", b"if-none-match", b"if-unmodified-since", b"if-match", b"if-range"})


def http_network_or_cache_fetch(
    params: FetchParams, role: Role, *, is_new_connection_fetch: bool = False
) -> Wire[InternalResponse | NetworkError]:
    """Fetch: https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch

    There is no HTTP cache, so every request is forwarded, and nobody to prompt, so a 401 is an answer like any other.
    """
    request = params.request
    # 8.3-4. Whether cookies and stored passwords go along.
    include_credentials = request.credentials_mode == "include" or (
        request.credentials_mode == "same-origin"
        and (request.response_tainting == "basic" or _keeps_credentials(params))
    )
    include_credentials = include_credentials and embedder_policy_allows_credentials(request)
    # 8.10. What may outlive the page is bounded.
    if (
        request.keepalive
        and request.body is not None
        and len(request.body.content) + params.agent.inflight_keepalive_bytes > _INFLIGHT_KEEPALIVE_LIMIT
    ):
        return params.block(
            BlockCode.KEEPALIVE_TOO_LARGE,
            "The bodies of keepalive requests under way are more than 64 KiB together.",
            ("bytes", b"%d" % (len(request.body.content) + params.agent.inflight_keepalive_bytes)),
        )
    # 11.1. Nothing is ever cached here.
    if request.cache_mode == "only-if-cached":
        return params.block(BlockCode.NOT_CACHED, 'Cache mode is "only-if-cached", and there is no cached response.')

    http_request = HTTPRequest(
        method=request.method,
        url=request.current_url,
        headers=_headers(params, include_credentials=include_credentials),
        body=None if request.body is None else request.body.content,
        role=role,
        include_credentials=include_credentials,
        new_connection=is_new_connection_fetch,
    )
    # 11.2. HTTP-network fetch.
    answer = yield http_request
    if isinstance(answer, TransportFailure):
        params.trace.exchanges.append(Exchange(http_request, answer.partial, answer))
        error = params.block(BlockCode.NO_RESPONSE, answer.detail, ("failure", answer.kind.value.encode()))
        return replace(error, failure=answer)
    params.trace.exchanges.append(Exchange(http_request, answer))
    locations = answer.headers.get_all(b"Location")
    if params.agent.profile.several_locations == "one-if-equal" and len(set(locations)) > 1:
        # Whatever the status: two answers may have been made one on the way.
        return params.block(
            BlockCode.LOCATION_UNPARSABLE,
            f"There are several Location, and {params.agent.profile.title} takes the answer for corrupted.",
            ("Location", answer.headers.get(b"Location")),
            header=b"Location",
        )
    _store_cookies(params, answer, include_credentials=include_credentials)
    response = InternalResponse(
        # 12.
        url_list=request.url_list,
        status=answer.status,
        headers=answer.headers,
        body=answer.body,
        status_message=answer.status_message,
        # 13-14.
        range_requested=request.headers.contains(b"Range"),
        request_includes_credentials=include_credentials,
    )
    # 15. 401: whoever would be prompted declines.
    # 16. 407: the same, but then there is no response at all.
    if answer.status == 407:
        return params.block(
            BlockCode.PROXY_AUTHENTICATION, "The answer is 407: a proxy wants credentials, and nobody gives them."
        )
    # 17. 421: once more, on a fresh connection.
    if answer.status == 421 and not is_new_connection_fetch and (request.body is None or not request.body.stream):
        params.trace.add(_ANCHOR, "note", "The answer is 421 (Misdirected Request): asked again on a new connection.")
        return (yield from http_network_or_cache_fetch(params, role, is_new_connection_fetch=True))
    # 19.
    return response


def _headers(params: FetchParams, *, include_credentials: bool) -> HeaderList:
    """Steps 8.5 to 8.22 of https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch: what is added."""
    request, agent = params.request, params.agent
    fields = list(request.headers)
    names = {name.lower() for name, _ in fields}
    # 8.5-9.
    length = _content_length(request)
    if length is not None:
        fields.append((b"Content-Length", length))
    # 8.11.
    if isinstance(request.referrer, URL):
        fields.append((b"Referer", isomorphic_encode(request.referrer.href)))
    # 8.12.
    origin = origin_header_value(request, redirects_hide_it=params.agent.profile.no_cors_redirects_hide_origin)
    if origin is not None:
        fields.append((b"Origin", origin))
    # 8.13.
    fields.extend(fetch_metadata_headers(request))
    # 8.14.
    if request.initiator == "prefetch":
        fields.append((b"Sec-Purpose", b"prefetch"))
    # 8.15.
    if b"user-agent" not in names:
        fields.append((b"User-Agent", agent.user_agent))
    # 8.16-18.
    fields.extend(_cache_headers(request, names))
    # 8.19. A part of an encoded response could not be decoded.
    if b"range" in names:
        fields.append((b"Accept-Encoding", b"identity"))
    # 8.20. The driver adds what belongs to the connection.
    elif b"accept-encoding" not in names:
        fields.append((b"Accept-Encoding", agent.accept_encoding))
    # 8.21.
    if include_credentials:
        cookie = agent.credentials.cookie(request)
        if cookie is not None:
            fields.append((b"Cookie", cookie))
        # A user name in the URL keeps a stored password of another user back; itself it is for a 401 to ask for.
        by_url = request.use_url_credentials and request.current_url.includes_credentials
        if b"authorization" not in names and not by_url:
            authorization = agent.credentials.authorization(request)
            if authorization is not None:
                fields.append((b"Authorization", authorization))
    return HeaderList(fields)


def _content_length(request: Request) -> bytes | None:
    """Steps 8.5 to 8.9: a stream has no length beforehand, a POST or PUT without a body has length 0."""
    if request.body is None:
        return b"0" if request.method in {b"POST", b"PUT"} else None
    return None if request.body.stream else b"%d" % len(request.body.content)


def _keeps_credentials(params: FetchParams) -> bool:
    """Whether the engine asks only where the fetch began."""
    request = params.request
    return (
        params.agent.profile.no_cors_redirects_keep_credentials
        and request.mode == "no-cors"
        and same_origin(request.url_list[0].origin, request.origin)
    )


def is_never_cached(request: Request) -> bool:
    """Whether the cache mode is "no-store", or becomes it by step 8.16 because script sent a condition of its own."""
    names = {name.lower() for name in request.headers.names()}
    return request.cache_mode == "no-store" or (request.cache_mode == "default" and bool(names & _CONDITIONAL))


def _cache_headers(request: Request, names: set[bytes]) -> list[tuple[bytes, bytes]]:
    """Steps 8.16 to 8.18: how a cache mode is told to the caches on the way."""
    mode = "no-store" if is_never_cached(request) else request.cache_mode
    fields = []
    if mode == "no-cache" and b"cache-control" not in names:
        fields.append((b"Cache-Control", b"max-age=0"))
    if mode in {"no-store", "reload"}:
        if b"pragma" not in names:
            fields.append((b"Pragma", b"no-cache"))
        if b"cache-control" not in names:
            fields.append((b"Cache-Control", b"no-cache"))
    return fields


def _store_cookies(params: FetchParams, answer: HTTPResponse, *, include_credentials: bool) -> None:
    """Fetch: https://fetch.spec.whatwg.org/#parse-and-store-response-set-cookie-headers

    Cookies of a credentialed request are kept even when script may not read the response.
    """
    cookies = answer.headers.get_all(b"Set-Cookie")
    if not cookies:
        return
    if include_credentials:
        params.agent.credentials.store(params.request, cookies)
        sentence = "The response sets cookies, and the browser handles them: the request included credentials."
    else:
        sentence = "The response sets cookies, and the browser ignores them: the request included no credentials."
    params.trace.add("parse-and-store-response-set-cookie-headers", "note", sentence, header=b"Set-Cookie")
