"""What a browser, or curl, says of a call that got no answer: its words, and which kind of failure they mean.

Chromium names its errors (net/base/net_error_list.h), curl numbers them (https://curl.se/docs/manpage.html#EXIT);
WebKit writes a sentence, which is its network library's: CFNetwork's on Apple's systems, GLib's on Linux.
`net::ERR_FAILED` is no failure of the network: it is what CORS looks like.
"""

from __future__ import annotations

import re
from typing import Final

from crossorigin.fetch.wire import HTTPResponse, TransportFailure
from crossorigin.fetch.wire import TransportFailureKind as Kind
from crossorigin.web.url import URL

__all__ = ["curl_failure_kind", "failure_kind", "is_cancelled", "made_failure"]

_NET_ERROR: Final = re.compile(r"(?:net::)?ERR_([A-Z0-9_]{1,80})")

_NAMES: Final = {
    "NAME_NOT_RESOLVED": Kind.DNS,
    "NAME_RESOLUTION_FAILED": Kind.DNS,
    "ICANN_NAME_COLLISION": Kind.DNS,
    "CONNECTION_REFUSED": Kind.REFUSED,
    "CONNECTION_FAILED": Kind.UNREACHABLE,
    "ADDRESS_UNREACHABLE": Kind.UNREACHABLE,
    "ADDRESS_INVALID": Kind.UNREACHABLE,
    "INTERNET_DISCONNECTED": Kind.UNREACHABLE,
    "NETWORK_CHANGED": Kind.UNREACHABLE,
    "NETWORK_IO_SUSPENDED": Kind.UNREACHABLE,
    "NETWORK_ACCESS_DENIED": Kind.UNREACHABLE,
    "PROXY_CONNECTION_FAILED": Kind.UNREACHABLE,
    "TUNNEL_CONNECTION_FAILED": Kind.UNREACHABLE,
    "TIMED_OUT": Kind.TIMEOUT,
    "CONNECTION_TIMED_OUT": Kind.TIMEOUT,
    "CONNECTION_RESET": Kind.RESET,
    "CONNECTION_CLOSED": Kind.RESET,
    "CONNECTION_ABORTED": Kind.RESET,
    "SOCKET_NOT_CONNECTED": Kind.RESET,
    "EMPTY_RESPONSE": Kind.RESET,
    "CONTENT_LENGTH_MISMATCH": Kind.RESET,
    "INCOMPLETE_CHUNKED_ENCODING": Kind.RESET,
    "INVALID_HTTP_RESPONSE": Kind.NOT_HTTP,
    "INVALID_RESPONSE": Kind.NOT_HTTP,
    "INVALID_CHUNKED_ENCODING": Kind.NOT_HTTP,
    "HTTP2_PROTOCOL_ERROR": Kind.NOT_HTTP,
    "QUIC_PROTOCOL_ERROR": Kind.NOT_HTTP,
    "RESPONSE_HEADERS_TOO_BIG": Kind.TOO_LARGE,
    "CLEARTEXT_NOT_PERMITTED": Kind.STOPPED,
}
_PREFIXES: Final = (
    ("CERT_", Kind.TLS),
    ("SSL_", Kind.TLS),
    ("BAD_SSL_", Kind.TLS),
    ("TLS13_", Kind.TLS),
    ("ECH_", Kind.TLS),
    ("DNS_", Kind.DNS),
    ("HTTP2_", Kind.RESET),
    ("QUIC_", Kind.RESET),
    # What the browser has against the response itself, CORP, COEP and opaque response blocking, comes after an answer.
    ("BLOCKED_BY_RESPONSE", None),
    ("BLOCKED_BY_ORB", None),
    ("BLOCKED_", Kind.STOPPED),
)

# WebKit's sentences, in the lower case, by a part that does not depend on the host.
_SENTENCES: Final = (
    ("a server with the specified hostname could not be found", Kind.DNS),
    ("error resolving ", Kind.DNS),
    ("connection refused", Kind.REFUSED),
    ("could not connect to the server", Kind.REFUSED),
    ("could not connect to ", Kind.UNREACHABLE),
    ("the internet connection appears to be offline", Kind.UNREACHABLE),
    ("unreachable", Kind.UNREACHABLE),
    ("tls ", Kind.TLS),
    ("ssl error", Kind.TLS),
    ("the certificate for this server is invalid", Kind.TLS),
    ("timed out", Kind.TIMEOUT),
    ("the network connection was lost", Kind.RESET),
    ("connection terminated unexpectedly", Kind.RESET),
    ("connection reset", Kind.RESET),
    ("cannot parse response", Kind.NOT_HTTP),
    ("resource exceeds maximum size", Kind.TOO_LARGE),
    ("blocked by a content blocker", Kind.STOPPED),
)
_CANCELLED: Final = frozenset({"cancelled", "canceled", "load request cancelled", "ns_binding_aborted"})

_CURL: Final = {
    1: Kind.NOT_HTTP,
    5: Kind.DNS,
    6: Kind.DNS,
    7: Kind.REFUSED,
    8: Kind.NOT_HTTP,
    16: Kind.NOT_HTTP,
    18: Kind.RESET,
    28: Kind.TIMEOUT,
    52: Kind.RESET,
    55: Kind.RESET,
    56: Kind.RESET,
    61: Kind.NOT_HTTP,
    63: Kind.TOO_LARGE,
    92: Kind.RESET,
    95: Kind.NOT_HTTP,
    96: Kind.TLS,
    97: Kind.UNREACHABLE,
    **dict.fromkeys((35, 51, 53, 54, 58, 59, 60, 66, 77, 80, 82, 83, 90, 91), Kind.TLS),
}
_NO_WAY: Final = re.compile(r"no route to host|unreachable", re.IGNORECASE)
_TOO_LATE: Final = re.compile(r"timed out|timeout", re.IGNORECASE)

_DETAILS: Final = {
    Kind.DNS: "The name {host} was not found",
    Kind.REFUSED: "{peer} refused the connection",
    Kind.UNREACHABLE: "{peer} could not be reached",
    Kind.TLS: "No TLS connection with {peer} came about",
    Kind.RESET: "{peer} broke the connection off",
    Kind.TIMEOUT: "{peer} took too long",
    Kind.NOT_HTTP: "{peer} sent what is not valid HTTP",
    Kind.TOO_LARGE: "{peer} sent more than is taken",
    Kind.STOPPED: "The browser itself stopped the request to {peer}",
}
_LONGEST: Final = 300


def failure_kind(words: str) -> Kind | None:
    """The kind of failure that a browser's words mean; None where they are not about the network, or not known."""
    named = _NET_ERROR.fullmatch(words.partition(".")[0])
    if named is None:
        folded = words.lower()
        return next((kind for part, kind in _SENTENCES if part in folded), None)
    if named[1] in _NAMES:
        return _NAMES[named[1]]
    return next((kind for prefix, kind in _PREFIXES if named[1].startswith(prefix)), None)


def is_cancelled(words: str) -> bool:
    """Whether the words say that nobody wanted the answer any more, such as when the page was left."""
    return words.lower() in _CANCELLED or words in {"net::ERR_ABORTED", "ERR_ABORTED"}


def curl_failure_kind(number: int, words: str) -> Kind | None:
    """The kind of failure that curl's `(number) words` means; None for what is no failure of the network."""
    kind = _CURL.get(number)
    if kind is Kind.REFUSED and _NO_WAY.search(words):
        return Kind.UNREACHABLE
    if kind is Kind.REFUSED and _TOO_LATE.search(words):
        return Kind.TIMEOUT
    return kind


def made_failure(kind: Kind, words: str, url: URL, partial: HTTPResponse | None = None) -> TransportFailure:
    """The failure, in a sentence that names the peer and repeats the words."""
    host = url.host or ""
    port = url.port or (443 if url.scheme == "https" else 80)
    said = words if len(words) <= _LONGEST else f"{words[:_LONGEST]}..."
    return TransportFailure(kind, f"{_DETAILS[kind].format(host=host, peer=f'{host}:{port}')} ({said}).", partial)
