from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossorigin.web.infra import (
    HTTP_TAB_OR_SPACE,
    HTTP_WHITESPACE,
    TOKEN_BYTES,
    collect_http_quoted_string,
    is_token,
    isomorphic_decode,
    isomorphic_encode,
)


def test_whitespace() -> None:
    assert set(HTTP_WHITESPACE) == {0x09, 0x0A, 0x0D, 0x20}
    assert set(HTTP_TAB_OR_SPACE) == {0x09, 0x20}


def test_token_bytes_are_the_visible_ones_but_delimiters() -> None:
    # RFC 9110, 5.6.2: any VCHAR, except delimiters, which are DQUOTE and "(),/:;<=>?@[\]{}".
    assert set(TOKEN_BYTES) == set(range(0x21, 0x7F)) - set(b'"(),/:;<=>?@[\\]{}')
    assert len(TOKEN_BYTES) == len(set(TOKEN_BYTES)) == 77


@pytest.mark.parametrize("byte", range(256))
def test_is_token_byte_by_byte(byte: int) -> None:
    assert is_token(b"a%cb" % byte) is (byte in TOKEN_BYTES)


def test_the_empty_string_is_no_token() -> None:
    assert not is_token(b"")


@given(st.binary())
def test_isomorphic_round_trip(value: bytes) -> None:
    assert isomorphic_encode(isomorphic_decode(value)) == value


def test_isomorphic_encode_names_what_has_no_byte() -> None:
    with pytest.raises(ValueError, match=r"'a€' has U\+20AC at position 1"):
        isomorphic_encode("a€")


@pytest.mark.parametrize(
    ("text", "raw", "value", "position"),
    [
        # The standard's own example.
        ('"\\', '"\\', "\\", 2),
        ('"Hello" World', '"Hello"', "Hello", 7),
        ('"Hello \\\\ World\\""', '"Hello \\\\ World\\""', 'Hello \\ World"', 18),
        # By hand.
        ('"', '"', "", 1),
        ('""', '""', "", 2),
        ('"never closed', '"never closed', "never closed", 13),
        ('"a\\bc"d', '"a\\bc"', "abc", 6),
    ],
)
def test_collect_http_quoted_string(text: str, raw: str, value: str, position: int) -> None:
    assert collect_http_quoted_string(text, 0) == (raw, position)
    assert collect_http_quoted_string(text, 0, extract_value=True) == (value, position)
    assert collect_http_quoted_string("xy" + text, 2) == (raw, position + 2)


@settings(deadline=None)
@given(st.text(alphabet='"\\ab'))
def test_a_quoted_string_is_a_piece_of_its_text(text: str) -> None:
    raw, position = collect_http_quoted_string('"' + text, 0)
    assert ('"' + text)[:position] == raw
