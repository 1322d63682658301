"""Words in a row, and words of others, as a sentence has them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

__all__ = ["all_of", "shortened"]

_LONGEST: Final = 120
"""Characters of a foreign text in one sentence: whoever wants all of it has the dialogue."""


def all_of(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`; there is at least one."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def shortened(text: str) -> str:
    """As much of a text from elsewhere as a sentence takes, in one line and without control characters."""
    shown = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    if shown.isprintable():
        return shown
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in shown)
