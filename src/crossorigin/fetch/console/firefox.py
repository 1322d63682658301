"""Firefox's console: security.properties, and who calls `LogBlockedRequest` in nsCORSListenerProxy.cpp.

Names are the keys of security.properties, which are the categories of the console, and without their digit the names
of MDN's pages. The texts, and which of them come together, were compared with Firefox 153.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from crossorigin.fetch.blocks import BlockCode
from crossorigin.fetch.console.messages import (
    RESPONSE_CODE,
    Judged,
    Message,
    authorization_under_wildcard,
    catalogue_of,
)
from crossorigin.fetch.request import Request
from crossorigin.fetch.response import FetchResult
from crossorigin.web.infra import is_token
from crossorigin.web.origins import OpaqueOrigin, same_origin

__all__ = ["CATALOGUE", "lines", "warnings"]

_OLD: Final = "Firefox in older versions"

CATALOGUE: Final = catalogue_of(
    (
        ("CORSDisabled", "CORS disabled", ()),
        (
            "CORSDidNotSucceed2",
            "CORS request did not succeed",
            (
                BlockCode.NO_RESPONSE,
                BlockCode.LOCATION_CREDENTIALS,
                BlockCode.LOCATION_CREDENTIALS_TAINTED,
                BlockCode.LOCATION_UNPARSABLE,
                BlockCode.LOCATION_NOT_HTTP,
                BlockCode.TOO_MANY_REDIRECTS,
                BlockCode.REDIRECT_STREAM,
            ),
        ),
        ("CORSOriginHeaderNotAdded", "CORS header ‘Origin’ cannot be added", ()),
        (
            "CORSExternalRedirectNotAllowed",
            "CORS request external redirect not allowed",
            (BlockCode.PREFLIGHT_REDIRECT,),
        ),
        ("CORSRequestNotHttp", "CORS request not http", (BlockCode.SCHEME_NOT_HTTP, BlockCode.LOCATION_NOT_HTTP)),
        (
            "CORSMissingAllowOrigin2",
            "CORS header ‘Access-Control-Allow-Origin’ missing",
            (BlockCode.ALLOW_ORIGIN_MISSING, BlockCode.PREFLIGHT_ALLOW_ORIGIN_MISSING),
        ),
        (
            "CORSMultipleAllowOriginNotAllowed",
            "Multiple CORS header ‘Access-Control-Allow-Origin’ not allowed",
            (BlockCode.ALLOW_ORIGIN_SEVERAL, BlockCode.PREFLIGHT_ALLOW_ORIGIN_SEVERAL),
        ),
        (
            "CORSAllowOriginNotMatchingOrigin",
            "CORS header ‘Access-Control-Allow-Origin’ does not match ‘{value}’",
            (
                BlockCode.ALLOW_ORIGIN_MISMATCH,
                BlockCode.PREFLIGHT_ALLOW_ORIGIN_MISMATCH,
                BlockCode.ORIGIN_TAINTED,
                BlockCode.PREFLIGHT_ORIGIN_TAINTED,
                BlockCode.ALLOW_ORIGIN_INVALID,
                BlockCode.PREFLIGHT_ALLOW_ORIGIN_INVALID,
                BlockCode.ALLOW_ORIGIN_SEVERAL,
                BlockCode.PREFLIGHT_ALLOW_ORIGIN_SEVERAL,
            ),
        ),
        (
            "CORSNotSupportingCredentials",
            "Credential is not supported if the CORS header ‘Access-Control-Allow-Origin’ is ‘*’",
            (BlockCode.ALLOW_ORIGIN_WILDCARD, BlockCode.PREFLIGHT_ALLOW_ORIGIN_WILDCARD),
        ),
        (
            "CORSMissingAllowCredentials",
            "expected ‘true’ in CORS header ‘Access-Control-Allow-Credentials’",
            (
                BlockCode.ALLOW_CREDENTIALS_MISSING,
                BlockCode.PREFLIGHT_ALLOW_CREDENTIALS_MISSING,
                BlockCode.ALLOW_CREDENTIALS_INVALID,
                BlockCode.PREFLIGHT_ALLOW_CREDENTIALS_INVALID,
            ),
        ),
        (
            "CORSPreflightDidNotSucceed3",
            "CORS preflight response did not succeed",
            (BlockCode.PREFLIGHT_STATUS, BlockCode.PREFLIGHT_REDIRECT),
        ),
        (
            "CORSMethodNotFound",
            "Did not find method in CORS header ‘Access-Control-Allow-Methods’",
            (BlockCode.PREFLIGHT_METHOD, BlockCode.PREFLIGHT_METHOD_CASE, BlockCode.PREFLIGHT_METHOD_WILDCARD),
        ),
        (
            "CORSInvalidAllowMethod",
            "invalid token ‘{value}’ in CORS header ‘Access-Control-Allow-Methods’",
            (BlockCode.PREFLIGHT_ALLOW_METHODS_UNPARSABLE,),
        ),
        (
            "CORSInvalidAllowHeader",
            "invalid token ‘{value}’ in CORS header ‘Access-Control-Allow-Headers’",
            (BlockCode.PREFLIGHT_ALLOW_HEADERS_UNPARSABLE,),
        ),
        (
            "CORSMissingAllowHeaderFromPreflight2",
            (
                "header ‘{header}’ is not allowed according to header ‘Access-Control-Allow-Headers’ from CORS "
                "preflight response"
            ),
            (
                BlockCode.PREFLIGHT_HEADER,
                BlockCode.PREFLIGHT_HEADER_WILDCARD,
                BlockCode.PREFLIGHT_AUTHORIZATION_WILDCARD,
            ),
        ),
        (
            "CORSAllowHeaderFromPreflightDeprecation",
            (
                "Cross-Origin Request Warning: The Same Origin Policy will disallow reading the remote resource at "
                "{url} soon. (Reason: When the `Access-Control-Allow-Headers` is `*`, the `Authorization` header is "
                "not covered. To include the `Authorization` header, it must be explicitly listed in CORS header "
                "`Access-Control-Allow-Headers`)."
            ),
            (BlockCode.PREFLIGHT_AUTHORIZATION_WILDCARD,),
        ),
        (
            "CheckSameOriginError",
            "Security Error: Content at {target} may not load data from {url}.",
            (BlockCode.MODE_SAME_ORIGIN,),
        ),
        (
            "CheckLoadURIError",
            "Security Error: Content at {target} may not load or link to {url}.",
            (BlockCode.SCHEME_NOT_HTTP, BlockCode.LOCATION_NOT_HTTP),
        ),
        ("BlockMixedActiveContent", "Blocked loading mixed active content “{url}”", (BlockCode.MIXED_CONTENT,)),
        (
            "MimeTypeMismatch2",
            (
                "The resource from “{url}” was blocked due to MIME type (“{value}”) mismatch (X-Content-Type-Options: "
                "nosniff)."
            ),
            (BlockCode.NOSNIFF,),
        ),
        (
            "CORPBlocked",
            (
                "The resource at “{url}” was blocked due to its Cross-Origin-Resource-Policy header (or lack "
                "thereof). See https://developer.mozilla.org/docs/Web/HTTP/Cross-Origin_Resource_Policy_(CORP)#"
            ),
            (BlockCode.CROSS_ORIGIN_RESOURCE_POLICY, BlockCode.CROSS_ORIGIN_EMBEDDER_POLICY),
        ),
    ),
    (
        (
            "CORSMissingAllowHeaderFromPreflight",
            "missing token ‘{header}’ in CORS header ‘Access-Control-Allow-Headers’ from CORS preflight channel",
            (BlockCode.PREFLIGHT_HEADER, BlockCode.PREFLIGHT_HEADER_WILDCARD),
            _OLD,
        ),
        (
            "CORSPreflightDidNotSucceed",
            "CORS preflight channel did not succeed",
            (BlockCode.PREFLIGHT_STATUS,),
            _OLD,
        ),
        ("CORSRequestFailed", "CORS request failed", (BlockCode.NO_RESPONSE,), _OLD),
    ),
    shells=(
        Message(
            name="Blocked",
            text="Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at {url}. "
            "(Reason: {reason}).",
        ),
        Message(
            name="BlockedWithStatus",
            text="Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at {url}. "
            "(Reason: {reason}). Status code: {status}.",
        ),
        Message(
            name="BlockedInQuotes",
            text="Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at "
            "‘{url}’. (Reason: {reason}).",
        ),
    ),
    bare=(
        Message(
            name="BlockedWithoutReason",
            text="Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at {url}. "
            "This can be fixed by moving the resource to the same domain or enabling CORS.",
            when=_OLD,
        ),
        Message(name="NetworkErrorWhenFetching", text="NetworkError when attempting to fetch resource."),
    ),
)

_WITH_STATUS: Final = frozenset({"CORSDidNotSucceed2", "CORSMissingAllowOrigin2", "CORSPreflightDidNotSucceed3"})

# Each code's reason, where it does not depend on the answer. The first message that lists a code is today's.
_REASONS: Final = {
    code: message.name
    for message in reversed(CATALOGUE.reasons)
    for code in message.codes
    if not message.when and "{url}" not in message.text and message.name != "CORSDidNotSucceed2"
}
_BAD_ORIGIN: Final = frozenset(
    {
        BlockCode.ALLOW_ORIGIN_SEVERAL,
        BlockCode.ALLOW_ORIGIN_INVALID,
        BlockCode.ALLOW_ORIGIN_MISMATCH,
        BlockCode.ORIGIN_TAINTED,
    }
)
_ALLOW_ORIGIN: Final = b"Access-Control-Allow-Origin"
_SILENT: Final = frozenset(
    {
        BlockCode.NO_CORS_REDIRECT_MODE,
        BlockCode.LOCAL_URLS_ONLY,
        BlockCode.KEEPALIVE_TOO_LARGE,
        BlockCode.NOT_CACHED,
        BlockCode.REDIRECT_MODE_ERROR,
        BlockCode.MIME_TYPE,
        BlockCode.OPAQUE_RANGE,
        BlockCode.UNWRITTEN_STEP,
    }
)
"""Steps at which Firefox refuses without a word about CORS."""
_SILENT_SCHEMES: Final = frozenset({"data", "javascript", "ws", "wss"})


def lines(judged: Judged) -> tuple[str, ...]:
    """The reason, and after it the "did not succeed" of every channel that goes down with the one that failed.

    A preflight and a redirect each have a request behind them, which is then cancelled: its listener logs a second
    line, with `(null)` for the status that it never had.
    """
    if judged.code in _SILENT:
        return ()
    neighbour = _neighbour(judged)
    if neighbour is not None:
        return (neighbour,)
    cancelled = _say(judged, "CORSDidNotSucceed2", "(null)")
    if judged.code is BlockCode.BAD_PORT:
        return _bad_port(judged)
    if judged.code in {BlockCode.SCHEME_NOT_HTTP, BlockCode.SCHEME_NOT_FETCHED}:
        return (_say(judged, "CORSRequestNotHttp"),) if judged.request.current_url.scheme != "about" else ()
    if judged.code is BlockCode.LOCATION_NOT_HTTP:
        return (*_not_http(judged), *([cancelled] if judged.request.response_tainting == "cors" else []))
    if judged.code not in RESPONSE_CODE and judged.code not in _REASONS:
        # Whatever else ends a CORS request, a network error or a redirect that cannot be followed, has this one text.
        # A redirect with a user name makes the request a CORS request before it is looked at.
        if judged.request.response_tainting != "cors" and judged.code is not BlockCode.LOCATION_CREDENTIALS:
            return ()
        return (cancelled, cancelled) if judged.is_preflight else (cancelled,)
    if judged.code is BlockCode.PREFLIGHT_REDIRECT and judged.is_redirect:
        return _redirected_preflight(judged, cancelled)
    reason = _say(judged, _name(judged))
    # A redirect that is not to be followed leaves nothing behind that could be cancelled.
    follows = judged.is_redirect and judged.request.redirect_mode == "follow"
    after = int(judged.is_preflight) + int(follows)
    return (reason, *([cancelled] * after))


def warnings(result: FetchResult) -> tuple[str, ...]:
    """What Firefox says of a fetch that goes on: `*` will not cover Authorization for ever."""
    template = CATALOGUE["CORSAllowHeaderFromPreflightDeprecation"]
    return tuple(template(url=url.href) for url in authorization_under_wildcard(result))


def _neighbour(judged: Judged) -> str | None:
    """Blocks that are none of CORS and have a sentence of their own."""
    request, url = judged.request, judged.request.current_url
    page = _page(request)
    match judged.code:
        case BlockCode.MODE_SAME_ORIGIN:
            return CATALOGUE["CheckSameOriginError"](url=url.href, target=page)
        case BlockCode.SCHEME_NOT_HTTP | BlockCode.SCHEME_NOT_FETCHED if url.scheme == "file":
            return CATALOGUE["CheckLoadURIError"](url=url.href, target=page)
        case BlockCode.MIXED_CONTENT | BlockCode.MIXED_CONTENT_RESPONSE:
            return CATALOGUE["BlockMixedActiveContent"](url=url.href)
        case BlockCode.CROSS_ORIGIN_RESOURCE_POLICY | BlockCode.CROSS_ORIGIN_EMBEDDER_POLICY:
            return CATALOGUE["CORPBlocked"](url=url.href)
        case BlockCode.NOSNIFF:
            value = (judged.field(b"Content-Type") or b"").decode("utf-8", "replace")
            return CATALOGUE["MimeTypeMismatch2"](url=url.href, value=value)
    return None


def _page(request: Request) -> str:
    """The page as Firefox names it. An opaque origin has an identifier that is another one every time."""
    client = request.client
    if isinstance(request.origin, OpaqueOrigin):
        top = "" if client.top_level_origin is None else f"?{client.top_level_origin.serialize()}"
        return f"moz-nullprincipal:{{{UUID(int=0)}}}{top}"
    return request.origin.serialize() if client.url is None else client.url.href


def _bad_port(judged: Judged) -> tuple[str, ...]:
    """A port is looked at in silence; behind a redirect, the request that was redirected is cancelled."""
    if len(judged.request.url_list) == 1 or judged.request.mode != "cors":
        return ()
    reason = CATALOGUE["CORSDidNotSucceed2"]()
    return (CATALOGUE["BlockedWithStatus"](url=judged.request.url_list[-2].href, reason=reason, status="(null)"),)


def _not_http(judged: Judged) -> tuple[str, ...]:
    """What comes before the cancelled request's line when a redirect leaves http and https."""
    target = judged.location
    if target is None or target.scheme in _SILENT_SCHEMES or (target.scheme == "about" and target.path != "blank"):
        return ()
    if judged.request.mode == "same-origin" and target.scheme not in {"blob", "file"}:
        return (CATALOGUE["CheckSameOriginError"](url=target.href, target=_page(judged.request)),)
    if judged.request.mode != "cors" and target.scheme != "blob":
        return ()
    local = _local(judged)
    if local:
        return local
    reason = CATALOGUE["CORSRequestNotHttp"]()
    return (CATALOGUE["Blocked"](url=target.href, reason=reason),)


def _local(judged: Judged) -> tuple[str, ...]:
    """What is said of a redirect to a file: or blob: that somebody would have to load."""
    target = judged.sole_location
    if target is None or target.scheme not in {"blob", "file"}:
        return ()
    # For fetch() by CORS the redirecting server would load it, otherwise the page.
    by_server = judged.request.mode == "cors" and judged.request.initiator_type == "fetch"
    name = "CheckLoadURIError" if target.scheme == "file" else "CheckSameOriginError"
    return (CATALOGUE[name](url=target.href, target=judged.url if by_server else _page(judged.request)),)


def _redirected_preflight(judged: Judged, cancelled: str) -> tuple[str, ...]:
    """What a preflight gets that is answered by a redirect, by what would have become of the redirect."""
    target = judged.sole_location
    failed = _say(judged, "CORSPreflightDidNotSucceed3")
    if judged.request.redirect_mode != "follow":
        return (failed, cancelled)
    if target is None or not target.is_http_family or target.includes_credentials:
        # There is no redirect to ask leave for: both the preflight and its request just end.
        return (*_local(judged), cancelled, cancelled)
    # The redirect is judged once more as an answer, now with the origin that it would have left.
    tainted = not same_origin(judged.request.current_url.origin, target.origin)
    if tainted and judged.field(_ALLOW_ORIGIN) not in {b"*", b"null"}:
        failed = _say(judged, "CORSAllowOriginNotMatchingOrigin")
    return (_say(judged, "CORSExternalRedirectNotAllowed"), failed, cancelled)


def _name(judged: Judged) -> str:
    code = RESPONSE_CODE.get(judged.code, judged.code)
    if code in _BAD_ORIGIN:
        several = len(judged.fields(_ALLOW_ORIGIN)) > 1
        return "CORSMultipleAllowOriginNotAllowed" if several else "CORSAllowOriginNotMatchingOrigin"
    if code is BlockCode.PREFLIGHT_REDIRECT:
        return "CORSPreflightDidNotSucceed3"
    return _REASONS[code]


def _say(judged: Judged, name: str, status: str | None = None) -> str:
    """One whole line."""
    missing = judged.missing_names
    reason = CATALOGUE[name](value=_value(judged, name), header=missing[0] if missing else "")
    if name in _WITH_STATUS:
        status = status or ("(null)" if judged.status is None else str(judged.status))
        return CATALOGUE["BlockedWithStatus"](url=judged.url, reason=reason, status=status)
    shell = "BlockedInQuotes" if name == "CORSNotSupportingCredentials" else "Blocked"
    return CATALOGUE[shell](url=judged.url, reason=reason)


def _value(judged: Judged, name: str) -> str:
    match name:
        case "CORSInvalidAllowMethod":
            value = _invalid_token(judged.field(b"Access-Control-Allow-Methods") or b"")
        case "CORSInvalidAllowHeader":
            value = _invalid_token(judged.field(b"Access-Control-Allow-Headers") or b"")
        case _:
            value = judged.field(_ALLOW_ORIGIN) or b""
    return value.decode("utf-8", "replace")


def _invalid_token(value: bytes) -> bytes:
    """The first item that is no token, as nsCCharSeparatedTokenizer cuts them: at commas, stripped, empty ones gone."""
    for item in value.split(b","):
        token = item.strip(b" \t\n\f\r")
        if token and not is_token(token):
            return token
    return b""
