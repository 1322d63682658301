"""Chromium's console: which sentence applies, in the order of `cors::CheckAccess`, and DevTools' network line."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from crossorigin.fetch.blocks import BlockCode
from crossorigin.fetch.console.chromium_messages import CATALOGUE, PREFLIGHT, VALID_VALUE, WITH_CREDENTIALS
from crossorigin.fetch.console.messages import RESPONSE_CODE, Judged, authorization_under_wildcard
from crossorigin.fetch.request import Request
from crossorigin.fetch.response import FetchResult, Response
from crossorigin.fetch.wire import TransportFailureKind
from crossorigin.web.origins import same_origin
from crossorigin.web.url import parse_url

__all__ = ["NET_ERRORS", "lines", "warnings"]

_TAIL_FOR: Final = {
    ("WildcardOriginNotAllowed", "xmlhttprequest"): WITH_CREDENTIALS,
    ("InvalidAllowCredentials", "xmlhttprequest"): WITH_CREDENTIALS,
    ("MultipleAllowOriginValues", "fetch"): VALID_VALUE,
    ("InvalidAllowOriginValue", "fetch"): VALID_VALUE,
    ("AllowOriginMismatch", "fetch"): VALID_VALUE,
}

_SCHEMES: Final = (
    "chrome, chrome-experimental-site-token-provider, chrome-extension, chrome-untrusted, data, http, https, "
    "isolated-app"
)
"""The list varies between versions and embedders; this is 156's."""

_KINDS: Final = {"fetch": "fetch", "xmlhttprequest": "XMLHttpRequest", "beacon": "beacon"}
_KIND_OF_DESTINATION: Final = {
    "audio": "audio",
    "font": "font",
    "image": "image",
    "manifest": "manifest",
    "script": "script",
    "style": "CSS stylesheet",
    "track": "text track",
    "video": "video",
    "xslt": "XSL stylesheet",
}

# The net error of codes that are none of CORS. Those of a transport failure and of streams are from Chromium's
# net_error_list.h; the others were seen.
NET_ERRORS: Final = {
    BlockCode.BAD_PORT: "ERR_UNSAFE_PORT",
    BlockCode.NOT_CACHED: "ERR_CACHE_MISS",
    BlockCode.LOCATION_UNPARSABLE: "ERR_INVALID_REDIRECT",
    BlockCode.LOCATION_NOT_HTTP: "ERR_UNSAFE_REDIRECT",
    BlockCode.TOO_MANY_REDIRECTS: "ERR_TOO_MANY_REDIRECTS",
    BlockCode.REDIRECT_STREAM: "ERR_UPLOAD_STREAM_REWIND_NOT_SUPPORTED",
    BlockCode.CROSS_ORIGIN_RESOURCE_POLICY: "ERR_BLOCKED_BY_RESPONSE.NotSameOrigin",
    BlockCode.CROSS_ORIGIN_EMBEDDER_POLICY: "ERR_BLOCKED_BY_RESPONSE.NotSameOriginAfterDefaultedToSameOriginByCoep",
    BlockCode.PROXY_AUTHENTICATION: "ERR_UNEXPECTED_PROXY_AUTH",
}
_TRANSPORT_ERRORS: Final = {
    TransportFailureKind.DNS: "ERR_NAME_NOT_RESOLVED",
    TransportFailureKind.REFUSED: "ERR_CONNECTION_REFUSED",
    TransportFailureKind.UNREACHABLE: "ERR_ADDRESS_UNREACHABLE",
    TransportFailureKind.TLS: "ERR_SSL_PROTOCOL_ERROR",
    TransportFailureKind.RESET: "ERR_EMPTY_RESPONSE",
    TransportFailureKind.TIMEOUT: "ERR_TIMED_OUT",
    TransportFailureKind.NOT_HTTP: "ERR_INVALID_HTTP_RESPONSE",
    TransportFailureKind.TOO_LARGE: "ERR_RESPONSE_HEADERS_TOO_BIG",
    TransportFailureKind.STOPPED: "ERR_BLOCKED_BY_CLIENT",
}
_NOT_FOLLOWED: Final = frozenset({"about", "blob", "data", "file", "filesystem"})
"""Schemes that the network stack itself does not follow a redirect to; the others get as far as CORS."""

_FIRST_ERROR: Final = 400
_ALLOW_ORIGIN: Final = b"Access-Control-Allow-Origin"

# Every code whose reason needs no look at the answer.
_REASONS: Final = {
    code: message.name
    for message in reversed(CATALOGUE.reasons)
    for code in message.codes
    if not message.when and "{url}" not in message.text and message.name != "InvalidResponse"
}


def lines(judged: Judged) -> tuple[str, ...]:
    """Both lines of a fetch that Chromium blocked: why, where it is CORS, and the network line of DevTools."""
    early = _early(judged)
    if early is not None:
        return (early,)
    if judged.code is BlockCode.UNWRITTEN_STEP:
        return ()
    strayed = _strayed(judged)
    if strayed is not None:
        return (strayed,)
    if judged.code is BlockCode.LOCATION_CREDENTIALS and not _is_to_another_origin(judged):
        # Outside of CORS it is Blink that loads no such URL, and it says nothing.
        return ()
    reason = _reason(judged)
    if reason is None:
        return (_network_line(judged, judged.url),)
    # A redirect to a scheme that CORS does not know is judged as a request for the new URL.
    target = judged.location if judged.code is BlockCode.LOCATION_NOT_HTTP else None
    url = judged.url if target is None else target.href
    first = judged.request.url_list[0].href
    places = {
        "kind": _kind(judged),
        "url": url,
        "first_url": first,
        "origin": judged.request.origin.serialize(),
    }
    shell = CATALOGUE["Access" if first == url else "AccessRedirected"]
    return (shell(reason=reason, **places), _network_line(judged, url))


def warnings(result: FetchResult) -> tuple[str, ...]:
    """What Chromium says of a fetch that goes on: the deprecation notice, for fetch() only; a status from 400 up."""
    said = []
    if result.request.initiator_type == "fetch" and authorization_under_wildcard(result):
        said.append(CATALOGUE["AuthorizationCoveredByWildcard"]())
    response = result.response
    if isinstance(response, Response) and response.internal.status >= _FIRST_ERROR:
        request, answer = result.request, response.internal
        status = _status(answer.status, answer.status_message)
        said.append(f"{request.method.decode('latin-1')} {request.current_url.href} {status}")
    return tuple(said)


def _is_to_another_origin(judged: Judged) -> bool:
    request, location = judged.request, judged.location
    if request.response_tainting == "cors":
        return True
    return request.mode == "cors" and location is not None and not same_origin(request.origin, location.origin)


def _strayed(judged: Judged) -> str | None:
    """In mode same-origin it is the other origin of a redirect that counts, before its scheme or a user name."""
    request, target = judged.request, judged.location
    if (
        request.mode != "same-origin"
        or judged.code not in {BlockCode.LOCATION_NOT_HTTP, BlockCode.LOCATION_CREDENTIALS}
        or target is None
        or target.scheme in _NOT_FOLLOWED
        or same_origin(request.origin, target.origin)
    ):
        return None
    return CATALOGUE["UnsafeAttempt"](url=target.href, target=_page(request))


def _page(request: Request) -> str:
    return request.client.url.href if request.client.url is not None else request.origin.serialize()


def _early(judged: Judged) -> str | None:
    """The only line of a request that is refused before there is anything for the network panel."""
    request, url = judged.request, judged.request.current_url
    page = _page(request)
    match judged.code:
        case BlockCode.MODE_SAME_ORIGIN if len(request.url_list) > 1:
            return CATALOGUE["UnsafeAttempt"](url=url.href, target=page)
        case BlockCode.MODE_SAME_ORIGIN:
            return CATALOGUE["RequestModeSameOrigin"](url=url.href, origin=request.origin.serialize())
        case BlockCode.NO_CORS_REDIRECT_MODE:
            return CATALOGUE["NoCorsRedirectModeNotFollow"](url=url.href)
        case BlockCode.SCHEME_NOT_HTTP | BlockCode.SCHEME_NOT_FETCHED if url.scheme == "file":
            return CATALOGUE["LocalResource"](url=url.href)
        case BlockCode.SCHEME_NOT_HTTP if url.scheme == "ftp" and request.initiator_type == "xmlhttprequest":
            return CATALOGUE["FtpNotSupported"]()
        case BlockCode.SCHEME_NOT_HTTP | BlockCode.SCHEME_NOT_FETCHED if request.initiator_type == "fetch":
            return CATALOGUE["UrlSchemeNotSupported"](url=url.href, value=url.scheme)
        case BlockCode.MIXED_CONTENT:
            name = "MixedContentXMLHttpRequest" if request.initiator_type == "xmlhttprequest" else "MixedContent"
            return CATALOGUE[name](url=url.href, target=page)
    return None


def _reason(judged: Judged) -> str | None:
    """What stands after "CORS policy:", None where Chromium does not blame CORS."""
    code = RESPONSE_CODE.get(judged.code, judged.code)
    if code is BlockCode.LOCATION_NOT_HTTP and (
        (judged.location is not None and judged.location.scheme in _NOT_FOLLOWED) or judged.request.mode == "no-cors"
    ):
        return None
    if code is BlockCode.PREFLIGHT_REDIRECT and _leads_nowhere(judged):
        return None
    if (
        code is BlockCode.REDIRECT_MODE_ERROR
        and judged.location is not None
        and judged.location.includes_credentials
        and _is_to_another_origin(judged)
    ):
        code = BlockCode.LOCATION_CREDENTIALS
    name = _name(judged, code)
    if name is None:
        return None
    missing = judged.missing_names
    text = CATALOGUE[name](
        value=_value(judged, name),
        method=judged.request.method.decode("latin-1"),
        # The first in sorted order; with several missing Chromium takes them in the order of a hash table.
        header=missing[0] if missing else "",
    )
    checked = judged.code in RESPONSE_CODE or judged.code in {BlockCode.PREFLIGHT_STATUS, BlockCode.PREFLIGHT_REDIRECT}
    tail = _TAIL_FOR.get((name, judged.request.initiator_type or ""), "")
    return (PREFLIGHT if checked else "") + text + tail


def _name(judged: Judged, code: BlockCode) -> str | None:
    """Chromium sorts bad values of Access-Control-Allow-Origin in its own way: `cors::CheckAccess`."""
    if code is BlockCode.PREFLIGHT_REDIRECT and not any(judged.fields(b"Location")):
        return "PreflightInvalidStatus"
    if code not in {
        BlockCode.ALLOW_ORIGIN_SEVERAL,
        BlockCode.ALLOW_ORIGIN_INVALID,
        BlockCode.ALLOW_ORIGIN_MISMATCH,
        BlockCode.ORIGIN_TAINTED,
    }:
        return _REASONS.get(code)
    value = judged.field(_ALLOW_ORIGIN) or b""
    if b" " in value or b"," in value:
        return "MultipleAllowOriginValues"
    # "Check valid "null" first", says the source: it is no URL.
    return "AllowOriginMismatch" if value == b"null" or _is_url(value) else "InvalidAllowOriginValue"


def _is_url(value: bytes) -> bool:
    # Chromium's parser lets a label of wrong punycode be; the standard's does not.
    return parse_url(value.decode("utf-8", "replace").replace("xn--", "xn-")) is not None


def _value(judged: Judged, name: str) -> str:
    match name:
        case "CorsDisabledScheme":
            return _SCHEMES
        case "RedirectContainsCredentials":
            # The network service has a URL to tell, and 156 prints none.
            return ""
        case "InvalidAllowCredentials":
            return _shown(judged.field(b"Access-Control-Allow-Credentials"))
    return _shown(judged.field(_ALLOW_ORIGIN))


def _shown(value: bytes | None) -> str:
    r"""A header's value with everything but printable ASCII written as \uXXXX, byte by byte."""
    return "".join(chr(byte) if 0x20 <= byte < 0x7F else f"\\u{byte:04X}" for byte in value or b"")


def _kind(judged: Judged) -> str:
    request = judged.request
    if request.initiator_type in _KINDS:
        return _KINDS[request.initiator_type]
    return _KIND_OF_DESTINATION.get(request.destination, "resource")


def _network_line(judged: Judged, url: str) -> str:
    """`GET https://api.example/ net::ERR_FAILED 200 (OK)`, the status only of an answer to the request itself."""
    line = CATALOGUE["NetworkLine"](method=judged.request.method.decode("latin-1"), url=url, error=_net_error(judged))
    response = judged.response
    answered = None if judged.exchange is None else judged.exchange.request.url.serialize(exclude_fragment=True)
    if response is None or judged.is_preflight or url.partition("#")[0] != answered:
        return line
    return f"{line} {_status(response.status, response.status_message)}"


def _status(status: int, message: bytes) -> str:
    try:
        words = message.decode("latin-1") or HTTPStatus(status).phrase
    except ValueError:
        words = ""
    return f"{status} ({words})" if words else str(status)


def _has_one_location(judged: Judged) -> bool:
    fields = judged.fields(b"Location")
    return len(fields) == 1 and fields != [b""]


def _leads_nowhere(judged: Judged) -> bool:
    """Whether there is a `Location` that is no URL."""
    return any(judged.fields(b"Location")) and judged.sole_location is None


def _net_error(judged: Judged) -> str:
    if judged.error.failure is not None:
        return _TRANSPORT_ERRORS[judged.error.failure.kind]
    match judged.code:
        case BlockCode.LOCATION_UNPARSABLE if len(judged.fields(b"Location")) > 1:
            return "ERR_RESPONSE_HEADERS_MULTIPLE_LOCATION"
        case BlockCode.LOCATION_NOT_HTTP if judged.location is None or judged.location.scheme not in _NOT_FOLLOWED:
            return "ERR_UNKNOWN_URL_SCHEME" if judged.request.mode == "no-cors" else "ERR_FAILED"
        case BlockCode.PREFLIGHT_REDIRECT if _leads_nowhere(judged):
            return "ERR_INVALID_REDIRECT"
        # Where a redirect leads is looked at before the redirect mode is.
        case BlockCode.REDIRECT_MODE_ERROR if judged.location is None and _has_one_location(judged):
            return "ERR_INVALID_REDIRECT"
        case BlockCode.REDIRECT_MODE_ERROR if judged.location is not None and judged.location.scheme in _NOT_FOLLOWED:
            return "ERR_UNSAFE_REDIRECT"
        case BlockCode.CROSS_ORIGIN_RESOURCE_POLICY if judged.field(b"Cross-Origin-Resource-Policy") == b"same-site":
            return "ERR_BLOCKED_BY_RESPONSE.NotSameSite"
    return NET_ERRORS.get(judged.code, "ERR_FAILED")
