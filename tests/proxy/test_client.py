"""A client's connection: one request after the other, and what is thrown away with it."""

from __future__ import annotations

import threading

import pytest
from tests.proxy.net import Peer, PlainFront, answering, ask, backend, connect, proxy, proxy_of, records_of

from crossorigin.proxy import client as module
from crossorigin.proxy.heads import RequestHead
from crossorigin.proxy.plan import Client, Plan, Reply

pytestmark = pytest.mark.usefixtures("both_loops")

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
GET = b"GET / HTTP/1.1\r\nHost: p\r\n\r\n"
LAST = b"GET / HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n"


class Answering(PlainFront):
    """Answers everything itself; 403 for a POST."""

    def __init__(self) -> None:
        super().__init__("http://127.0.0.1:9")
        self.clients: list[Client] = []

    def plan(self, head: RequestHead, client: Client) -> Plan:
        self.clients.append(client)
        return Reply(403 if head.method == b"POST" else 200, ((b"X-Path", head.target),), b"mine")


class TestConnections:
    def test_the_backends_close_is_its_own(self) -> None:
        """http-proxy hands `Connection: close` on, and the browser's keep-alive dies with it."""
        answer = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"

        def serve(peer: Peer) -> None:
            peer.head()
            peer.send(answer)

        with backend(serve) as behind, proxy(behind.url) as server:
            peer = connect(server)
            for _ in range(3):
                peer.send(GET)
                assert peer.head() == b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"
                assert peer.exactly(2) == b"ok"
            assert len(behind.peers) == 3

    def test_two_hundred_requests_are_one_connection(self) -> None:
        """openchamber#2915, node-http-proxy#1272: 200 requests were 200 ports."""
        with backend(answering(OK)) as behind, proxy(behind.url) as server:
            peer = connect(server)
            for _ in range(200):
                peer.send(GET)
                peer.head()
                peer.exactly(2)
            assert len(behind.peers) == 1

    def test_http_1_0_keeps_its_connection_where_it_asks(self) -> None:
        with backend(answering(OK)) as behind, proxy(behind.url) as server:
            peer = connect(server)
            peer.send(b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            assert peer.head() == b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\n"
            peer.exactly(2)
            peer.send(b"GET / HTTP/1.0\r\n\r\n")
            assert peer.all() == b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"

    def test_requests_sent_ahead_are_answered_in_order(self) -> None:
        with proxy_of(Answering()) as server:
            many = 2000
            requests = b"".join(b"GET /%d HTTP/1.1\r\nHost: p\r\n\r\n" % each for each in range(many))
            peer = connect(server)
            threading.Thread(target=peer.send, args=(requests,)).start()
            for each in range(many):
                assert peer.head().startswith(b"HTTP/1.1 200 OK\r\nX-Path: /%d\r\n" % each)
                peer.exactly(4)

    def test_a_head_in_single_bytes(self) -> None:
        with backend(answering(OK)) as behind, proxy(behind.url) as server:
            peer = connect(server)
            for at in range(len(LAST)):
                peer.send(LAST[at : at + 1])
            assert peer.all().endswith(b"\r\n\r\nok")

    def test_an_empty_line_before_a_request(self) -> None:
        # https://www.rfc-editor.org/rfc/rfc9112.html#section-2.2
        with backend(answering(OK)) as behind, proxy(behind.url) as server:
            assert ask(server, b"\r\n" + LAST).startswith(b"HTTP/1.1 200 ")

    def test_the_front_is_told_who_asks(self) -> None:
        front = Answering()
        with proxy_of(front) as server:
            peer = connect(server)
            peer.send(LAST)
            peer.all()
        ((address, port),) = [(each.address, each.port) for each in front.clients]
        assert address == "127.0.0.1"
        assert port > 0
        assert front.clients[0].scheme == "http"


class TestOwnAnswers:
    def test_the_rest_of_a_request_is_thrown_away(self) -> None:
        """The answer is read by a client that is still sending, and what it sends is no second request."""
        with proxy_of(Answering()) as server:
            body = b"GET /smuggled HTTP/1.1\r\nHost: p\r\n\r\n"
            answer = ask(server, b"POST / HTTP/1.1\r\nHost: p\r\nContent-Length: %d\r\n\r\n" % (len(body) + 1) + body)
            assert answer == (
                b"HTTP/1.1 403 Forbidden\r\nX-Path: /\r\nContent-Length: 4\r\nConnection: close\r\n\r\nmine"
            )
            assert len(records_of(server)) == 1

    def test_head_has_no_body(self) -> None:
        with proxy_of(Answering()) as server:
            answer = ask(server, LAST.replace(b"GET", b"HEAD"))
            assert answer.endswith(b"\r\nContent-Length: 4\r\nConnection: close\r\n\r\n")


class TestPatience:
    """Those who say nothing are not waited for: told by seconds that are counted, and not waited."""

    def test_a_head_that_does_not_end(self) -> None:
        connection, transport = fake()
        connection.data_received(b"GET / HTTP/1.1\r\n")
        connection.tick(20)
        assert not transport.closed
        connection.data_received(b"X: 1\r\n")
        connection.tick(20)
        assert not transport.closed
        connection.tick(1)
        assert transport.closed

    def test_an_idle_connection(self) -> None:
        connection, transport = fake()
        connection.tick(75)
        assert not transport.closed
        connection.tick(1)
        assert transport.closed

    def test_one_that_goes_on_sending_after_its_answer(self) -> None:
        connection, transport = fake()
        connection.data_received(b"POST / HTTP/1.1\r\nHost: p\r\nContent-Length: 100000\r\n\r\n")
        assert transport.sent.startswith(b"HTTP/1.1 403 ")
        for _ in range(5):
            connection.data_received(b"x" * 1000)
            connection.tick(1)
        assert not transport.closed
        connection.data_received(b"x")
        connection.tick(1)
        assert transport.closed


class Transport:
    """What a connection does to its transport."""

    def __init__(self) -> None:
        self.sent = b""
        self.closed = False

    def write(self, data: bytes) -> None:
        self.sent += data

    def close(self) -> None:
        self.closed = True

    abort = close

    def resume_reading(self) -> None:
        pass

    def can_write_eof(self) -> bool:
        return False

    def get_extra_info(self, name: str) -> None:
        return None


def fake() -> tuple[module.ClientConnection, Transport]:
    from crossorigin.proxy.engine import Engine

    transport = Transport()
    connection = module.ClientConnection(Engine(Answering()))
    connection.connection_made(transport)  # type: ignore[arg-type]
    return connection, transport
