"""The command line that asks a question: for whoever is to ask it again, after a fix or on another machine."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from crossorigin.doctor.question import Question
from crossorigin.web.origins import TupleOrigin

__all__ = ["Command", "check_command"]

_ESCAPES: Final = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


@dataclass(frozen=True, slots=True)
class Command:
    """A command line in pieces that belong together, an option and its value, each quoted for a POSIX shell."""

    pieces: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join(self.pieces)

    def lines(self, width: int) -> Iterator[str]:
        """The command over several lines of at most `width` columns, where its pieces are short enough for that."""
        line = ""
        for number, piece in enumerate(self.pieces):
            # All but the last end in a space and a backslash.
            room = width if number == len(self.pieces) - 1 else width - 2
            if line and len(line) + 1 + len(piece) > room:
                yield f"{line} \\"
                line = f"  {piece}"
            else:
                line = f"{line} {piece}" if line else piece
        yield line


def check_command(question: Question, flags: Sequence[Sequence[str]] = ()) -> Command:
    """`crossorigin check …`; `flags` are further options, each with its value."""
    words: list[Sequence[str]] = [["crossorigin"], ["check"], [question.url.href]]
    if question.page is not None:
        words.append(["--page", question.page.href])
    if question.page is None or not isinstance(question.origin, TupleOrigin):
        words.append(["--origin", question.origin.serialize()])
    if question.method != b"GET":
        words.append(_option("-X", "--method", question.method.decode("latin-1")))
    for name, value in question.headers:
        words.append(_option("-H", "--header", f"{name.decode('latin-1')}: {value.decode('latin-1')}"))
    if question.body is not None:
        words.append(_option("-d", "--data", question.body))
    options = (
        ("--credentials", question.credentials, "same-origin"),
        ("--mode", question.mode, "cors"),
        ("--redirect", question.redirect, "follow"),
    )
    for option, choice, default in options:
        if choice != default:
            words.append([option, choice])
    if question.cookie is not None:
        words.append(_option("--cookie", "--cookie", question.cookie.decode("latin-1")))
    return Command(tuple(" ".join(map(_quoted, piece)) for piece in [*words, *flags]))


def _option(short: str, long: str, value: str) -> list[str]:
    """An option and its value; one that begins with a hyphen would pass for the next option if it stood alone."""
    return [f"{long}={value}"] if value.startswith("-") else [short, value]


def _quoted(word: str) -> str:
    """A word as a shell reads it back. What no terminal should get as it is stands escaped, as bash, zsh and ksh do."""
    if word.isprintable():
        return shlex.quote(word)
    escaped = (_ESCAPES.get(char) or (char if char.isprintable() else _code(char)) for char in word)
    return f"$'{''.join(escaped)}'"


def _code(char: str) -> str:
    return f"\\x{ord(char):02x}" if ord(char) < 0x80 else f"\\U{ord(char):08x}"
