"""Which request headers need no preflight: every byte, both sides of every limit, and the reason given."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossorigin.web.safelisted_header import (
    UnsafeRequestHeader,
    UnsafeRule,
    is_cors_safelisted_request_header,
    is_cors_unsafe_request_header_byte,
    why_not_cors_safelisted,
)

# As the standard lists them, one by one.
UNSAFE_BYTES = {byte for byte in range(0x20) if byte != 0x09} | {
    0x22, 0x28, 0x29, 0x3A, 0x3C, 0x3E, 0x3F, 0x40, 0x5B, 0x5C, 0x5D, 0x7B, 0x7D, 0x7F,
}  # fmt: skip
LANGUAGE_BYTES = {*range(0x30, 0x3A), *range(0x41, 0x5B), *range(0x61, 0x7B), 0x20, 0x2A, 0x2C, 0x2D, 0x2E, 0x3B, 0x3D}


@pytest.mark.parametrize("byte", range(256))
def test_every_byte(byte: int) -> None:
    value = b"a%c" % byte
    safe = byte not in UNSAFE_BYTES
    assert is_cors_unsafe_request_header_byte(byte) is not safe
    assert is_cors_safelisted_request_header(b"Accept", value) is safe
    assert is_cors_safelisted_request_header(b"Content-Type", b"text/plain;a=b%c" % byte) is safe
    assert is_cors_safelisted_request_header(b"Accept-Language", value) is (byte in LANGUAGE_BYTES)
    assert is_cors_safelisted_request_header(b"Content-Language", value) is (byte in LANGUAGE_BYTES)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (b"Accept", b""),
        (b"ACCEPT", b"*/*;q=0.8, text/html"),
        (b"accept-language", b"de-DE, de;q=0.9, *;q=0.5"),
        (b"content-language", b""),
        (b"Content-Type", b"text/plain"),
        (b"content-TYPE", b" TEXT/PLAIN;charset=UTF-8"),
        (b"Content-Type", b"application/x-www-form-urlencoded"),
        (b"Content-Type", b"multipart/form-data; boundary=----WebKitFormBoundaryA1"),
        (b"Content-Type", b"text/plain; \xff"),
        (b"Range", b"bytes=0-"),
        (b"range", b"bytes=1-2"),
    ],
)
def test_safelisted(name: bytes, value: bytes) -> None:
    assert is_cors_safelisted_request_header(name, value)
    assert why_not_cors_safelisted(name, value) is None


UNSAFE: list[tuple[bytes, bytes, UnsafeRule, int | None, str]] = [
    (b"X-Custom", b"1", "name", None, "its name is not one of Accept,"),
    (b"Authorization", b"Basic a", "name", None, "Authorization is not CORS-safelisted: its name"),
    (b"DPR", b"2", "name", None, "DPR is not CORS-safelisted"),
    (b"", b"", "name", None, " is not CORS-safelisted"),
    (b"X-Long", b"a" * 129, "name", None, "its name is not one of"),
    (b"Accept", b"a" * 129, "length", None, "its value has 129 bytes, and 128 is the most"),
    (b"Accept", b'text/"html', "byte", 5, 'the byte 0x22 (") at position 5'),
    (b"Accept", b"a\x00b", "byte", 1, "the byte 0x00 at position 1"),
    (b"Accept", b"a(b(c", "byte", 1, "the byte 0x28 (() at position 1"),
    (b"Accept-Language", b"de_DE", "byte", 2, "the byte 0x5F (_) at position 2"),
    (b"Content-Language", b"\xff", "byte", 0, "the byte 0xFF at position 0"),
    (b"Content-Type", b'text/plain;charset="utf-8"', "byte", 19, 'the byte 0x22 (") at position 19'),
    (b"Content-Type", b"application/json", "essence", None, "application/json is not one of application/x-www-form-"),
    (b"Content-Type", b"text/html; charset=utf-8", "essence", None, "text/html is not one of"),
    (b"Content-Type", b"", "mime-type", None, "its value '' is not a MIME type"),
    (b"Content-Type", b"text", "mime-type", None, "its value 'text' is not a MIME type"),
    # What "extract a MIME type" would take for text/plain.
    (b"Content-Type", b"application/json, text/plain", "mime-type", None, "is not a MIME type"),
    (b"Range", b"bytes 0-", "range", None, "'bytes 0-' is not a single range with a start"),
    (b"Range", b"bytes=-5", "range", None, "not a single range"),
    (b"Range", b"bytes=2-1", "range", None, "not a single range"),
    (b"Range", b"bytes=1-2,4-5", "range", None, "not a single range"),
    (b"Range", b"bytes=" + b"9" * 200 + b"-", "length", None, "its value has 207 bytes"),
]


@pytest.mark.parametrize(("name", "value", "rule", "position", "said"), UNSAFE)
def test_not_safelisted_and_why(name: bytes, value: bytes, rule: UnsafeRule, position: int | None, said: str) -> None:
    assert not is_cors_safelisted_request_header(name, value)
    why = why_not_cors_safelisted(name, value)
    assert why == UnsafeRequestHeader(name, value, rule, position)
    assert why is not None
    assert said in why.sentence
    assert why.sentence.endswith(".")


@pytest.mark.parametrize(
    ("name", "start"),
    [(b"Accept", b""), (b"Accept-Language", b""), (b"Content-Language", b""), (b"Content-Type", b"text/plain;a=")],
)
def test_128_bytes_and_no_more(name: bytes, start: bytes) -> None:
    assert is_cors_safelisted_request_header(name, start + b"a" * (128 - len(start)))
    assert not is_cors_safelisted_request_header(name, start + b"a" * (129 - len(start)))


def test_128_bytes_of_range() -> None:
    assert is_cors_safelisted_request_header(b"Range", b"bytes=" + b"1" * 121 + b"-")
    assert not is_cors_safelisted_request_header(b"Range", b"bytes=" + b"1" * 122 + b"-")


@given(
    st.sampled_from([b"accept", b"Accept-Language", b"content-language", b"Content-Type", b"RANGE"]) | st.binary(),
    st.binary(max_size=140),
)
def test_safelisted_exactly_where_there_is_no_reason_why_not(name: bytes, value: bytes) -> None:
    why = why_not_cors_safelisted(name, value)
    assert is_cors_safelisted_request_header(name, value) is (why is None)
    if why is not None:
        assert (why.position is not None) is (why.rule == "byte")
        assert why.sentence.count("\n") == 0 or b"\n" in name
