"""WebKit's console: CrossOriginAccessControl.cpp, NetworkLoadChecker.cpp and DocumentThreadableLoader.cpp.

WebKit has no names for its texts, so they are ours. The texts were compared with WebKitGTK 2.50; the third line is
written by the Web Inspector alone, so that nothing but an open inspector shows it.
"""

from __future__ import annotations

from typing import Final

from crossorigin.fetch.blocks import BlockCode
from crossorigin.fetch.console.chromium_messages import CATALOGUE as CHROMIUM_CATALOGUE
from crossorigin.fetch.console.messages import RESPONSE_CODE, Judged, Message, catalogue_of
from crossorigin.fetch.request import Request, serialize_request_origin
from crossorigin.fetch.wire import TransportFailureKind
from crossorigin.web.origins import same_origin
from crossorigin.web.trustworthy import is_potentially_trustworthy_url
from crossorigin.web.url import URL, parse_url

__all__ = ["CATALOGUE", "lines"]

_UNTIL_2022: Final = "Safari until about 15"

CATALOGUE: Final = catalogue_of(
    (
        (
            "OriginNotAllowed",
            "Origin {origin} is not allowed by Access-Control-Allow-Origin. Status code: {status}",
            (
                BlockCode.ALLOW_ORIGIN_MISSING,
                BlockCode.ALLOW_ORIGIN_MISMATCH,
                BlockCode.ALLOW_ORIGIN_INVALID,
                BlockCode.ORIGIN_TAINTED,
                BlockCode.PREFLIGHT_ALLOW_ORIGIN_MISSING,
                BlockCode.PREFLIGHT_ALLOW_ORIGIN_MISMATCH,
                BlockCode.PREFLIGHT_ALLOW_ORIGIN_INVALID,
                BlockCode.PREFLIGHT_ORIGIN_TAINTED,
                BlockCode.ALLOW_ORIGIN_SEVERAL,
                BlockCode.PREFLIGHT_ALLOW_ORIGIN_SEVERAL,
            ),
        ),
        (
            "WildcardWithCredentials",
            "Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true.",
            (BlockCode.ALLOW_ORIGIN_WILDCARD, BlockCode.PREFLIGHT_ALLOW_ORIGIN_WILDCARD),
        ),
        (
            "SeveralOrigins",
            "Access-Control-Allow-Origin cannot contain more than one origin.",
            (BlockCode.ALLOW_ORIGIN_SEVERAL, BlockCode.PREFLIGHT_ALLOW_ORIGIN_SEVERAL),
        ),
        (
            "CredentialsNotAllowed",
            'Credentials flag is true, but Access-Control-Allow-Credentials is not "true".',
            (
                BlockCode.ALLOW_CREDENTIALS_MISSING,
                BlockCode.PREFLIGHT_ALLOW_CREDENTIALS_MISSING,
                BlockCode.ALLOW_CREDENTIALS_INVALID,
                BlockCode.PREFLIGHT_ALLOW_CREDENTIALS_INVALID,
            ),
        ),
        (
            "PreflightNotSuccessful",
            "Preflight response is not successful. Status code: {status}",
            (BlockCode.PREFLIGHT_STATUS, BlockCode.PREFLIGHT_REDIRECT),
        ),
        (
            "InvalidMethods",
            "Header Access-Control-Allow-Methods has an invalid value: {value}",
            (BlockCode.PREFLIGHT_ALLOW_METHODS_UNPARSABLE,),
        ),
        (
            "InvalidHeaders",
            "Header Access-Control-Allow-Headers has an invalid value: {value}",
            (BlockCode.PREFLIGHT_ALLOW_HEADERS_UNPARSABLE,),
        ),
        (
            "MethodNotAllowed",
            "Method {method} is not allowed by Access-Control-Allow-Methods.",
            (BlockCode.PREFLIGHT_METHOD, BlockCode.PREFLIGHT_METHOD_CASE, BlockCode.PREFLIGHT_METHOD_WILDCARD),
        ),
        (
            "HeaderNotAllowed",
            "Request header field {header} is not allowed by Access-Control-Allow-Headers.",
            (
                BlockCode.PREFLIGHT_HEADER,
                BlockCode.PREFLIGHT_HEADER_WILDCARD,
                BlockCode.PREFLIGHT_AUTHORIZATION_WILDCARD,
            ),
        ),
        (
            "RedirectWithCredentials",
            "redirection URL {value} has credentials",
            (BlockCode.LOCATION_CREDENTIALS, BlockCode.LOCATION_CREDENTIALS_TAINTED),
        ),
        (
            "RedirectScheme",
            "not allowed to follow a cross-origin CORS redirection with non CORS scheme",
            (BlockCode.LOCATION_NOT_HTTP, BlockCode.LOCATION_UNPARSABLE),
        ),
        (
            "RedirectModeError",
            "Not allowed to follow a redirection while loading {url}",
            (BlockCode.REDIRECT_MODE_ERROR,),
        ),
        ("TooManyRedirects", "Load cannot follow more than 20 redirections", (BlockCode.TOO_MANY_REDIRECTS,)),
        ("NotHttp", "Cross origin requests are only supported for HTTP.", (BlockCode.SCHEME_NOT_HTTP,)),
        ("FtpDisabled", "FTP URLs are disabled", (BlockCode.LOCATION_NOT_HTTP,)),
        ("NotHttpRedirect", "Redirection to URL with a scheme that is not HTTP(S)", (BlockCode.LOCATION_NOT_HTTP,)),
        ("NoCorsRedirectMode", "No-Cors mode requires follow redirect mode", (BlockCode.NO_CORS_REDIRECT_MODE,)),
        ("NotAllowedToRequest", "Not allowed to request resource", (BlockCode.NO_CORS_REDIRECT_MODE,)),
        (
            "RestrictedPort",
            "Not allowed to use restricted network port {value}: {url}",
            (BlockCode.BAD_PORT,),
        ),
        (
            "UnsafeAttempt",
            "Unsafe attempt to load URL {url} from origin {origin}. Domains, protocols and ports must match.\n",
            (BlockCode.MODE_SAME_ORIGIN,),
        ),
        (
            "ResourcePolicy",
            "Cancelled load to {url} because it violates the resource's Cross-Origin-Resource-Policy response header.",
            (BlockCode.CROSS_ORIGIN_RESOURCE_POLICY, BlockCode.CROSS_ORIGIN_EMBEDDER_POLICY),
        ),
        (
            "MixedContent",
            (
                "[blocked] The page at {target} requested insecure content from {url}. This content was blocked and "
                "must be served over HTTPS."
            ),
            (BlockCode.MIXED_CONTENT,),
        ),
        (
            # To this machine itself the sentence ends here.
            "MixedContentLoopback",
            "[blocked] The page at {target} requested insecure content from {url}. This content was blocked and must",
            (BlockCode.MIXED_CONTENT,),
        ),
        ("ContentSecurityPolicy", "Blocked by Content Security Policy.", ()),
        # The words of CFNetwork on Apple's systems; other ports have their own.
        ("HostNotFound", "A server with the specified hostname could not be found.", (BlockCode.NO_RESPONSE,)),
        ("CannotConnect", "Could not connect to the server.", (BlockCode.NO_RESPONSE,)),
        ("Offline", "The Internet connection appears to be offline.", (BlockCode.NO_RESPONSE,)),
        ("TlsError", "A TLS error caused the secure connection to fail.", (BlockCode.NO_RESPONSE,)),
        ("ConnectionLost", "The network connection was lost.", (BlockCode.NO_RESPONSE,)),
        ("TimedOut", "The request timed out.", (BlockCode.NO_RESPONSE,)),
        ("CannotParse", "cannot parse response", (BlockCode.NO_RESPONSE,)),
        ("TooLarge", "resource exceeds maximum size", (BlockCode.NO_RESPONSE,)),
        ("ContentBlocker", "The URL was blocked by a content blocker", ()),
    ),
    (
        (
            "OriginNotAllowedWithoutStatus",
            "Origin {origin} is not allowed by Access-Control-Allow-Origin.",
            (
                BlockCode.ALLOW_ORIGIN_MISSING,
                BlockCode.ALLOW_ORIGIN_MISMATCH,
                BlockCode.PREFLIGHT_ALLOW_ORIGIN_MISSING,
                BlockCode.PREFLIGHT_ALLOW_ORIGIN_MISMATCH,
            ),
            _UNTIL_2022,
        ),
        (
            "PreflightNotSuccessfulWithoutStatus",
            "Preflight response is not successful",
            (BlockCode.PREFLIGHT_STATUS, BlockCode.PREFLIGHT_REDIRECT),
            _UNTIL_2022,
        ),
        (
            "MixedContentNotRun",
            "[blocked] The page at {target} was not allowed to run insecure content from {url}.",
            (BlockCode.MIXED_CONTENT,),
            "Safari until about 16",
        ),
    ),
    shells=(
        Message(
            name="RedirectDenied",
            text="Cross-origin redirection to {target} denied by Cross-Origin Resource Sharing policy: {reason}",
        ),
        Message(name="FailedToLoadResource", text="Failed to load resource: {reason}"),
    ),
    bare=(
        Message(name="CannotLoad", text="{kind} cannot load {url} due to access control checks."),
        Message(name="CannotLoadImage", text="Cannot load {kind} {url} due to access control checks."),
        Message(name="LoadFailed", text="Load failed"),
    ),
)

_KINDS: Final = {"fetch": "Fetch API", "xmlhttprequest": "XMLHttpRequest", "eventsource": "EventSource"}
_KIND_OF_DESTINATION: Final = {"font": "font", "image": "image", "script": "script", "style": "stylesheet"}

_TRANSPORT: Final = {
    TransportFailureKind.DNS: "HostNotFound",
    TransportFailureKind.REFUSED: "CannotConnect",
    TransportFailureKind.UNREACHABLE: "Offline",
    TransportFailureKind.TLS: "TlsError",
    TransportFailureKind.RESET: "ConnectionLost",
    TransportFailureKind.TIMEOUT: "TimedOut",
    TransportFailureKind.NOT_HTTP: "CannotParse",
    TransportFailureKind.TOO_LARGE: "TooLarge",
    TransportFailureKind.STOPPED: "ContentBlocker",
}

# Today's reason of each code, where it does not depend on the answer.
_REASONS: Final = {
    code: message.name for message in reversed(CATALOGUE.reasons) for code in message.codes if not message.when
} | {BlockCode.SCHEME_NOT_FETCHED: "NotHttp", BlockCode.MIXED_CONTENT_RESPONSE: "MixedContent"}

_COMMON_HEADERS: Final = {
    name.lower(): name
    for name in [
        "Accept",
        "Accept-Language",
        "Accept-Ranges",
        "Access-Control-Allow-Credentials",
        "Access-Control-Allow-Headers",
        "Access-Control-Allow-Methods",
        "Access-Control-Allow-Origin",
        "Access-Control-Expose-Headers",
        "Access-Control-Max-Age",
        "Age",
        "Authorization",
        "Cache-Control",
        "Content-Disposition",
        "Content-Encoding",
        "Content-Language",
        "Content-Location",
        "Content-Range",
        "Content-Security-Policy",
        "Content-Security-Policy-Report-Only",
        "Content-Type",
        "Default-Style",
        "ETag",
        "Expires",
        "If-Match",
        "If-Modified-Since",
        "If-None-Match",
        "If-Range",
        "If-Unmodified-Since",
        "Last-Event-ID",
        "Last-Modified",
        "Link",
        "Location",
        "Ping-From",
        "Ping-To",
        "Pragma",
        "Purpose",
        "Range",
        "Refresh",
        "Server",
        "SourceMap",
        "Timing-Allow-Origin",
        "Upgrade-Insecure-Requests",
        "User-Agent",
        "Vary",
        "X-Content-Type-Options",
        "X-DNS-Prefetch-Control",
        "X-Frame-Options",
        "SourceMap",
        "X-SourceMap",
        "X-Temp-Tablet",
        "X-XSS-Protection",
    ]
}
"""Names that `HTTPHeaderMap` keeps apart from the others, before them and in its own casing (HTTPHeaderNames.in)."""

_ALLOW_ORIGIN: Final = b"Access-Control-Allow-Origin"
_CHECKED_ON_REDIRECT: Final = frozenset({*RESPONSE_CODE.values(), BlockCode.CROSS_ORIGIN_RESOURCE_POLICY})


def lines(judged: Judged) -> tuple[str, ...]:
    """The three lines of a fetch that WebKit blocked: why, what cannot be loaded, and what the inspector adds."""
    code = judged.code
    if judged.error.failure is None and (
        RESPONSE_CODE.get(code, code) not in _REASONS or code is BlockCode.NO_RESPONSE
    ):
        # WebKit has no word of its own for this step.
        return ()
    cannot_load = _cannot_load(judged)
    if judged.error.failure is not None:
        words = CATALOGUE[_TRANSPORT[judged.error.failure.kind]]()
        failed = CATALOGUE["FailedToLoadResource"](reason=words)
        return (words, cannot_load, failed) if judged.is_preflight else (failed,)
    if code is BlockCode.LOCATION_UNPARSABLE and (
        judged.request.response_tainting != "cors" or judged.field(b"Location") == b""
    ):
        # The redirect of a request that is none of CORS fails without a reason, and so does one to nowhere.
        return ()
    if code is BlockCode.MODE_SAME_ORIGIN and len(judged.request.url_list) == 1:
        # There is no reason, so the line ends after the URL's full stop.
        return (cannot_load.removesuffix("due to access control checks.").rstrip() + ".",)
    cannot_load = _cannot_load(judged, _refused_url(judged))
    reason = _reason(judged)
    failed = CATALOGUE["FailedToLoadResource"](reason=reason)
    if code is BlockCode.BAD_PORT:
        return (reason,)
    if code is BlockCode.NO_CORS_REDIRECT_MODE:
        cannot_load = _cannot_load(judged, judged.request.current_url.serialize(exclude_fragment=True))
    if code in {BlockCode.NO_CORS_REDIRECT_MODE, BlockCode.MIXED_CONTENT}:
        return (reason, CATALOGUE["NotAllowedToRequest"](), cannot_load)
    if code in {BlockCode.SCHEME_NOT_HTTP, BlockCode.SCHEME_NOT_FETCHED}:
        return (reason, cannot_load)
    return (reason, cannot_load, failed)


def _cannot_load(judged: Judged, url: str | None = None) -> str:
    request, url = judged.request, url or _without_credentials(judged.request.current_url)
    if request.initiator_type in _KINDS:
        return CATALOGUE["CannotLoad"](kind=_KINDS[request.initiator_type], url=url)
    kind = _KIND_OF_DESTINATION.get(request.destination, "resource")
    return CATALOGUE["CannotLoadImage"](kind=kind, url=url)


def _refused_url(judged: Judged) -> str | None:
    """The URL that the second line names, where it is not the one that was asked for last."""
    if judged.code is BlockCode.LOCATION_NOT_HTTP and judged.location is not None:
        if _name(judged) == "FtpDisabled":
            # The web process has got no further than to the first URL of another origin.
            urls = judged.request.url_list
            away = (url for url in urls if not same_origin(judged.request.origin, url.origin))
            return _without_credentials(next(away, urls[0]))
        if _name(judged) == "NotHttpRedirect":
            return judged.location.href
    if judged.code is BlockCode.TOO_MANY_REDIRECTS and judged.request.mode == "no-cors":
        return judged.url
    return None


def _reason(judged: Judged) -> str:
    name, target = _name(judged), _target(judged)
    request = judged.request
    page = request.client.url.href if request.client.url is not None else request.origin.serialize()
    # Of a local resource both have the words that they had before they parted; pasted, they are told as Chromium's.
    catalogue = CHROMIUM_CATALOGUE if name == "LocalResource" else CATALOGUE
    reason = catalogue[name](
        origin=serialize_request_origin(request) if name != "UnsafeAttempt" else request.origin.serialize(),
        status="" if judged.status is None else str(judged.status),
        value=_value(judged, name),
        method=request.method.decode("latin-1"),
        header=_header(judged),
        url=_named_url(judged, name),
        target=page,
    )
    if name == "NotHttpRedirect":
        return reason if request.initiator_type == "xmlhttprequest" else f"{reason}."
    # A redirect that is refused says so, and names its target without the user name and password.
    denied = name in {"RedirectWithCredentials", "RedirectScheme"} or (
        judged.code in _CHECKED_ON_REDIRECT and judged.is_redirect and judged.field(b"Location") != b""
    )
    if not denied:
        return reason
    shown = _without_credentials(target) if target is not None else _text(judged.field(b"Location"))
    return CATALOGUE["RedirectDenied"](target=shown, reason=reason)


def _named_url(judged: Judged, name: str) -> str:
    """What the reason is about: where a redirect leads that is none of CORS, else the last URL."""
    if judged.code is BlockCode.LOCATION_NOT_HTTP and judged.location is not None:
        return judged.location.href
    return _without_credentials(judged.request.current_url) if name == "UnsafeAttempt" else judged.url


def _target(judged: Judged) -> URL | None:
    """Where a redirect leads: of several `Location` WebKit makes one value."""
    several = judged.fields(b"Location")
    if len(several) < 2 or judged.exchange is None:
        return judged.location
    found = parse_url(_text(b", ".join(several)), judged.exchange.request.url)
    if found is None or found.fragment is not None:
        return found
    return found.with_fragment(judged.request.current_url.fragment)


def _without_credentials(url: URL) -> str:
    if not url.includes_credentials:
        return url.href
    bare = url.stripped().href
    return bare if url.fragment is None else f"{bare}#{url.fragment}"


def _name(judged: Judged) -> str:
    """Which text: only a comma is "more than one origin", and a scheme of its own has ftp."""
    code = RESPONSE_CODE.get(judged.code, judged.code)
    if code in {
        BlockCode.ALLOW_ORIGIN_SEVERAL,
        BlockCode.ALLOW_ORIGIN_INVALID,
        BlockCode.ALLOW_ORIGIN_MISMATCH,
        BlockCode.ORIGIN_TAINTED,
    }:
        return "SeveralOrigins" if b"," in (judged.field(_ALLOW_ORIGIN) or b"") else "OriginNotAllowed"
    if code is BlockCode.LOCATION_NOT_HTTP and judged.location is not None:
        return _name_of_scheme(judged.request, judged.location)
    if code is BlockCode.MIXED_CONTENT and is_potentially_trustworthy_url(judged.request.current_url):
        return "MixedContentLoopback"
    return _REASONS[code]


def _name_of_scheme(request: Request, target: URL) -> str:
    """What is said of a redirect that leaves http: by its scheme, and by whether it is CORS that has an opinion."""
    if target.scheme == "ftp":
        return "FtpDisabled"
    if target.scheme in {"blob", "file"} and request.response_tainting != "cors":
        # A blob: of its own a page may load, but no redirect leads there.
        return "NotHttpRedirect" if same_origin(request.origin, target.origin) else "LocalResource"
    return {"same-origin": "UnsafeAttempt", "no-cors": "NotHttpRedirect"}.get(request.mode, "RedirectScheme")


def _value(judged: Judged, name: str) -> str:
    match name:
        case "InvalidMethods":
            return _text(judged.field(b"Access-Control-Allow-Methods"))
        case "InvalidHeaders":
            return _text(judged.field(b"Access-Control-Allow-Headers"))
        case "RedirectWithCredentials":
            return "" if judged.location is None else judged.location.href.partition("#")[0]
        case "RestrictedPort":
            return str(judged.request.current_url.port)
    return ""


def _text(value: bytes | None) -> str:
    """A header's value as WebKitGTK keeps it: bytes that are no UTF-8 are replaced, and every byte is a character."""
    return (value or b"").decode("utf-8", "replace").encode().decode("latin-1")


def _header(judged: Judged) -> str:
    """The header that WebKit finds first: those it knows by name, in its own casing, then the others in script's."""
    missing = judged.missing_names
    names = [name.decode("latin-1") for name in judged.result.first_headers.names()]
    names = [name for name in names if name.lower() in missing]
    known = [_COMMON_HEADERS[name.lower()] for name in names if name.lower() in _COMMON_HEADERS]
    return next(iter([*known, *names]), min(missing, default=""))
