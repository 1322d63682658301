"""Messages about whose end servers disagree: none of them gets past the proxy, whatever stands behind it.

A strict backend would refuse them itself. A lax one takes what it can, and is where smuggled requests arrive: here it
is a socket that reads all bytes and answers each empty line, so that whatever reaches it at all is seen.
"""

from __future__ import annotations

import http.client
from collections.abc import Iterator

import h11
import pytest
from tests.proxy.net import Backend, Peer, ask, backend, connect, proxy, until
from tests.proxy.test_chunks import REFUSED as REFUSED_CHUNKS
from tests.proxy.test_heads import REFUSED_REQUESTS

from crossorigin.proxy.server import ProxyServer

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"


def lax(peer: Peer) -> None:
    """Answers whatever has an empty line."""
    while peer.head():
        peer.send(OK)


def strict(peer: Peer) -> None:
    """h11 reads the requests: it ends the connection at the first doubt."""
    protocol = h11.Connection(h11.SERVER)
    while True:
        try:
            event = protocol.next_event()
        except h11.RemoteProtocolError:
            peer.send(b"HTTP/1.1 400 Refused by h11\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
            return
        if event is h11.NEED_DATA:
            peer.more()
            protocol.receive_data(peer.buffer)
            peer.buffer = b""
        elif isinstance(event, h11.EndOfMessage):
            peer.send(OK)
            protocol.send(h11.Response(status_code=200, headers=[(b"Content-Length", b"2")]))
            protocol.send(h11.Data(data=b"ok"))
            protocol.send(h11.EndOfMessage())
            if protocol.our_state is not h11.DONE or protocol.their_state is not h11.DONE:
                return
            protocol.start_next_cycle()
        elif isinstance(event, h11.ConnectionClosed):
            return


@pytest.fixture(scope="module", params=[lax, strict], ids=["lax backend", "strict backend"])
def behind(request: pytest.FixtureRequest) -> Iterator[Backend]:
    with backend(request.param) as made:
        yield made


@pytest.fixture(scope="module")
def server(behind: Backend) -> Iterator[ProxyServer]:
    with proxy(behind.url) as made:
        yield made


def status_of(answer: bytes) -> int:
    version, status, _ = answer.split(b" ", 2)
    assert version == b"HTTP/1.1"
    return int(status)


class TestHeads:
    @pytest.mark.parametrize("name", REFUSED_REQUESTS)
    def test_nothing_reaches_the_backend(self, name: str, server: ProxyServer, behind: Backend) -> None:
        data, status = REFUSED_REQUESTS[name]
        before = behind.seen
        answer = ask(server, data + b"0\r\n\r\n" + SMUGGLED)
        assert behind.seen == before
        # An empty line before a request is ignored; what follows it here is no request either.
        assert status_of(answer) == (501 if name == "nothing" else status)
        assert answer.count(b"HTTP/1.1 ") == 1
        assert b"\r\nConnection: close\r\n" in answer

    def test_a_head_without_end(self, server: ProxyServer, behind: Backend) -> None:
        before = behind.seen
        answer = ask(server, b"GET / HTTP/1.1\r\nHost: a\r\nCookie: small=1; big=" + b"x" * 70_000)
        assert status_of(answer) == 431
        # vitejs/vite#9324: it says which cookies to delete.
        assert b"Its biggest cookies are big (65" in answer or b"Its biggest cookies are big (7" in answer
        assert behind.seen == before

    def test_one_of_just_the_greatest_length(self, server: ProxyServer) -> None:
        start = b"GET / HTTP/1.1\r\nConnection: close\r\nHost: a\r\nX: "
        fits = start + b"x" * (65536 - len(start) - 4) + b"\r\n\r\n"
        assert status_of(ask(server, fits)) == 200
        assert status_of(ask(server, fits.replace(b"X: ", b"X: x"))) == 431


class TestBodies:
    @pytest.mark.parametrize("name", REFUSED_CHUNKS)
    def test_a_broken_chunk_is_never_a_whole_request(self, name: str, server: ProxyServer, behind: Backend) -> None:
        head = b"POST /chunks HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        known = len(behind.peers)
        # The lax backend answers at once, on the head alone: then the connection is cut, in the middle or after it.
        try:
            answer = ask(server, head + REFUSED_CHUNKS[name] + b"0\r\n\r\n" + SMUGGLED)
        except ConnectionResetError:
            answer = b""
        assert not answer or status_of(answer) in {200, 400}
        for each in behind.peers[known:]:
            assert b"smuggled" not in each.seen
            assert b"\r\n0\r\n\r\n" not in each.seen

    def test_chunks_are_put_together_anew(self) -> None:
        def serve(peer: Peer) -> None:
            peer.head()
            peer.until(b"Not: 1\r\n\r\n")
            peer.send(OK)

        with backend(serve) as behind, proxy(behind.url) as server:
            head = b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
            answer = ask(server, head + b"005;name=value\r\nhello\r\n0\r\nX-Dropped-Or-Not: 1\r\n\r\n")
            assert status_of(answer) == 200
            assert b"name=value" not in behind.seen
            assert behind.seen.endswith(b"\r\n\r\n5\r\nhello\r\n0\r\nX-Dropped-Or-Not: 1\r\n\r\n")

    def test_only_one_framing_goes_on(self) -> None:
        with backend(lax) as behind, proxy(behind.url) as server:
            ask(
                server,
                b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close, Content-Length\r\nContent-Length: 2\r\n\r\nab",
            )
            head = behind.seen.partition(b"\r\n\r\n")[0].lower()
            # Connection cannot take the length away, and nothing of this hop goes on.
            assert head.count(b"content-length: 2") == 1
            assert b"connection" not in head
            assert b"transfer-encoding" not in head

    def test_h2c_is_not_handed_on(self) -> None:
        with backend(lax) as behind, proxy(behind.url) as server:
            lines = b"Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"
            ask(server, b"GET / HTTP/1.1\r\nHost: a\r\n" + lines + b"\r\n")
            assert b"upgrade" not in behind.seen.lower()
            assert b"http2-settings" not in behind.seen.lower()


BAD_ANSWERS = {
    "both framings": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok",
    "a signed length": b"HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok",
    "a folded line": b"HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 2\r\n\r\nok",
    "bare line feeds": b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok\r\n\r\n",
    "a bare line feed": b"HTTP/1.1 200 OK\r\nX: a\nSet-Cookie: b\r\nContent-Length: 2\r\n\r\nok",
    "NUL": b"HTTP/1.1 200 OK\r\nX: \0\r\nContent-Length: 2\r\n\r\nok",
    "another protocol": b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "an unknown coding": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nok",
    "an upgrade that nobody asked for": b"HTTP/1.1 101 S\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
    "an endless head": b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000,
}


class TestAnswers:
    @pytest.mark.parametrize("name", BAD_ANSWERS)
    def test_no_http_is_a_502(self, name: str) -> None:
        def serve(peer: Peer) -> None:
            peer.head()
            peer.send(BAD_ANSWERS[name])
            peer.all()

        with backend(serve) as behind, proxy(behind.url) as server:
            answer = ask(server, b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            assert status_of(answer) == 502
            assert b"Set-Cookie" not in answer

    def test_a_second_answer_is_nobodys(self) -> None:
        """Response splitting: what stands behind a complete answer would be the next request's."""

        def serve(peer: Peer) -> None:
            while peer.head():
                peer.send(OK + b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\npoisoned")

        with backend(serve) as behind, proxy(behind.url) as server:
            peer = connect(server)
            for _ in range(3):
                # Two at once: the second is waiting when the first one's answer comes.
                peer.send(2 * b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                for _ in range(2):
                    assert status_of(peer.head()) == 200
                    assert peer.exactly(2) == b"ok"
            peer.close()
            assert len(behind.peers) == 6

    def test_bytes_on_an_idle_connection_end_it(self) -> None:
        def serve(peer: Peer) -> None:
            if len(behind.peers) > 1:
                peer.head()
                peer.send(OK.replace(b"ok", b"no"))
                return
            peer.head()
            peer.send(OK)
            until(lambda: bool(told), "the first answer to be read")
            peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\npoisoned")
            peer.all()
            ended.append(True)

        told: list[bool] = []
        ended: list[bool] = []
        with backend(serve) as behind, proxy(behind.url) as server:
            client = http.client.HTTPConnection("127.0.0.1", server.port)
            client.request("GET", "/")
            assert client.getresponse().read() == b"ok"
            told.append(True)
            until(lambda: bool(ended), "the connection to be closed")
            client.request("GET", "/")
            assert client.getresponse().read() == b"no"
            client.close()
