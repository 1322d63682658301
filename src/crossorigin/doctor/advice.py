"""One sentence on what to change, for every way to be blocked, filled with the values of the case at hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from crossorigin.doctor.question import Question
from crossorigin.doctor.words import shortened
from crossorigin.fetch.blocks import BlockCode
from crossorigin.fetch.response import FetchResult, NetworkError
from crossorigin.fetch.trace import Exchange
from crossorigin.fetch.wire import HTTPRequest, TransportFailureKind
from crossorigin.web.methods import is_cors_safelisted_method
from crossorigin.web.origins import OpaqueOrigin
from crossorigin.web.url import parse_url

__all__ = ["ADVICE", "Facts", "advise", "advise_from"]

_ALLOW_ORIGIN: Final = (
    "On {where}, send exactly one `Access-Control-Allow-Origin: {origin}`{with_credentials} and `Vary: Origin`; "
    "allow-list that origin, never reflect whatever comes.{hint}"
)
_ANSWER_PREFLIGHT: Final = (
    "Let {where} be a 204 with `Access-Control-Allow-Origin: {origin}`{with_credentials}{grants} and `Vary: Origin`, "
    "and repeat the first on the response itself.{hint}"
)
_OPAQUE_ORIGIN: Final = (
    "Give the page an origin: serve it over http or https, without a sandbox, and allow that origin. Do not allow "
    "`null`: every sandboxed frame of every site has it."
)
_WILDCARD: Final = (
    'Where no cookie is needed, drop `credentials: "include"` in the page; otherwise send '
    "`Access-Control-Allow-Origin: {origin}` with `Access-Control-Allow-Credentials: true` and `Vary: Origin` on "
    "{where}."
)
_SEVERAL: Final = "Send `Access-Control-Allow-Origin: {origin}`, once and alone, on {where}: {several}."
_TAINTED: Final = (
    "Call {url} directly instead of through the redirect; `Access-Control-Allow-Origin: *` also works where the data "
    "is public and no credentials are sent."
)
_ALLOW_CREDENTIALS: Final = (
    "Send `Access-Control-Allow-Credentials: true` (lower case) on {where}, or drop "
    '`credentials: "include"` in the page if no cookie is needed.'
)
_UNPARSABLE: Final = "Write {header} as names separated by commas, without quotes, semicolons or spaces inside a name."
_METHOD: Final = "List {method} in `Access-Control-Allow-Methods` on {where}{methods_now}."
_HEADER: Final = "List {name} in `Access-Control-Allow-Headers` on {where}{headers_now}."
_NOT_A_REQUEST_HEADER: Final = "Remove {name} from the page's request: it is a header of the server's response."
_LOCATION_CREDENTIALS: Final = "Take user name and password out of the redirect's Location; use Authorization instead."

ADVICE: Final[dict[BlockCode, str]] = {
    BlockCode.MIXED_CONTENT: "Serve the URL over https and call that.",
    BlockCode.BAD_PORT: "Serve the URL on another port, such as 443, 80 or 8080.",
    BlockCode.MODE_SAME_ORIGIN: 'Use mode "cors" in the page, or a URL of the page\'s own origin.',
    BlockCode.NO_CORS_REDIRECT_MODE: 'Use redirect mode "follow", or mode "cors".',
    BlockCode.SCHEME_NOT_HTTP: "Call an http or https URL.",
    BlockCode.LOCAL_URLS_ONLY: "Call a data:, blob: or about: URL.",
    BlockCode.SCHEME_NOT_FETCHED: "Call an http or https URL.",
    BlockCode.KEEPALIVE_TOO_LARGE: "Send less, or without keepalive.",
    BlockCode.NOT_CACHED: 'Use another cache mode, such as "default".',
    BlockCode.PREFLIGHT_ALLOW_ORIGIN_MISSING: _ANSWER_PREFLIGHT,
    BlockCode.PREFLIGHT_ALLOW_ORIGIN_WILDCARD: _WILDCARD,
    BlockCode.PREFLIGHT_ALLOW_ORIGIN_SEVERAL: _SEVERAL,
    BlockCode.PREFLIGHT_ALLOW_ORIGIN_INVALID: _ALLOW_ORIGIN,
    BlockCode.PREFLIGHT_ALLOW_ORIGIN_MISMATCH: _ALLOW_ORIGIN,
    BlockCode.PREFLIGHT_ORIGIN_TAINTED: _TAINTED,
    BlockCode.PREFLIGHT_ALLOW_CREDENTIALS_MISSING: _ALLOW_CREDENTIALS,
    BlockCode.PREFLIGHT_ALLOW_CREDENTIALS_INVALID: _ALLOW_CREDENTIALS,
    BlockCode.PREFLIGHT_STATUS: "Let {where} be a 204, without a body.{hint}",
    BlockCode.PREFLIGHT_REDIRECT: (
        "Preflights are not redirected: {call_location}, or answer OPTIONS before redirecting."
    ),
    BlockCode.PREFLIGHT_ALLOW_METHODS_UNPARSABLE: _UNPARSABLE,
    BlockCode.PREFLIGHT_ALLOW_HEADERS_UNPARSABLE: _UNPARSABLE,
    BlockCode.PREFLIGHT_METHOD: _METHOD,
    BlockCode.PREFLIGHT_METHOD_WILDCARD: _METHOD,
    BlockCode.PREFLIGHT_METHOD_CASE: (
        "Methods are case-sensitive: write {upper_method} in the page, or list {method} as it is on {where}; browsers "
        "upper-case only DELETE, GET, HEAD, OPTIONS, POST and PUT."
    ),
    BlockCode.PREFLIGHT_AUTHORIZATION_WILDCARD: _HEADER,
    BlockCode.PREFLIGHT_HEADER: _HEADER,
    BlockCode.PREFLIGHT_HEADER_WILDCARD: _HEADER,
    BlockCode.ALLOW_ORIGIN_MISSING: _ALLOW_ORIGIN,
    BlockCode.ALLOW_ORIGIN_WILDCARD: _WILDCARD,
    BlockCode.ALLOW_ORIGIN_SEVERAL: _SEVERAL,
    BlockCode.ALLOW_ORIGIN_INVALID: _ALLOW_ORIGIN,
    BlockCode.ALLOW_ORIGIN_MISMATCH: _ALLOW_ORIGIN,
    BlockCode.ORIGIN_TAINTED: _TAINTED,
    BlockCode.ALLOW_CREDENTIALS_MISSING: _ALLOW_CREDENTIALS,
    BlockCode.ALLOW_CREDENTIALS_INVALID: _ALLOW_CREDENTIALS,
    BlockCode.REDIRECT_MODE_ERROR: 'Use redirect mode "follow", or {call_location}.',
    BlockCode.LOCATION_UNPARSABLE: "Send exactly one Location, and let it be a URL, on {where}.",
    BlockCode.LOCATION_NOT_HTTP: "Redirect to an http or https URL on {where}.",
    BlockCode.TOO_MANY_REDIRECTS: "Break the redirect loop, or call the final URL directly.",
    BlockCode.LOCATION_CREDENTIALS: _LOCATION_CREDENTIALS,
    BlockCode.LOCATION_CREDENTIALS_TAINTED: _LOCATION_CREDENTIALS,
    BlockCode.REDIRECT_STREAM: "Call the final URL directly, or send a body that is not a stream.",
    BlockCode.CROSS_ORIGIN_RESOURCE_POLICY: (
        "Send `Cross-Origin-Resource-Policy: cross-origin` on {where} if every site may load it, or call it with CORS."
    ),
    BlockCode.CROSS_ORIGIN_EMBEDDER_POLICY: (
        "Send `Cross-Origin-Resource-Policy: cross-origin` on {where}, or load it with CORS."
    ),
    BlockCode.NOSNIFF: "Send the Content-Type that the response really has on {where}.",
    BlockCode.MIME_TYPE: "Send a JavaScript Content-Type, such as text/javascript, on {where}.",
    BlockCode.MIXED_CONTENT_RESPONSE: "Serve the URL over https.",
    BlockCode.OPAQUE_RANGE: "Answer with 200 and the whole when no Range was asked for.",
    BlockCode.NO_RESPONSE: "{failure}",
    BlockCode.PROXY_AUTHENTICATION: "Configure the proxy's credentials; a page cannot answer a 407.",
    BlockCode.UNWRITTEN_STEP: "This engine cannot tell; ask a real browser.",
}

_ORIGIN_CODES: Final = frozenset(
    code for code, text in ADVICE.items() if text in (_ALLOW_ORIGIN, _ANSWER_PREFLIGHT, _WILDCARD, _SEVERAL)
)
_UNPARSABLE_HEADERS: Final = {
    BlockCode.PREFLIGHT_ALLOW_METHODS_UNPARSABLE: "Access-Control-Allow-Methods",
    BlockCode.PREFLIGHT_ALLOW_HEADERS_UNPARSABLE: "Access-Control-Allow-Headers",
}
_FAILURES: Final = {
    TransportFailureKind.DNS: "Check the host name, or the VPN or DNS that knows it.",
    TransportFailureKind.REFUSED: "Start the server, or correct the port.",
    TransportFailureKind.UNREACHABLE: "Check the address, and the network, VPN or firewall on the way to it.",
    TransportFailureKind.TLS: (
        "Give the server a certificate that browsers accept, or check which of http and https it speaks; to look past "
        "the certificate here, add --insecure."
    ),
    TransportFailureKind.RESET: "Look into the server's log: it closed the connection before its answer was complete.",
    TransportFailureKind.TIMEOUT: "Look why the server takes so long, or wait longer with --timeout.",
    TransportFailureKind.NOT_HTTP: "Check the port: what listens there does not speak proper HTTP.",
    TransportFailureKind.TOO_LARGE: "Answer with less, or read more of a body with --max-body.",
    TransportFailureKind.STOPPED: (
        "Look for what stops it in the browser: an extension or ad blocker, the page's own policy, an administrator's."
    ),
}
_PREFLIGHT_STATUS_HINTS: Final = {
    401: " The 401 says that authentication answers before CORS: let OPTIONS through, a preflight has no credentials.",
    403: " The 403 says that something refuses OPTIONS before CORS is reached: authentication, CSRF, a firewall.",
    404: " The 404 says that no route answers OPTIONS: put CORS before the router.",
    405: " The 405 says that no route answers OPTIONS: put CORS before the router.",
}


def advise(question: Question, result: FetchResult, error: NetworkError) -> str:
    """What to change so that script may read the response: one or two sentences, plain text."""
    name = _compared(error, "header name")
    method = question.method.decode("latin-1")
    exchange = None if error.step.exchange is None else result.exchanges[error.step.exchange]
    return _template(question, error, exchange, name).format(
        origin=question.origin,
        where=_where(exchange),
        hint=_status_hint(exchange),
        grants="" if exchange is None else _grants(exchange.request),
        with_credentials=" with `Access-Control-Allow-Credentials: true`" if question.credentials == "include" else "",
        url="the final URL" if exchange is None else shortened(exchange.request.url.href),
        header=(error.step.header or b"the header").decode("latin-1"),
        method=method,
        upper_method=method.upper(),
        methods_now=_now(_compared(error, "Access-Control-Allow-Methods")),
        headers_now=_now(_compared(error, "Access-Control-Allow-Headers")),
        name=name,
        call_location=f"call {_redirect_target(exchange)} directly",
        several=_why_several(exchange),
        failure="" if error.failure is None else _FAILURES[error.failure.kind],
    )


def _redirect_target(exchange: Exchange | None) -> str:
    """Where a redirect leads, as a whole URL."""
    location = None if exchange is None or exchange.response is None else exchange.response.headers.get(b"Location")
    if exchange is None or location is None:
        return "the final URL"
    url = parse_url(location.decode("latin-1"), exchange.request.url)
    return "the final URL" if url is None else shortened(url.href)


def _why_several(exchange: Exchange | None) -> str:
    """Two lines have two authors, a list in one line has one."""
    response = None if exchange is None else exchange.response
    if response is not None and len(response.headers.get_all(b"Access-Control-Allow-Origin")) > 1:
        return "usually two layers (application and proxy) both add it, so let only one"
    return "a server that allows several origins answers each with its own, and with `Vary: Origin`"


def _template(question: Question, error: NetworkError, exchange: Exchange | None, name: str) -> str:
    """The code's advice, unless the page itself is what has to change."""
    if name.startswith("access-control-"):
        return _NOT_A_REQUEST_HEADER
    if error.code in _ORIGIN_CODES:
        if isinstance(question.origin, OpaqueOrigin):
            return _OPAQUE_ORIGIN
        # After a tainting redirect no server can allow the page by name, whatever the failing step says.
        if exchange is not None and exchange.request.headers.get(b"Origin") == b"null":
            return _TAINTED
    return ADVICE[error.code]


def _grants(preflight: HTTPRequest) -> str:
    """The other header fields that this preflight asks for."""
    method = preflight.headers.get(b"Access-Control-Request-Method")
    names = preflight.headers.get(b"Access-Control-Request-Headers")
    grants = ""
    if method is not None and not is_cors_safelisted_method(method):
        grants += f", `Access-Control-Allow-Methods: {shortened(method.decode('latin-1'))}`"
    if names is not None:
        grants += f", `Access-Control-Allow-Headers: {shortened(names.decode('latin-1')).replace(',', ', ')}`"
    return grants


def _where(exchange: Exchange | None) -> str:
    """Which answer has to change, such as "the answer to OPTIONS https://… (404)"."""
    if exchange is None:
        return "the server"
    status = f" ({exchange.response.status})" if exchange.response is not None else ""
    return f"the answer to {exchange.request.method.decode('latin-1')} {shortened(exchange.request.url.href)}{status}"


def _status_hint(exchange: Exchange | None) -> str:
    """A status that says that the CORS layer was never reached is the likelier cause than a missing setting."""
    if exchange is None or exchange.response is None:
        return ""
    return _hint(exchange.response.status, is_preflight=exchange.request.role == "preflight")


def _hint(status: int, *, is_preflight: bool) -> str:
    if is_preflight:
        if 300 <= status < 400:
            return " A preflight may not be redirected: call the final URL (scheme, host, trailing slash) directly."
        return _PREFLIGHT_STATUS_HINTS.get(status, "")
    if 300 <= status < 400:
        return " The redirect itself must allow the origin too; calling the final URL directly avoids it."
    if status >= 500:
        return f" The {status} itself comes first: an error often bypasses the layer that adds CORS headers."
    if status in {401, 403, 404, 405}:
        return f" The answer is a {status}: see that CORS headers are added to errors too."
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a block when the exchange itself is not: of a console message, say."""

    url: str | None = None
    origin: str | None = None
    method: str | None = None
    header: str | None = None
    status: int | None = None
    redirected: bool = False


def advise_from(code: BlockCode, facts: Facts) -> str:
    """What to change, as `advise` says it, with words in the places of what is not known."""
    template = ADVICE[code]
    if (facts.header or "").lower().startswith("access-control-"):
        template = _NOT_A_REQUEST_HEADER
    elif code in _ORIGIN_CODES and facts.origin == "null":
        template = _TAINTED if facts.redirected else _OPAQUE_ORIGIN
    elif code is BlockCode.NO_RESPONSE:
        template = "Open the URL itself: see that the server runs, and that port, certificate and scheme are right."
    is_preflight = code.value.startswith("B2")
    url = "" if facts.url is None else f" {shortened(facts.url)}"
    where = f"the answer to {'OPTIONS' if is_preflight else facts.method or 'the request for'}{url}"
    if facts.url is None:
        where = "the preflight's answer" if is_preflight else "the server's answer"
    elif facts.status is not None:
        where += f" ({facts.status})"
    method = facts.method or "the method"
    return template.format(
        origin=facts.origin or "(the page's origin)",
        where=where,
        hint="" if facts.status is None else _hint(facts.status, is_preflight=is_preflight),
        grants="",
        with_credentials="",
        url="the final URL",
        header=_UNPARSABLE_HEADERS.get(code, "the header"),
        method=method,
        upper_method=method.upper() if facts.method else "it in upper case",
        methods_now="",
        headers_now="",
        name="the header" if facts.header is None else shortened(facts.header),
        call_location="call the final URL directly",
        several="a proxy and the application often both add it, so let only one",
        failure="",
    )


def _compared(error: NetworkError, name: str) -> str:
    """A value that the failing step compared, as text; empty when it was absent."""
    return next(
        (
            shortened(value.decode("latin-1"))
            for what, value in error.step.compared
            if what == name and value is not None
        ),
        "",
    )


def _now(value: str) -> str:
    return f" (now: {value})" if value else ""
