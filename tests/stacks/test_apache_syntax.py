"""Lines, words and sections of Apache's configuration."""

from __future__ import annotations

import pytest

from crossorigin.policy.migrate import MigrationError
from crossorigin.stacks.apache_syntax import parse


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Header set X-A 1", [["Header", "set", "X-A", "1"]]),
        ("  a \"b c\" 'd e'  ", [["a", "b c", "d e"]]),
        (r'a "\"b\" \. \\ "', [["a", r'"b" \. \ ']]),
        (r"a ^https://a\.com$", [["a", r"^https://a\.com$"]]),
        ("# a\n\nb # c", [["b", "#", "c"]]),
        ("a \\\n  b\nc", [["a", "b"], ["c"]]),
        ("a\r\nb", [["a"], ["b"]]),
    ],
)
def test_words(text: str, words: list[list[str]]) -> None:
    assert [each.words for each in parse(text)] == words


def test_sections() -> None:
    host, after = parse("<VirtualHost *:80>\n<If \"a == 'b'\">\nx\n</If>\n</VirtualHost>\ny\n</Stray>")
    assert (host.words, host.line, host.is_block) == (["<virtualhost>", "*:80"], 1, True)
    assert host.block[0].words == ["<if>", "a == 'b'"]
    assert [(each.name, each.line) for each in host.block[0].block] == [("x", 3)]
    assert (after.name, after.line) == ("y", 6)


def test_lines_that_go_on_are_counted() -> None:
    assert [each.line for each in parse("a \\\n b\nc")] == [1, 3]


def test_too_deep() -> None:
    with pytest.raises(MigrationError, match="nested too deep"):
        parse("<a>\n" * 200)
