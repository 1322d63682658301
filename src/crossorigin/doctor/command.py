"""The command line that asks a question: for whoever is to ask it again, after a fix or on another machine."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Final

from crossorigin.doctor.question import Question
from crossorigin.web.origins import TupleOrigin

__all__ = ["check_command"]

_ESCAPES: Final = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def check_command(question: Question, flags: Sequence[str] = ()) -> str:
    """`crossorigin check …` in one line, quoted for a POSIX shell; `flags` are further arguments, one word each."""
    words = ["crossorigin", "check", question.url.href]
    if question.page is not None:
        words += ["--page", question.page.href]
    if question.page is None or not isinstance(question.origin, TupleOrigin):
        words += ["--origin", question.origin.serialize()]
    if question.method != b"GET":
        words += ["-X", question.method.decode("latin-1")]
    for name, value in question.headers:
        words += ["-H", f"{name.decode('latin-1')}: {value.decode('latin-1')}"]
    if question.body is not None:
        words += ["-d", question.body]
    options = (
        ("--credentials", question.credentials, "same-origin"),
        ("--mode", question.mode, "cors"),
        ("--redirect", question.redirect, "follow"),
    )
    for option, choice, default in options:
        if choice != default:
            words += [option, choice]
    if question.cookie is not None:
        words += ["--cookie", question.cookie.decode("latin-1")]
    return " ".join(map(_quoted, [*words, *flags]))


def _quoted(word: str) -> str:
    """A word as a shell reads it back. What no terminal should get as it is stands escaped, as bash, zsh and ksh do."""
    if word.isprintable():
        return shlex.quote(word)
    escaped = (_ESCAPES.get(char) or (char if char.isprintable() else _code(char)) for char in word)
    return f"$'{''.join(escaped)}'"


def _code(char: str) -> str:
    return f"\\x{ord(char):02x}" if ord(char) < 0x80 else f"\\U{ord(char):08x}"
