"""What somebody probably meant: always a pattern, or advice; never a guess that is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossorigin.policy.patterns import parse_pattern
from crossorigin.policy.problems import ProblemCode
from crossorigin.policy.repair import ascii_host, patterns_of_regex, repair

REGEXES: list[tuple[str, list[str]]] = [
    (r"^https://example\.com$", ["https://example.com"]),
    (r"https://example\.com/?", ["https://example.com"]),
    (r"\Ahttps://example\.com\Z", ["https://example.com"]),
    (r"https:\/\/.*\.example\.com", ["https://*.example.com"]),
    (r"https://[^.]+\.example\.com", ["https://*.example.com"]),
    (r"https://[\w-]+\.example\.com", ["https://*.example.com"]),
    (r"https://\w+\.example\.com", ["https://*.example.com"]),
    (r"https://([a-z0-9-]+\.)*example\.com", ["https://example.com", "https://*.example.com"]),
    (r"^https?://(?:.+\.)?example\.com(?::\d{1,5})?$", ["https://example.com:*", "https://*.example.com:*"]),
    (r"http://localhost:[0-9]+", ["http://localhost:*"]),
    (r"(http|https)://127\.0\.0\.1:\d+", ["http://127.0.0.1:*", "https://127.0.0.1:*"]),
    (r"https://(app|my-admin)\.example\.com", ["https://app.example.com", "https://my-admin.example.com"]),
    (r"https://.*example\.com", ["https://example.com", "https://*.example.com"]),
    (r"https://preview-\d+\.example\.com", []),
    (r"https://.*\.com", []),
    (r"https://.*", []),
    (r".*", []),
    (r"example\.com", []),
]


@pytest.mark.parametrize(("expression", "meant"), REGEXES, ids=[expression for expression, _ in REGEXES])
def test_expression(expression: str, meant: list[str]) -> None:
    assert patterns_of_regex(expression) == meant


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("Example.COM", "example.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("straße.de", "xn--strae-oqa.de"),
        ("例え。テスト", "xn--r8jz45g.xn--zckzah"),
        ("\ud800.com", "\ud800.com"),
    ],
)
def test_ascii_host(host: str, expected: str) -> None:
    assert ascii_host(host) == expected


@given(st.text(max_size=40), st.sampled_from([*ProblemCode]))
def test_a_repair_is_a_pattern_or_advice(text: str, code: ProblemCode) -> None:
    fix = repair(text, code)
    assert fix
    if fix.startswith('"'):
        for each in fix.split(", "):
            assert parse_pattern(each.strip('"')).serialize() == each.strip('"')


def test_little_of_a_long_text_is_looked_at() -> None:
    assert len(repair("https://a.com," * 100_000, ProblemCode.SEVERAL_ORIGINS)) < 200
    assert len(repair("https://" + "a," * 100_000, ProblemCode.TOO_LONG)) < 200_000
