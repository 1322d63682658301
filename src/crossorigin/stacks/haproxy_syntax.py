r"""The syntax of HAProxy's configuration: sections, a directive a line, words that quotes hold together.

https://docs.haproxy.org/2.6/configuration.html#2.2 : nothing is special between single quotes; between double quotes a
backslash still is. `#` begins a comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from crossorigin.stacks.directive import Directive, bounded

__all__ = ["parse"]

_SECTIONS: Final = frozenset(
    {
        *("global", "defaults", "frontend", "backend", "listen", "userlist", "peers", "resolvers", "mailers"),
        *("program", "http-errors", "ring", "log-forward", "cache", "crt-store", "fcgi-app"),
    }
)
_PIECE: Final = re.compile(
    r"""(?P<space>[ \t\r]+)|(?P<comment>\#.*)|'(?P<strong>[^']*)'|"(?P<weak>(?:[^"\\]|\\.)*)"|"""
    r"""\\(?P<escaped>.)|(?P<plain>[^\s'"\\\#]+|.)"""
)


def parse(text: str) -> list[Directive]:
    """The sections, each with its directives; what stands before the first is in one without a name."""
    section = Directive([], 1)
    sections = [section]
    for number, line in enumerate(bounded(text.split("\n")), 1):
        words = list(_words(line))
        if words and words[0] in _SECTIONS:
            section = Directive(words, number, is_block=True)
            sections.append(section)
        elif words:
            section.block.append(Directive(words, number))
    return sections


def _words(line: str) -> Iterator[str]:
    kept: list[str] = []
    for match in bounded(_PIECE.finditer(line)):
        kind = match.lastgroup or ""
        if kind == "comment":
            break
        if kind == "space":
            if kept:
                yield "".join(kept)
            kept = []
        elif kind == "weak":
            kept.append(re.sub(r"\\(.)", r"\1", match[kind]))
        else:
            kept.append(match[kind])
    if kept:
        yield "".join(kept)
