"""Words, blocks and snippets of a Caddyfile."""

from __future__ import annotations

import pytest

from crossorigin.policy.migrate import MigrationError
from crossorigin.stacks.caddy_syntax import imported, parse, snippets


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("header X-A 1", [["header", "X-A", "1"]]),
        ('a "b c" `d "e"`', [["a", "b c", 'd "e"']]),
        (r'a "\"b\" \."', [["a", r'"b" \.']]),
        ("# a\n\nb # c", [["b"]]),
        ("a \\\n  b\nc", [["a", "b"], ["c"]]),
        ("a {http.request.header.Origin}", [["a", "{http.request.header.Origin}"]]),
    ],
)
def test_words(text: str, words: list[list[str]]) -> None:
    assert [each.words for each in parse(text)] == words


def test_blocks() -> None:
    site, after = parse(":80 {\n\thandle @a {\n\t\tx\n\t}\n}\ny\n}")
    assert (site.words, site.line, site.is_block) == ([":80"], 1, True)
    assert [each.name for each in site.block[0].block] == ["x"]
    assert (after.name, after.line) == ("y", 6)


def test_snippets() -> None:
    top = parse("(cors) {\n\theader A {args[0]}\n\theader B {args.1}\n}\na {\n\timport cors x\n}")
    known = snippets(top)
    assert list(known) == ["cors"]
    assert [each.words for each in imported(top[1].block, known)] == [["header", "A", "x"], ["header", "B", "{args.1}"]]
    assert [each.line for each in imported(top[1].block, known)] == [2, 3]


def test_snippets_that_import_each_other() -> None:
    top = parse("(a) {\n\timport a\n\timport a\n}\nb {\n\timport a\n}")
    with pytest.raises(MigrationError, match="import each other"):
        imported(top[1].block, snippets(top))


def test_too_deep() -> None:
    with pytest.raises(MigrationError, match="nested too deep"):
        parse("a {\n" * 200)
