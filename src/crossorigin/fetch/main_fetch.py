"""Fetch and main fetch: what may be fetched at all, with which response tainting, and what script sees of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal

from crossorigin.fetch.agent import UserAgent
from crossorigin.fetch.blocks import BlockCode
from crossorigin.fetch.http_fetch import http_fetch
from crossorigin.fetch.mime_blocking import blocked_due_to_mime_type, blocked_due_to_nosniff
from crossorigin.fetch.mixed_content import blocked_as_mixed_content, upgrade_mixed_content
from crossorigin.fetch.params import FetchParams, Wire
from crossorigin.fetch.ports import blocked_due_to_bad_port
from crossorigin.fetch.referrer import DEFAULT_REFERRER_POLICY, determine_referrer
from crossorigin.fetch.request import Request, clone_request, redirect_taint
from crossorigin.fetch.response import (
    FetchResult,
    InternalResponse,
    NetworkError,
    Response,
    basic_filtered_headers,
    cors_filtered_headers,
)
from crossorigin.fetch.scheme_fetch import scheme_fetch
from crossorigin.web.extract import FAILURE, extract_header_list_values
from crossorigin.web.headers import HeaderList, sorted_lowercase_set
from crossorigin.web.methods import is_cors_safelisted_method
from crossorigin.web.origins import same_origin
from crossorigin.web.statuses import is_null_body_status, is_range_status
from crossorigin.web.url import URL

__all__ = ["fetch"]

_ANCHOR: Final = "concept-main-fetch"
_EXPOSE: Final = b"Access-Control-Expose-Headers"

_DOCUMENT_ACCEPT: Final = b"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
_ACCEPT: Final = {
    "document": _DOCUMENT_ACCEPT,
    "frame": _DOCUMENT_ACCEPT,
    "iframe": _DOCUMENT_ACCEPT,
    "image": b"image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5",
    "json": b"application/json,*/*;q=0.5",
    "style": b"text/css,*/*;q=0.1",
    "text": b"text/plain,*/*;q=0.5",
}


def fetch(request: Request, agent: UserAgent) -> Wire[FetchResult]:
    """Fetch: https://fetch.spec.whatwg.org/#concept-fetch

    A generator: yields each `HTTPRequest` that goes on the wire, is sent the `HTTPResponse` or `TransportFailure`
    that came back, and returns the `FetchResult`. `request` is left as it was; `agent`'s preflight cache and
    credentials change as a browser's would.
    """
    params = FetchParams(clone_request(request), agent)
    request = params.request
    _apply_profile(params)
    for name, value in request.dropped_headers:
        params.trace.add(
            "concept-headers-append",
            "note",
            f"Request header {name.decode('latin-1')} is dropped in silence: script may not set it in this mode.",
            (name.decode("latin-1"), value),
        )
    # 12-14. What every request says of what it would like.
    if not request.headers.contains(b"Accept"):
        accept = _DOCUMENT_ACCEPT if request.initiator == "prefetch" else _ACCEPT.get(request.destination, b"*/*")
        request.headers = request.headers.append(b"Accept", accept)
    if not request.headers.contains(b"Accept-Language"):
        request.headers = request.headers.append(b"Accept-Language", agent.accept_language)
    # 17-18.
    response = yield from _main_fetch(params)
    final = response if isinstance(response, NetworkError) else _finish(params, response)
    return FetchResult(request, final, tuple(params.trace.steps), tuple(params.trace.exchanges), params.first_headers)


def _apply_profile(params: FetchParams) -> None:
    """What an engine makes of the request before it is fetched."""
    request, profile = params.request, params.agent.profile
    for name in profile.dropped_request_headers:
        for value in request.headers.get_all(name):
            request.dropped_headers = request.dropped_headers.append(name, value)
        request.headers = request.headers.delete(name)
    if profile.forced_preflight_needs_body and request.body is None:
        request.use_cors_preflight = False
    params.first_headers = request.headers


def _main_fetch(params: FetchParams) -> Wire[InternalResponse | Response | NetworkError]:
    """Fetch, "main fetch" up to the filter: https://fetch.spec.whatwg.org/#concept-main-fetch

    This much is run again for the target of every redirect.
    """
    request = params.request
    # 3.
    if request.local_urls_only and not request.current_url.is_local:
        return params.block(BlockCode.LOCAL_URLS_ONLY, "The local-URLs-only flag is set, and the URL is not local.")
    # 5-6.
    _upgrade(params)
    # 7.
    error = _blocked_before_sending(params)
    if error is not None:
        return error
    # 8. A page without a policy of its own has the default one.
    if not request.referrer_policy:
        request.referrer_policy = request.client.referrer_policy or DEFAULT_REFERRER_POLICY
    # 9.
    if request.referrer != "no-referrer":
        request.referrer = determine_referrer(request) or "no-referrer"
    # 10.
    _upgrade_known_https_host(params)
    # 12. The first statement that matches.
    return (yield from _dispatch(params))


def _dispatch(params: FetchParams) -> Wire[InternalResponse | Response | NetworkError]:
    """Step 12 of https://fetch.spec.whatwg.org/#concept-main-fetch"""
    request = params.request
    url = request.current_url
    same = same_origin(url.origin, request.origin)
    if (
        (same and request.response_tainting == "basic")
        or url.scheme == "data"
        or request.mode in {"navigate", "websocket"}
    ):
        request.response_tainting = "basic"
        params.trace.add(_ANCHOR, "note", _why_basic(request, same=same))
        return (yield from scheme_fetch(params, _main_fetch))
    if request.mode == "same-origin":
        return params.block(
            BlockCode.MODE_SAME_ORIGIN,
            "The mode is same-origin, and the URL is of another origin.",
            ("request origin", request.origin.serialize().encode()),
            ("URL's origin", url.origin.serialize().encode()),
        )
    if request.mode == "no-cors":
        if request.redirect_mode != "follow":
            return params.block(
                BlockCode.NO_CORS_REDIRECT_MODE,
                f"The mode is no-cors, and the redirect mode is {request.redirect_mode}, not follow.",
            )
        request.response_tainting = "opaque"
        params.trace.add(_ANCHOR, "note", "Another origin in mode no-cors: the response tainting is opaque.")
        return (yield from scheme_fetch(params, _main_fetch))
    if not url.is_http_family:
        return params.block(
            BlockCode.SCHEME_NOT_HTTP, f"Another origin with scheme {url.scheme}:, and CORS is for http and https only."
        )
    request.response_tainting = "cors"
    params.trace.add(_ANCHOR, "note", _why_cors(same=same))
    if _may_need_preflight(params):
        response = yield from http_fetch(params, _main_fetch, make_cors_preflight=True)
        if isinstance(response, NetworkError) and _is_forgotten_on(params, response):
            params.agent.preflight_cache.clear_entries(request)
        return response
    return (yield from http_fetch(params, _main_fetch))


def _is_forgotten_on(params: FetchParams, error: NetworkError) -> bool:
    """Whether an error after a preflight clears the cache entries: in the standard every one does."""
    forgets_on = params.agent.profile.forgets_on
    return forgets_on == "every-error" or (
        forgets_on == "all-but-redirect-mode" and error.code is not BlockCode.REDIRECT_MODE_ERROR
    )


def _why_basic(request: Request, *, same: bool) -> str:
    if request.mode in {"navigate", "websocket"}:
        return f"The mode is {request.mode}: CORS does not apply."
    return "The URL is of the page's own origin: CORS does not apply." if same else "A data: URL: CORS does not apply."


def _why_cors(*, same: bool) -> str:
    if same:
        return "Back on the page's own origin, but another one stood between: the response tainting stays cors."
    return "Another origin in mode cors: the response tainting is cors."


def _may_need_preflight(params: FetchParams) -> bool:
    """The sixth statement of step 12; says in the trace which method, header and byte ask for a preflight."""
    request = params.request
    if request.use_cors_preflight:
        params.trace.add(
            "use-cors-preflight-flag",
            "note",
            "The use-CORS-preflight flag is set (upload listeners or a streamed body).",
        )
    unsafe_method = not is_cors_safelisted_method(request.method)
    unsafe_headers = params.unsafe_request_headers()
    if request.unsafe_request and unsafe_method:
        method = request.method.decode("latin-1")
        params.trace.add(
            "simple-method",
            "note",
            f"Method {method} is not CORS-safelisted (GET, HEAD, POST).",
            ("method", request.method),
        )
    if request.unsafe_request:
        for unsafe in unsafe_headers:
            params.trace.add(
                "cors-unsafe-request-header-names",
                "note",
                unsafe.sentence,
                (unsafe.name.decode("latin-1"), unsafe.value),
                header=unsafe.name,
            )
    if params.agent.profile.preflights_after_preflight and (params.needed_preflight or params.began_unsafe):
        params.trace.add(
            _ANCHOR, "note", f"{params.agent.profile.title} asks again after each redirect, once it has asked."
        )
        return True
    params.needed_preflight = request.use_cors_preflight or (
        request.unsafe_request and (unsafe_method or bool(unsafe_headers))
    )
    return params.needed_preflight


def _upgrade(params: FetchParams) -> None:
    """Steps 5 and 6: Upgrade-Insecure-Requests, then the images, sounds and films of a secure page.

    https://w3c.github.io/webappsec-upgrade-insecure-requests/#upgrade-request and
    https://w3c.github.io/webappsec-mixed-content/#upgrade-algorithm
    """
    request = params.request
    url = request.current_url
    if (
        request.client.upgrade_insecure_requests
        and url.scheme in {"http", "ws"}
        and (not request.is_navigation_request or same_origin(url.origin, request.origin))
    ):
        upgraded = url.with_scheme({"http": "https", "ws": "wss"}[url.scheme])
        _replace_current_url(params, upgraded, "upgrade-insecure-requests", "The page asks for insecure URLs to be")
        return
    mixed = upgrade_mixed_content(request, params.agent.profile)
    if mixed is not None:
        _replace_current_url(params, mixed, "mixed-content-upgrade", "Mixed content that can be is")


def _upgrade_known_https_host(params: FetchParams) -> None:
    """Step 10: hosts known to want https (HSTS, HTTPS records)."""
    url = params.request.current_url
    if (
        url.scheme == "http"
        and url.host is not None
        and url.host_kind == "domain"
        and url.host.removesuffix(".").rpartition(".")[2] != "localhost"
        and params.agent.is_known_hsts_host(url.host)
    ):
        _replace_current_url(params, url.with_scheme("https"), _ANCHOR, "The host is known to want https: the URL is")


def _replace_current_url(params: FetchParams, url: URL, anchor: str, why: str) -> None:
    params.request.url_list = (*params.request.url_list[:-1], url)
    params.trace.add(anchor, "note", f"{why} upgraded: {url.href}", ("URL", url.href.encode()))


def _blocked_before_sending(params: FetchParams) -> NetworkError | None:
    """Step 7: ports, then mixed content."""
    request = params.request
    url = request.current_url
    if blocked_due_to_bad_port(url):
        return params.block(
            BlockCode.BAD_PORT,
            f"Port {url.port} belongs to another protocol, and browsers never speak HTTP to it.",
            ("port", b"%d" % (url.port or 0)),
        )
    if not params.agent.allows_mixed_content and blocked_as_mixed_content(request, url, params.agent.profile):
        return params.block(
            BlockCode.MIXED_CONTENT,
            f"The page at {request.client.origin} is trustworthy and {url.href} is not: mixed content.",
            ("page", request.client.origin.serialize().encode()),
            ("URL", url.href.encode()),
        )
    return None


def _finish(params: FetchParams, response: InternalResponse | Response) -> Response | NetworkError:
    """Steps 14 to 22 of https://fetch.spec.whatwg.org/#concept-main-fetch: the filter, and what can still block."""
    request = params.request
    internal = response if isinstance(response, InternalResponse) else response.internal
    # 14.
    if isinstance(response, InternalResponse):
        response = _filtered(params, internal)
    # 20. Checks that need the response.
    error = _blocked_after_response(params, internal)
    if error is not None:
        return error
    # 21. A part of an earlier range must not pass for the whole.
    if (
        response.type == "opaque"
        and is_range_status(internal.status)
        and internal.range_requested
        and not request.headers.contains(b"Range")
    ):
        return params.block(
            BlockCode.OPAQUE_RANGE, f"Status {internal.status} to an opaque request that asked for no range."
        )
    # 17, 19 and 22.
    without_body = request.method in {b"HEAD", b"CONNECT"} or is_null_body_status(internal.status)
    return replace(
        response,
        body=None if without_body else response.body,
        redirect_taint=redirect_taint(request),
        timing_allow_passed=not request.timing_allow_failed,
    )


def _filtered(params: FetchParams, internal: InternalResponse) -> Response:
    """Step 14 of https://fetch.spec.whatwg.org/#concept-main-fetch"""
    tainting: Literal["basic", "cors", "opaque"] = params.request.response_tainting
    if tainting == "opaque":
        params.trace.add(
            "concept-filtered-response-opaque",
            "note",
            "The response is opaque: script may use it, but reads neither status nor headers nor body.",
        )
        return Response(
            type="opaque", url_list=(), status=0, status_message=b"", headers=HeaderList(), body=None, internal=internal
        )
    headers = (
        basic_filtered_headers(internal.headers)
        if tainting == "basic"
        else cors_filtered_headers(
            internal.headers,
            _exposed_header_names(params, internal),
            params.agent.profile.safelisted_response_headers,
        )
    )
    return Response(
        type=tainting,
        url_list=internal.url_list,
        status=internal.status,
        status_message=internal.status_message,
        headers=headers,
        body=internal.body,
        internal=internal,
    )


def _exposed_header_names(params: FetchParams, internal: InternalResponse) -> list[bytes]:
    """Step 14.1: the CORS-exposed header-name list."""
    names = extract_header_list_values(_EXPOSE, internal.headers)
    compared = (_EXPOSE.decode(), internal.headers.get(_EXPOSE))
    # "Non-null or failure" cannot be meant: a header that does not parse exposes nothing.
    if names is FAILURE:
        params.trace.add(
            _ANCHOR,
            "note",
            "Access-Control-Expose-Headers does not parse, so it exposes nothing.",
            compared,
            header=_EXPOSE,
        )
        return []
    if names is None:
        return []
    if b"*" in names:
        if params.request.credentials_mode != "include":
            params.trace.add(_ANCHOR, "note", "Access-Control-Expose-Headers `*` exposes every header.", compared)
            return sorted_lowercase_set(internal.headers.names())
        params.trace.add(
            _ANCHOR,
            "note",
            "Access-Control-Expose-Headers `*` is only a name when the credentials mode is include.",
            compared,
            header=_EXPOSE,
        )
    return names


def _blocked_after_response(params: FetchParams, internal: InternalResponse) -> NetworkError | None:
    """Step 20 of https://fetch.spec.whatwg.org/#concept-main-fetch"""
    request = params.request
    content_type = ("Content-Type", internal.headers.get(b"Content-Type"))
    if not params.agent.allows_mixed_content and blocked_as_mixed_content(request, internal.url, params.agent.profile):
        return params.block(
            BlockCode.MIXED_CONTENT_RESPONSE, f"The response came from {internal.url.href}: mixed content."
        )
    if blocked_due_to_mime_type(request, internal):
        return params.block(
            BlockCode.MIME_TYPE, "A script cannot have this MIME type.", content_type, header=b"Content-Type"
        )
    if blocked_due_to_nosniff(request, internal):
        return params.block(
            BlockCode.NOSNIFF,
            f"X-Content-Type-Options is nosniff, and Content-Type does not fit the destination {request.destination}.",
            content_type,
            header=b"X-Content-Type-Options",
        )
    return None
