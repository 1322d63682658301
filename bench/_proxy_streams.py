"""A thousand WebSockets and a thousand event streams through our proxy: they last, and leave nothing behind."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Final, NamedTuple

from bench._proxy_contenders import start_ours
from bench._proxy_process import Running, StartError

__all__ = ["measure_streams"]

_STREAMS: Final = 1000
_IDLE: Final = 2.0
"""Seconds in which nothing happens on any of them."""
_PATIENCE: Final = 20.0
_MOST_LEFT: Final = 4 * 1024**2
"""Bytes by which a second thousand may make memory grow that the first has not."""

_WEBSOCKET: Final = (
    b"GET /api/socket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
_SWITCHING: Final = (
    b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
)
_FRAME: Final = b"\x81\x82\x00\x00\x00\x00hi"
"""A masked text frame; what comes back is what was sent."""
_EVENTS: Final = b"GET /api/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"
_STREAM: Final = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
_EVENT: Final = b"data: hi\n\n"


class State(NamedTuple):
    """Of the proxy: open descriptors, and bytes of memory."""

    descriptors: int
    memory: int


class Wave(NamedTuple):
    """While a thousand streams were there, and after they ended; `alive` could still be used at the end."""

    during: State
    after: State
    alive: int


class Stream(NamedTuple):
    """One stream of a client."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


class Backend:
    """Answers upgrades and echoes, and begins event streams that say something when told to."""

    def __init__(self) -> None:
        self.streams: set[asyncio.StreamWriter] = set()
        self.open = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.open += 1
        with suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            if b"/api/socket" in head:
                writer.write(_SWITCHING)
                while data := await reader.read(4096):
                    writer.write(data)
            elif b"/api/events" in head:
                self.streams.add(writer)
                writer.write(_STREAM)
                await reader.read()
            else:
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        self.streams.discard(writer)
        self.open -= 1
        writer.close()

    def tell(self) -> None:
        """An event on every stream."""
        for writer in self.streams:
            writer.write(b"%x\r\n%b\r\n" % (len(_EVENT), _EVENT))


def measure_streams() -> None:
    """Print what a thousand of each cost and leave behind, for each loop."""
    print(f"\n{_STREAMS} streams through ours, twice; after each time its descriptors are to be what they were")
    for loop in ("asyncio", "uvloop"):
        try:
            asyncio.run(_measure(loop))
        except (StartError, OSError, TimeoutError) as error:
            print(f"!! streams, {loop}, ARE NOT MEASURED: {error}")


async def _measure(loop: str) -> None:
    backend = Backend()
    server = await asyncio.start_server(backend.serve, "127.0.0.1", 0, backlog=1024)
    port = server.sockets[0].getsockname()[1]
    with start_ours("development", loop, f"http://127.0.0.1:{port}") as proxy:
        await asyncio.to_thread(proxy.wait_ready, {})
        for name, head, use in (("WebSockets", _WEBSOCKET, _echo), ("event streams", _EVENTS, _hear)):
            await _until(lambda: not backend.open)
            idle = _state(proxy)
            first = await _wave(proxy, backend, head, use, idle)
            second = await _wave(proxy, backend, head, use, idle)
            print(_said(f"{name}, {loop}", idle, first, second))
    server.close()


def _said(name: str, idle: State, first: Wave, second: Wave) -> str:
    grown = second.after.memory - first.after.memory
    held = (
        first.alive == second.alive == _STREAMS and second.after.descriptors <= idle.descriptors and grown < _MOST_LEFT
    )
    memory = ", ".join(f"{each.memory / 1024**2:.1f}" for each in (idle, first.during, first.after, second.after))
    return (
        f"{name:28}alive {first.alive}, {second.alive}; descriptors {idle.descriptors}, {first.during.descriptors}, "
        f"{first.after.descriptors}, {second.after.descriptors}; MiB idle, with them, after, after again: {memory}"
        f"   {'held' if held else 'MISSED'}"
    )


Use = Callable[[Backend, list[Stream]], Coroutine[Any, Any, int]]


async def _wave(proxy: Running, backend: Backend, head: bytes, use: Use, idle: State) -> Wave:
    """A thousand streams that begin, are idle, are used, and end."""
    gate = asyncio.Semaphore(100)

    async def begin() -> Stream:
        async with gate:
            reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
            writer.write(head)
            await reader.readuntil(b"\r\n\r\n")
            return Stream(reader, writer)

    async with asyncio.timeout(_PATIENCE):
        streams = list(await asyncio.gather(*(begin() for _ in range(_STREAMS))))
    await asyncio.sleep(_IDLE)
    during = _state(proxy)
    alive = await use(backend, streams)
    for stream in streams:
        stream.writer.close()
    await _until(lambda: not backend.open)
    await _until(lambda: _state(proxy).descriptors <= idle.descriptors)
    return Wave(during, _state(proxy), alive)


async def _echo(_backend: Backend, streams: list[Stream]) -> int:
    for stream in streams:
        stream.writer.write(_FRAME)
    return await _alive(streams, len(_FRAME))


async def _hear(backend: Backend, streams: list[Stream]) -> int:
    backend.tell()
    return await _alive(streams, len(b"a\r\n\r\n") + len(_EVENT))


async def _alive(streams: list[Stream], size: int) -> int:
    """How many of them said something."""

    async def one(stream: Stream) -> int:
        with suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                return len(await stream.reader.readexactly(size)) // size
        return 0

    return sum(await asyncio.gather(*map(one, streams)))


async def _until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so, or for long enough."""
    end = time.monotonic() + _PATIENCE
    while not is_so() and time.monotonic() < end:
        await asyncio.sleep(0.1)


def _state(proxy: Running) -> State:
    return State(proxy.descriptors(), proxy.memory("VmRSS"))
