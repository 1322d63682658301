"""Two bounded caches with an expiry: the least recently used goes first, and yes and no never push each other out."""

from __future__ import annotations

from crossorigin.policy.lookup_cache import LookupCache


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_cache() -> None:
    clock = Clock()
    cache = LookupCache(ttl=10, denied_ttl=5, failed_ttl=0, max_entries=2, clock=clock)
    for number in range(3):
        cache.put(b"%d" % number, True)
    assert [cache.get(b"0"), cache.get(b"1"), cache.get(b"2")] == [None, True, True]
    cache.get(b"1")
    cache.put(b"3", True)
    assert [cache.get(b"2"), cache.get(b"1")] == [None, True]
    cache.put(b"1", False)
    assert cache.get(b"1") is False
    cache.put(b"f", None)
    assert cache.get(b"f") is None
    assert len(cache) == 2
    clock.now += 10
    assert cache.get(b"1") is None
    cache.clear()
    assert len(cache) == 0
