"""The dialogue of a blocked call that ended a test, for the report of that test."""

from __future__ import annotations

from crossorigin.testing.calls import behind
from crossorigin.testing.failure import dialogue_text

__all__ = ["dialogue_of"]


def dialogue_of(error: BaseException) -> str | None:
    """The text for the report, None where no blocked call is behind the exception."""
    blocked = behind(error)
    if blocked is None:
        return None
    return dialogue_text(blocked.result) or None
