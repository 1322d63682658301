"""Servers and clients that speak bytes: what a library would never send is what a proxy has to be tried with."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from crossorigin.proxy.heads import RequestHead
from crossorigin.proxy.plan import Client, Failure, Forward, Limits, Plan, Reply
from crossorigin.proxy.record import Record
from crossorigin.proxy.server import ProxyServer
from crossorigin.proxy.target import Target, parse_target

DEADLINE = 20.0
"""Seconds after which whatever is waited for has failed to come."""


def until(is_so: Callable[[], bool], what: str) -> None:
    """Wait for something that another thread brings about."""
    end = time.monotonic() + DEADLINE
    while not is_so():
        assert time.monotonic() < end, f"waited {DEADLINE:g} s for: {what}"
        time.sleep(0.005)


class Peer:
    """One end of a connection."""

    def __init__(self, sock: socket.socket) -> None:
        sock.settimeout(DEADLINE)
        self.sock = sock
        self.buffer = b""
        self.seen = b""

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def more(self) -> bool:
        """Read on; False at the end."""
        data = self.sock.recv(65536)
        self.buffer += data
        self.seen += data
        return bool(data)

    def head(self) -> bytes:
        """A head with its empty line; b"" at the end."""
        while b"\r\n\r\n" not in self.buffer:
            if not self.more():
                return b""
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        return head + b"\r\n\r\n"

    def exactly(self, size: int) -> bytes:
        while len(self.buffer) < size:
            assert self.more(), f"the end after {len(self.buffer)} of {size} bytes"
        data, self.buffer = self.buffer[:size], self.buffer[size:]
        return data

    def all(self) -> bytes:
        """Everything up to the end of the connection; a reset is raised as it comes."""
        while self.more():
            pass
        data, self.buffer = self.buffer, b""
        return data

    def until(self, end: bytes) -> bytes:
        while end not in self.buffer:
            assert self.more(), f"the end before {end!r}: {self.buffer!r}"
        data, _, self.buffer = self.buffer.partition(end)
        return data + end

    def close(self) -> None:
        with suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)
        self.sock.close()

    def reset(self) -> None:
        """End the connection as a process does that is killed."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()


@dataclass
class Backend:
    """A listening server; `peers` are its connections in their order."""

    port: int
    peers: list[Peer] = field(default_factory=list)
    failures: list[BaseException] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def seen(self) -> bytes:
        """All that came on all connections."""
        return b"".join(peer.seen for peer in self.peers)


@contextmanager
def backend(serve: Callable[[Peer], None]) -> Iterator[Backend]:
    """A server that gives each connection to `serve`, in a thread of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        made = Backend(listener.getsockname()[1])
        ended = threading.Event()

        def accept() -> None:
            while not ended.is_set():
                try:
                    sock, _ = listener.accept()
                except OSError:
                    return
                peer = Peer(sock)
                made.peers.append(peer)
                threading.Thread(target=one, args=(peer,), daemon=True).start()

        def one(peer: Peer) -> None:
            try:
                serve(peer)
            except OSError:
                pass
            except BaseException as error:  # noqa: BLE001 - the test raises it
                made.failures.append(error)
            finally:
                with suppress(OSError):
                    peer.close()

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield made
        finally:
            ended.set()
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            for peer in made.peers:
                with suppress(OSError):
                    peer.close()
    assert not made.failures, made.failures


def answering(response: bytes) -> Callable[[Peer], None]:
    """A server that reads a head and a body of known length, answers `response`, and waits for the next."""

    def serve(peer: Peer) -> None:
        while head := peer.head():
            for line in head.split(b"\r\n"):
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    peer.exactly(int(value))
            peer.send(response)

    return serve


def connect(server: ProxyServer) -> Peer:
    """A client's connection to the proxy, which is closed at the latest when the proxy is."""
    peer = Peer(socket.create_connection(("127.0.0.1", server.port)))
    CLIENTS[id(server)].append(peer)
    return peer


def ask(server: ProxyServer, data: bytes) -> bytes:
    """Send, and read all that comes until the proxy closes."""
    peer = connect(server)
    try:
        peer.send(data)
        return peer.all()
    finally:
        peer.close()


class PlainFront:
    """Sends everything to one target as it came, but for `Host`."""

    def __init__(self, target: str | Target, limits: Limits | None = None, *, may_upgrade: bool = True) -> None:
        self.target = target if isinstance(target, Target) else parse_target(target)
        self.limits = limits or Limits(retry=0.0)
        self.may_upgrade = may_upgrade
        self.failures: list[Failure] = []

    def plan(self, head: RequestHead, client: Client) -> Plan:
        host = (b"Host", self.target.authority.encode())
        headers = [host, *[each for each in head.headers if each[0].lower() != b"host"]]
        return Forward(
            self.target,
            head.method,
            head.target,
            headers,
            lambda response: response.headers,
            self.limits,
            "/",
            self.may_upgrade,
        )

    def failed(self, head: RequestHead, client: Client, failure: Failure, route: str) -> Reply:
        self.failures.append(failure)
        return Reply(failure.status, (), failure.cause.encode(), failure.cause)

    def rejected(self, status: int, sentence: str) -> Reply:
        return Reply(status, (), sentence.encode(), sentence)


@contextmanager
def proxy(target: str | Target, limits: Limits | None = None, **settings: bool) -> Iterator[ProxyServer]:
    """A running proxy in front of a target; `records` of its engine are what it says of requests."""
    with proxy_of(PlainFront(target, limits, **settings)) as server:
        yield server


@contextmanager
def proxy_of(front: PlainFront) -> Iterator[ProxyServer]:
    records: list[Record] = []
    with ProxyServer(front, port=0, on_record=records.append).in_thread() as server:
        RECORDS[id(server)] = records
        CLIENTS[id(server)] = []
        try:
            yield server
        finally:
            del RECORDS[id(server)]
            for peer in CLIENTS.pop(id(server)):
                peer.close()


RECORDS: dict[int, list[Record]] = {}
CLIENTS: dict[int, list[Peer]] = {}


def records_of(server: ProxyServer) -> list[Record]:
    """What the proxy has said of its requests so far."""
    return RECORDS[id(server)]
