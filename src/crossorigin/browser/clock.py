"""The browser's clock: real time, which a test may push forward."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

__all__ = ["Clock"]


class Clock:
    """Seconds since 1970, as cookies and the preflight cache of one browser see them.

    Goes with the machine's clock unless it is given a `source` of its own: `Clock(lambda: 0.0)` stands still until it
    is advanced. A call gives the time.
    """

    __slots__ = ("_ahead", "_source")

    def __init__(self, source: Callable[[], float] | None = None) -> None:
        self._source = source or _steady()
        self._ahead = 0.0

    def __call__(self) -> float:
        """The time now, in seconds since 1970."""
        return self._source() + self._ahead

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass at once; raises ValueError for a time that does not go forward."""
        if not (math.isfinite(seconds) and seconds >= 0):
            raise ValueError(f"the clock cannot be advanced by {seconds!r}: give seconds, 0 or more")
        self._ahead += seconds

    def __repr__(self) -> str:
        return f"<Clock at {self():.3f}>"


def _steady() -> Callable[[], float]:
    """The wall clock of this moment, going on steadily: a machine whose clock is set meanwhile loses no cookie."""
    difference = time.time() - time.monotonic()
    return lambda: time.monotonic() + difference
