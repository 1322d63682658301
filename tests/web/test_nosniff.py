"""The table of the web-platform-tests is in test_vectors.py; here is what it leaves out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossorigin.web.headers import HeaderList
from crossorigin.web.nosniff import determine_nosniff


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], False),
        ([b""], False),
        ([b"nosniff"], True),
        ([b" nosniff\t"], True),
        ([b"NoSniff, anything"], True),
        ([b"anything, nosniff"], False),
        ([b"nosniff", b"other"], True),
        ([b"other", b"nosniff"], False),
        ([b"no sniff"], False),
        ([b"nosniff;"], False),
    ],
)
def test_nosniff(values: list[bytes], expected: bool) -> None:
    assert determine_nosniff(HeaderList([(b"x-content-type-options", value) for value in values])) is expected


@given(st.binary())
def test_never_an_exception(value: bytes) -> None:
    assert determine_nosniff(HeaderList([(b"X-Content-Type-Options", value)])) in {True, False}
