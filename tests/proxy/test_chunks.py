"""Chunked bodies: taken apart whatever the pieces they come in, and refused where servers disagree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossorigin.proxy.chunks import LAST_CHUNK, Chunks, chunk, last_chunk
from crossorigin.proxy.heads import MalformedError

REFUSED = {
    "0x in front": b"0x5\r\nhello\r\n",
    "a plus": b"+5\r\nhello\r\n",
    "a minus": b"-5\r\nhello\r\n",
    "an underscore": b"0_5\r\nhello\r\n",
    "a blank behind": b"5 \r\nhello\r\n",
    "a blank in front": b" 5\r\nhello\r\n",
    "nothing": b"\r\nhello\r\n",
    "no number": b"g\r\nhello\r\n",
    "a bare line feed": b"5\nhello\r\n",
    "a bare line feed after an extension": b"5;a\nhello\r\n",
    "no end of the chunk": b"5\r\nhello0\r\n\r\n",
    "a longer chunk than its size": b"3\r\nhello\r\n0\r\n\r\n",
    "more than 64 bits": b"fffffffffffffffff\r\n",
    "a length among the trailers": b"0\r\nContent-Length: 5\r\n\r\n",
    "a folded trailer": b"0\r\nX: a\r\n b\r\n\r\n",
    "NUL in a trailer": b"0\r\nX: \0\r\n\r\n",
}


class TestChunks:
    def test_pieces(self) -> None:
        chunks = Chunks()
        assert chunks.feed(b"5\r\nhello\r\nA\r\n0123456789\r\n") == [b"hello", b"0123456789"]
        assert not chunks.is_complete
        assert chunks.feed(b"0\r\n\r\n") == []
        assert (chunks.is_complete, chunks.has_more, chunks.trailers) == (True, False, [])

    def test_extensions_are_dropped(self) -> None:
        assert Chunks().feed(b'5;a=b;c="d"\r\nhello\r\n0\r\n\r\n') == [b"hello"]

    def test_trailers_but_none_that_steers(self) -> None:
        chunks = Chunks()
        lines = [b"X-Sum: 1", b"Set-Cookie: a=b", b"Access-Control-Allow-Origin: *", b"Host: x"]
        chunks.feed(b"0\r\n" + b"".join(line + b"\r\n" for line in lines) + b"\r\n")
        assert chunks.trailers == [(b"X-Sum", b"1")]

    def test_what_follows_is_told(self) -> None:
        chunks = Chunks()
        chunks.feed(b"0\r\n\r\nGET / HTTP/1.1\r\n")
        assert (chunks.is_complete, chunks.has_more) == (True, True)

    @pytest.mark.parametrize("name", REFUSED)
    def test_refused(self, name: str) -> None:
        with pytest.raises(MalformedError):
            Chunks().feed(REFUSED[name])

    def test_endless_extensions(self) -> None:
        chunks = Chunks()
        chunks.feed(b"5;")
        for _ in range(7):
            chunks.feed(b"a" * 8192)
        with pytest.raises(MalformedError, match="more extensions or trailers"):
            chunks.feed(b"a" * 8192)

    def test_endless_trailers(self) -> None:
        chunks = Chunks()
        chunks.feed(b"0\r\n")
        for _ in range(7):
            chunks.feed(b"X: " + b"a" * 8192 + b"\r\n")
        with pytest.raises(MalformedError, match="more extensions or trailers"):
            chunks.feed(b"X: " + b"a" * 8192 + b"\r\n")

    @given(st.lists(st.binary(min_size=1, max_size=300), max_size=5), st.data())
    def test_what_is_put_together_comes_apart(self, bodies: list[bytes], data: st.DataObject) -> None:
        wire = b"".join(map(chunk, bodies)) + LAST_CHUNK
        chunks, found = Chunks(), b""
        while wire:
            size = data.draw(st.integers(1, len(wire)))
            found += b"".join(chunks.feed(wire[:size]))
            wire = wire[size:]
        assert found == b"".join(bodies)
        assert chunks.is_complete
        assert not chunks.has_more


def test_framing() -> None:
    assert chunk(b"x" * 26) == b"1a\r\n" + b"x" * 26 + b"\r\n"
    assert last_chunk([]) == b"0\r\n\r\n"
    assert last_chunk([(b"X", b"1"), (b"Y", b"2")]) == b"0\r\nX: 1\r\nY: 2\r\n\r\n"
