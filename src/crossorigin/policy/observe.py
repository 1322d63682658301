"""Watching decisions: counters by reason, and a log that an attacker can neither fill nor write.

Nothing here is switched on by default: middleware takes an `Observer` and tells it of each decision.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from logging import Logger
from typing import Final, Protocol

from crossorigin.policy.decide import Decision, Kind
from crossorigin.policy.escape import escape
from crossorigin.policy.steps import Step

__all__ = ["ALLOWED", "Counters", "DenialLog", "Observer", "ReplacedHeaders", "reason"]

ALLOWED: Final = "allowed"


class Observer(Protocol):
    """Told of each decision, after it. What it raises is the application's to handle; it should raise nothing."""

    def decided(self, kind: Kind, step: Step | None, origin: bytes | None) -> None:
        """A request of this kind was allowed (None) or denied by a step."""
        ...


def reason(decision: Decision) -> str:
    """The key that a decision is counted under: its kind, and `allowed` or the step that denied."""
    return _key(decision.kind, decision.step)


class Counters:
    """How many decisions there were for each reason. A closed set of keys: no request can add one."""

    __slots__ = ("_counts", "_lock")

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts = {_key(kind, step): 0 for kind in Kind for step in _STEPS[kind]}

    def decided(self, kind: Kind, step: Step | None, origin: bytes | None) -> None:  # noqa: ARG002 - the protocol's
        """Count one."""
        key = _key(kind, step)
        with self._lock:
            self._counts[key] += 1

    def snapshot(self) -> dict[str, int]:
        """A copy of all counts, those of nothing too."""
        with self._lock:
            return dict(self._counts)


class DenialLog:
    """Logs denials, at most one line for each reason in `interval` seconds, with the number that were not logged."""

    __slots__ = ("_clock", "_held", "_interval", "_lock", "_logger", "_next")

    def __init__(self, logger: Logger, *, interval: float = 60.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._logger = logger
        self._interval = interval
        self._clock = clock
        self._lock = threading.Lock()
        self._next: dict[str, float] = {}
        self._held: dict[str, int] = {}

    def decided(self, kind: Kind, step: Step | None, origin: bytes | None) -> None:
        """Log a denial, or hold it back."""
        if step is None:
            return
        key = _key(kind, step)
        now = self._clock()
        with self._lock:
            if now < self._next.get(key, now):
                self._held[key] = self._held.get(key, 0) + 1
                return
            self._next[key] = now + self._interval
            held = self._held.pop(key, 0)
        shown = "none" if origin is None else escape(origin)
        self._logger.warning("CORS denied %s, origin %s, %d more since the last line", key, shown, held)


class ReplacedHeaders:
    """The hook for `merge`: tells of each header name that the application set itself, once."""

    __slots__ = ("_lock", "_report", "_seen")

    def __init__(self, report: Callable[[str], None]) -> None:
        self._report = report
        self._lock = threading.Lock()
        self._seen: set[bytes] = set()

    def __call__(self, name: bytes, value: bytes) -> None:
        """One header was replaced; `name` is one of six."""
        with self._lock:
            if name in self._seen:
                return
            self._seen.add(name)
        self._report(
            f"the application, or something inside of it, sets {escape(name)} itself ({escape(value)}); "
            "the policy's own value is sent in its place. Two would be one that no browser accepts."
        )


_STEPS: Final[dict[Kind, tuple[Step | None, ...]]] = {
    Kind.NOT_CORS: (None,),
    Kind.SAME_ORIGIN: (None,),
    Kind.ACTUAL: (None, Step.ORIGIN_TOO_LONG, Step.ORIGIN_SEVERAL, Step.ORIGIN_NULL, Step.ORIGIN),
    Kind.PREFLIGHT: (None, *Step),
}


def _key(kind: Kind, step: Step | None) -> str:
    return f"{kind}:{ALLOWED if step is None else step}"
