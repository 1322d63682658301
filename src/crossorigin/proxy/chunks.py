"""Bodies in chunks: taken apart by llhttp, put together anew. Nothing of the other hop's framing is handed on."""

from __future__ import annotations

from typing import Final

import httptools

from crossorigin.proxy.heads import Header, MalformedError

__all__ = ["LAST_CHUNK", "Chunks", "chunk", "last_chunk"]

LAST_CHUNK: Final = b"0\r\n\r\n"

_MAX_OVERHEAD: Final = 64 * 1024
"""Bytes of extensions and trailers between two pieces of a body; a head may be as long."""
_SEED: Final = b"HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
"""After it llhttp is where a chunked body begins. `close`: whatever follows that body is then an error, which is how we
come to know that something does."""
_NOT_IN_TRAILERS: Final = frozenset(
    {
        b"authorization",
        b"cache-control",
        b"connection",
        b"content-encoding",
        b"content-length",
        b"content-range",
        b"content-type",
        b"cookie",
        b"expect",
        b"host",
        b"keep-alive",
        b"location",
        b"origin",
        b"set-cookie",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
        b"vary",
    }
)
"""What steers framing, routing, or the meaning of the message: https://www.rfc-editor.org/rfc/rfc9110.html#section-6.5.1"""


class Chunks:
    """A chunked body on its way in.

    `feed` takes what was received and gives the pieces of the body that were in it. `is_complete` is true after the
    last chunk and its trailers, which are `trailers` then; `has_more` tells that bytes follow which are no longer part
    of this message. Raises MalformedError for what is no chunked body.
    """

    __slots__ = ("_overhead", "_parser", "_pieces", "has_more", "is_complete", "trailers")

    def __init__(self) -> None:
        self.trailers: list[Header] = []
        self.is_complete = False
        self.has_more = False
        self._overhead = 0
        self._pieces: list[bytes] = []
        self._parser = httptools.HttpResponseParser(self)
        self._parser.feed_data(_SEED)
        self.trailers.clear()

    def feed(self, data: bytes) -> list[bytes]:
        """The pieces of the body that are in `data`."""
        pieces = self._pieces = []
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            if not self.is_complete:
                raise MalformedError(f"The body is not in chunks as HTTP has them: {error}.") from None
            self.has_more = True
        self._overhead = 0 if pieces else self._overhead + len(data)
        if self._overhead > _MAX_OVERHEAD and not self.is_complete:
            raise MalformedError("The body has more extensions or trailers than are taken.")
        return pieces

    def on_body(self, piece: bytes) -> None:
        """Called by llhttp."""
        self._pieces.append(piece)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Called by llhttp for a trailer."""
        lower = name.lower()
        if lower not in _NOT_IN_TRAILERS and not lower.startswith((b"access-control-", b"proxy-", b"x-forwarded-")):
            self.trailers.append((name, value))

    def on_message_complete(self) -> None:
        """Called by llhttp."""
        self.is_complete = True


def chunk(data: bytes) -> bytes:
    """`data`, which is not empty, as one chunk."""
    return b"%x\r\n%b\r\n" % (len(data), data)


def last_chunk(trailers: list[Header]) -> bytes:
    """What ends a chunked body."""
    if not trailers:
        return LAST_CHUNK
    return b"0\r\n%b\r\n" % b"".join([b"%b: %b\r\n" % field for field in trailers])
