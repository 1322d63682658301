"""What one answer of a server tells by itself: whether CORS had a part in it, and who wrote it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from crossorigin.browser.codings import BodyError, decode_body
from crossorigin.doctor.words import all_of, shortened
from crossorigin.fetch.trace import Exchange
from crossorigin.fetch.wire import HTTPResponse

__all__ = [
    "PROXYS_STATUSES",
    "allow_origins",
    "allows",
    "bucket_sign",
    "cached_by",
    "field",
    "fields",
    "granted",
    "is_proxys_page",
    "refusal",
    "sign_of",
    "speaks_cors",
    "status_line",
    "text_of",
    "vary_names",
    "wants_tls",
    "wrong_coding",
]

_LONGEST: Final = 16 * 1024
"""Bytes of a body that are looked at: an error page says who it is at its beginning."""
_MOST_SHOWN: Final = 3
"""Lines of one header in one line of evidence."""

_HIT: Final = re.compile(rb"(?<![a-z])(?:hit|stale|revalidated)(?![a-z])", re.IGNORECASE)
"""`HIT`, and `TCP_HIT`, `TCP_REMOTE_HIT` and the like of Akamai and Azure."""
_CACHE_FIELDS: Final = (
    ("x-cache", _HIT),
    ("x-cache-status", _HIT),
    ("x-proxy-cache", _HIT),
    ("cf-cache-status", _HIT),
    ("x-vercel-cache", _HIT),
    # https://www.rfc-editor.org/rfc/rfc9211
    ("cache-status", re.compile(rb";\s*hit\b", re.IGNORECASE)),
    # Varnish names the request that filled its cache beside the present one.
    ("x-varnish", re.compile(rb"[0-9]+ [0-9]+")),
    ("age", re.compile(rb"0*[1-9][0-9]*")),
)

_BEGINS: Final = {b"gzip": b"\x1f\x8b", b"x-gzip": b"\x1f\x8b", b"zstd": b"\x28\xb5\x2f\xfd"}
"""The first bytes of content codings that have such."""

_REFUSALS: Final = (
    # Starlette, FastAPI: https://github.com/encode/starlette/blob/master/starlette/middleware/cors.py
    (
        re.compile(r"Disallowed CORS ((?:origin|method|headers)(?:, (?:origin|method|headers))*)", re.IGNORECASE),
        "the CORS middleware of Starlette or Litestar",
    ),
    # What the callback of its README raises: https://github.com/expressjs/cors#configuring-cors-w-dynamic-origin
    (re.compile(r"(Not allowed by CORS)"), "the origin callback of Express's cors"),
    # Spring: its DefaultCorsProcessor
    (re.compile(r"(Invalid CORS request)"), "Spring's CORS processor"),
    # aiohttp-cors 0.8: aiohttp_cors/preflight_handler.py
    (
        re.compile(r"CORS preflight request failed: (request method|no origins|origin|headers)\b[^\n]{0,120}"),
        "aiohttp-cors",
    ),
)
_PLAIN_ON_TLS: Final = (
    "plain HTTP request was sent to HTTPS port",  # nginx
    "speaking plain HTTP to an SSL-enabled server port",  # Apache
    "Client sent an HTTP request to an HTTPS server",  # Go, and so Caddy and Traefik
    "This combination of host and port requires TLS",  # Tomcat
)
PROXYS_STATUSES: Final = {
    413: "the body is larger than the proxy takes",
    429: "the proxy limits how often it is called",
    431: "the headers are larger than the proxy takes",
    502: "the proxy got no proper answer from the application",
    503: "the proxy has no application to ask",
    504: "the application took too long for the proxy",
    520: "the application's answer was none",
    521: "the application refused the connection",
    522: "the application did not take the connection",
    523: "the application could not be reached",
    524: "the application took too long",
    525: "TLS to the application failed",
    526: "the application's certificate is not valid",
}
"""Statuses that are mostly given by what stands before an application; 520 to 526 are Cloudflare's."""
_APPLICATIONS: Final = re.compile(
    rb"uvicorn|gunicorn|hypercorn|daphne|waitress|werkzeug|granian|python|tornado|wsgi|kestrel|jetty|apache-coyote|"
    rb"tomcat|undertow|puma|webrick|thin|cowboy|php|node|deno|bun",
    re.IGNORECASE,
)
"""How the Server header of an application begins that nothing stands before."""
_BUCKET_SERVERS: Final = re.compile(rb"AmazonS3|UploadServer|Windows-Azure-Blob")
_BUCKET_FIELDS: Final = (b"x-amz-request-id", b"x-amz-id-2", b"x-ms-request-id", b"x-guploader-uploadid")
_WORDS: Final = (
    ("origin", ("origin", "not allowed by cors")),
    ("method", ("method",)),
    ("headers", ("header",)),
)


def status_line(response: HTTPResponse) -> str:
    """Its status and reason, `405 Method Not Allowed`."""
    reason = shortened(response.status_message.decode("latin-1").strip().rstrip(". "))
    return f"{response.status} {reason}" if reason else str(response.status)


def field(name: str, value: bytes) -> str:
    """A header as evidence shows it: in backquotes, bounded."""
    return f"`{name}: {shortened(value.decode('latin-1'))}`"


def fields(name: str, values: Sequence[bytes]) -> str:
    """The lines of one header as evidence shows them: the first few, and how many more there are."""
    shown = [field(name, value) for value in values[:_MOST_SHOWN]]
    more = len(values) - len(shown)
    return all_of([*shown, f"{more} more"] if more else shown)


def allow_origins(response: HTTPResponse) -> list[bytes]:
    """Every line of Access-Control-Allow-Origin, in order."""
    return response.headers.get_all(b"Access-Control-Allow-Origin")


def allows(response: HTTPResponse, origin: str) -> bool:
    """Whether it lets pages of this origin read it, credentials aside."""
    return allow_origins(response) in ([origin.encode()], [b"*"])


def vary_names(response: HTTPResponse) -> set[str]:
    """The members of Vary, in lower case."""
    return {name.lower() for name in response.headers.get_decode_split(b"Vary") or () if name}


def speaks_cors(response: HTTPResponse) -> bool:
    """Whether something on the server knows of CORS: it sends one of its headers, or varies its answer by Origin."""
    return any(map(_is_cors, response.headers.names())) or "origin" in vary_names(response)


def granted(response: HTTPResponse) -> str:
    """An answer that allows an origin, as evidence goes on: ``200 OK with `Access-Control-Allow-Origin: *` ``."""
    return f"{status_line(response)} with {fields('Access-Control-Allow-Origin', allow_origins(response))}"


def sign_of(response: HTTPResponse) -> str:
    """What in an answer speaks of CORS, as evidence; there is something."""
    signs = (field(name.decode("latin-1"), value) for name, value in response.headers if _is_cors(name))
    return f"something there knows CORS: it sends {next(signs, field('Vary', response.headers.get(b'Vary') or b''))}"


def _is_cors(name: bytes) -> bool:
    return name.lower().startswith(b"access-control-")


def cached_by(response: HTTPResponse) -> str | None:
    """The header that says that a cache gave this answer, as evidence; None where none does."""
    for name, sign in _CACHE_FIELDS:
        value = response.headers.get(name.encode())
        if value is not None and (sign.fullmatch(value) if name in {"age", "x-varnish"} else sign.search(value)):
            return field(name.title(), value)
    return None


def text_of(response: HTTPResponse) -> str:
    """The beginning of the body as text, with its content coding taken off where that is possible."""
    try:
        body = decode_body(response.headers, response.body, 64 * _LONGEST)
    except BodyError:
        body = b""
    return body[:_LONGEST].decode("utf-8", "replace")


def wrong_coding(response: HTTPResponse) -> str | None:
    """The evidence that a body is not what Content-Encoding says, by its first bytes; None where it may be."""
    value = response.headers.get(b"Content-Encoding")
    begins = _BEGINS.get((value or b"").strip().lower())
    if value is None or begins is None or not response.body or response.body.startswith(begins):
        return None
    return f"the answer has {field('Content-Encoding', value)}, and its body is not that"


def is_proxys_page(response: HTTPResponse) -> bool:
    """Whether the status is one that a proxy gives by itself, and no application says that it gave it."""
    server = response.headers.get(b"Server") or b""
    return response.status in PROXYS_STATUSES and _APPLICATIONS.match(server) is None


def bucket_sign(response: HTTPResponse) -> str | None:
    """The header that says that a storage bucket of S3, Google or Azure gave this answer, as evidence."""
    server = response.headers.get(b"Server")
    if server is not None and _BUCKET_SERVERS.match(server):
        return field("Server", server)
    return next((field(name.decode(), value) for name in _BUCKET_FIELDS if (value := response.headers.get(name))), None)


def wants_tls(exchange: Exchange) -> str | None:
    """The words with which a server says, in plain HTTP, that it wants TLS; None where it does not."""
    if exchange.response is None or exchange.request.url.scheme != "http":
        return None
    text = text_of(exchange.response)
    return next((each for each in _PLAIN_ON_TLS if each in text), None)


def refusal(response: HTTPResponse) -> tuple[str, str, frozenset[str]] | None:
    """The words with which a CORS layer says no, whose they are, and of what: origin, method, headers; None if none."""
    rack = response.headers.get(b"X-Rack-CORS")
    if rack is not None and b"miss" in rack:
        return field("X-Rack-CORS", rack), "rack-cors", _what(rack.decode("latin-1"))
    # What an answer that is no refusal says may be about anything.
    text = text_of(response) if response.status >= 400 else ""
    for regex, who in _REFUSALS:
        if found := regex.search(text):
            return f'"{found[0]}"', who, _what(found[1])
    return None


def _what(said: str) -> frozenset[str]:
    said = said.lower()
    return frozenset(what for what, words in _WORDS if any(word in said for word in words))
