"""Who may call a server that only its developer should reach: by which names, and from which pages.

A page of any site can make its own name lead to 127.0.0.1 and is then of the same origin as the server there (DNS
rebinding: GHSA-vg6x-rcgg-rjx6, CVE-2025-30359); what gives it away is the Host that the browser sends. A page that does
not bother can still open WebSockets, which no CORS guards, and send forms. Each refusal names what allows it, so that
nobody turns the check off altogether (create-react-app#2271, #3168).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import AddressValueError, IPv6Address
from typing import Final

from crossorigin.proxy.heads import RequestHead
from crossorigin.proxy.plan import Client
from crossorigin.web.origin_grammar import IPV4

__all__ = ["SAFE_METHODS", "Callers"]

SAFE_METHODS: Final = frozenset({b"GET", b"HEAD", b"OPTIONS"})
"""Methods that change nothing. OPTIONS is the preflight, which the backend's own policy answers."""

_MAX_REMEMBERED: Final = 256
"""Hosts that are remembered to be allowed; their number is an outsider's choice below *.localhost."""
_MAX_SHOWN: Final = 100
_MAX_HOST: Final = 260
"""A name of 253, a colon and a port."""
# What can be pasted behind --allow-host without being anything else on a command line.
_NAME: Final = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?")
_PORT: Final = re.compile(r":[0-9]{0,5}")


class Callers:
    """The hosts and origins that are allowed.

    `hosts` are names besides localhost, *.localhost and IP addresses, one with a leading dot stands for itself and all
    below it; `origins` are serialized origins besides the proxy's own.
    """

    __slots__ = ("_known", "_names", "_origins", "_suffixes")

    def __init__(self, hosts: Iterable[str] = (), origins: Iterable[str] = ()) -> None:
        names = [host.lower().rstrip(".") for host in hosts]
        self._names = frozenset(name.removeprefix(".") for name in names) | {"localhost"}
        self._suffixes = (".localhost", *(name for name in names if name.startswith(".")))
        self._origins = frozenset(origin.encode() for origin in origins)
        self._known: set[bytes] = set()

    def host_refusal(self, host: bytes | None) -> str:
        """Why a Host is refused, in one sentence; "" for one that is allowed.

        None is a request without one, which browsers never send, and only HTTP/1.0 can.
        """
        if host is None or host in self._known:
            return ""
        name = _name(host)
        if not (name in self._names or name.endswith(self._suffixes) or _is_address(name)):
            return _host_sentence(host, name)
        if len(self._known) >= _MAX_REMEMBERED:
            self._known.clear()
        self._known.add(host)
        return ""

    def upgrade_refusal(self, head: RequestHead, client: Client) -> str:
        """Why an upgrade is refused, as above. Without an Origin it comes from no page.

        https://www.rfc-editor.org/rfc/rfc6455.html#section-10.2
        """
        origin = head.fields.get(b"origin")
        if origin is None or self._is_ours(origin, head, client):
            return ""
        return f"A page of {_shown(origin)} may not open a WebSocket here{_way_out(origin)}"

    def request_refusal(self, head: RequestHead, client: Client) -> str:
        """Why a request that can change something is refused, as above: a page of another site sent it.

        By Sec-Fetch-Site where the browser says it, else by Origin.
        https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
        """
        if head.method in SAFE_METHODS:
            return ""
        fields = head.fields
        origin = fields.get(b"origin")
        site = fields.get(b"sec-fetch-site")
        if site in {b"same-origin", b"same-site", b"none"} or (site is None and origin is None):
            return ""
        if origin is not None and (origin in self._origins or (site is None and self._is_ours(origin, head, client))):
            return ""
        page = f"A page of {_shown(origin)}" if origin else "A page of another site"
        return f"{page} may not send {_shown(head.method)} here{_way_out(origin)}"

    def _is_ours(self, origin: bytes, head: RequestHead, client: Client) -> bool:
        host = head.fields.get(b"host", b"").lower()
        # Behind a tunnel that speaks TLS the page is of https, and we are called by http. Never the other way round.
        return origin in self._origins or origin in {b"%b://%b" % (client.scheme.encode(), host), b"https://" + host}


def _name(host: bytes) -> str:
    """The host of a Host header, without its port and its last dot; "" for what is none."""
    if len(host) > _MAX_HOST:
        return ""
    text = host.decode("latin-1").lower()
    if text.startswith("["):
        name, bracket, rest = text.partition("]")
        name += bracket
    else:
        name, colon, rest = text.partition(":")
        rest = colon + rest
    if rest and not _PORT.fullmatch(rest):
        return ""
    return name.removesuffix(".")


def _is_address(name: str) -> bool:
    """Whether it is an IP address as browsers write it. One cannot be made to lead elsewhere."""
    if name.startswith("["):
        if not name.endswith("]"):
            return False
        try:
            return bool(IPv6Address(name[1:-1]))
        except AddressValueError:
            return False
    return IPV4.fullmatch(name) is not None


def _host_sentence(host: bytes, name: str) -> str:
    if not _NAME.fullmatch(name):
        return f"The Host {_shown(host)} is no name of this server"
    return (
        f"The Host {_shown(host)} is not one of this server's names, and could be a page of another site that had its "
        f"name lead here (DNS rebinding); if it is yours, --allow-host {name} allows it"
    )


def _way_out(origin: bytes | None) -> str:
    if origin is None or origin == b"null" or re.fullmatch(rb"https?://[a-z0-9.:\[\]_-]{1,260}", origin) is None:
        return ", and it has no origin that could be allowed"
    return f"; if it is yours, --allow-origin {origin.decode()} allows it"


def _shown(value: bytes) -> str:
    text = value[:_MAX_SHOWN].decode("ascii", "backslashreplace")
    return repr(text) if len(value) <= _MAX_SHOWN else repr(text + "…")
