"""Heads: what is taken, what is refused with which status, and what is told of the connection."""

from __future__ import annotations

import pytest

from crossorigin.proxy.heads import HOP_BY_HOP, MalformedError, read_request, read_response

GET = b"GET / HTTP/1.1\r\nHost: a\r\n"


def request(*lines: bytes, start: bytes = b"POST / HTTP/1.1") -> bytes:
    return b"\r\n".join([start, b"Host: a", *lines, b"", b""])


class TestRequests:
    def test_end_to_end_fields_keep_their_order_and_case(self) -> None:
        head = read_request(request(b"X-One: 1", b"accept:  */*  ", b"X-one: 2"))
        assert head.headers == [(b"Host", b"a"), (b"X-One", b"1"), (b"accept", b"*/*"), (b"X-one", b"2")]
        assert head.fields == {b"host": b"a", b"x-one": b"1, 2", b"accept": b"*/*"}

    def test_a_request(self) -> None:
        head = read_request(b"DELETE /a?b=c HTTP/1.1\r\nHost: a\r\n\r\n")
        assert (head.method, head.target, head.is_persistent, head.has_body) == (b"DELETE", b"/a?b=c", True, False)

    @pytest.mark.parametrize("name", sorted(HOP_BY_HOP - {b"transfer-encoding", b"content-length", b"connection"}))
    def test_hop_by_hop_fields_end_here(self, name: bytes) -> None:
        # sagemathinc/http-proxy-3#28
        head = read_request(request(name + b": x"))
        assert head.headers == [(b"Host", b"a")]
        assert head.fields[name] == b"x"

    def test_and_so_do_those_that_connection_names(self) -> None:
        head = read_request(request(b"Connection: close, X-Mine", b"X-Mine: 1", b"X-Other: 2"))
        assert head.headers == [(b"Host", b"a"), (b"X-Other", b"2")]
        assert not head.is_persistent

    @pytest.mark.parametrize(
        ("version", "connection", "persistent"),
        [
            (b"1.1", b"", True),
            (b"1.1", b"Connection: close", False),
            (b"1.1", b"Connection: Close", False),
            (b"1.1", b"Connection: keep-alive", True),
            (b"1.1", b"Connection: keep-alive, close", False),
            (b"1.0", b"", False),
            (b"1.0", b"Connection: keep-alive", True),
        ],
    )
    def test_persistence(self, version: bytes, connection: bytes, persistent: bool) -> None:
        lines = [connection] if connection else []
        assert read_request(request(*lines, start=b"GET / HTTP/" + version)).is_persistent is persistent

    def test_length(self) -> None:
        head = read_request(request(b"Content-Length: 12"))
        assert (head.length, head.is_chunked, head.has_body) == (12, False, True)
        assert not read_request(request(b"Content-Length: 0")).has_body

    @pytest.mark.parametrize("coding", [b"chunked", b"Chunked"])
    def test_chunked(self, coding: bytes) -> None:
        head = read_request(request(b"Transfer-Encoding: " + coding))
        assert (head.length, head.is_chunked, head.has_body) == (None, True, True)

    def test_upgrade(self) -> None:
        assert read_request(request(b"Connection: Upgrade", b"Upgrade: websocket")).upgrade == b"websocket"
        assert read_request(request(b"Connection: keep-alive, Upgrade", b"Upgrade: x/1")).upgrade == b"x/1"
        # Without Connection it is a header that was left over by somebody.
        assert read_request(request(b"Upgrade: websocket")).upgrade is None

    @pytest.mark.parametrize(
        ("target", "expected"),
        [
            (b"/", b"/"),
            (b"//a/b", b"//a/b"),
            (b"/%00?%zz", b"/%00?%zz"),
            (b"http://a/b?c", b"/b?c"),
            (b"HTTP://A/b", b"/b"),
            (b"http://a", b"/"),
        ],
    )
    def test_request_target(self, target: bytes, expected: bytes) -> None:
        assert read_request(b"GET %b HTTP/1.1\r\nHost: a\r\n\r\n" % target).target == expected

    @pytest.mark.parametrize(
        ("target", "status"),
        [
            (b"*", 400),
            (b"a", 400),
            (b"/a#b", 400),
            (b"http://b/", 400),
            (b"http://user@a/", 400),
            (b"ftp://a/", 400),
        ],
    )
    def test_no_request_target(self, target: bytes, status: int) -> None:
        with pytest.raises(MalformedError) as caught:
            read_request(b"GET %b HTTP/1.1\r\nHost: a\r\n\r\n" % target)
        assert caught.value.status == status

    def test_connect_is_not_for_us(self) -> None:
        with pytest.raises(MalformedError) as caught:
            read_request(b"CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n")
        assert caught.value.status == 405

    def test_http_1_0_needs_no_host(self) -> None:
        assert read_request(b"GET / HTTP/1.0\r\n\r\n").is_http_1_0


REFUSED_REQUESTS = {
    "both framings": (request(b"Content-Length: 5", b"Transfer-Encoding: chunked"), 400),
    "both framings, the other way": (request(b"Transfer-Encoding: chunked", b"Content-Length: 5"), 400),
    "two lengths": (request(b"Content-Length: 5", b"Content-Length: 6"), 400),
    "the same length twice": (request(b"Content-Length: 5", b"Content-Length: 5"), 400),
    "a list of lengths": (request(b"Content-Length: 5, 5"), 400),
    "length 1_0": (request(b"Content-Length: 1_0"), 400),
    "length +5": (request(b"Content-Length: +5"), 400),
    "length -1": (request(b"Content-Length: -1"), 400),
    "length 0x1f": (request(b"Content-Length: 0x1f"), 400),
    "length 5 6": (request(b"Content-Length: 5 6"), 400),
    "no length": (request(b"Content-Length:"), 400),
    "length beyond 64 bits": (request(b"Content-Length: 99999999999999999999"), 400),
    "an unknown coding": (request(b"Transfer-Encoding: gzip"), 400),
    "identity": (request(b"Transfer-Encoding: identity"), 400),
    "chunked and something": (request(b"Transfer-Encoding: chunked, identity"), 400),
    "something and chunked": (request(b"Transfer-Encoding: gzip, chunked"), 501),
    "chunked with a comma": (request(b"Transfer-Encoding: chunked,"), 400),
    "chunked twice": (request(b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked"), 400),
    "xchunked": (request(b"Transfer-Encoding: xchunked"), 400),
    "chunked behind a vertical tab": (request(b"Transfer-Encoding: \x0bchunked"), 400),
    "chunked on HTTP/1.0": (request(b"Transfer-Encoding: chunked", start=b"POST / HTTP/1.0"), 501),
    "a folded line": (request(b"X: a\r\n b"), 400),
    "a fold before the first line": (b"GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400),
    "bare line feeds": (b"GET / HTTP/1.1\nHost: a\n\r\n\r\n", 400),
    "a bare line feed in a field": (request(b"X: a\nY: b"), 400),
    "a bare carriage return in a field": (request(b"X: a\rY: b"), 400),
    "NUL in a value": (request(b"X: a\0b"), 400),
    "NUL in a name": (request(b"X\0: a"), 400),
    "a control character in a value": (request(b"X: a\x01b"), 400),
    "a blank before the colon": (request(b"X : a"), 400),
    "a line without a colon": (request(b"X"), 400),
    "a field without a name": (request(b": a"), 400),
    "a name that is no token": (request(b"X(y): a"), 400),
    "two hosts": (request(b"host: b"), 400),
    "no host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "HTTP/0.9": (b"GET /\r\n\r\n", 505),
    "HTTP/2.0": (b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
    "HTTP/1.2": (b"GET / HTTP/1.2\r\nHost: a\r\n\r\n", 400),
    "http/1.1 in lower case": (b"GET / http/1.1\r\nHost: a\r\n\r\n", 400),
    "the preface of HTTP/2": (b"PRI * HTTP/2.0\r\n\r\n", 400),
    "a blank in the path": (b"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    "NUL in the path": (b"GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    "a byte beyond ASCII in the path": (b"GET /\xff HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    "an unknown method": (b"FOO / HTTP/1.1\r\nHost: a\r\n\r\n", 501),
    "a method in lower case": (b"get / HTTP/1.1\r\nHost: a\r\n\r\n", 501),
    "TLS on a plain port": (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 501),
    "nothing": (b"\r\n\r\n", 400),
}


class TestRefusedRequests:
    """Rejected and never repaired: https://www.rfc-editor.org/rfc/rfc9112.html#section-11.2"""

    @pytest.mark.parametrize("name", REFUSED_REQUESTS)
    def test_refused(self, name: str) -> None:
        data, status = REFUSED_REQUESTS[name]
        with pytest.raises(MalformedError) as caught:
            read_request(data)
        assert caught.value.status == status
        assert str(caught.value).endswith(".")


class TestResponses:
    def test_a_response(self) -> None:
        head = read_response(b"HTTP/1.1 404 Not here\r\nX: 1\r\nContent-Length: 3\r\n\r\n")
        assert (head.status, head.reason, head.headers, head.length) == (404, b"Not here", [(b"X", b"1")], 3)

    def test_without_a_reason(self) -> None:
        assert read_response(b"HTTP/1.1 200\r\n\r\n").reason == b""
        assert read_response(b"HTTP/1.1 200 \r\n\r\n").reason == b""

    def test_cookies_stay_lines_of_their_own(self) -> None:
        head = read_response(b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\n")
        assert head.headers == [(b"Set-Cookie", b"a=1"), (b"Set-Cookie", b"b=2")]

    def test_switching_protocols(self) -> None:
        head = read_response(b"HTTP/1.1 101 S\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n")
        assert (head.status, head.upgrade) == (101, b"websocket")

    @pytest.mark.parametrize(
        "lines",
        [
            b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
            b"Content-Length: 3\r\nContent-Length: 4\r\n",
            b"Content-Length: +3\r\n",
            b"Transfer-Encoding: gzip\r\n",
            b"Transfer-Encoding: gzip, chunked\r\n",
            b"X: a\r\n b\r\n",
            b"X: a\nY: b\r\n",
            b"X : a\r\n",
            b"X: \0\r\n",
        ],
    )
    def test_refused(self, lines: bytes) -> None:
        with pytest.raises(MalformedError):
            read_response(b"HTTP/1.1 200 OK\r\n%b\r\n" % lines)

    @pytest.mark.parametrize("start", [b"ICY 200 OK", b"HTTP/1.1 99 No", b"HTTP/1.1 0200 No", b"HTTP/1.0200 OK", b""])
    def test_no_status_line(self, start: bytes) -> None:
        with pytest.raises(MalformedError):
            read_response(start + b"\r\n\r\n")

    def test_coding_on_http_1_0(self) -> None:
        with pytest.raises(MalformedError):
            read_response(b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
