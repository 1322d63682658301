"""The words of a program: where a slash divides and where it begins an expression, and what is a comment."""

from __future__ import annotations

import pytest

from crossorigin.policy.migrate import MigrationError
from crossorigin.stacks.javascript_tokens import partners, tokens


def words(text: str) -> list[tuple[str, str]]:
    return [(token.kind, token.text) for token in tokens(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a // b\n/* c\n*/ d", [("name", "a"), ("name", "d")]),
        ("'a\\'b' \"c//d\" `e\nf`", [("string", "'a\\'b'"), ("string", '"c//d"'), ("string", "`e\nf`")]),
        ("[/a[/]b\\/c/i]", [("sign", "["), ("regex", "/a[/]b\\/c/i"), ("sign", "]")]),
        ("a / b / c", [("name", "a"), ("sign", "/"), ("name", "b"), ("sign", "/"), ("name", "c")]),
        ("=> ... !== &&", [("sign", "=>"), ("sign", "..."), ("sign", "!=="), ("sign", "&&")]),
        ("10_000 0x1F", [("number", "10_000"), ("number", "0x1F")]),
        ("'unclosed", [("sign", "'"), ("name", "unclosed")]),
    ],
)
def test_words(text: str, found: list[tuple[str, str]]) -> None:
    assert words(text) == found


def test_lines_and_places() -> None:
    first, second = tokens("a\n\n  bc")
    assert (first.line, second.line) == (1, 3)
    assert (second.start, second.end) == (5, 7)


def test_partners() -> None:
    assert partners(tokens("( [ ] { )")) == {1: 2}
    assert partners(tokens("f({ a: [1] })")) == {1: 9, 2: 8, 5: 7}


def test_too_many() -> None:
    with pytest.raises(MigrationError, match="more than 200,000 words"):
        tokens("( " * 300_000)
