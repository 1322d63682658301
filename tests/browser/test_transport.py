"""What goes out and what comes back when the peer speaks HTTP, well or badly, through either transport."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator

import pytest

from crossorigin.browser.options import MAX_HEADER_BYTES_HTTP1, Resolve, TransportOptions
from crossorigin.browser.transport import SyncTransport
from crossorigin.fetch.wire import HTTPResponse, TransportFailure, TransportFailureKind
from crossorigin.web.headers import HeaderList

from .conftest import Answer, Door, Peer, Serve, answering, once, request

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def response(answer: Answer) -> HTTPResponse:
    assert isinstance(answer, HTTPResponse), answer
    return answer


def failure(answer: Answer, kind: TransportFailureKind) -> TransportFailure:
    """The failure, which must be of the kind, and told in one sentence that does not blame CORS."""
    assert isinstance(answer, TransportFailure), answer
    assert answer.kind is kind, answer
    assert answer.detail.endswith(".")
    assert "\n" not in answer.detail
    assert "cors" not in answer.detail.lower()
    assert "traceback" not in answer.detail.lower()
    return answer


class TestWhatGoesOut:
    """The bytes of a request are the engine's, behind a request line and Host."""

    def test_nothing_is_added_but_host(self, serve: Serve, door: Door) -> None:
        server = serve(answering(OK))
        headers = (("Accept", "*/*"), ("oRIGIN", "null"), ("X-Empty", ""), ("accept-language", "en"))
        door(request(server.url("/a%20b?c=d&e"), *headers))
        assert server.heard == [
            b"GET /a%%20b?c=d&e HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAccept: */*\r\noRIGIN: null\r\nX-Empty: \r\n"
            b"accept-language: en\r\n\r\n" % server.port
        ]

    def test_a_body_goes_as_it_is(self, serve: Serve, door: Door) -> None:
        bodies = []

        def talk(peer: Peer) -> None:
            peer.head()
            bodies.append(peer.sock.recv(100))
            peer.say(OK)

        server = serve(talk)
        door(request(server.url(), ("Content-Length", "5"), method=b"PUT", body=b"\0a\r\nb"))
        assert server.heard == [b"PUT / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Length: 5\r\n\r\n" % server.port]
        assert bodies == [b"\0a\r\nb"]

    @pytest.mark.parametrize("body", [None, b""])
    def test_no_body_and_an_empty_one(self, serve: Serve, door: Door, body: bytes | None) -> None:
        server = serve(answering(OK))
        (answer,) = door(request(server.url(), ("Content-Length", "0"), method=b"POST", body=body))
        assert response(answer).body == b"ok"
        assert server.heard == [b"POST / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Length: 0\r\n\r\n" % server.port]

    @pytest.mark.parametrize("method", [b"PATCH", b"patch", b"CHICKEN", b"OPTIONS"])
    def test_the_method_keeps_its_case(self, serve: Serve, door: Door, method: bytes) -> None:
        server = serve(answering(OK))
        door(request(server.url(), method=method))
        assert server.heard[0].startswith(method + b" / HTTP/1.1\r\n")

    @pytest.mark.parametrize(
        ("path", "target"),
        [("/", b"/"), ("/?", b"/?"), ("/?a#b", b"/?a"), ("/é?ü", b"/%C3%A9?%C3%BC"), ("/a/../b", b"/b")],
    )
    def test_the_target_is_path_and_query(self, serve: Serve, door: Door, path: str, target: bytes) -> None:
        server = serve(answering(OK))
        door(request(server.url(path)))
        assert server.heard[0].split(b" ")[1] == target

    def test_host_has_brackets_around_ipv6(self, serve: Serve, door: Door) -> None:
        server = serve(answering(OK), host="::1")
        (answer,) = door(request(server.url()))
        assert response(answer).status == 200
        assert server.heard == [b"GET / HTTP/1.1\r\nHost: [::1]:%d\r\n\r\n" % server.port]

    def test_host_keeps_the_name_when_it_is_resolved_elsewhere(self, serve: Serve, door: Door) -> None:
        server = serve(answering(OK))
        url = f"http://api.example:{server.port}/"
        (answer,) = door(request(url), resolve=(Resolve("API.Example", server.port, "127.0.0.1"),))
        assert response(answer).status == 200
        assert server.heard == [b"GET / HTTP/1.1\r\nHost: api.example:%d\r\n\r\n" % server.port]

    def test_host_leaves_out_the_default_port(self) -> None:
        from crossorigin.browser.exchange import Exchange

        sent = Exchange(request("http://EXAMPLE.com:80/"), TransportOptions()).wire_request()
        assert sent.headers == [(b"Host", b"example.com")]

    def test_a_header_that_cannot_be_written_is_a_failure_of_that_request(self, serve: Serve, door: Door) -> None:
        server = serve(answering(OK))
        # Fetch allows a vertical tab in a value; h11 does not.
        bad, good = door(request(server.url(), ("X-Odd", "a\x0bb")), request(server.url()))
        assert "cannot be written as HTTP: Illegal header value" in failure(bad, TransportFailureKind.NOT_HTTP).detail
        assert response(good).status == 200

    def test_a_body_without_content_length_is_misuse(self, door: Door) -> None:
        with pytest.raises(ValueError, match="no Content-Length header"):
            door(request("http://127.0.0.1/", method=b"POST", body=b"x"))

    def test_a_scheme_that_is_not_http_is_misuse(self, door: Door) -> None:
        with pytest.raises(ValueError, match="neither http:// nor https://"):
            door(request("ftp://127.0.0.1/"))


class TestWhatComesBack:
    """A response is told as it came, less the framing."""

    def test_duplicates_order_and_case_survive(self, serve: Serve, door: Door) -> None:
        head = (
            b"HTTP/1.1 200 Fine By Me\r\nAccess-Control-Allow-Origin: *\r\nvary: Origin\r\nContent-Length: 0\r\n"
            b"ACCESS-control-ALLOW-origin:  https://a.example \r\nX-Empty:\r\nVary: Accept\r\nX-Raw: \xe9\xff\r\n\r\n"
        )
        (answer,) = door(request(serve(answering(head)).url()))
        assert answer == HTTPResponse(
            200,
            HeaderList(
                [
                    (b"Access-Control-Allow-Origin", b"*"),
                    (b"vary", b"Origin"),
                    (b"Content-Length", b"0"),
                    (b"ACCESS-control-ALLOW-origin", b"https://a.example"),
                    (b"X-Empty", b""),
                    (b"Vary", b"Accept"),
                    (b"X-Raw", b"\xe9\xff"),
                ]
            ),
            b"",
            b"Fine By Me",
            "HTTP/1.1",
        )

    @pytest.mark.parametrize(
        ("wire", "status", "body"),
        [
            (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, b"hello"),
            (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", 200, b"until the end"),
            (b"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", 200, b""),
            (b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok", 200, b"ok"),
            (
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nT: 1\r\n\r\n",
                200,
                b"abcde",
            ),
            (b"HTTP/1.1 204 No Content\r\n\r\n", 204, b""),
            (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n", 304, b""),
            (b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n", 302, b""),
            (b"HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n", 999, b""),
            (
                b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08",
                200,
                b"\x1f\x8b\x08",
            ),
            (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK, 200, b"ok"),
        ],
        ids=[
            "content-length",
            "until-close",
            "no-reason",
            "bare-lf",
            "chunked",
            "204",
            "304",
            "redirect-not-followed",
            "999",
            "coding-left-on",
            "interim",
        ],
    )
    def test_framing(self, serve: Serve, door: Door, wire: bytes, status: int, body: bytes) -> None:
        (answer,) = door(request(serve(once(wire)).url()))
        assert (response(answer).status, response(answer).body) == (status, body)
        assert not response(answer).headers.contains(b"link")

    def test_what_h11_does_to_header_lines(self, serve: Serve, door: Door) -> None:
        """The three exceptions that `SyncTransport` names; should one go, its sentence can go too."""
        lengths = b"Content-Length: 0\r\ncontent-length: 0\r\n"
        wire = b"HTTP/1.1 200 OK\r\nX: a,\r\n  b\r\n" + lengths + b"Transfer-Encoding: Chunked\r\n\r\n0\r\n\r\n"
        (answer,) = door(request(serve(once(wire)).url()))
        assert response(answer).headers == HeaderList.of(
            ("X", "a, b"), ("Content-Length", "0"), ("Transfer-Encoding", "chunked")
        )

    def test_http_1_0(self, serve: Serve, door: Door) -> None:
        (answer,) = door(request(serve(once(b"HTTP/1.0 200 OK\r\n\r\nold")).url()))
        assert (response(answer).http_version, response(answer).body) == ("HTTP/1.0", b"old")

    def test_head_has_no_body_whatever_its_length(self, serve: Serve, door: Door) -> None:
        server = serve(answering(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"))
        (answer,) = door(request(server.url(), method=b"HEAD"), timeout=5)
        assert response(answer).body == b""
        assert response(answer).headers.get(b"content-length") == b"5000"

    def test_an_early_answer_to_a_body_that_is_not_taken(self, serve: Serve, door: Door) -> None:
        server = serve(once(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"))
        length = 3_000_000
        (answer,) = door(request(server.url(), ("Content-Length", str(length)), method=b"POST", body=b"x" * length))
        # The kernel may drop the answer that it already has when the reset overtakes it: then it is told as that.
        if isinstance(answer, TransportFailure):
            failure(answer, TransportFailureKind.RESET)
        else:
            assert answer.status == 413


class TestKeepAlive:
    """Connections serve again when that is safe, and only then."""

    def test_one_connection_for_many_exchanges(self, serve: Serve, door: Door) -> None:
        server = serve(answering(OK))
        answers = door(*[request(server.url(f"/{number}")) for number in range(3)])
        assert [response(answer).body for answer in answers] == [b"ok"] * 3
        assert server.connections == 1
        assert server.closed_by_client.wait(5)

    def test_a_new_connection_when_asked_for(self, serve: Serve, door: Door) -> None:
        server = serve(answering(OK))
        door(request(server.url()), request(server.url(), new_connection=True), request(server.url()))
        assert server.connections == 2

    def test_another_port_is_another_connection(self, serve: Serve, door: Door) -> None:
        one, other = serve(answering(OK)), serve(answering(OK))
        door(request(one.url()), request(other.url()), request(one.url()))
        assert (one.connections, other.connections) == (1, 1)

    def test_connection_close_is_heeded(self, serve: Serve, door: Door) -> None:
        server = serve(answering(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"))
        door(request(server.url()), request(server.url()))
        assert server.connections == 2

    @pytest.mark.parametrize("method", [b"GET", b"HEAD"])
    def test_bytes_left_over_are_not_the_next_response(self, serve: Serve, door: Door, method: bytes) -> None:
        spoof = b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 0\r\n\r\n"
        server = serve(answering(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n" + spoof))
        answers = door(request(server.url(), method=method), request(server.url(), method=method))
        assert [response(answer).status for answer in answers] == [403, 403]
        assert server.connections == 2

    def test_a_kept_connection_that_died_is_replaced(self, serve: Serve, door: Door) -> None:
        # It dies as the second request arrives, so that nothing could be seen before.
        def talk(peer: Peer) -> None:
            peer.head()
            peer.say(OK)
            peer.head()
            if peer.server.connections == 1:
                return
            peer.say(OK)

        server = serve(talk)
        answers = door(request(server.url()), request(server.url("/again")))
        assert [response(answer).status for answer in answers] == [200, 200]
        assert [head.split()[1] for head in server.heard] == [b"/", b"/again", b"/again"]

    def test_a_connection_that_was_closed_while_idle_is_not_used(self, serve: Serve, door: Door) -> None:
        other = serve(answering(OK))
        server = serve(once(OK))
        # The other server's exchange is time enough for the first to close.
        answers = door(request(server.url()), *[request(other.url())] * 20, request(server.url("/again")))
        assert [response(answer).status for answer in answers] == [200] * 22
        assert server.connections == 2

    def test_a_fresh_connection_that_dies_is_not_tried_again(self, serve: Serve, door: Door) -> None:
        server = serve(once())
        (answer,) = door(request(server.url()))
        failure(answer, TransportFailureKind.RESET)
        assert server.connections == 1

    def test_a_failure_leaves_nothing_behind(self, serve: Serve, door: Door) -> None:
        server = serve(answering(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + b"x" * 100))
        answers = door(request(server.url()), request(server.url()), max_body=10)
        assert [failure(answer, TransportFailureKind.TOO_LARGE).kind for answer in answers]
        assert server.connections == 2


class TestCutShort:
    """A connection that ends too early is told with how far it got."""

    @pytest.mark.parametrize(("end", "verb"), [(None, "closed"), ("reset", "reset")])
    @pytest.mark.parametrize(
        ("sent", "where", "body"),
        [
            (b"", "without sending a response", None),
            (b"HTTP/1.1 200 OK\r\nX-", "in the middle of the response head, which begins with b'HTTP/1.1 200", None),
            (
                b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nbody",
                "in the middle of the body, after 4 of 9 bytes",
                b"body",
            ),
            (
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n",
                "in the middle of the body, after 4 bytes",
                b"body",
            ),
        ],
        ids=["before", "head", "body", "chunked"],
    )
    def test_reset_or_closed(
        self, serve: Serve, door: Door, end: str | None, verb: str, sent: bytes, where: str, body: bytes | None
    ) -> None:
        def finish(peer: Peer) -> None:
            # Let the client take what was sent: a reset overtakes it.
            peer.server.closing.wait(0.05)
            peer.reset()

        server = serve(once(sent, then=finish if end else None))
        (answer,) = door(request(server.url()))
        failed = failure(answer, TransportFailureKind.RESET)
        assert failed.detail.startswith(f"127.0.0.1:{server.port} {verb} the connection {where}")
        assert (failed.partial and failed.partial.body) == body
        assert failed.partial is None or failed.partial.status == 200

    def test_reset_as_it_is_accepted(self, serve: Serve, door: Door) -> None:
        (answer,) = door(request(serve(lambda peer: peer.reset()).url()))
        failure(answer, TransportFailureKind.RESET)


class TestNotHTTP:
    """What is no HTTP is said to be none, with its first bytes, and at once."""

    @pytest.mark.parametrize(
        ("sent", "seen"),
        [
            (b"SSH-2.0-OpenSSH_9.9\r\n", "begins with b'SSH-2.0-OpenSSH_9.9\\r\\n'"),
            (b"220 mail.example ESMTP\r\n", "begins with b'220 mail.example"),
            (b"\0\1\2\3" * 100, "begins with b'\\x00\\x01"),
            (b"<html>no head</html>", "begins with b'<html>no head"),
            (b"\r\nHTTP/1.1 200 OK\r\n\r\n", "begins with b'\\r\\nHTTP/1.1"),
            (b"HTTP/2.x 200 OK\r\n\r\n", "not valid HTTP/1.1: illegal status line: b'HTTP/2.x 200 OK'"),
            (b"HTTP/1.1 OK\r\n\r\n", "not valid HTTP/1.1: illegal status line: b'HTTP/1.1 OK'"),
            (b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "illegal header line: b'no colon'"),
            (b"HTTP/1.1 200 OK\r\nX Y: 1\r\n\r\n", "illegal header line: b'X Y: 1'"),
            (b"HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n", "illegal header line: b'X: a\\x00b'"),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "conflicting Content-Length"),
            (b"HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\n", "bad Content-Length"),
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: br\r\n\r\n", "Only Transfer-Encoding: chunked is supported"),
            (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", "not valid HTTP/1.1"),
            (b"HTTP/1.1 099 Odd\r\n\r\n", "not valid HTTP/1.1"),
            (b"\x15\x03\x03\x00\x02\x02\x46", "which is TLS, so the port may serve https://"),
        ],
    )
    def test_garbage(self, serve: Serve, door: Door, sent: bytes, seen: str) -> None:
        # The server does not close: who waits for more waits in vain.
        server = serve(once(sent, then=lambda peer: peer.hang()))
        (answer,) = door(request(server.url()), timeout=5)
        failed = failure(answer, TransportFailureKind.NOT_HTTP)
        assert f"127.0.0.1:{server.port}" in failed.detail
        assert seen in failed.detail
        assert failed.partial is None
        assert door.seconds < 2

    def test_a_long_line_is_not_repeated_whole(self, serve: Serve, door: Door) -> None:
        (answer,) = door(request(serve(once(b"HTTP/1.1 200 OK\r\n" + b"x" * 50_000 + b"\r\n\r\n")).url()))
        assert len(failure(answer, TransportFailureKind.NOT_HTTP).detail) < 400

    def test_a_broken_body_leaves_the_head(self, serve: Serve, door: Door) -> None:
        wire = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Seen: yes\r\n\r\n2\r\nok\r\nzz\r\n"
        (answer,) = door(request(serve(once(wire, then=lambda peer: peer.hang())).url()), timeout=5)
        failed = failure(answer, TransportFailureKind.NOT_HTTP)
        assert "sent a body that is not valid HTTP/1.1: illegal chunk header" in failed.detail
        assert failed.partial is not None
        assert failed.partial.headers.get(b"x-seen") == b"yes"
        assert failed.partial.body == b"ok"


class TestTooLarge:
    """Limits hold against a server that never stops."""

    def _endless(self, start: bytes, piece: bytes) -> Callable[[Peer], None]:
        def talk(peer: Peer) -> None:
            peer.head()
            peer.say(start)
            while not peer.server.closing.is_set():
                peer.say(piece)

        return talk

    @pytest.mark.parametrize(
        ("start", "piece"),
        [
            (b"HTTP/1.1 200 OK\r\n", b"X-Endless: and so on\r\n" * 100),
            (b"HTTP/1.1 200 OK\r\nX-Endless: ", b"x" * 5000),
            (b"HTTP/1.1 200 ", b"x" * 5000),
        ],
        ids=["lines", "line", "reason"],
    )
    def test_headers(self, serve: Serve, door: Door, start: bytes, piece: bytes) -> None:
        (answer,) = door(request(serve(self._endless(start, piece)).url()), timeout=5)
        failed = failure(answer, TransportFailureKind.TOO_LARGE)
        assert f"sent a response head longer than the limit of {MAX_HEADER_BYTES_HTTP1} bytes" in failed.detail

    def test_trailers(self, serve: Serve, door: Door) -> None:
        start = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n"
        (answer,) = door(request(serve(self._endless(start, b"X: y\r\n" * 1000)).url()), timeout=5)
        failed = failure(answer, TransportFailureKind.TOO_LARGE)
        assert failed.partial is not None
        assert failed.partial.body == b"ok"

    def test_a_body_of_a_hundred_megabytes(self, serve: Serve, door: Door) -> None:
        start = b"HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\nX-Seen: yes\r\n\r\n"
        (answer,) = door(request(serve(self._endless(start, b"x" * 65536)).url()), max_body=1_000_000, timeout=5)
        failed = failure(answer, TransportFailureKind.TOO_LARGE)
        assert "a body longer than the limit of 1000000 bytes" in failed.detail
        assert failed.partial is not None
        assert failed.partial.headers.get(b"x-seen") == b"yes"
        assert failed.partial.body == b"x" * 1_000_000

    def test_the_limit_itself_is_allowed(self, serve: Serve, door: Door) -> None:
        (answer,) = door(request(serve(answering(OK)).url()), max_body=2)
        assert response(answer).body == b"ok"


class TestInterrupted:
    """Ctrl-C passes through, and takes the connection with it."""

    @pytest.fixture(autouse=True)
    def heard(self) -> Iterator[None]:
        """A run in the background may have been started with SIGINT ignored."""
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        yield
        signal.signal(signal.SIGINT, before)

    @pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="no way to interrupt the main thread")
    @pytest.mark.skipif(
        threading.current_thread() is not threading.main_thread(), reason="signals reach the main thread"
    )
    def test_keyboard_interrupt(self, serve: Serve) -> None:
        main = threading.main_thread().ident
        assert main is not None

        def talk(peer: Peer) -> None:
            peer.head()
            signal.pthread_kill(main, signal.SIGINT)
            assert peer.sock.recv(1) == b""
            peer.server.closed_by_client.set()

        server = serve(talk)
        with SyncTransport(TransportOptions(timeout=5)) as transport:
            with pytest.raises(KeyboardInterrupt):
                transport.send(request(server.url()))
            # Before the transport itself is closed.
            assert server.closed_by_client.wait(5)

    def test_threads_share_a_transport(self, serve: Serve) -> None:
        server = serve(answering(OK))
        answers: list[Answer] = []
        with SyncTransport() as transport:

            def work() -> None:
                answers.extend(transport.send(request(server.url())) for _ in range(10))

            threads = [threading.Thread(target=work) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert [response(answer).body for answer in answers] == [b"ok"] * 40
        assert server.connections <= 4

    def test_a_closed_transport_keeps_nothing(self, serve: Serve) -> None:
        server = serve(answering(OK))
        transport = SyncTransport()
        transport.close()
        assert response(transport.send(request(server.url()))).status == 200
        assert server.closed_by_client.wait(5)


def test_the_command_line_does_not_pay_for_asyncio() -> None:
    code = "import sys, crossorigin.browser.transport; sys.exit('asyncio' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_port_that_nothing_listens_on(door: Door) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    (answer,) = door(request(f"http://127.0.0.1:{port}/"))
    failed = failure(answer, TransportFailureKind.REFUSED)
    assert failed.detail == f"127.0.0.1:{port} refused the connection: nothing listens on that port."
