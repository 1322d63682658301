"""One server on loopback for all hosts of all scenarios, in a thread: it says what they say, byte by byte, and notes
what it is asked, byte by byte.

Four ports, on 127.0.0.1 and ::1: two for http ("own" and the other four hosts but "port"; "port"), two for https. The
page that plays the calls is at /page of the own origins.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections import Counter
from collections.abc import Coroutine, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Self

import trustme

from crossorigin.browser.real.stage import Stage, StageReply

from .fill import Origins
from .scenario import HOSTS, Answer, Host, Reply, Scenario, Scheme, phrase

__all__ = ["Asked", "Server"]

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as the server got it; texts are latin-1, header fields as they came, in order."""

    scheme: Scheme
    host: Host
    method: str
    path: str
    """With the query."""
    headers: Headers
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """The value of a header field, several joined with ", "; None where it is absent."""
        values = [value for each, value in self.headers if each.lower() == name]
        return ", ".join(values) if values else None

    @property
    def origin(self) -> str | None:
        return self.header("origin")

    @property
    def cookie(self) -> str | None:
        return self.header("cookie")

    @property
    def preflight(self) -> tuple[str, str | None] | None:
        """What a preflight asks for: the method and the header names. None for every other request."""
        method = self.header("access-control-request-method")
        if self.method != "OPTIONS" or method is None:
            return None
        return method, self.header("access-control-request-headers")


class Server:
    """Listens while it is a context; `stages` are the pages of the two own origins."""

    def __init__(self, stages: Mapping[Scheme, Stage]) -> None:
        self.stages = stages
        self._answers: dict[str, tuple[Answer, ...]] = {}
        self._asked: dict[str, list[Asked]] = {}
        self._preflights: Counter[tuple[Scheme, str, str]] = Counter()
        self._lock = threading.Lock()
        self._certificate = _certificate()
        self._stack = ExitStack()
        self._loop = asyncio.new_event_loop()
        self._ports: dict[tuple[Scheme, bool], int] = {}
        self._listening: list[asyncio.Server] = []
        self._connections: set[asyncio.Transport] = set()

    def __enter__(self) -> Self:
        thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        thread.start()
        with ExitStack() as stack:
            stack.callback(self._loop.close)
            stack.callback(thread.join, 10)
            stack.callback(self._loop.call_soon_threadsafe, self._loop.stop)
            stack.callback(lambda: self._run(self._leave()))
            for is_port in (False, True):
                self._run(self._listen("http", is_port, None))
                self._run(self._listen("https", is_port, self._certificate))
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def origins(self) -> dict[Scheme, Origins]:
        """The serialised origins of the five hosts."""
        return {
            scheme: {host: f"{scheme}://{name}:{self._ports[scheme, host == 'port']}" for host, name in HOSTS.items()}
            for scheme in ("http", "https")
        }

    def play(self, scenarios: Iterable[Scenario]) -> None:
        """Answer for these scenarios, whose places are filled."""
        with self._lock:
            for scenario in scenarios:
                self._answers[scenario.name] = scenario.answers
                self._asked[scenario.name] = []

    def forget(self, name: str) -> tuple[Asked, ...]:
        """No longer answer for a scenario; what it was asked."""
        with self._lock:
            del self._answers[name]
            return tuple(self._asked.pop(name))

    def respond(self, asked: Asked) -> Reply | StageReply:
        """The answer, by the stage or by the scenario that the path names; 404 for all else."""
        if asked.host == "own":
            staged = self.stages[asked.scheme].answer(asked.method, asked.path, asked.body)
            if staged is not None:
                return staged
        _, name, *rest = asked.path.partition("?")[0].split("/")
        with self._lock:
            if name not in self._answers:
                return Reply(404)
            self._asked[name].append(asked)
            answers = self._answers[name]
            number = int(rest[0]) if rest and rest[0].isdecimal() else len(answers)
            if number >= len(answers):
                return Reply(404)
            if asked.preflight is None:
                return answers[number].actual
            url = (asked.scheme, asked.host, asked.path)
            replies = answers[number].preflights
            self._preflights[url] += 1
            return replies[min(self._preflights[url], len(replies)) - 1]

    def _run(self, coroutine: Coroutine[object, object, None]) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(30)

    async def _listen(self, scheme: Scheme, is_port: bool, context: ssl.SSLContext | None) -> None:
        sockets = _two_addresses()
        self._ports[scheme, is_port] = sockets[0].getsockname()[1]
        for each in sockets:
            server = await self._loop.create_server(
                lambda: _Connection(self, scheme, is_port, self._connections), sock=each, ssl=context, backlog=512
            )
            self._listening.append(server)

    async def _leave(self) -> None:
        for server in self._listening:
            server.close()
        for each in list(self._connections):
            each.abort()
        # A transport closes its socket when the loop comes round next; one with TLS, once more after that.
        for _ in range(5):
            await asyncio.sleep(0)


class _Connection(asyncio.Protocol):
    """HTTP/1.1, one request after the other, for as long as the browser likes."""

    def __init__(self, server: Server, scheme: Scheme, is_port: bool, connections: set[asyncio.Transport]) -> None:
        self._server = server
        self._scheme: Scheme = scheme
        self._is_port = is_port
        self._connections = connections
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._connections.add(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (parsed := _request(self._received)) is not None:
            method, path, headers, body, self._received = parsed
            asked = Asked(self._scheme, self._role(headers), method, path, headers, body)
            reply = self._server.respond(asked)
            self._transport.write(_response(reply, method))
            if reply.status < 200:
                # No final response follows; without this the browser would wait for it.
                self._transport.close()

    def _role(self, headers: Headers) -> Host:
        if self._is_port:
            return "port"
        name = next((value for each, value in headers if each.lower() == "host"), "").partition(":")[0]
        return next((host for host, each in HOSTS.items() if each == name), "own")


def _request(received: bytes) -> tuple[str, str, Headers, bytes, bytes] | None:
    """Method, path, header fields and body of the request at the front, and what follows it; None when incomplete."""
    head, end, rest = received.partition(b"\r\n\r\n")
    if not end:
        return None
    line, *lines = head.decode("latin-1").split("\r\n")
    method, path, _ = line.split(" ", 2)
    fields = tuple((name, value.strip(" \t")) for name, _, value in (each.partition(":") for each in lines))
    length = next((int(value) for name, value in fields if name.lower() == "content-length"), 0)
    if len(rest) < length:
        return None
    return method, path, fields, rest[:length], rest[length:]


def _response(reply: Reply | StageReply, method: str) -> bytes:
    """The bytes: header fields as they are given, then Content-Length."""
    if isinstance(reply, StageReply):
        headers: Headers = (("Cache-Control", "no-store"),)
        if reply.content_type:
            headers += (("Content-Type", reply.content_type),)
        body = reply.body
    else:
        headers, body = reply.headers, reply.body.encode("ascii")
    if reply.status < 200 or reply.status in {204, 304}:
        body = b""
    elif not any(name.lower() == "content-length" for name, _ in headers):
        headers += (("Content-Length", str(len(body))),)
    lines = [
        f"HTTP/1.1 {reply.status} {phrase(reply.status).decode()}",
        *(f"{name}: {value}" for name, value in headers),
    ]
    head = "\r\n".join([*lines, "", ""]).encode("latin-1")
    return head if method == "HEAD" else head + body


def _two_addresses() -> list[socket.socket]:
    """Listening sockets of one port on 127.0.0.1 and ::1; browsers take either for *.localhost."""
    for _ in range(100):
        four = socket.create_server(("127.0.0.1", 0))
        if not socket.has_dualstack_ipv6():
            return [four]
        try:
            six = socket.create_server(("::1", four.getsockname()[1]), family=socket.AF_INET6)
        except OSError as error:
            four.close()
            last = error
        else:
            return [four, six]
    raise last


def _certificate() -> ssl.SSLContext:
    """For all hosts, by an authority that nobody knows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert(*sorted(set(HOSTS.values()))).configure_cert(context)
    return context
