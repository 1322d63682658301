"""What an origin lookup remembers: two bounded caches with an expiry, one for each answer.

Two, so that a flood of made-up origins, each of them denied, never pushes out the ones that are allowed.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

__all__ = ["LookupCache"]


class LookupCache:
    """The answers of a lookup. Not safe for threads by itself; its owner holds a lock.

    `ttl`, `denied_ttl` and `failed_ttl` are seconds, for the answers yes and no and for a lookup that failed;
    `max_entries` bounds each of the two caches; the one used least recently goes first.
    """

    __slots__ = ("_allowed", "_clock", "_denied", "_denied_ttl", "_failed_ttl", "_max_entries", "_ttl")

    def __init__(
        self,
        *,
        ttl: float,
        denied_ttl: float,
        failed_ttl: float,
        max_entries: int,
        clock: Callable[[], float],
    ) -> None:
        self._ttl = ttl
        self._denied_ttl = denied_ttl
        self._failed_ttl = failed_ttl
        self._max_entries = max_entries
        self._clock = clock
        self._allowed: OrderedDict[bytes, float] = OrderedDict()
        self._denied: OrderedDict[bytes, float] = OrderedDict()

    def get(self, origin: bytes) -> bool | None:
        """What is remembered of an origin; None for nothing."""
        for answer, cache in ((True, self._allowed), (False, self._denied)):
            until = cache.get(origin)
            if until is None:
                continue
            if until > self._clock():
                cache.move_to_end(origin)
                return answer
            del cache[origin]
        return None

    def put(self, origin: bytes, answer: bool | None) -> None:  # noqa: FBT001 - the answer is the datum
        """Remember an answer; None is a lookup that failed, which denies for a short while."""
        cache, other = (self._allowed, self._denied) if answer else (self._denied, self._allowed)
        other.pop(origin, None)
        seconds = self._ttl if answer else self._failed_ttl if answer is None else self._denied_ttl
        if seconds <= 0:
            return
        cache[origin] = self._clock() + seconds
        cache.move_to_end(origin)
        while len(cache) > self._max_entries:
            cache.popitem(last=False)

    def clear(self) -> None:
        """Forget everything."""
        self._allowed.clear()
        self._denied.clear()

    def __len__(self) -> int:
        return len(self._allowed) + len(self._denied)
