"""The syntax of Apache's configuration: a directive a line, and sections in angle brackets.

https://httpd.apache.org/docs/2.4/configuring.html#syntax ; words as `ap_getword_conf` has them: quotes around one, a
backslash before the quote or before itself, which stays before anything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from crossorigin.stacks.directive import Directive, bounded, opened

__all__ = ["parse"]

_WORD: Final = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(\S+))""", re.DOTALL)
_ESCAPE: Final = {'"': re.compile(r'\\(["\\])'), "'": re.compile(r"\\(['\\])"), "": re.compile(r"\\(\\)")}


def parse(text: str) -> list[Directive]:
    """The directives at the top; a section is one whose first word is its name in lower case, in angle brackets."""
    top: list[Directive] = []
    stack = [top]
    for line, content in bounded(_lines(text)):
        if content.startswith("</"):
            if len(stack) > 1:
                stack.pop()
        elif content.startswith("<"):
            name, _, rest = content.removeprefix("<").rstrip().removesuffix(">").partition(" ")
            directive = Directive([f"<{name.lower()}>", *_words(rest)], line)
            stack[-1].append(directive)
            opened(stack, directive)
        else:
            stack[-1].append(Directive(_words(content), line))
    return top


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """What is no comment, with the number of its first line; a backslash at the end goes on in the next."""
    kept: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        content = line.strip(" \t\r")
        if content.endswith("\\"):
            kept.append(content[:-1])
            continue
        whole = " ".join([*kept, content]).strip()
        start = number - len(kept)
        kept = []
        if whole and not whole.startswith("#"):
            yield start, whole


def _words(text: str) -> list[str]:
    found = []
    for match in bounded(_WORD.finditer(text)):
        double, single, plain = match.groups()
        quote = '"' if double is not None else "'" if single is not None else ""
        found.append(_ESCAPE[quote].sub(r"\1", double or single or plain or ""))
    return found
