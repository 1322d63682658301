"""What a caller may set about the network: limits, trust, and where names lead."""

from __future__ import annotations

import os
import ssl
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final, Self

import httpcore2

__all__ = ["MAX_HEADER_BYTES_HTTP1", "MAX_HEADER_BYTES_HTTP2", "Resolve", "TransportOptions", "TrustStoreError"]

MAX_HEADER_BYTES_HTTP1: Final = 100 * 1024
"""Longest response head over HTTP/1.1, in bytes, as httpcore2 sets it for h11; it is not ours to change.

h11 looks after each read of at most 64 KiB, so a longer head that ends within the read that crosses the line passes.
"""

MAX_HEADER_BYTES_HTTP2: Final = 64 * 1024
"""Longest decoded header list over HTTP/2, in bytes, as httpcore2 announces it (SETTINGS_MAX_HEADER_LIST_SIZE)."""

_MAX_TIMEOUT: Final = 86400
"""Longest time limit, in seconds: a day, which no one waits, and far below what overflows a platform's clock."""

_PORTS: Final = range(1, 65536)


@dataclass(frozen=True, slots=True)
class Resolve:
    """One name that leads to a given address instead of asking DNS, as curl's `--resolve HOST:PORT:ADDR`.

    `host` is compared without regard to case, and the request keeps it: only the address dialled changes, not the
    `Host` header and not the name that the certificate must carry. Several for one host and port are tried in order.
    The wildcard `*` of curl is not supported. `to_port` is dialled instead of `port`, and with `plain` an https URL is
    asked for without TLS, which is for a server on this machine that stands behind no proxy while it is tested. Raises
    ValueError for a port or an address that is none, and for `plain` to an address that is not loopback.
    """

    host: str
    port: int
    address: str
    to_port: int | None = None
    plain: bool = False

    def __post_init__(self) -> None:
        if not self.host or self.host == "*":
            raise ValueError(f"{self.host!r} is not a host name to resolve: name one host, such as 'api.example.com'")
        for port in (self.port, self.dialled_port):
            if port not in _PORTS:
                raise ValueError(f"{port} is not a port: give a number from 1 to 65535")
        try:
            address = ip_address(self.address)
        except ValueError:
            raise ValueError(f"{self.address!r} is not an IP address: give one such as '127.0.0.1' or '::1'") from None
        if self.plain and not address.is_loopback:
            raise ValueError(f"plain goes only with a loopback address such as '127.0.0.1', and {self.address} is none")

    @property
    def dialled_port(self) -> int:
        """The port that is dialled."""
        return self.port if self.to_port is None else self.to_port

    @classmethod
    def parse(cls, text: str) -> Self:
        """`HOST:PORT:ADDR`, where an IPv6 address may stand in brackets; raises ValueError that says what is wrong."""
        host, colon, rest = text.partition("]:") if text.startswith("[") else text.partition(":")
        port, second_colon, address = rest.partition(":")
        if not (colon and second_colon and port.isascii() and port.isdecimal()):
            raise ValueError(f"{text!r} is not HOST:PORT:ADDR: write it like 'api.example.com:443:127.0.0.1'")
        return cls(host.removeprefix("["), int(port), address.removeprefix("[").removesuffix("]"))

    def applies_to(self, host: str, port: int) -> bool:
        """Whether a connection to `host` (an IPv6 address without brackets) and `port` goes to `address`."""
        return self.port == port and self.host.lower() == host.lower()


@dataclass(frozen=True, slots=True)
class TransportOptions:
    """Limits and trust of one transport.

    `timeout`: seconds of wall clock for one exchange, from looking up the name to the last byte of the body.
    `max_body`: bytes of response body that are read before the exchange fails as too large.
    `verify`: False trusts any certificate for any name (`--insecure`); an `ssl_context` of your own says that itself.
    `ssl_context`: trust to use instead of the system's; its ALPN list is overwritten.
    `http2`: whether to offer HTTP/2 in TLS; plain `http://` is HTTP/1.1 always, as in browsers.

    Raises ValueError for a limit that allows nothing, or for `verify=False` beside an `ssl_context`.
    """

    timeout: float = 30.0
    max_body: int = 16 * 1024 * 1024
    verify: bool = True
    ssl_context: ssl.SSLContext | None = None
    resolve: tuple[Resolve, ...] = ()
    http2: bool = True

    def __post_init__(self) -> None:
        # A chained comparison that must hold, so that NaN does not pass.
        if not (0 < self.timeout <= _MAX_TIMEOUT):
            raise ValueError(
                f"timeout={self.timeout!r} is not a time limit: give seconds, above 0 and up to {_MAX_TIMEOUT}"
            )
        if self.max_body < 0:
            raise ValueError(f"max_body={self.max_body!r} is not a size: give bytes, 0 or more")
        if self.ssl_context is not None and not self.verify:
            raise ValueError("verify=False and ssl_context contradict: set verify_mode on the context, or drop one")

    def tls(self) -> ssl.SSLContext:
        """A TLS context as these options ask for, offering the HTTP versions that they allow.

        Raises TrustStoreError when the system's trust store cannot be read, mostly because SSL_CERT_FILE leads astray.
        """
        context = self.ssl_context or (_system_trust() if self.verify else _any_certificate())
        context.set_alpn_protocols(["h2", "http/1.1"] if self.http2 else ["http/1.1"])
        return context


class TrustStoreError(ValueError):
    """The certificates to trust cannot be read; the message says where they were looked for."""


def _system_trust() -> ssl.SSLContext:
    try:
        return httpcore2.default_ssl_context()
    except OSError as error:
        named = os.environ.get("SSL_CERT_FILE")
        said = f"SSL_CERT_FILE={named!r}" if named else "the system's trust store"
        raise TrustStoreError(f"{said} cannot be read as certificates to trust: {error.strerror or error}") from error


def _any_certificate() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
