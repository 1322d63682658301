from __future__ import annotations

import gzip
import zlib

import pytest

from crossorigin.browser.codings import ACCEPTED_CODINGS, BodyError, decode_body
from crossorigin.web.headers import HeaderList

TEXT = b"hello " * 50


def gz(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def coded(coding: str | None) -> HeaderList:
    return HeaderList() if coding is None else HeaderList.of(("Content-Encoding", coding))


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        (None, TEXT),
        ("", TEXT),
        ("identity", TEXT),
        ("gzip", gz(TEXT)),
        ("X-GZIP", gz(TEXT)),
        ("gzip", gz(TEXT[:100]) + gz(TEXT[100:])),
        ("gzip", gz(TEXT) + b"\0" * 20),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", raw_deflate(TEXT)),
        ("deflate, gzip", gz(zlib.compress(TEXT))),
        ("gzip, , identity", gz(TEXT)),
        # What no browser knows stays as it is.
        ("rot13", TEXT),
        ("gzip, rot13", TEXT),
    ],
)
def test_bodies(coding: str | None, body: bytes) -> None:
    assert decode_body(coded(coding), body, 1000) == TEXT


@pytest.mark.parametrize(
    ("coding", "body", "said"),
    [
        ("gzip", TEXT, "not gzip, as its Content-Encoding says"),
        ("gzip", gz(TEXT)[:-9], "ends too early"),
        ("deflate", TEXT, "not deflate"),
        ("deflate", zlib.compress(TEXT)[:-9], "ends too early"),
        ("gzip", gz(b"\0" * 1001), "longer than the limit of 1000 bytes"),
        ("deflate", zlib.compress(b"\0" * 10_000_000), "longer than the limit"),
        ("gzip, gzip, gzip, gzip, gzip, gzip", TEXT, "6 content codings"),
        ("br", TEXT, "did not offer"),
        ("zstd", TEXT, "did not offer"),
    ],
)
def test_what_does_not_decode(coding: str, body: bytes, said: str) -> None:
    with pytest.raises(BodyError, match=said):
        decode_body(coded(coding), body, 1000)


def test_an_empty_body_has_no_coding() -> None:
    assert decode_body(coded("gzip"), b"", 1000) == b""


def test_what_is_offered_is_what_is_decoded() -> None:
    assert ACCEPTED_CODINGS == b"gzip, deflate"
    assert issubclass(BodyError, TypeError)
