"""Sections, lines and words of HAProxy's configuration."""

from __future__ import annotations

import pytest

from crossorigin.stacks.haproxy_syntax import parse


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("acl a hdr(origin) -i x", ["acl", "a", "hdr(origin)", "-i", "x"]),
        ('  a \'b \\ c\' "d \\" e" f\\ g # h', ["a", "b \\ c", 'd " e', "f g"]),
        ("a b'c'\"d\"", ["a", "bcd"]),
        ("a 'unclosed b", ["a", "'unclosed", "b"]),
    ],
)
def test_words(line: str, words: list[str]) -> None:
    assert parse(line)[0].block[0].words == words


def test_sections() -> None:
    outside, frontend, backend = parse("maxconn 1\nfrontend web\n  bind :80\n\nbackend app\n  server a b\n")
    assert [each.words for each in outside.block] == [["maxconn", "1"]]
    assert (frontend.words, frontend.line, frontend.is_block) == (["frontend", "web"], 2, True)
    assert [(each.name, each.line) for each in frontend.block] == [("bind", 3)]
    assert [each.name for each in backend.block] == ["server"]
