"""The bytes at the proxy's two ends."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterable

import pytest

from crossorigin.browser.real.proxy_http import (
    LONGEST_HEAD,
    BadRequestError,
    ProxyRequest,
    ResponseEnd,
    read_requests,
    reply_bytes,
    request_bytes,
)
from crossorigin.browser.real.stage import StageReply


def read(*pieces: bytes, longest_body: int = 100) -> list[ProxyRequest]:
    """What is read from a peer that sends these pieces and leaves."""
    ours, theirs = socket.socketpair()

    def send() -> None:
        with theirs:
            for piece in pieces:
                theirs.sendall(piece)

    thread = threading.Thread(target=send)
    thread.start()
    try:
        ours.settimeout(10)
        return list(read_requests(ours, longest_body))
    finally:
        ours.close()
        thread.join(10)


GET = b"GET http://a.test/x?y HTTP/1.1\r\nHost: a.test\r\nX-Key: \xe9\r\n\r\n"


class TestRequests:
    """What a browser sends."""

    def test_names_keep_their_casing_and_bytes(self) -> None:
        assert read(GET) == [ProxyRequest("GET", "http://a.test/x?y", ((b"Host", b"a.test"), (b"X-Key", b"\xe9")), b"")]

    def test_one_after_the_other_and_in_pieces(self) -> None:
        post = b"POST http://a.test/ HTTP/1.1\r\nHost: a.test\r\nContent-Length: 4\r\n\r\nbody"
        assert [each.body for each in read(GET + post[:-2], post[-2:] + GET)] == [b"", b"body", b""]

    def test_chunks(self) -> None:
        head = b"POST http://a.test/ HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n"
        (request,) = read(head + b"2\r\nab\r\n1\r\nc\r\n0\r\n\r\n")
        assert request.body == b"abc"
        assert request_bytes(request, "/").endswith(b"\r\n\r\n3\r\nabc\r\n0\r\n\r\n")

    @pytest.mark.parametrize("cut", [0, 10, len(GET) - 1])
    def test_a_peer_that_leaves(self, cut: int) -> None:
        assert read(GET[:cut]) == []

    def test_a_peer_that_leaves_in_the_body(self) -> None:
        assert read(b"POST http://a.test/ HTTP/1.1\r\nHost: a.test\r\nContent-Length: 4\r\n\r\nbo") == []

    @pytest.mark.parametrize(
        ("sent", "status"),
        [
            (b"hello\r\n\r\n", 400),
            (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
            (b"GET / HTTP/1.1\r\n\r\n", 400),
            (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", 400),
            (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * LONGEST_HEAD, 431),
            (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 101\r\n\r\n" + b"x" * 101, 413),
        ],
    )
    def test_what_is_none(self, sent: bytes, status: int) -> None:
        with pytest.raises(BadRequestError) as raised:
            read(sent)
        assert raised.value.status == status

    def test_what_is_the_proxys_goes_no_further(self) -> None:
        headers = ((b"Host", b"a.test"), (b"Proxy-Connection", b"keep-alive"), (b"x-A", b"1"))
        sent = request_bytes(ProxyRequest("PUT", "http://a.test/x", headers, b"body"), "/x")
        assert sent == b"PUT /x HTTP/1.1\r\nHost: a.test\r\nx-A: 1\r\nConnection: keep-alive\r\n\r\nbody"


def passed(method: str, pieces: Iterable[bytes]) -> tuple[bytes, bool, bool]:
    end = ResponseEnd(method)
    through = b"".join(end.pass_on(piece) for piece in pieces)
    return through, end.found, end.may_go_on


class TestResponses:
    """Where they end."""

    @pytest.mark.parametrize(
        ("method", "response", "may_go_on"),
        [
            ("GET", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", True),
            ("GET", b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", False),
            ("GET", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", True),
            ("HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", True),
            ("OPTIONS", b"HTTP/1.1 204 No Content\r\n\r\n", True),
            ("GET", b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", True),
        ],
    )
    @pytest.mark.parametrize("size", [1, 7, 1000])
    def test_framed(self, method: str, response: bytes, may_go_on: bool, size: int) -> None:
        pieces = [response[at : at + size] for at in range(0, len(response), size)]
        assert passed(method, pieces) == (response, True, may_go_on)

    def test_what_comes_after_it_is_not_of_it(self) -> None:
        response = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        assert passed("GET", [response + b"HTTP/1.1 200 more"])[:2] == (response, True)

    @pytest.mark.parametrize(
        "response",
        [
            b"HTTP/1.1 200 OK\r\n\r\nuntil the end",
            b"SSH-2.0-OpenSSH_9.2\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nok",
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nbytes",
        ],
    )
    def test_only_the_server_knows(self, response: bytes) -> None:
        assert passed("GET", [response, b"more"]) == (response + b"more", False, False)


def test_replies_of_our_own() -> None:
    assert reply_bytes(StageReply(200, "text/html", b"<p>")) == (
        b"HTTP/1.1 200 OK\r\nCache-Control: no-store\r\nContent-Type: text/html\r\nContent-Length: 3\r\n\r\n<p>"
    )
    assert reply_bytes(StageReply(204, "", b"")) == b"HTTP/1.1 204 No Content\r\nCache-Control: no-store\r\n\r\n"
    assert reply_bytes(StageReply(403, "", b"")).endswith(b"\r\nContent-Length: 0\r\n\r\n")
