"""One request and its response, over real sockets: what goes on, what comes back, and what is never half done."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

import pytest
from tests.proxy.net import (
    Backend,
    Peer,
    PlainFront,
    answering,
    ask,
    backend,
    connect,
    proxy,
    proxy_of,
    records_of,
    until,
)

from crossorigin.proxy.heads import RequestHead, ResponseHead
from crossorigin.proxy.plan import Client, Forward, Limits, Plan, Reply

pytestmark = pytest.mark.usefixtures("both_loops")

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
GET = b"GET /a?b HTTP/1.1\r\nHost: proxy\r\nConnection: close\r\n\r\n"
GET_AGAIN = b"GET /a?b HTTP/1.1\r\nHost: proxy\r\n\r\n"


def get(method: bytes = b"GET", *lines: bytes, version: bytes = b"1.1") -> bytes:
    return b"\r\n".join([b"%b / HTTP/%b" % (method, version), b"Host: proxy", b"Connection: close", *lines, b"", b""])


class TestThere:
    def test_the_request_goes_on_as_it_came(self) -> None:
        with backend(answering(OK)) as behind, proxy(behind.url) as server:
            ask(server, get(b"POST", b"X-Case: Kept", b"Cookie: a=b", b"Content-Length: 5") + b"hello")
            host = f"127.0.0.1:{behind.port}".encode()
            assert behind.seen == (
                b"POST / HTTP/1.1\r\nHost: %b\r\nX-Case: Kept\r\nCookie: a=b\r\nContent-Length: 5\r\n\r\nhello" % host
            )

    def test_a_body_goes_on_while_it_comes(self) -> None:
        """No body is held back for a parser that might want it (node-http-proxy#180)."""

        def serve(peer: Peer) -> None:
            peer.head()
            assert peer.exactly(3) == b"one"
            first.set()
            assert peer.exactly(3) == b"two"
            peer.send(OK)

        first = threading.Event()
        with backend(serve) as behind, proxy(behind.url) as server:
            peer = connect(server)
            peer.send(get(b"POST", b"Content-Length: 6") + b"one")
            assert first.wait(20)
            peer.send(b"two")
            assert peer.all().startswith(b"HTTP/1.1 200 OK\r\n")
            peer.close()

    def test_expect_continue_is_the_backends_to_say(self) -> None:
        def serve(peer: Peer) -> None:
            assert b"Expect: 100-continue\r\n" in peer.head()
            peer.send(b"HTTP/1.1 100 Continue\r\n\r\n")
            assert peer.exactly(2) == b"hi"
            peer.send(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK)

        with backend(serve) as behind, proxy(behind.url) as server:
            peer = connect(server)
            peer.send(get(b"POST", b"Content-Length: 2", b"Expect: 100-continue"))
            assert peer.head() == b"HTTP/1.1 100 Continue\r\n\r\n"
            peer.send(b"hi")
            assert peer.head() == b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
            assert peer.all().endswith(b"\r\n\r\nok")
            peer.close()


class TestBack:
    @pytest.mark.parametrize(
        ("method", "version", "answer", "expected"),
        [
            (b"GET", b"1.1", OK, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"),
            (b"GET", b"1.0", OK, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"),
            (
                b"HEAD", b"1.1", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n",
                b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n",
            ),
            (
                b"HEAD", b"1.1", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
            ),
            (b"GET", b"1.1", b"HTTP/1.1 204 No\r\n\r\n", b"HTTP/1.1 204 No\r\nConnection: close\r\n\r\n"),
            (
                b"GET", b"1.1", b"HTTP/1.1 304 Same\r\nContent-Length: 9\r\nETag: x\r\n\r\n",
                b"HTTP/1.1 304 Same\r\nETag: x\r\nContent-Length: 9\r\nConnection: close\r\n\r\n",
            ),
            (
                b"GET", b"1.1", CHUNKED + b"\r\n1;x\r\no\r\n1\r\nk\r\n0\r\nX: 1\r\n\r\n",
                CHUNKED + b"Connection: close\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\nX: 1\r\n\r\n",
            ),
            (
                b"GET", b"1.0", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;x\r\no\r\n1\r\nk\r\n0\r\n\r\n",
                b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nok",
            ),
            (
                b"GET", b"1.1", b"HTTP/1.1 200 OK\r\nSet-Cookie: a\r\nSet-Cookie: b\r\nContent-Length: 0\r\n\r\n",
                b"HTTP/1.1 200 OK\r\nSet-Cookie: a\r\nSet-Cookie: b\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            ),
            (
                b"GET", b"1.1",
                b"HTTP/1.1 299 \r\nKeep-Alive: 5\r\nConnection: X-Hop\r\nX-Hop: 1\r\nContent-Length: 0\r\n\r\n",
                b"HTTP/1.1 299 \r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            ),
        ],
    )  # fmt: skip
    def test_framing(self, method: bytes, version: bytes, answer: bytes, expected: bytes) -> None:
        with backend(answering(answer)) as behind, proxy(behind.url) as server:
            assert ask(server, get(method, version=version)) == expected

    @pytest.mark.parametrize(
        ("version", "body"), [(b"1.1", b"2\r\nok\r\n0\r\n\r\n"), (b"1.0", b"ok")], ids=["HTTP/1.1", "HTTP/1.0"]
    )
    def test_a_body_up_to_the_end_of_the_connection(self, version: bytes, body: bytes) -> None:
        def serve(peer: Peer) -> None:
            peer.head()
            peer.send(b"HTTP/1.0 200 OK\r\n\r\nok")

        with backend(serve) as behind, proxy(behind.url) as server:
            assert ask(server, get(version=version)).partition(b"\r\n\r\n")[2] == body

    def test_bytes_are_not_looked_into(self) -> None:
        """Compressed bodies are passed on as they are (apache/incubator-kie-issues#2209)."""
        body = bytes(range(256)) * 300
        answer = b"HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\nContent-Length: %d\r\n\r\n" % len(body)
        with backend(answering(answer + body)) as behind, proxy(behind.url) as server:
            assert ask(server, get()).endswith(b"\r\nConnection: close\r\n\r\n" + body)

    def test_each_event_at_once(self) -> None:
        """SSE (vercel/next.js#45048, facebook/create-react-app#1633): nothing waits for the next event."""

        def serve(peer: Peer) -> None:
            peer.head()
            peer.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
            for number in range(3):
                assert seen[number].wait(20)
                peer.send(b"data: %d\n\n" % number)
            peer.all()

        seen = [threading.Event() for _ in range(3)]
        with backend(serve) as behind, proxy(behind.url) as server:
            peer = connect(server)
            peer.send(GET_AGAIN)
            assert b"text/event-stream" in peer.head()
            for number in range(3):
                seen[number].set()
                assert peer.until(b"\n\n\r\n") == b"9\r\ndata: %d\n\n\r\n" % number
            peer.close()


class TestEnds:
    def test_a_client_that_leaves_is_told_to_the_backend(self) -> None:
        """vitejs/vite#12157, #13522, node-http-proxy#921"""

        def serve(peer: Peer) -> None:
            peer.head()
            peer.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n")
            with suppress(ConnectionResetError):
                peer.all()
            learned.set()

        learned = threading.Event()
        with backend(serve) as behind, proxy(behind.url) as server:
            peer = connect(server)
            peer.send(GET_AGAIN)
            peer.until(b"data: 1\n\n")
            peer.close()
            assert learned.wait(20)
            until(lambda: len(records_of(server)) == 1, "the record")
            assert records_of(server)[0].why == "the client left"

    def test_and_so_is_one_that_leaves_before_the_answer(self) -> None:
        def serve(peer: Peer) -> None:
            peer.head()
            asked.set()
            with suppress(ConnectionResetError):
                peer.all()
            learned.set()

        asked, learned = threading.Event(), threading.Event()
        with backend(serve) as behind, proxy(behind.url) as server:
            peer = connect(server)
            peer.send(GET_AGAIN)
            assert asked.wait(20)
            peer.close()
            assert learned.wait(20)

    @pytest.mark.parametrize(
        "framing", [b"Content-Length: 10", b"Transfer-Encoding: chunked"], ids=["length", "chunks"]
    )
    def test_half_an_answer_is_never_a_whole_one(self, framing: bytes) -> None:
        """vitejs/vite#20712: the backend dies, and the browser is to learn it."""

        def serve(peer: Peer) -> None:
            peer.head()
            peer.send(b"HTTP/1.1 200 OK\r\n" + framing + b"\r\n\r\n2\r\nok\r\n")

        with backend(serve) as behind, proxy(behind.url) as server:
            peer = connect(server)
            peer.send(GET_AGAIN)
            assert peer.head().startswith(b"HTTP/1.1 200 OK\r\n")
            with pytest.raises(ConnectionResetError):
                peer.all()
            peer.close()
            (record,) = records_of(server)
            assert (record.status, record.why) == (200, "it closed the connection before its answer was complete")

    def test_no_answer_at_all(self) -> None:
        def serve(peer: Peer) -> None:
            peer.head()

        with backend(serve) as behind, proxy(behind.url) as server:
            answer = ask(server, get(b"POST", b"Content-Length: 0"))
            assert answer.startswith(b"HTTP/1.1 502 Bad Gateway\r\n")
            assert answer.endswith(b"\r\n\r\nit closed the connection before its answer was complete")


class TestEarlyAnswers:
    """A backend that has seen enough of an upload (chimurai/http-proxy-middleware#265, vitejs/vite#14611)."""

    ANSWER = b"HTTP/1.1 413 Too much\r\nContent-Length: 4\r\nConnection: close\r\n\r\nmuch"

    @pytest.mark.parametrize("closing", ["close", "reset"])
    def test_it_reaches_a_client_that_still_sends(self, closing: str) -> None:
        def serve(peer: Peer) -> None:
            peer.head()
            peer.exactly(1000)
            peer.send(self.ANSWER)
            # Unread bytes wait in its socket: closing it is a reset, whatever it was meant as.
            if closing == "reset":
                peer.sock.close()

        with backend(serve) as behind, proxy(behind.url) as server:
            peer = connect(server)
            size = 40_000_000
            peer.send(get(b"POST", b"Content-Length: %d" % size))
            sent, refused = 0, False
            while sent < size and not refused:
                try:
                    peer.send(b"x" * 65536)
                except ConnectionError:
                    refused = True
                sent += 65536
            assert peer.head().startswith(b"HTTP/1.1 413 Too much\r\n")
            assert peer.exactly(4) == b"much"
            peer.close()

    def test_the_limit_of_the_proxy(self) -> None:
        with backend(answering(OK)) as behind, proxy(behind.url, Limits(request_body=10)) as server:
            assert ask(server, get(b"POST", b"Content-Length: 10") + b"0123456789").startswith(b"HTTP/1.1 200 ")
            assert len(behind.peers) == 1
            answer = ask(server, get(b"POST", b"Content-Length: 11") + b"0123456789a")
            assert answer.startswith(b"HTTP/1.1 413 ")
            assert answer.endswith(b"the request has more than 10 bytes")
            assert len(behind.peers) == 1
            chunks = b"6\r\n012345\r\n6\r\n012345\r\n0\r\n\r\n"
            assert ask(server, get(b"POST", b"Transfer-Encoding: chunked") + chunks).startswith(b"HTTP/1.1 413 ")


class TestLimits:
    @pytest.mark.parametrize(
        "answer",
        [
            b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n0123456789a",
        ],
    )
    def test_an_answer_that_says_it_is_too_long(self, answer: bytes) -> None:
        with backend(answering(answer)) as behind, proxy(behind.url, Limits(response_body=10)) as server:
            assert ask(server, get()).startswith(b"HTTP/1.1 502 ")

    def test_an_answer_that_grows_too_long_is_cut(self) -> None:
        def serve(peer: Peer) -> None:
            peer.head()
            peer.send(b"HTTP/1.1 200 OK\r\n\r\n01234")
            peer.send(b"0123456789a")
            peer.more()

        with backend(serve) as behind, proxy(behind.url, Limits(response_body=10)) as server:
            peer = connect(server)
            peer.send(GET_AGAIN)
            with pytest.raises(ConnectionResetError):
                peer.all()
            peer.close()

    def test_silence_before_the_answer(self) -> None:
        def serve(peer: Peer) -> None:
            peer.head()
            peer.more()

        with backend(serve) as behind, proxy(behind.url, Limits(response=1.0)) as server:
            answer = ask(server, get())
            assert answer.startswith(b"HTTP/1.1 504 Gateway Timeout\r\n")
            assert answer.endswith(b"no answer within 1 s")

    def test_silence_within_it(self) -> None:
        def serve(peer: Peer) -> None:
            peer.head()
            peer.send(b"HTTP/1.1 200 OK\r\n\r\nx")
            peer.more()

        with backend(serve) as behind, proxy(behind.url, Limits(idle=1.0)) as server:
            peer = connect(server)
            peer.send(GET_AGAIN)
            with pytest.raises(ConnectionResetError):
                peer.all()
            peer.close()

    def test_all_in_all(self) -> None:
        def serve(peer: Peer) -> None:
            peer.head()
            while True:
                peer.send(b"HTTP/1.1 102 Wait\r\n\r\n")
                threading.Event().wait(0.2)

        with backend(serve) as behind, proxy(behind.url, Limits(total=1.0)) as server:
            assert b"it took longer than 1 s in all" in ask(server, get())


class TestAgain:
    """A connection that had waited may be dead: what may be sent twice is, and nothing else."""

    @staticmethod
    def serve_once(behind: list[Backend]) -> Callable[[Peer], None]:
        def serve(peer: Peer) -> None:
            head = peer.head()
            if len(behind[0].peers) == 1:
                peer.send(OK)
                # The next request on this connection is read, and not answered.
                peer.head()
            else:
                assert b"\r\nContent-Length: 3\r\n" in head
                assert peer.exactly(3) == b"abc"
                peer.send(OK)

        return serve

    @pytest.mark.parametrize(
        ("method", "status"), [(b"GET", 200), (b"PUT", 200), (b"DELETE", 200), (b"POST", 502), (b"PATCH", 502)]
    )
    def test_on_a_new_connection(self, method: bytes, status: int) -> None:
        made: list[Backend] = []
        with backend(self.serve_once(made)) as behind, proxy(behind.url) as server:
            made.append(behind)
            peer = connect(server)
            peer.send(GET_AGAIN)
            peer.head()
            assert peer.exactly(2) == b"ok"
            peer.send(b"%b / HTTP/1.1\r\nHost: proxy\r\nContent-Length: 3\r\n\r\nabc" % method)
            assert peer.head().startswith(b"HTTP/1.1 %d " % status)
            peer.close()
            assert len(behind.peers) == (2 if status == 200 else 1)

    def test_a_new_connection_that_fails_is_not_tried_again(self) -> None:
        def serve(peer: Peer) -> None:
            peer.head()

        with backend(serve) as behind, proxy(behind.url) as server:
            assert ask(server, get()).startswith(b"HTTP/1.1 502 ")
            assert len(behind.peers) == 1


class TestFollow:
    def test_without_the_body_where_the_plan_says_so(self) -> None:
        """A POST that is answered with 303 is a GET elsewhere."""

        class Elsewhere(PlainFront):
            def plan(self, head: RequestHead, client: Client) -> Plan:
                plan = super().plan(head, client)
                assert isinstance(plan, Forward)
                plan.follow = lambda response: self.get(plan) if response.status == 303 else None
                return plan

            def get(self, plan: Forward) -> Plan:
                return Forward(
                    plan.target, b"GET", b"/there", plan.headers, plan.respond, plan.limits, sends_body=False
                )

        def serve(peer: Peer) -> None:
            while head := peer.head():
                if head.startswith(b"POST "):
                    peer.exactly(5)
                    peer.send(b"HTTP/1.1 303 See\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n")
                else:
                    peer.send(OK)

        with backend(serve) as behind, proxy_of(Elsewhere(behind.url)) as server:
            assert ask(server, get(b"POST", b"Content-Length: 5") + b"hello").endswith(b"\r\n\r\nok")
            (first, second) = behind.peers
            assert first.seen.endswith(b"\r\n\r\nhello")
            assert second.seen == b"GET /there HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % behind.port

    def test_another_plan_takes_its_place(self) -> None:
        class Following(PlainFront):
            def plan(self, head: RequestHead, client: Client) -> Plan:
                plan = super().plan(head, client)
                assert isinstance(plan, Forward)
                plan.follow = self.follow
                self.head, self.client = head, client
                return plan

            def follow(self, response: ResponseHead) -> Plan | None:
                if response.status != 302:
                    return None
                location = response.fields[b"location"]
                if location == b"/stop":
                    return Reply(508, (), b"stopped")
                self.head.target = location
                return self.plan(self.head, self.client)

        def serve(peer: Peer) -> None:
            while head := peer.head():
                path = head.split(b" ")[1]
                to = {b"/a?b": b"/1", b"/1": b"/2", b"/stopping": b"/stop"}.get(path)
                peer.send(b"HTTP/1.1 302 F\r\nLocation: %b\r\nContent-Length: 3\r\n\r\nbye" % to if to else OK)

        with backend(serve) as behind, proxy_of(Following(behind.url)) as server:
            assert ask(server, GET).endswith(b"\r\n\r\nok")
            assert b"GET /2 HTTP/1.1" in behind.seen
            assert [record.status for record in records_of(server)] == [200]
            assert ask(server, GET.replace(b"/a?b", b"/stopping")).endswith(b"\r\n\r\nstopped")
