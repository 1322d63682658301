"""What an attacker sent, shown to people: one line, printable, short."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossorigin.policy.escape import SHOWN, escape


@pytest.mark.parametrize(
    ("value", "expected"),
    [(b"abc", "abc"), (b"\r\n\x00", "\\r\\n\\x00"), (b"\xff\\", "\\xff\\\\"), (b"x" * 65, "x" * 64 + "...")],
)
def test_escape(value: bytes, expected: str) -> None:
    assert escape(value) == expected


@given(st.binary(max_size=200))
def test_anything_is_one_printable_line(value: bytes) -> None:
    text = escape(value)
    assert text.isascii()
    assert text.isprintable()
    assert len(text) <= 4 * SHOWN + 3
