"""The words of one command as a shell splits it: bash and its kin, and cmd.exe as browsers quote for it.

Python's `shlex` is not enough: it knows neither `$'...'`, which DevTools write wherever a quotation mark or a line
break is in a word, nor a backslash before `$` or before a line's end. What a shell would have to look up, a variable
or the output of a command, cannot be known here, and is a mistake.

For cmd.exe this is the way back from what browsers write, not cmd.exe: a caret guards the next character wherever it
stands, also where an old Chrome put it inside plain quotation marks, and two backslashes are one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

__all__ = ["ShellError", "split_command"]


class ShellError(ValueError):
    """A command that cannot be split; the message says what is wrong with "it"."""


_BASH: Final = re.compile(
    r"""
      (?P<blank>[ \t]+)
    | \\\r?\n                                               # a line that goes on
    | (?P<end>[;&|<>()\r\n])                                # where the command ends
    | '(?P<single>[^']*)'
    | \$'(?P<ansi>[^'\\]*(?:\\.[^'\\]*)*)'
    | "(?P<double>[^"\\]*(?:\\.[^"\\]*)*)"
    | \\(?P<escaped>.)
    | (?P<unknown>\$[\w{(]|`)
    | (?P<plain>\$(?!')|[^ \t\r\n;&|<>()'"\\$`]+)
    """,
    re.DOTALL | re.VERBOSE | re.ASCII,
)
_CMD: Final = re.compile(
    r"""
      (?P<blank>[ \t]+)
    | (?P<end>[&|<>\r\n])
    | "(?P<crt>[^"\\]*(?:\\.[^"\\]*)*)"
    | \\(?P<escaped>")
    | (?P<plain>\\|[^ \t\r\n&|<>"\\]+)
    """,
    re.DOTALL | re.VERBOSE | re.ASCII,
)
_QUOTE: Final = re.compile(r"""\^"|['"]""")
_LINE_OF_CMD: Final = re.compile(r"\^\r?\n")
_CARET: Final = re.compile(r"\^(?:\r?\n(?P<line>\r?\n)?|(?P<guarded>.))", re.DOTALL)

_IN_DOUBLE_QUOTES: Final = re.compile(r'\\(?:([$`"\\])|\r?\n)|(?P<unknown>\$[\w{(]|`)', re.ASCII)
_IN_ANSI_C_QUOTES: Final = re.compile(
    r"""\\(?:
      u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})
    | [uU](?P<code>(?<=u)[0-9a-fA-F]{1,4}|(?<=U)[0-9a-fA-F]{1,8})
    | x(?P<hex>[0-9a-fA-F]{1,2})
    | (?P<octal>[0-7]{1,3})
    | (?P<letter>[abeEfnrtv\\'"?])
    )""",
    re.VERBOSE,
)
_LETTERS: Final = {
    "a": "\a",
    "b": "\b",
    "e": "\x1b",
    "E": "\x1b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
}


def split_command(text: str) -> list[str]:
    """The words of the one command that `text` is. Raises ShellError when it is several, or not whole."""
    if not _is_for_cmd(text):
        return _split(_BASH, text)
    return _split(_CMD, _CARET.sub(lambda found: ("\n" if found["line"] else "") + (found["guarded"] or ""), text))


def _is_for_cmd(text: str) -> bool:
    """Whether the first quotation mark, or else the end of a line, is one of cmd.exe's."""
    first = _QUOTE.search(text)
    quote = "" if first is None else first[0]
    return quote == '^"' or (quote != "'" and _LINE_OF_CMD.search(text) is not None)


def _split(syntax: re.Pattern[str], text: str) -> list[str]:
    words = list[str]()
    word: list[str] | None = None
    position = 0
    while position < len(text):
        found = syntax.match(text, position)
        if found is None:
            raise ShellError(f"it has a quotation mark or a backslash that nothing closes: {_from(text, position)}")
        kind, piece = found.lastgroup, found[found.lastgroup or 0]
        if kind in {"blank", "end"} and word is not None:
            words.append("".join(word))
            word = None
        if kind == "end" and words:
            if text[position:].strip(";& \t\r\n"):
                raise ShellError(f"it goes on after the command; leave away what begins with {_from(text, position)}")
            break
        if kind == "unknown":
            raise ShellError(_needs_a_shell(text, position))
        if (meaning := _MEANINGS.get(kind or "")) is not None:
            if word is None:
                word = []
            word.append(meaning(piece))
        position = found.end()
    return words if word is None else [*words, "".join(word)]


def _double(text: str) -> str:
    """What stands between double quotes in bash."""

    def meant(found: re.Match[str]) -> str:
        if found["unknown"]:
            raise ShellError(_needs_a_shell(text, found.start()))
        return found[1] or ""

    return _IN_DOUBLE_QUOTES.sub(meant, text)


def _ansi_c(text: str) -> str:
    r"""What stands between `$'` and `'`: https://www.gnu.org/software/bash/manual/html_node/ANSI_002dC-Quoting.html

    Bash makes bytes of `\xE9`. Firefox and Safari mean the character U+00E9 by it, so bytes that are no UTF-8 are
    characters; and they write a character beyond U+FFFF as two.
    """

    def meant(found: re.Match[str]) -> str:
        if found["low"]:
            return chr(0x10000 + ((int(found["high"], 16) & 0x3FF) << 10) + (int(found["low"], 16) & 0x3FF))
        if found["letter"]:
            return _LETTERS.get(found["letter"], found["letter"])
        if found["code"]:
            code = int(found["code"], 16)
            return chr(code) if code <= 0x10FFFF else found[0]
        byte = int(found["hex"], 16) if found["hex"] else int(found["octal"], 8) & 0xFF
        return chr(byte) if byte < 0x80 else chr(0xDC00 + byte)

    read = _IN_ANSI_C_QUOTES.sub(meant, text)
    try:
        return read.encode("utf-8", "surrogateescape").decode()
    except UnicodeError:
        return "".join(chr(ord(char) - 0xDC00) if "\udc80" <= char <= "\udcff" else char for char in read)


def _crt(text: str) -> str:
    """What stands between double quotes in what browsers write for cmd.exe."""
    return re.sub(r'\\(["\\])', r"\1", text)


_MEANINGS: Final[dict[str, Callable[[str], str]]] = {
    "single": str,
    "ansi": _ansi_c,
    "double": _double,
    "escaped": str,
    "crt": _crt,
    "plain": str,
}


def _needs_a_shell(text: str, position: int) -> str:
    return f"it needs a shell for {_from(text, position)}; put the value itself there, in single quotes"


def _from(text: str, position: int) -> str:
    return repr(text[position : position + 40])
