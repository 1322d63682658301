"""What a preflight may ask for, read back from the expressions by which a configuration looks at that."""

from __future__ import annotations

from typing import Final

from crossorigin.stacks.matching import names_regex
from crossorigin.stacks.origin_words import words_of

__all__ = ["ANYTHING", "ANY_HEADER", "asked_headers", "asked_methods"]

ANY_HEADER: Final = ("*", "authorization")
"""Every header, as a policy says it."""
ANYTHING: Final = frozenset(
    {"", ".", ".*", ".+", "^", "^.*$", "^.+$", "^.*", "^.+", "^(.*)$", "^(.+)$", "(.*)", "(.+)"}
)
"""Expressions that nothing is looked at with."""
_BEGIN: Final = r"^[ \t,]*(?:(?:"
_MIDDLE: Final = r")(?:[ \t]*,[ \t,]*(?:"


def asked_methods(expression: str) -> list[str] | None:
    """The methods that an expression for Access-Control-Request-Method lets through; None where it is no list."""
    return ["*"] if expression in ANYTHING else words_of(expression)


def asked_headers(expression: str) -> list[str] | None:
    """The header names that an expression for Access-Control-Request-Headers lets through, written as ours are."""
    expression = expression.removeprefix("(?i)").replace("\t", "\\t")
    if expression in ANYTHING:
        return list(ANY_HEADER)
    if expression == names_regex(()):
        return []
    group, middle, _ = expression.removeprefix(_BEGIN).partition(_MIDDLE)
    names = words_of(f"^(?:{group})$") if middle else None
    return names if names is not None and names_regex(names) == expression else None
