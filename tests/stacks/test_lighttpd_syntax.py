"""Assignments, lists and conditions of lighttpd's configuration."""

from __future__ import annotations

import pytest

from crossorigin.policy.migrate import MigrationError
from crossorigin.stacks.lighttpd_syntax import parse


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("server.port = 80\n", [["server.port", "=", "80"]]),
        ('a = "b" # c\nd += ( "e" => "f" )', [["a", "=", '"b'], ["d", "+=", "(", '"e', "=>", '"f', ")"]]),
        ('a = "b" +\n  "c"\nd = 1', [["a", "=", '"b', "+", '"c'], ["d", "=", "1"]]),
        ('a = (\n  "b" => "c",\n)\nd = 1', [["a", "=", "(", '"b', "=>", '"c', ",", ")"], ["d", "=", "1"]]),
    ],
)
def test_statements(text: str, words: list[list[str]]) -> None:
    assert [each.words for each in parse(text)] == words


def test_conditions() -> None:
    first, second = parse('$HTTP[ "host" ] == "a" {\n  x = 1\n}\nelse $HTTP["host"] =~ "b" { y = 2 }')
    assert (first.words, first.line, first.is_block) == (['$HTTP["host"]', "==", '"a'], 1, True)
    assert [(each.name, each.line) for each in first.block] == [("x", 2)]
    assert second.words == ["else", '$HTTP["host"]', "=~", '"b']
    assert [each.name for each in second.block] == ["y"]


def test_too_deep() -> None:
    with pytest.raises(MigrationError, match="nested too deep"):
        parse('$HTTP["a"] == "b" {\n' * 200)
