"""A line of a configuration: its words, its place, and what stands in its braces. Web servers have little else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, TypeVar

from crossorigin.policy.migrate import MigrationError

__all__ = ["Directive", "bounded", "opened", "walk"]

_MAX_WORDS: Final = 200_000
"""Of one file: ten times as many as the longest that people write by hand."""
_MAX_DEPTH: Final = 100
"""Blocks in blocks."""

_Token = TypeVar("_Token")


@dataclass(slots=True)
class Directive:
    """A directive: its words, the first being its name, the line, and what is in its block, if it has one."""

    words: list[str]
    line: int
    block: list[Directive] = field(default_factory=list)
    is_block: bool = False

    @property
    def name(self) -> str:
        """The first word; empty where there is none."""
        return self.words[0] if self.words else ""

    @property
    def arguments(self) -> list[str]:
        """The other words."""
        return self.words[1:]

    @property
    def text(self) -> str:
        """As one line."""
        return " ".join(self.words)


def bounded(words: Iterable[_Token]) -> Iterator[_Token]:
    """The words of a file; raises MigrationError where there are too many."""
    for number, word in enumerate(words):
        if number > _MAX_WORDS:
            raise MigrationError(f"it has more than {_MAX_WORDS:,} words; give the part that has to do with CORS")
        yield word


def opened(stack: list[list[Directive]], directive: Directive) -> None:
    """What comes now is in the block of this one; raises MigrationError where blocks are nested too deep."""
    directive.is_block = True
    stack.append(directive.block)
    if len(stack) > _MAX_DEPTH:
        raise MigrationError(f"line {directive.line}: its blocks are nested too deep")


def walk(directives: Iterable[Directive], *closed: str) -> Iterator[Directive]:
    """All directives, in order, and those in their blocks, but for the blocks of those that are `closed`."""
    for directive in directives:
        yield directive
        if directive.name not in closed:
            yield from walk(directive.block, *closed)
