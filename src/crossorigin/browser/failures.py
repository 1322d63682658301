"""From whatever a network, TLS or the HTTP library raised to one kind of failure and one sentence for people.

The order of the table is the knowledge in it. An error of the library wraps the one that tells (`ReadError` around
`ConnectionResetError`), anyio wraps once more, and Python's classes overlap (`ssl.SSLError` is an `OSError`). So each
row is held against the whole chain of causes before the next is tried, the telling rows first. What no row knows ends
in `_unforeseen`, which never claims that there was a response.
"""

from __future__ import annotations

import errno
import re
import socket
import ssl
from enum import Enum
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import h11
import httpcore2
from h2.events import ConnectionTerminated, StreamReset
from h2.exceptions import H2Error
from hpack.exceptions import OversizedHeaderListError

from crossorigin.browser.options import MAX_HEADER_BYTES_HTTP1, MAX_HEADER_BYTES_HTTP2
from crossorigin.fetch.wire import TransportFailureKind as Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crossorigin.browser.exchange import Exchange

__all__ = ["ExchangeError", "Phase", "explain"]

_MAX_QUOTE: Final = 200
"""Characters kept of a message of the library: they quote header lines of up to 100 KiB."""


class Phase(Enum):
    """How far an exchange got; the same error means another thing in each."""

    LOOKUP = "while its name was looked up"
    CONNECT = "as it was opened"
    TLS = "during the TLS handshake"
    REQUEST = "while the request was sent"
    HEAD = "before the end of the response head"
    BODY = "in the middle of the body"


class ExchangeError(Exception):
    """What our own code found wrong with an exchange, told apart where it was found."""

    def __init__(self, kind: Kind, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail


def explain(error: BaseException, exchange: Exchange) -> tuple[Kind, str]:
    """The kind of failure that ended `exchange`, and a sentence that names the peer and what was seen."""
    chain = tuple(_chain(error))
    for types, tell in _TABLE:
        for link in chain:
            if isinstance(link, types):
                return tell(link, exchange)
    return _unforeseen(error, exchange)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """`error` and what it was raised from, outermost first."""
    seen: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in seen:
        seen.append(link)
        yield link
        # The library builds its errors around the original (`ReadError(original)`), and its pools drop `__cause__`.
        wrapped = next((argument for argument in link.args if isinstance(argument, BaseException)), None)
        link = wrapped or link.__cause__ or link.__context__


def _quote(error: BaseException) -> str:
    # h11 shows what it read as bytearray(b'...'), over which people stumble.
    text = re.sub(r"\bbytearray\((b(['\"]).*\2)\)", r"\1", " ".join(str(error).split())).rstrip(".")
    return text if len(text) <= _MAX_QUOTE else f"{text[:_MAX_QUOTE]}…"


# Connecting.


def _no_such_name(error: BaseException, exchange: Exchange) -> tuple[Kind, str]:
    # EAI_AGAIN: no DNS server answered, or one said that it cannot tell now.
    if getattr(error, "errno", None) == socket.EAI_AGAIN:
        return Kind.DNS, f"The name {exchange.host!r} could not be looked up: DNS gave no answer ({_reason(error)})."
    return Kind.DNS, f"The name {exchange.host!r} was not found in DNS ({_reason(error)})."


def _refused(_: BaseException, exchange: Exchange) -> tuple[Kind, str]:
    return Kind.REFUSED, f"{exchange.peer} refused the connection: nothing listens on that port."


def _system(error: BaseException, exchange: Exchange) -> tuple[Kind, str]:
    number = getattr(error, "errno", None)
    if exchange.phase in (Phase.LOOKUP, Phase.CONNECT):
        route = "there is no route to it" if number in (errno.EHOSTUNREACH, errno.ENETUNREACH) else _reason(error)
        return Kind.UNREACHABLE, f"{exchange.peer} could not be reached: {route}."
    return Kind.RESET, f"The connection to {exchange.peer} broke {exchange.phase.value}: {_reason(error)}."


def _reason(error: BaseException) -> str:
    return str(getattr(error, "strerror", None) or _quote(error) or type(error).__name__).rstrip(".")


# TLS.

_CERTIFICATE_WORDS: Final = {
    9: "it is not valid yet",
    10: "it has expired",
    18: "it is self-signed",
    19: "a self-signed certificate that is not trusted here is at the end of its chain",
    20: "its issuer is not trusted here, or an intermediate certificate is missing",
    21: "its issuer is not trusted here, or an intermediate certificate is missing",
    23: "it has been revoked",
}
"""OpenSSL's X509_V_ERR codes that servers in the field run into: https://docs.openssl.org/3.0/man3/X509_STORE_CTX_get_error/"""

_WRONG_NAME: Final = (62, 64)
"""X509_V_ERR_HOSTNAME_MISMATCH and X509_V_ERR_IP_ADDRESS_MISMATCH."""

_NOT_TLS: Final = "what it sent is not TLS, so the port may serve plain http://"

_TLS_WORDS: Final = {
    "WRONG_VERSION_NUMBER": _NOT_TLS,
    "PACKET_LENGTH_TOO_LONG": _NOT_TLS,
    "HTTP_REQUEST": _NOT_TLS,
    "RECORD_LAYER_FAILURE": _NOT_TLS,
    "UNSUPPORTED_PROTOCOL": "it only speaks a version of TLS that is too old",
    "TLSV1_ALERT_PROTOCOL_VERSION": "it and we have no version of TLS in common",
    "SSLV3_ALERT_HANDSHAKE_FAILURE": "it and we have no cipher suite in common, or it serves nothing under this name",
    "TLSV1_UNRECOGNIZED_NAME": "it serves nothing under this name",
    "TLSV13_ALERT_CERTIFICATE_REQUIRED": "it asks for a client certificate",
    "SSLV3_ALERT_BAD_CERTIFICATE": "it did not accept the client certificate, or asks for one",
}
"""Reasons that OpenSSL gives for a failed handshake, in words."""


def _bad_certificate(error: BaseException, exchange: Exchange) -> tuple[Kind, str]:
    code, message = getattr(error, "verify_code", None), getattr(error, "verify_message", None)
    if code in _WRONG_NAME:
        words = f"it is not made out for {exchange.tls_name!r}"
    else:
        words = _CERTIFICATE_WORDS.get(code or 0) or str(message or _quote(error))
    return Kind.TLS, f"The certificate of {exchange.peer} was not accepted: {words}."


def _tls(error: BaseException, exchange: Exchange) -> tuple[Kind, str]:
    reason = getattr(error, "reason", None)
    words = _TLS_WORDS.get(reason or "") or (reason or _quote(error)).replace("_", " ").lower()
    if exchange.phase is Phase.TLS:
        return Kind.TLS, f"No TLS connection with {exchange.peer} came about: {words}."
    return Kind.TLS, f"{exchange.peer} ended the TLS connection {exchange.phase.value}: {words}."


# Time.

_OUT_OF_TIME: Final = {
    Phase.LOOKUP: "the name was still being looked up",
    Phase.CONNECT: "it had not accepted the connection",
    Phase.TLS: "it had accepted the connection but not finished the TLS handshake",
    Phase.REQUEST: "it had not taken the whole request",
    Phase.HEAD: "it had taken the request but sent no response",
}


def _out_of_time(_: BaseException, exchange: Exchange) -> tuple[Kind, str]:
    what = _OUT_OF_TIME.get(exchange.phase, "")
    if exchange.phase is Phase.BODY:
        what = f"it had sent the response head and {_body_so_far(exchange)} of body, but not its end"
    elif exchange.phase is Phase.HEAD and exchange.first_bytes and not exchange.http2:
        what = f"it had sent {exchange.received} bytes but not the end of the response head"
    return Kind.TIMEOUT, f"{exchange.peer} took too long: after {exchange.elapsed:.1f} s {what}."


def _body_so_far(exchange: Exchange) -> str:
    announced = exchange.announced_length
    return f"{len(exchange.body)}{'' if announced is None else f' of {announced}'} bytes"


# HTTP.


def _cut(error: BaseException, exchange: Exchange) -> tuple[Kind, str]:
    verb = "reset" if isinstance(error, ConnectionResetError) else "closed"
    return Kind.RESET, f"{exchange.peer} {verb} the connection {_where(exchange)}."


def _where(exchange: Exchange) -> str:
    if exchange.phase is Phase.BODY:
        return f"in the middle of the body, after {_body_so_far(exchange)}"
    if exchange.phase in (Phase.REQUEST, Phase.HEAD) and (exchange.http2 or not exchange.received):
        return "without sending a response"
    if exchange.phase is Phase.HEAD:
        return f"in the middle of the response head, which begins with {exchange.first_bytes!r}"
    return str(exchange.phase.value)


def _protocol(error: BaseException, exchange: Exchange) -> tuple[Kind, str]:
    event = error.args[0] if error.args else None
    if isinstance(event, StreamReset | ConnectionTerminated):
        code = getattr(event.error_code, "name", event.error_code)
        ended = "reset the HTTP/2 stream" if isinstance(event, StreamReset) else "ended the HTTP/2 connection"
        return Kind.RESET, f"{exchange.peer} {ended} with {code} {_where(exchange)}."
    if exchange.ended:
        # The parser's complaint is then only that the message is incomplete.
        return _cut(error, exchange)
    if exchange.received == 0:
        return Kind.NOT_HTTP, f"The request to {exchange.peer} cannot be written as HTTP: {_quote(error)}."
    where = "a body" if exchange.phase is Phase.BODY else "a response"
    version = "HTTP/2" if exchange.http2 else "HTTP/1.1"
    return Kind.NOT_HTTP, f"{exchange.peer} sent {where} that is not valid {version}: {_quote(error)}."


def _h11_complaint(error: BaseException, exchange: Exchange) -> tuple[Kind, str]:
    # h11 hints at 431 (Request Header Fields Too Large), to clients too, for whatever outgrew its buffer.
    if getattr(error, "error_status_hint", None) != HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE:
        return _protocol(error, exchange)
    what = "a chunk header or trailers" if exchange.phase is Phase.BODY else "a response head"
    limit = MAX_HEADER_BYTES_HTTP1
    return Kind.TOO_LARGE, f"{exchange.peer} sent {what} longer than the limit of {limit} bytes."


def _h2_complaint(error: BaseException, exchange: Exchange) -> tuple[Kind, str]:
    # A header list that never ends is caught by a count of frames, of which h2 tells in words only.
    tell = _long_header_list if "continuation" in str(error) else _protocol
    return tell(error, exchange)


def _long_header_list(_: BaseException, exchange: Exchange) -> tuple[Kind, str]:
    limit = MAX_HEADER_BYTES_HTTP2
    return Kind.TOO_LARGE, f"{exchange.peer} sent a response head longer than the limit of {limit} bytes."


# What no row knows.

_UNFORESEEN: Final = {Phase.LOOKUP: Kind.DNS, Phase.CONNECT: Kind.UNREACHABLE, Phase.TLS: Kind.TLS}


def _unforeseen(error: BaseException, exchange: Exchange) -> tuple[Kind, str]:
    kind = _UNFORESEEN.get(exchange.phase, Kind.NOT_HTTP)
    return (
        kind,
        f"The exchange with {exchange.peer} failed {exchange.phase.value}: {type(error).__name__}: {_quote(error)}.",
    )


def _told(error: BaseException, _: Exchange) -> tuple[Kind, str]:
    assert isinstance(error, ExchangeError)  # noqa: S101 - the row says so
    return error.kind, error.detail


_TABLE: Final[
    tuple[tuple[tuple[type[BaseException], ...], Callable[[BaseException, Exchange], tuple[Kind, str]]], ...]
] = (
    ((ExchangeError,), _told),
    ((TimeoutError, httpcore2.TimeoutException), _out_of_time),
    ((ssl.SSLCertVerificationError,), _bad_certificate),
    ((ssl.SSLEOFError, ssl.SSLZeroReturnError), _cut),
    ((ssl.SSLError,), _tls),
    ((socket.gaierror,), _no_such_name),
    ((ConnectionRefusedError,), _refused),
    ((ConnectionError,), _cut),
    ((OSError,), _system),
    ((OversizedHeaderListError,), _long_header_list),
    ((h11.ProtocolError,), _h11_complaint),
    ((H2Error,), _h2_complaint),
    ((httpcore2.ProtocolError,), _protocol),
    ((httpcore2.NetworkError, httpcore2.ConnectionNotAvailable), _cut),
)
"""Which class of error is told how, first match first."""
