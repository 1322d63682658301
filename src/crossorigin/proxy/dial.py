"""From a target to a connection: its addresses, which of them answers, TLS, and a second try while it is restarted."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Sequence
from errno import ECONNREFUSED
from os import strerror
from typing import Final, TypeVar

from aiohappyeyeballs import AddrInfoType, start_connection

from crossorigin.proxy.addresses import why_not_public
from crossorigin.proxy.plan import Failure, Limits
from crossorigin.proxy.target import Target

__all__ = ["DialError", "Dialer"]

_HEAD_START: Final = 0.25
"""Seconds before the next address is tried beside the last: https://www.rfc-editor.org/rfc/rfc8305.html#section-5"""
_PAUSE: Final = 0.1
"""Seconds between two tries of a backend that refuses: it is being restarted, and people wait for it."""
_MAX_REMEMBERED: Final = 1000
_LOOPBACK: Final = ("127.0.0.1", "::1")

P = TypeVar("P", bound=asyncio.Protocol)


class DialError(Exception):
    """There is no connection. `failure` says why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.cause)
        self.failure = failure


class Dialer:
    """Makes connections, and remembers which address of a name answered: it is tried first the next time.

    `localhost` is two addresses, and a server that listens on one of them refuses the other.
    """

    def __init__(self) -> None:
        self._answered: dict[tuple[str, int], tuple[int, str]] = {}
        self._contexts: dict[tuple[bool, str | None], ssl.SSLContext] = {}

    async def dial(self, target: Target, limits: Limits, make: Callable[[], P]) -> P:
        """A connection to the target, whose protocol is made by `make`; raises DialError."""
        loop = asyncio.get_running_loop()
        tried: list[str] = []
        give_up = loop.time() + limits.retry
        try:
            async with asyncio.timeout(limits.connect + limits.retry):
                while True:
                    try:
                        return await self._attempt(target, make, tried)
                    except OSError as error:
                        if not _is_refused(error) or loop.time() >= give_up:
                            raise
                    await asyncio.sleep(_PAUSE)
        except TimeoutError:
            cause = f"no connection within {limits.connect + limits.retry:g} s"
            failure = Failure(504, cause, str(target), tuple(tried), "Is the host right, and does a firewall drop it?")
        except ssl.SSLError as error:
            failure = _tls_failure(target, tuple(tried), error)
        except socket.gaierror as error:
            advice = f"Is the name right? {target.host!r} was looked up on this machine."
            failure = Failure(502, f"the name {target.host} is not known ({error.strerror})", str(target), (), advice)
        except OSError as error:
            failure = _failure(target, tuple(tried), error)
        raise DialError(failure)

    async def _attempt(self, target: Target, make: Callable[[], P], tried: list[str]) -> P:
        infos = await _look_up(target)
        tried[:] = dict.fromkeys(_shown(info) for info in infos)
        if target.only_public:
            _require_public(target, infos)
        key = (target.host, target.port)
        first = self._answered.get(key)
        infos.sort(key=lambda info: (info[0], info[4][0]) != first)
        # The very addresses that were judged: nothing looks the name up again.
        connected = await start_connection(infos, happy_eyeballs_delay=_HEAD_START, interleave=1)
        try:
            self._remember(key, (connected.family, connected.getpeername()[0]))
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            context = self.context(target) if target.is_tls else None
            _, protocol = await asyncio.get_running_loop().create_connection(
                make, sock=connected, ssl=context, server_hostname=target.host if context else None
            )
        except BaseException:
            connected.close()
            raise
        return protocol

    def _remember(self, key: tuple[str, int], address: tuple[int, str]) -> None:
        if len(self._answered) >= _MAX_REMEMBERED:
            self._answered.clear()
        self._answered[key] = address

    def context(self, target: Target) -> ssl.SSLContext:
        """How TLS is spoken with a target."""
        key = (target.verifies, target.ca)
        context = self._contexts.get(key)
        if context is None:
            context = ssl.create_default_context()
            if target.ca is not None:
                context.load_verify_locations(target.ca)
            if not target.verifies:
                context.check_hostname = False
                context.verify_mode = ssl.CERT_NONE
            context.set_alpn_protocols(["http/1.1"])
            self._contexts[key] = context
        return context


async def _look_up(target: Target) -> list[AddrInfoType]:
    """The addresses of a target. `localhost` is both loopback addresses, as it is to browsers, whatever this machine's
    table of hosts says: https://www.rfc-editor.org/rfc/rfc6761.html#section-6.3"""
    loop = asyncio.get_running_loop()
    host = target.host.rstrip(".")
    is_loopback = host == "localhost" or host.endswith(".localhost")
    found: list[AddrInfoType] = []
    for name in _LOOPBACK if is_loopback else (target.host,):
        found += await loop.getaddrinfo(name, target.port, type=socket.SOCK_STREAM)
    return found


def _shown(info: AddrInfoType) -> str:
    host, port = info[4][0], info[4][1]
    return f"[{host}]:{port}" if info[0] == socket.AF_INET6 else f"{host}:{port}"


def _require_public(target: Target, infos: Sequence[AddrInfoType]) -> None:
    """One address that is not public is enough to refuse: an attacker's name has one of each."""
    for info in infos:
        address = str(info[4][0])
        if (why := why_not_public(address)) is not None:
            cause = f"{target.host} is {address}, which is {why}"
            advice = "Only public addresses are reached this way; name the target with --cors to reach another."
            raise DialError(Failure(403, cause, str(target), (), advice))


def _is_refused(error: OSError) -> bool:
    """Whether an address refused. Where others failed otherwise, the one error's text names them all: ::1 cannot be
    reached on a machine without IPv6."""
    return isinstance(error, ConnectionRefusedError) or (
        error.errno is None and f"[Errno {ECONNREFUSED}]" in str(error)
    )


def _failure(target: Target, tried: tuple[str, ...], error: OSError) -> Failure:
    if _is_refused(error):
        advice = f"Nothing listens there. Start the server, or name the port that it listens on in place of {target}."
        return Failure(502, "connection refused", str(target), tried, advice)
    cause = strerror(error.errno) if error.errno else str(error)
    return Failure(502, cause[:200].lower(), str(target), tried)


def _tls_failure(target: Target, tried: tuple[str, ...], error: ssl.SSLError) -> Failure:
    if isinstance(error, ssl.SSLCertVerificationError):
        cause = f"its certificate is not trusted: {error.verify_message}"
        advice = (
            "Name the authority that signed it with --ca FILE; --insecure takes any, for hosts of this network only."
        )
        return Failure(502, cause, str(target), tried, advice)
    reason = (error.reason or str(error)).replace("_", " ").lower()
    advice = (
        "Does the server speak https on this port? A plain one is reached with http://."
        if "wrong version" in reason
        else ""
    )
    return Failure(502, f"TLS failed: {reason}", str(target), tried, advice)
