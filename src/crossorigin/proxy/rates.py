"""How often somebody may ask: a token bucket for each key, in bounded memory. The time is an argument."""

from __future__ import annotations

from collections import OrderedDict
from ipaddress import IPv6Address, ip_address
from typing import Final

__all__ = ["Rates", "client_key"]

_SECONDS: Final = 60.0
_SUBNET: Final = 64
"""Bits of an IPv6 address that a customer of a provider cannot choose; the other 64 are theirs."""


class Rates:
    """At most `per_minute` requests in the long run for each key, and `burst` at once after a pause.

    `keys` is how many are remembered; the one that has been silent for longest is forgotten first, and forgetting is
    in its favour. Raises ValueError for numbers below 1.
    """

    __slots__ = ("_buckets", "_burst", "_keys", "_per_second")

    def __init__(self, per_minute: int, burst: int, keys: int = 4096) -> None:
        for name, value in (("per_minute", per_minute), ("burst", burst), ("keys", keys)):
            if value < 1:
                raise ValueError(f"{name} is {value}, and has to be 1 or more")
        self._per_second = per_minute / _SECONDS
        self._burst = float(burst)
        self._keys = keys
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, now: float) -> float | None:
        """None where a request is allowed, which takes a token; else the seconds until there will be one.

        `now` are seconds of a clock that only goes forward.
        """
        buckets = self._buckets
        tokens, then = buckets.get(key, (self._burst, now))
        tokens = min(self._burst, tokens + max(0.0, now - then) * self._per_second)
        wait = None if tokens >= 1.0 else (1.0 - tokens) / self._per_second
        buckets[key] = (tokens - 1.0 if wait is None else tokens, now)
        buckets.move_to_end(key)
        if len(buckets) > self._keys:
            buckets.popitem(last=False)
        return wait

    def __len__(self) -> int:
        return len(self._buckets)


def client_key(address: str) -> str:
    """The key of a client by its address: all of IPv4, also where it is mapped, and the first 64 bits of IPv6."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address[:_SUBNET]
    if not isinstance(parsed, IPv6Address):
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return f"{IPv6Address(int(parsed) >> _SUBNET << _SUBNET)}/{_SUBNET}"
