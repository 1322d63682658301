"""From the host of a URL to the addresses to dial: overrides first, then literals, then the system's resolver."""

from __future__ import annotations

import socket
import threading
from concurrent.futures import Future
from ipaddress import ip_address

from crossorigin.browser.options import Resolve

__all__ = ["known_addresses", "look_up"]


def known_addresses(host: str, port: int, overrides: tuple[Resolve, ...]) -> tuple[str, ...]:
    """The addresses of `host` (IPv6 without brackets) that need no resolver; none when it has to be asked."""
    if overridden := tuple(entry.address for entry in overrides if entry.applies_to(host, port)):
        return overridden
    try:
        ip_address(host)
    except ValueError:
        return ()
    return (host,)


def look_up(host: str, port: int) -> Future[tuple[str, ...]]:
    """Ask the system's resolver, in the background; the future raises OSError as getaddrinfo does.

    `getaddrinfo` takes no time limit and cannot be interrupted, and a silent DNS server holds it for half a minute.
    So it runs in a daemon thread of its own that a caller who is out of time walks away from. An executor will not do:
    both asyncio and the interpreter wait for its threads on the way out.
    """
    future: Future[tuple[str, ...]] = Future()
    # From here on nobody can cancel it, so the thread may set it even after all have left.
    future.set_running_or_notify_cancel()

    def ask() -> None:
        try:
            future.set_result(_ask(host, port))
        except Exception as error:  # noqa: BLE001 - it is raised where it is waited for; a silent end would hang there
            future.set_exception(error)

    threading.Thread(target=ask, name=f"look up {host}", daemon=True).start()
    return future


def _ask(host: str, port: int) -> tuple[str, ...]:
    # Browsers take every name below `localhost` to the loopback address themselves; resolvers often know only the top.
    # https://www.rfc-editor.org/rfc/rfc6761#section-6.3
    if host.removesuffix(".").endswith(".localhost"):
        host = "localhost"
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError:
        # Python's own IDNA step; URLs allow more hosts than DNS can hold, such as an empty label.
        raise socket.gaierror(socket.EAI_NONAME, "it is not a name that DNS can hold") from None
    return tuple(dict.fromkeys(_address(family, sockaddr) for family, _, _, _, sockaddr in answers))


def _address(family: int, sockaddr: tuple[object, ...]) -> str:
    # A link-local address (printers, mDNS names) means nothing without the interface that it was found on.
    if family == socket.AF_INET6 and sockaddr[3] and "%" not in str(sockaddr[0]):
        return f"{sockaddr[0]}%{sockaddr[3]}"
    return str(sockaddr[0])
