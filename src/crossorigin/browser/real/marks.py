"""Which line of the console belongs to which call.

The page logs when a call begins and when a task ends; a task's calls follow each other. So a line belongs to the call
that its task is at when the line comes. Its task is the one whose name is a segment of a path in the line's text or
URL; a line that names none belongs to the only task that is under way, and where several are, to nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from crossorigin.browser.real.browser import ConsoleMessage

__all__ = ["Marks"]

_CALL: Final = re.compile(r"crossorigin: call (\d+) of (\S+)")
_END: Final = re.compile(r"crossorigin: end of (\S+)")
_BATCH: Final = re.compile(r"crossorigin: end of batch (\d+)")
_SEGMENT: Final = re.compile(r":(?://[^/\s]+)?/([^/\s?#]+)/")


class Marks:
    """Takes the console's messages as they come."""

    def __init__(self) -> None:
        self._at: dict[str, int] = {}
        """The call that each task is at, or was at last."""
        self._under_way: dict[str, None] = {}
        self._lines: dict[tuple[str, int], list[ConsoleMessage]] = {}
        self._ended: set[str] = set()
        self.batch = 0
        """The last batch that ended."""
        self.unattributed: list[ConsoleMessage] = []
        """Lines that name no task, and came while none or several were under way."""

    def feed(self, messages: Iterable[ConsoleMessage]) -> None:
        """Sort in what has come."""
        for message in messages:
            self._feed(message)

    def ended(self, name: str) -> bool:
        """Whether the end of a task has been seen; then all its lines have."""
        return name in self._ended

    def under_way(self) -> list[str]:
        """The tasks that have begun and not ended."""
        return list(self._under_way)

    def lines(self, name: str, calls: int) -> tuple[tuple[ConsoleMessage, ...], ...]:
        """The lines of each of a task's `calls`; they are forgotten with this."""
        self._at.pop(name, None)
        self._ended.discard(name)
        return tuple(tuple(self._lines.pop((name, number), ())) for number in range(calls))

    def _feed(self, message: ConsoleMessage) -> None:
        if match := _CALL.fullmatch(message.text):
            self._at[match[2]] = int(match[1])
            self._under_way[match[2]] = None
        elif match := _BATCH.fullmatch(message.text):
            self.batch = int(match[1])
        elif match := _END.fullmatch(message.text):
            self._under_way.pop(match[1], None)
            self._ended.add(match[1])
        else:
            self._line(message)

    def _line(self, message: ConsoleMessage) -> None:
        name = self._named(message)
        if name is None and len(self._under_way) == 1:
            [name] = self._under_way
        if name is None:
            self.unattributed.append(message)
        else:
            self._lines.setdefault((name, self._at[name]), []).append(message)

    def _named(self, message: ConsoleMessage) -> str | None:
        for text in (message.text, message.url):
            for segment in _SEGMENT.findall(text):
                if segment in self._at:
                    return str(segment)
        return None
