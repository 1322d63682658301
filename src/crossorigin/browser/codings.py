"""Content codings: what a browser takes off a body before script sees it."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Final

from crossorigin.web.headers import HeaderList

__all__ = ["ACCEPTED_CODINGS", "BodyError", "decode_body"]

ACCEPTED_CODINGS: Final = b"gzip, deflate"
"""What Accept-Encoding says: no more than can be decoded here. Browsers take `br` and `zstd` too; the libraries for
them cannot all be told where to stop, and a kilobyte of brotli holds gigabytes."""

_MOST_CODINGS: Final = 5
"""Layers that are taken off: one is usual, and each may multiply the size."""
_GZIP: Final = 16 + zlib.MAX_WBITS
_ONLY_IN_BROWSERS: Final = {"br", "zstd", "dcb", "dcz"}


class BodyError(TypeError):
    """A body that is not what its Content-Encoding says: reading it fails in script, though the fetch was allowed."""


def decode_body(headers: HeaderList, body: bytes, limit: int) -> bytes:
    """Fetch, "handle content codings", for a whole body: https://fetch.spec.whatwg.org/#handle-content-codings

    A coding that is unknown leaves the body as it is, as the standard has it. Raises BodyError for a body that does
    not decode, or is longer than `limit` bytes once it is decoded.
    """
    if not headers.contains(b"Content-Encoding") or not body:
        return body
    codings = [coding.lower() for coding in headers.get_decode_split(b"Content-Encoding") or [] if coding]
    codings = [coding for coding in codings if coding != "identity"]
    if len(codings) > _MOST_CODINGS:
        raise BodyError(f"the body has {len(codings)} content codings, more than {_MOST_CODINGS}")
    undecoded = [coding for coding in codings if coding in _ONLY_IN_BROWSERS]
    if undecoded:
        raise BodyError(
            f"the body is {undecoded[0]}, which Accept-Encoding did not offer: browsers decode it, this one does not"
        )
    if any(coding not in _DECODERS for coding in codings):
        return body
    for coding in reversed(codings):
        body = _decoded(coding, _DECODERS[coding], body, limit)
    return body


def _decoded(coding: str, decoder: Callable[[bytes, int], bytes], body: bytes, limit: int) -> bytes:
    try:
        decoded = decoder(body, limit)
    except Exception as error:
        raise BodyError(f"the body is not {coding}, as its Content-Encoding says: {error}") from error
    if len(decoded) > limit:
        raise BodyError(f"the body is longer than the limit of {limit} bytes once its {coding} is decoded")
    return decoded


def _gzip(body: bytes, limit: int) -> bytes:
    # A gzip file may have several members, one after the other.
    decoded = b""
    while body and len(decoded) <= limit:
        member = zlib.decompressobj(_GZIP)
        decoded += member.decompress(body, limit + 1 - len(decoded))
        if not member.eof and len(decoded) <= limit:
            raise ValueError("it ends too early")
        body = member.unused_data.lstrip(b"\0")
    return decoded


def _deflate(body: bytes, limit: int) -> bytes:
    # The header of zlib belongs there; many servers leave it out, and browsers let them.
    for bits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        stream = zlib.decompressobj(bits)
        try:
            decoded = stream.decompress(body, limit + 1)
        except zlib.error:
            if bits > 0:
                continue
            raise
        if not stream.eof and len(decoded) <= limit:
            raise ValueError("it ends too early")
        return decoded
    raise AssertionError("the second turn returns or raises")  # pragma: no cover


_DECODERS: Final[dict[str, Callable[[bytes, int], bytes]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
}
