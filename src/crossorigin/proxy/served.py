"""A request that an application of this process answers: ASGI on one side, the client's connection on the other."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from crossorigin.proxy.heads import Header, RequestHead, reason_phrase
from crossorigin.proxy.plan import Client, Failure, Serve
from crossorigin.proxy.record import Record

if TYPE_CHECKING:
    from crossorigin.proxy.engine import Engine
    from crossorigin.proxy.exchange import Downstream

__all__ = ["Served"]

_MAX_WAITING: Final = 64 * 1024
"""Bytes of a request's body that wait for the application to ask for them."""


class Served:
    """A `Serve` that is being carried out: https://asgi.readthedocs.io/en/latest/specs/www.html"""

    def __init__(self, engine: Engine, downstream: Downstream, head: RequestHead, client: Client, serve: Serve) -> None:
        self._engine = engine
        self._downstream = downstream
        self._head = head
        self._client = client
        self._serve = serve
        self._started = engine.time()
        self._task: asyncio.Task[None] | None = None
        self._pieces: deque[bytes] = deque()
        self._waiting = 0
        self._is_body_complete = not head.has_body
        self._has_asked_all = False
        self._is_gone = False
        self._news = asyncio.Event()
        self._may_write = asyncio.Event()
        self._may_write.set()
        self._status = 0
        self._is_complete = False
        self._sent = 0
        self._received = 0

    def begin(self) -> None:
        """Call the application."""
        self._task = asyncio.get_running_loop().create_task(self._run())

    def send(self, data: bytes) -> None:
        """A piece of the request's body."""
        self._pieces.append(data)
        self._received += len(data)
        self._waiting += len(data)
        if self._waiting > _MAX_WAITING:
            self._downstream.pause_body()
        self._news.set()

    def sent(self, trailers: list[Header]) -> None:
        """The request's body is complete. ASGI has no request trailers."""
        del trailers
        self._is_body_complete = True
        self._news.set()

    def gone(self, why: str = "the client left") -> None:
        """The client has gone."""
        self._is_gone = True
        self._news.set()
        self._may_write.set()
        if self._task is not None:
            self._task.cancel()
        self._done(why)

    def full(self) -> None:
        """The client takes no more for now."""
        self._may_write.clear()

    def drained(self) -> None:
        """It does again."""
        self._may_write.set()

    def tick(self, seconds: int) -> None:
        """An application of this process is not watched."""

    async def _run(self) -> None:
        cause = ""
        try:
            await self._serve.application(self._scope(), self._receive, self._send)
            if not self._is_complete:
                cause = "the application ended without an answer"
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever an application raises, its client is told
            cause = f"the application failed: {type(error).__name__}"
        if cause and not self._is_gone and not self._is_complete:
            self._fail(cause)

    def _fail(self, cause: str) -> None:
        self._is_complete = True
        if self._status:
            self._done(cause)
            self._downstream.cut()
            return
        reply = self._engine.front.failed(self._head, self._client, Failure(500, cause), self._serve.route)
        self._status = reply.status
        self._done(cause)
        self._downstream.reply(reply)

    def _scope(self) -> dict[str, Any]:
        path, _, query = self._serve.path.partition(b"?")
        host, _, port = self._head.fields.get(b"host", b"").decode("latin-1").rpartition(":")
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.0" if self._head.is_http_1_0 else "1.1",
            "method": self._serve.method.decode("ascii"),
            "scheme": self._client.scheme,
            "path": unquote(path.decode("latin-1"), errors="replace"),
            "raw_path": path,
            "query_string": query,
            "root_path": "",
            "headers": [(name.lower(), value) for name, value in self._serve.headers],
            "client": (self._client.address, self._client.port),
            "server": (host, int(port) if port.isdigit() else None),
        }

    async def _receive(self) -> MutableMapping[str, Any]:
        while True:
            if self._pieces:
                piece = self._pieces.popleft()
                self._waiting -= len(piece)
                if self._waiting <= _MAX_WAITING:
                    self._downstream.resume_body()
                return {"type": "http.request", "body": piece, "more_body": True}
            if self._is_gone:
                return {"type": "http.disconnect"}
            if self._is_body_complete and not self._has_asked_all:
                self._has_asked_all = True
                return {"type": "http.request", "body": b"", "more_body": False}
            self._news.clear()
            await self._news.wait()

    async def _send(self, message: MutableMapping[str, Any]) -> None:
        if self._is_gone or self._is_complete:
            return
        if message["type"] == "http.response.start":
            self._start(message)
            return
        if message["type"] != "http.response.body":
            return
        body = message.get("body", b"")
        if body and self._head.method != b"HEAD":
            self._sent += len(body)
            self._downstream.write(bytes(body))
        if message.get("more_body", False):
            self._downstream.flush()
            await self._may_write.wait()
            return
        self._is_complete = True
        self._done("")
        self._downstream.finish([])

    def _start(self, message: MutableMapping[str, Any]) -> None:
        self._status = status = int(message["status"])
        length: int | None = None
        headers: list[Header] = []
        for name, value in message.get("headers", ()):
            lower = name.lower()
            if lower == b"content-length":
                length = int(value)
            elif lower not in {b"connection", b"transfer-encoding"}:
                headers.append((name, value))
        has_body = self._head.method != b"HEAD" and status not in {204, 304} and length != 0
        self._downstream.start(status, reason_phrase(status), headers, length, has_body=has_body)

    def _done(self, why: str) -> None:
        if self._engine.on_record is None:
            return
        self._engine.on_record(
            Record.of(
                self._head,
                self._client,
                self._status,
                route=self._serve.route,
                seconds=self._engine.time() - self._started,
                sent=self._sent,
                received=self._received,
                why=why,
            )
        )
