"""Words in a row, as a sentence has them."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["all_of"]


def all_of(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`; there is at least one."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
