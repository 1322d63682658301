"""Who asked, for the target: X-Forwarded-For, -Proto, -Host and -Port, or `Forwarded`.

What a client says of itself in these headers is replaced, because a backend that believes us would believe it: only
behind another proxy that is trusted it is kept and added to.
"""

from __future__ import annotations

import re
from typing import Final, Literal, TypeAlias

from crossorigin.proxy.heads import Header, RequestHead
from crossorigin.proxy.plan import Client

__all__ = ["FORWARDED_NAMES", "Forwarded", "ForwardedMode"]

ForwardedMode: TypeAlias = Literal["x-forwarded", "forwarded", "both", "none"]

FORWARDED_NAMES: Final = frozenset(
    {
        b"forwarded",
        b"x-forwarded",
        b"x-forwarded-by",
        b"x-forwarded-for",
        b"x-forwarded-host",
        b"x-forwarded-port",
        b"x-forwarded-prefix",
        b"x-forwarded-proto",
        b"x-forwarded-scheme",
        b"x-forwarded-server",
        b"x-forwarded-ssl",
        b"x-real-ip",
    }
)
"""What backends believe about the client and the address it called, in lower case."""

_PORTS: Final = {"http": b"80", "https": b"443"}
_MAX_REMEMBERED: Final = 256
"""Clients and hosts whose headers are kept: in development there are two or three."""
# token = 1*tchar: https://www.rfc-editor.org/rfc/rfc9110.html#section-5.6.2
_TOKEN: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


class Forwarded:
    """Makes these headers. `mode` chooses which, `trusts` whether the client's own are kept and added to."""

    __slots__ = ("_remembered", "mode", "replaced", "trusts")

    def __init__(self, mode: ForwardedMode = "x-forwarded", *, trusts: bool = False) -> None:
        self.mode = mode
        self.trusts = trusts
        self.replaced = self._replaced()
        """The names, in lower case, that are taken away from what the client sent."""
        self._remembered: dict[tuple[bytes, str, str], list[Header]] = {}

    def headers(self, head: RequestHead, client: Client) -> list[Header]:
        """The headers that are added for a request. The list is not to be changed."""
        if self.trusts and not FORWARDED_NAMES.isdisjoint(head.fields):
            return self._appended(head, client)
        host = head.fields.get(b"host", b"")
        key = (host, client.address, client.scheme)
        made = self._remembered.get(key)
        if made is None:
            if len(self._remembered) >= _MAX_REMEMBERED:
                self._remembered.clear()
            made = self._remembered[key] = self._made(host, client)
        return made

    def _replaced(self) -> frozenset[bytes]:
        if not self.trusts:
            return FORWARDED_NAMES
        added: set[bytes] = set()
        if self.mode in {"x-forwarded", "both"}:
            added |= {b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host", b"x-forwarded-port"}
        if self.mode in {"forwarded", "both"}:
            added.add(b"forwarded")
        return frozenset(added)

    def _made(self, host: bytes, client: Client) -> list[Header]:
        address, scheme = client.address.encode(), client.scheme.encode()
        made: list[Header] = []
        if self.mode in {"x-forwarded", "both"}:
            made += [
                (b"X-Forwarded-For", address),
                (b"X-Forwarded-Proto", scheme),
                (b"X-Forwarded-Host", host),
                (b"X-Forwarded-Port", _port(host, client.scheme)),
            ]
        if self.mode in {"forwarded", "both"}:
            made.append((b"Forwarded", _element(host, client)))
        return [header for header in made if header[1]]

    def _appended(self, head: RequestHead, client: Client) -> list[Header]:
        """Ours behind those of the proxy in front of us: it knows by what name and scheme it was called, we do not."""
        appended: list[Header] = []
        for name, value in self._made(head.fields.get(b"host", b""), client):
            said = head.fields.get(name.lower())
            if not said:
                appended.append((name, value))
            elif name in {b"X-Forwarded-For", b"Forwarded"}:
                appended.append((name, said + b", " + value))
            else:
                appended.append((name, said))
        return appended


def _port(host: bytes, scheme: str) -> bytes:
    """The port that the client called."""
    port = host.rpartition(b":")[2]
    return port if port.isdigit() and port != host else _PORTS[scheme]


def _element(host: bytes, client: Client) -> bytes:
    """RFC 7239, a forwarded-element: https://www.rfc-editor.org/rfc/rfc7239.html#section-4"""
    address = client.address.encode()
    node = b'"[%b]"' % address if b":" in address else address
    parts = [b"for=" + node, b"proto=" + client.scheme.encode()]
    if host:
        parts.append(b"host=" + _value(host))
    return b";".join(parts)


def _value(text: bytes) -> bytes:
    """A token as it is, anything else as a quoted-string."""
    if _TOKEN.fullmatch(text):
        return text
    return b'"%b"' % text.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
