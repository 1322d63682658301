"""Which header fields go on and which stay here, when a request leaves for somebody else's API and an answer comes.

Decided once for each name as it is spelled, and remembered: a request has a dozen names, and the same ones each time.
"""

from __future__ import annotations

from typing import Final

from crossorigin.policy.merge import CORS_RESPONSE_HEADERS

__all__ = ["REQUEST_STAYS", "RESPONSE_STAYS", "Fates"]

_MOST: Final = 512
"""Spellings that are remembered; one that an outsider makes up afterwards is decided each time."""
_LONGEST: Final = 64

REQUEST_STAYS: Final = frozenset(
    {
        # Written anew for the target.
        b"host",
        # They tell the target where the page is that asks, and many an API answers by that.
        b"origin",
        b"referer",
        # They tell it who asks: the address of somebody's machine is nothing to an API of others.
        b"forwarded",
        b"via",
        b"x-real-ip",
        b"x-client-ip",
        b"x-cluster-client-ip",
        b"true-client-ip",
        b"cf-connecting-ip",
        b"fastly-client-ip",
        b"x-forwarded",
        # Questions that were for us.
        b"access-control-request-method",
        b"access-control-request-headers",
        b"access-control-request-private-network",
        b"access-control-request-local-network",
    }
)
"""Lower case: what of a request is never for the target, and names that begin with `x-forwarded-` or `sec-fetch-`."""

RESPONSE_STAYS: Final = CORS_RESPONSE_HEADERS | {
    # What they say is about the host that the browser calls, and that is ours, with all that else runs on this machine:
    # a port of localhost that is pinned to https, cookies of localhost that are cleared, another server for it.
    b"strict-transport-security",
    b"public-key-pins",
    b"clear-site-data",
    b"alt-svc",
    b"service-worker-allowed",
}
"""Lower case: what of a response is never for the client, and names that begin with `access-control-`."""


class Fates(dict[bytes, bool]):
    """Whether a field goes on, by its name as it is spelled: `[field for field in headers if fates[field[0]]]`."""

    __slots__ = ("_prefixes", "_stays")

    def __init__(self, stays: frozenset[bytes], prefixes: tuple[bytes, ...]) -> None:
        super().__init__()
        self._stays = stays
        self._prefixes = prefixes

    @classmethod
    def of_requests(cls, *stays: bytes, goes: frozenset[bytes] = frozenset(), prefix: bytes = b"sec-fetch-") -> Fates:
        """For requests; `stays` are names besides, `goes` names that do go on, `prefix` in place of `sec-fetch-`."""
        return cls((REQUEST_STAYS | set(stays)) - goes, (b"x-forwarded-", prefix))

    @classmethod
    def of_responses(cls, *stays: bytes) -> Fates:
        """For responses; `stays` are names besides."""
        return cls(RESPONSE_STAYS | set(stays), (b"access-control-",))

    def __missing__(self, name: bytes) -> bool:
        lower = name.lower()
        goes = lower not in self._stays and not lower.startswith(self._prefixes)
        if len(self) < _MOST and len(name) <= _LONGEST:
            self[name] = goes
        return goes
