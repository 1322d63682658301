"""Which engine says what: the one door to the three tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from crossorigin.fetch.console import chromium, chromium_messages, firefox, webkit
from crossorigin.fetch.console.messages import Catalogue, Judged
from crossorigin.fetch.response import FetchResult

__all__ = ["CATALOGUES", "console_lines", "console_warnings"]

CATALOGUES: Final[dict[str, Catalogue]] = {
    "chromium": chromium_messages.CATALOGUE,
    "firefox": firefox.CATALOGUE,
    "webkit": webkit.CATALOGUE,
}
"""Engine → everything that its console says about CORS, today and in the past."""

_LINES: Final[dict[str, Callable[[Judged], tuple[str, ...]]]] = {
    "chromium": chromium.lines,
    "firefox": firefox.lines,
    "webkit": webkit.lines,
    "standard": lambda _: (),
}
_WARNINGS: Final[dict[str, Callable[[FetchResult], tuple[str, ...]]]] = {
    "chromium": chromium.warnings,
    "firefox": firefox.warnings,
}


def console_lines(engine: str, result: FetchResult) -> tuple[str, ...]:
    """The lines that the engine's console prints for a fetch that it blocked, byte for byte and in order.

    `engine` is the name of a profile: "chromium", "firefox", "webkit", or "standard", which prints nothing. The code
    of `result` is the step at which this engine failed; which of its texts applies is judged from the raw header
    values. A fetch that was not blocked gives none. Raises ValueError for another name.
    """
    if engine not in _LINES:
        raise ValueError(f"{engine!r} is not an engine; it is one of {', '.join(_LINES)}")
    return () if result.error is None else _LINES[engine](Judged(result, result.error))


def console_warnings(engine: str, result: FetchResult) -> tuple[str, ...]:
    """What the engine's console prints although the fetch goes on. Raises ValueError for a name that is no engine."""
    if engine not in _LINES:
        raise ValueError(f"{engine!r} is not an engine; it is one of {', '.join(_LINES)}")
    return _WARNINGS[engine](result) if engine in _WARNINGS else ()
