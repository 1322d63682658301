"""Backends that real clients meet behind the proxy: streams that a test speaks into, sockets, uploads."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, suppress
from queue import Queue
from typing import Final, TypeVar

from aiohttp import web
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

__all__ = ["Counter", "Speaker", "counter", "in_thread", "sockets", "speaker"]

SECONDS: Final = 60
_MAX_LINE: Final = 1024 * 1024
_REST: Final = 0.5
"""Seconds: at a gigabyte a second that is far more than anybody may keep."""
_PAGE: Final = "<!doctype html><title>A page</title>"

T = TypeVar("T")


@contextmanager
def in_thread(make: Callable[[], AbstractAsyncContextManager[T]]) -> Iterator[T]:
    """Something with a loop, in a thread of its own for as long as the block lasts."""
    ready: Queue[T | BaseException] = Queue()
    ends: Queue[Callable[[], object]] = Queue()

    async def main() -> None:
        end = asyncio.Event()
        loop = asyncio.get_running_loop()
        async with make() as made:
            ends.put(lambda: loop.call_soon_threadsafe(end.set))
            ready.put(made)
            await end.wait()

    def target() -> None:
        try:
            asyncio.run(main())
        except BaseException as error:  # noqa: BLE001 - it is raised in the other thread
            ready.put(error)

    thread = threading.Thread(target=target, daemon=True)
    thread.start()
    made = ready.get(timeout=SECONDS)
    if isinstance(made, BaseException):
        raise made
    try:
        yield made
    finally:
        ends.get()()
        thread.join(SECONDS)


class Speaker:
    """A page at `/`, and beside it whatever a test needs.

    - `/events`, an event stream, and `/stream`, the same for `fetch()`: they say what a test says, and nothing else;
    - `/api/hello` is what it is called;
    - `/upload` answers with how many bytes came, `/refused` with 413 before any of them is read;
    - `/told` streams three pieces of unknown length and ends;
    - `/moved/STATUS` redirects to `/seen`, by its own origin, and `/cookie` sets a cookie for its own domain;
    - `/seen` answers with the names and values of the request's header fields.

    - `/heard` is `/upload` that tells of every piece at once.

    `news` has what became of the streams: "open", and "left" when the client left; and "heard 5" for five bytes.
    """

    def __init__(self) -> None:
        self.port = 0
        self.news: Queue[str] = Queue()
        self._loop = asyncio.get_running_loop()
        self._streams: dict[asyncio.Queue[bytes], web.Request] = {}

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def say(self, data: bytes) -> None:
        """Say something on every stream."""
        self._loop.call_soon_threadsafe(self._say, data)

    def die(self) -> None:
        """Break every stream in the middle, as a process that is killed does."""
        self._loop.call_soon_threadsafe(self._die)

    def _say(self, data: bytes) -> None:
        for each in self._streams:
            each.put_nowait(data)

    def _die(self) -> None:
        for request in list(self._streams.values()):
            if request.transport is not None:
                request.transport.abort()

    def application(self) -> web.Application:
        """What it serves."""
        application = web.Application(client_max_size=0)
        application.router.add_get("/", _page)
        application.router.add_get("/api/hello", _hello)
        application.router.add_get("/events", self._stream)
        application.router.add_get("/stream", self._stream)
        application.router.add_route("*", "/upload", _upload)
        application.router.add_post("/heard", self._hear)
        application.router.add_route("*", "/refused", _refused)
        application.router.add_get("/told", _told)
        application.router.add_get("/moved/{status}", self._moved)
        application.router.add_get("/cookie", _cookie)
        application.router.add_route("*", "/seen", _seen)
        return application

    async def _hear(self, request: web.Request) -> web.Response:
        count = 0
        async for piece in request.content.iter_any():
            self.news.put(f"heard {len(piece)}")
            count += len(piece)
        return web.Response(text=str(count))

    async def _moved(self, request: web.Request) -> web.Response:
        return web.Response(status=int(request.match_info["status"]), headers={"Location": f"{self.url}/seen"})

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        kind = "text/event-stream" if request.path == "/events" else "application/octet-stream"
        response = web.StreamResponse(headers={"Content-Type": kind})
        await response.prepare(request)
        queue: asyncio.Queue[bytes] = asyncio.Queue()
        self._streams[queue] = request
        self.news.put("open")
        try:
            while True:
                await response.write(await queue.get())
        except (asyncio.CancelledError, ConnectionError):
            self.news.put("left")
            raise
        finally:
            del self._streams[queue]


async def _page(request: web.Request) -> web.Response:
    return web.Response(text=_PAGE, content_type="text/html")


async def _hello(request: web.Request) -> web.Response:
    return web.Response(text="hello of the API")


async def _cookie(request: web.Request) -> web.Response:
    return web.Response(headers={"Set-Cookie": "session=1; Domain=api.example.com; Path=/seen; Secure; SameSite=None"})


async def _upload(request: web.Request) -> web.Response:
    count = 0
    async for piece in request.content.iter_any():
        count += len(piece)
    return web.Response(text=str(count))


async def _refused(request: web.Request) -> web.Response:
    return web.Response(status=413, text="too large, and said so at once")


async def _told(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    for piece in (b"one ", b"two ", b"three"):
        await response.write(piece)
    return response


async def _seen(request: web.Request) -> web.Response:
    return web.json_response([[name.lower(), value] for name, value in request.headers.items()])


@asynccontextmanager
async def speaker() -> AsyncIterator[Speaker]:
    """A running Speaker."""
    made = Speaker()
    runner = web.AppRunner(
        made.application(),
        handler_cancellation=True,
        shutdown_timeout=0,
        access_log=None,
        max_line_size=_MAX_LINE,
        max_field_size=_MAX_LINE,
    )
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.port = runner.addresses[0][1]
    try:
        yield made
    finally:
        await runner.cleanup()


@asynccontextmanager
async def sockets() -> AsyncIterator[int]:
    """A server of WebSockets that says everything back, and breaks the connection when it hears "die"; its port."""

    async def echo(connection: ServerConnection) -> None:
        with suppress(ConnectionClosed):
            async for message in connection:
                if message == "die":
                    connection.transport.abort()
                else:
                    await connection.send(message)

    async with serve(echo, "127.0.0.1", 0, max_size=None) as server:
        yield next(iter(server.sockets)).getsockname()[1]


class Counter(asyncio.BufferedProtocol):
    """Takes one request whose body it counts, and answers how many bytes it had.

    It reads as fast as can be, but for one rest: whoever sends to it meanwhile has to wait, or to keep what he has.
    """

    def __init__(self) -> None:
        self._buffer = bytearray(1024 * 1024)
        self._head = b""
        self._length = -1
        self._count = 0
        self._has_rested = False
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def get_buffer(self, sizehint: int) -> bytearray:
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        if self._length >= 0:
            self._count += nbytes
        else:
            self._head += self._buffer[:nbytes]
            head, end, rest = self._head.partition(b"\r\n\r\n")
            if not end:
                return
            fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
            self._length = int(fields[b"content-length"])
            self._count = len(rest)
        assert self._transport is not None
        if not self._has_rested and self._count > self._length // 4:
            self._has_rested = True
            self._transport.pause_reading()
            asyncio.get_running_loop().call_later(_REST, self._transport.resume_reading)
        if self._count >= self._length:
            body = str(self._count).encode()
            self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))


@asynccontextmanager
async def counter() -> AsyncIterator[int]:
    """A server of Counters; its port."""
    server = await asyncio.get_running_loop().create_server(Counter, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        with suppress(TimeoutError):
            await asyncio.wait_for(server.wait_closed(), 1)
