"""Origins that nobody meant: each was tried on the matching that let it through."""

from __future__ import annotations

import re

import pytest

from crossorigin.policy.witnesses import regex_witnesses, substring_witnesses, valid_patterns


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://app.example.com,https://b.com", ("https://app.example.co", "https://b.co")),
        ("https://a.io", ("https://a.i",)),
        ("http://localhost:3000", ()),
        ("*", ()),
        ("https://a.com:8443", ("https://a.com:844",)),
    ],
)
def test_substrings(text: str, found: tuple[str, ...]) -> None:
    assert substring_witnesses(text) == found
    assert all(origin in text for origin in found)


@pytest.mark.parametrize(
    ("expression", "meant", "one"),
    [
        (r"https://.*\.a\.com", ["https://*.a.com"], "https://x.a.com.evil.example"),
        (r"^https://.*\.a.com$", ["https://*.a.com"], "https://x.axcom"),
        (r"https://.*a\.com$", ["https://a.com", "https://*.a.com"], "https://evila.com"),
        ("https://*.a.com", ["https://*.a.com"], "https://xa.com"),
        (r"^https?://a\.com$", ["https://a.com"], None),
        (r"^https://app\.a\.com$", ["https://app.a.com"], None),
        (".*", [], "https://evil.example"),
    ],
)
def test_expressions(expression: str, meant: list[str], one: str | None) -> None:
    def allows(origin: str) -> bool:
        return re.match(expression, origin) is not None

    patterns, found = regex_witnesses(expression, allows)
    assert patterns == meant
    assert all(allows(origin) for origin in found)
    assert (one in found) if one else not found


def test_valid_patterns() -> None:
    assert [pattern.serialize() for pattern in valid_patterns(["https://a.com", "a.com", "*"])] == ["https://a.com"]
