"""The strict reading: it takes what the hasty one takes, and it knows a regular expression when it sees one."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossorigin.policy.pattern_syntax import is_regex, read
from crossorigin.policy.patterns import OriginPattern, PatternSyntaxError, parse_pattern
from crossorigin.policy.problems import ProblemCode


class TestTwoReadings:
    """What is taken in haste is what the strict reading takes."""

    @given(st.text(st.sampled_from([*string.ascii_lowercase[:4], *"AZ09.-_*:/[]@ ü,"]), max_size=12))
    def test_two_readings_agree(self, rest: str) -> None:
        for text in (rest, f"https://{rest}", f"http://a.{rest}", f"https://*.{rest}.com", f"https://a.com:{rest}"):
            try:
                quick: OriginPattern | ProblemCode = parse_pattern(text)
            except PatternSyntaxError as error:
                quick = error.code
            try:
                strict: OriginPattern | ProblemCode = read(text)
            except PatternSyntaxError as error:
                strict = error.code
            assert quick == strict
            if isinstance(quick, OriginPattern):
                assert quick.serialize() == text


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("https://a.com", None),
        ("http://[::1]:3000", None),
        ("https://*.a.com", None),
        ("https://*.*.com", None),
        ("https://a.*", None),
        ("chrome-extension+x://a", None),
        (".*", 0),
        (".+a", 0),
        ("^https://a.com", 0),
        ("https://a.com$", 13),
        (r"https://a\.com", 9),
        ("https://.*.a.com", 8),
        ("https?://a.com", 4),
        ("https://(a|b).com", 8),
        ("https://[a-z]+.com", 12),
        ("https://a{2}.com", 9),
    ],
)
def test_is_regex(text: str, position: int | None) -> None:
    assert is_regex(text) == position
