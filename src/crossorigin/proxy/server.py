"""The proxy as a server: it listens, and can be started and stopped in a script, in a test, or on the command line.

async with ProxyServer(front, port=0) as server:
    ...  # requests to server.url

with ProxyServer(front, port=0).in_thread() as server:
    ...  # the same, where there is no loop
"""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from errno import EADDRINUSE, EADDRNOTAVAIL, EAFNOSUPPORT
from typing import Any, Final, Self

from crossorigin.proxy.client import ClientConnection
from crossorigin.proxy.engine import Engine
from crossorigin.proxy.plan import Front
from crossorigin.proxy.record import Record

__all__ = ["ListenError", "ProxyServer", "run"]

_LOOPBACK: Final = ("127.0.0.1", "::1")
_BACKLOG: Final = 1024
_TURNS: Final = 5


class ListenError(OSError):
    """The address cannot be listened on. One sentence, with the way out."""


class ProxyServer:
    """A front that listens.

    `host` "localhost" is both loopback addresses: which of them a browser takes is not ours to say. Port 0 takes a free
    one, which is `port` after the start. `tls` makes it https. `on_record` and `max_head` are the engine's.
    """

    def __init__(
        self,
        front: Front,
        *,
        host: str = "localhost",
        port: int = 3000,
        tls: ssl.SSLContext | None = None,
        on_record: Callable[[Record], None] | None = None,
        max_head: int = 64 * 1024,
    ) -> None:
        self.host = host
        self.port = port
        self.engine = Engine(front, on_record=on_record, max_head=max_head)
        self._tls = tls
        self._servers: list[asyncio.Server] = []

    @property
    def url(self) -> str:
        """The origin that it serves, "http://localhost:3000"."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        scheme, default = ("http", 80) if self._tls is None else ("https", 443)
        return f"{scheme}://{host}" if self.port == default else f"{scheme}://{host}:{self.port}"

    async def start(self) -> None:
        """Listen; raises ListenError."""
        loop = asyncio.get_running_loop()
        addresses = _LOOPBACK if self.host == "localhost" else (self.host,)
        try:
            for address in addresses:
                try:
                    server = await loop.create_server(
                        self._connection, address, self.port, ssl=self._tls, backlog=_BACKLOG
                    )
                except OSError as error:
                    if self._servers and error.errno in {EADDRNOTAVAIL, EAFNOSUPPORT}:
                        continue  # a machine without IPv6
                    raise _listen_error(address, self.port, error) from None
                self._servers.append(server)
                self.port = server.sockets[0].getsockname()[1]
        except BaseException:
            await self._unlisten()
            raise
        self.engine.start()

    async def stop(self) -> None:
        """Stop listening, and end every connection."""
        self.engine.stop()
        await self._unlisten()
        # A client's end is its exchange's, which is its target's: each is told in a turn of the loop of its own.
        for _ in range(_TURNS):
            await asyncio.sleep(0)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.stop()

    @contextmanager
    def in_thread(self) -> Iterator[Self]:
        """Run in a thread of its own for as long as the block lasts."""
        started: threading.Event = threading.Event()
        failure: list[BaseException] = []
        ends: list[Callable[[], object]] = []

        async def serve() -> None:
            end = asyncio.Event()
            loop = asyncio.get_running_loop()
            ends.append(lambda: loop.call_soon_threadsafe(end.set))
            try:
                async with self:
                    started.set()
                    await end.wait()
            except BaseException as error:  # noqa: BLE001 - it is raised in the other thread
                failure.append(error)
            finally:
                started.set()

        thread = threading.Thread(target=run, args=(serve(),), name="crossorigin proxy", daemon=True)
        thread.start()
        started.wait()
        if failure:
            thread.join()
            raise failure[0]
        try:
            yield self
        finally:
            ends[0]()
            thread.join()

    def _connection(self) -> ClientConnection:
        return ClientConnection(self.engine)

    async def _unlisten(self) -> None:
        servers, self._servers = self._servers, []
        for server in servers:
            server.close()
        for server in servers:
            await server.wait_closed()


def run(main: Coroutine[Any, Any, None]) -> None:
    """As asyncio.run, on uvloop where it is installed."""
    try:
        import uvloop  # noqa: PLC0415 - an extra that need not be there
    except ImportError:
        asyncio.run(main)
    else:
        uvloop.run(main)


def _listen_error(address: str, port: int, error: OSError) -> ListenError:
    if error.errno == EADDRINUSE:
        return ListenError(f"port {port} of {address} is taken: end what listens there, or choose another port")
    if error.errno == EADDRNOTAVAIL:
        return ListenError(f"{address} is no address of this machine")
    return ListenError(f"{address}:{port} cannot be listened on: {(error.strerror or str(error)).lower()}")
