"""A response as it comes: in any pieces, told the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossorigin.proxy.heads import Header, ResponseHead
from crossorigin.proxy.upstream import ResponseReader, UpstreamConnection


class Told(ResponseReader):
    """What a connection told, in order; bodies joined."""

    def __init__(self) -> None:
        self.events: list[object] = []
        self.body = b""

    def informed(self, head: ResponseHead) -> None:
        self.events.append(("informed", head.status))

    def answered(self, head: ResponseHead, *, has_body: bool) -> None:
        self.events.append(("answered", head.status, has_body))

    def upgraded(self, head: ResponseHead, data: bytes) -> None:
        self.events.append(("upgraded", head.status, data))

    def received(self, data: bytes) -> None:
        assert data
        self.body += data

    def ended(self, trailers: list[Header]) -> None:
        self.events.append(("ended", trailers))

    def flushed(self) -> None:
        pass

    def lost(self, why: str) -> None:
        self.events.append(("lost", why))

    def pause(self) -> None:
        self.events.append("pause")

    def resume(self) -> None:
        self.events.append("resume")


class Transport:
    def __init__(self) -> None:
        self.sent = b""
        self.aborted = False

    def write(self, data: bytes) -> None:
        self.sent += data

    def abort(self) -> None:
        self.aborted = True

    close = abort

    def get_extra_info(self, name: str) -> None:
        return None


def connected(*, is_head_method: bool = False) -> tuple[UpstreamConnection, Told, Transport]:
    connection, told, transport = UpstreamConnection(), Told(), Transport()
    connection.connection_made(transport)  # type: ignore[arg-type]
    connection.begin(told, b"GET / HTTP/1.1\r\n\r\n", is_head_method=is_head_method)
    return connection, told, transport


RESPONSES: dict[str, tuple[bytes, list[object], bytes, list[Header]]] = {
    "a length": (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", [("answered", 200, True)], b"hello", []),
    "chunks": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\nX: 1\r\n\r\n",
        [("answered", 200, True)],
        b"hello",
        [(b"X", b"1")],
    ),
    "no body": (b"HTTP/1.1 204 No\r\n\r\n", [("answered", 204, False)], b"", []),
    "an empty body": (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", [("answered", 200, False)], b"", []),
    "an interim response before it": (
        b"HTTP/1.1 100 Go\r\n\r\nHTTP/1.1 103 Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
        [("informed", 100), ("informed", 103), ("answered", 200, True)],
        b"x",
        [],
    ),
}


class TestResponses:
    @pytest.mark.parametrize("name", RESPONSES)
    @given(data=st.data())
    def test_in_any_pieces(self, name: str, data: st.DataObject) -> None:
        wire, heads, body, trailers = RESPONSES[name]
        connection, told, transport = connected()
        while wire:
            size = data.draw(st.integers(1, len(wire)))
            connection.data_received(wire[:size])
            wire = wire[size:]
        assert told.events == [*heads, ("ended", trailers)]
        assert told.body == body
        assert connection.is_reusable
        assert not transport.aborted

    def test_up_to_the_end(self) -> None:
        connection, told, _ = connected()
        connection.data_received(b"HTTP/1.1 200 OK\r\n\r\nhel")
        connection.data_received(b"lo")
        connection.eof_received()
        connection.connection_lost(None)
        assert told.events == [("answered", 200, True), ("ended", [])]
        assert told.body == b"hello"
        assert not connection.is_reusable

    def test_but_not_up_to_a_reset(self) -> None:
        connection, told, _ = connected()
        connection.data_received(b"HTTP/1.1 200 OK\r\n\r\nhel")
        connection.connection_lost(ConnectionResetError(104, "reset"))
        assert told.events == [("answered", 200, True), ("lost", "the connection broke ([Errno 104] reset)")]

    def test_the_answer_to_head_has_no_body(self) -> None:
        connection, told, _ = connected(is_head_method=True)
        connection.data_received(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
        assert told.events == [("answered", 200, False), ("ended", [])]
        assert connection.is_reusable

    def test_close_is_the_end_of_its_use(self) -> None:
        connection, _, _ = connected()
        connection.data_received(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        assert not connection.is_reusable

    @pytest.mark.parametrize("name", ["a length", "chunks", "no body", "an empty body"])
    def test_bytes_behind_it_are_nobodys(self, name: str) -> None:
        wire, heads, body, trailers = RESPONSES[name]
        connection, told, transport = connected()
        connection.data_received(wire + b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        assert told.events == [*heads, ("ended", trailers)]
        assert told.body == body
        assert not connection.is_reusable
        assert transport.aborted

    def test_no_http(self) -> None:
        connection, told, transport = connected()
        connection.data_received(b"220 mail.example ESMTP\r\n\r\n")
        assert [event[0] for event in told.events if isinstance(event, tuple)] == ["lost"]
        assert transport.aborted

    def test_switching(self) -> None:
        connection, told, _ = connected()
        connection.data_received(b"HTTP/1.1 101 S\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n\x81\x00")
        assert told.events == [("upgraded", 101, b"\x81\x00")]

    def test_flow(self) -> None:
        connection, told, _ = connected()
        connection.pause_writing()
        connection.resume_writing()
        assert told.events == ["pause", "resume"]
