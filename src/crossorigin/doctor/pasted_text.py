"""Pasted text made comparable, and sentences with places looked up in it, in time linear in the text.

Consoles wrap lines, mail quotes them, editors bend quotation marks. So both the text and what is looked for are
squashed: no white space, one kind of quotation mark, one case. A place between two known pieces is then found by
searching for the piece at its other end, no further away than a place can be long: there is no backtracking.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from crossorigin.fetch.console.messages import PLACE
from crossorigin.web.infra import TOKEN_BYTES

__all__ = ["Found", "Pasted", "Pattern", "Places"]

Places = dict[str, str]

_MARKS: Final = str.maketrans(
    dict.fromkeys(map(chr, (0x2018, 0x2019, 0x201A, 0x201B, 0x2032, 0x60, 0xB4)), "'")
    | dict.fromkeys(map(chr, (0x201C, 0x201D, 0x201E, 0x201F, 0x2033)), '"')
    | {upper: upper.lower() for upper in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
)
_INVISIBLE: Final = frozenset(map(chr, (0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF)))
_QUOTING: Final = frozenset(">|")
"""At the beginning of a line these are a mail's or a chat's, not the message's."""

_TOKEN: Final = frozenset(map(chr, TOKEN_BYTES))
_DIGITS: Final = frozenset("0123456789")
_LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")

# Place → how long it can be, and of which characters it is; None is any. A URL of 4 KiB is longer than most servers
# take, and a header's value that is longer is printed by nobody.
_LIMITS: Final[dict[str, tuple[int, frozenset[str] | None]]] = {
    "method": (64, _TOKEN),
    "header": (256, _TOKEN),
    "status": (6, _DIGITS),
    "kind": (24, _LETTERS),
    "space": (16, _LETTERS),
    "other_space": (16, _LETTERS),
    "origin": (512, None),
    "value": (2048, None),
}
_URL_LIMIT: Final = (4096, None)
_NO_STATUS: Final = "(null)"
_CLOSED_BY_STOP: Final = frozenset({"status"})
_KINDS: Final = ("fetchapi", "xmlhttprequest", "eventsource")


class Pasted:
    """A text, squashed, with the way back from every character of it."""

    __slots__ = ("_at", "folded", "kept", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        kept, at = list[str](), array("L")
        at_line_start = True
        for index, char in enumerate(text):
            if char in "\n\r":
                at_line_start = True
            elif char.isspace() or char in _INVISIBLE or (at_line_start and char in _QUOTING):
                pass
            else:
                at_line_start = False
                kept.append(char)
                at.append(index)
        self.kept = "".join(kept)
        self.folded = self.kept.translate(_MARKS)
        self._at = at

    def source(self, start: int, end: int) -> str:
        """The piece of the text that was squashed into `start` to `end`, as it stood there."""
        return self.text[self._at[start] : self._at[end - 1] + 1] if end > start else ""

    def words(self, start: int, end: int) -> str:
        """The same in one line."""
        return re.sub(r"[ \t]*[\r\n][\s>|]*", " ", self.source(start, end))

    def line_end(self, start: int, *, at_space: bool) -> int:
        """Where what begins at `start` ends: with its line, or with the first white space."""
        end = start
        while end < len(self._at):
            if end > start:
                between = self.text[self._at[end - 1] + 1 : self._at[end]]
                if (at_space and between and not between.strip()) or "\n" in between or "\r" in between:
                    break
            end += 1
            if end - start >= _LIMITS["value"][0]:
                break
        return end


@dataclass(frozen=True, slots=True)
class Found:
    """A sentence that was found, from `start` to `end` of the squashed text, and what stood in its places."""

    start: int
    end: int
    places: Places


@dataclass(frozen=True)
class Pattern:
    """A sentence with places, ready to be looked for."""

    text: str
    literals: tuple[str, ...] = field(init=False)
    places: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Cut the sentence at its places and squash the pieces."""
        pieces = PLACE.split(self.text)
        object.__setattr__(self, "literals", tuple(Pasted(piece).folded for piece in pieces[::2]))
        object.__setattr__(self, "places", tuple(pieces[1::2]))

    def find(self, pasted: Pasted) -> Iterator[Found]:
        """Every place where the sentence stands, in order; looked for by its longest piece."""
        anchor = max(range(len(self.literals)), key=lambda index: len(self.literals[index]))
        literal = self.literals[anchor]
        position = pasted.folded.find(literal)
        while position != -1:
            end = position + len(literal)
            left = self._leftward(pasted, anchor, position)
            right = self._rightward(pasted, anchor, end) if left is not None else None
            if left is not None and right is not None:
                yield Found(left.start, right.end, left.places | right.places)
                end = max(end, right.end)
            position = pasted.folded.find(literal, end)

    def ending_at(self, pasted: Pasted, end: int) -> Found | None:
        """The sentence that ends exactly there."""
        start = end - len(self.literals[-1])
        if start < 0 or not pasted.folded.startswith(self.literals[-1], start):
            return None
        return self._leftward(pasted, len(self.literals) - 1, start)

    def starting_at(self, pasted: Pasted, start: int) -> Found | None:
        """The sentence that begins exactly there."""
        if not pasted.folded.startswith(self.literals[0], start):
            return None
        return self._rightward(pasted, 0, start + len(self.literals[0]))

    def _leftward(self, pasted: Pasted, index: int, start: int) -> Found | None:
        """The pieces and places before piece `index`, which begins at `start`."""
        places: Places = {}
        for place in range(index - 1, -1, -1):
            literal, name = self.literals[place], self.places[place]
            limit, _ = _LIMITS.get(name, _URL_LIMIT)
            if literal:
                begin = pasted.folded.rfind(literal, max(0, start - limit - len(literal)), start)
                if begin == -1 or not _fits(pasted, name, begin + len(literal), start):
                    return None
            else:
                # The sentence begins with the place, so there is no piece to look for.
                begin = start - _fits_kind(pasted, start)
            places[name] = _value(pasted, name, begin + len(literal), start)
            start = begin
        return Found(start, start, places)

    def _close(self, pasted: Pasted, place: int, end: int) -> int:
        """Where the piece after a place begins; a full stop closes a URL only where the URL's line or word ends."""
        literal, name = self.literals[place + 1], self.places[place]
        if literal == "." and name != "value" and name not in _CLOSED_BY_STOP:
            stop = pasted.line_end(end, at_space=True)
            begin = pasted.folded.rfind(literal, end, stop)
            if begin != -1:
                return begin
            # The line was broken inside the URL.
            end = stop
        return pasted.folded.find(literal, end, end + _LIMITS.get(name, _URL_LIMIT)[0] + len(literal))

    def _rightward(self, pasted: Pasted, index: int, end: int) -> Found | None:
        """The places and pieces after piece `index`, which ends at `end`."""
        places: Places = {}
        for place in range(index, len(self.places)):
            literal, name = self.literals[place + 1], self.places[place]
            limit, allowed = _LIMITS.get(name, _URL_LIMIT)
            if literal:
                begin = self._close(pasted, place, end)
                if begin == -1 or not _fits(pasted, name, end, begin):
                    return None
            elif pasted.folded.startswith(_NO_STATUS, end) and name == "status":
                begin = end + len(_NO_STATUS)
            elif allowed is not None:
                begin = end
                while begin < len(pasted.kept) and begin - end < limit and pasted.kept[begin] in allowed:
                    begin += 1
            else:
                begin = pasted.line_end(end, at_space=name != "value")
            places[name] = _value(pasted, name, end, begin)
            end = begin + len(literal)
        return Found(end, end, places)


def _fits_kind(pasted: Pasted, start: int) -> int:
    """How long the API's name is that ends at `start`: without a neighbour, only a known one can be told."""
    return next((len(kind) for kind in _KINDS if pasted.folded.endswith(kind, 0, start)), 0)


def _fits(pasted: Pasted, name: str, start: int, end: int) -> bool:
    allowed = _LIMITS.get(name, _URL_LIMIT)[1]
    if name == "status" and pasted.folded[start:end] == _NO_STATUS:
        return True
    return allowed is None or (start < end and allowed.issuperset(pasted.kept[start:end]))


def _value(pasted: Pasted, name: str, start: int, end: int) -> str:
    # Only these can have spaces of their own.
    return pasted.words(start, end) if name in {"value", "kind"} else pasted.kept[start:end]
