"""A preflight cache that keeps each token for itself, as Firefox has it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from crossorigin.fetch.request import Request, network_partition_key
from crossorigin.web.origins import Origin

__all__ = ["TokenCache"]

_MOST: int = 100
"""PREFLIGHT_CACHE_SIZE of nsCORSListenerProxy.cpp."""

_NEVER_ASKED = frozenset({b"GET", b"POST"})

_Key = tuple[tuple[Origin, None], Origin, str, bool]


@dataclass(slots=True)
class _Tokens:
    """Until when each method and each header name is allowed."""

    methods: dict[bytes, float] = field(default_factory=dict)
    header_names: dict[bytes, float] = field(default_factory=dict)


class TokenCache:
    """Tokens of all answers together, for each network partition, page, URL and use of credentials.

    Firefox's `nsPreflightCache`. A `*` is kept as the token that it is, so it covers nothing; HEAD has to be listed;
    and the page's own origin is
    part of the key, whatever a redirect has made of the request's, and so is the URL's fragment.
    """

    __slots__ = ("_by_key",)

    def __init__(self) -> None:
        self._by_key: dict[_Key, _Tokens] = {}

    def __len__(self) -> int:
        return sum(len(tokens.methods) + len(tokens.header_names) for tokens in self._by_key.values())

    def covers(self, request: Request, unsafe_names: Iterable[bytes], now: float) -> bool:
        """Whether the method and each unsafe name were listed, and are fresh."""
        key = _key(request, with_credentials=request.credentials_mode == "include")
        tokens = self._by_key.pop(key, None)
        if tokens is None:
            return False
        # The most recently used stands last.
        self._by_key[key] = tokens
        return (request.method in _NEVER_ASKED or tokens.methods.get(request.method, now) > now) and all(
            tokens.header_names.get(name, now) > now for name in unsafe_names
        )

    def store(
        self, request: Request, methods: Iterable[bytes], header_names: Iterable[bytes], max_age: int, now: float
    ) -> None:
        """Add the tokens to what is there."""
        key = _key(request, with_credentials=request.credentials_mode == "include")
        if key not in self._by_key and len(self._by_key) >= _MOST:
            self._make_room(now)
        tokens = self._by_key.setdefault(key, _Tokens())
        tokens.methods.update(dict.fromkeys(methods, now + max_age))
        tokens.header_names.update(dict.fromkeys((name.lower() for name in header_names), now + max_age))

    def _make_room(self, now: float) -> None:
        """What holds no fresh token goes first, and what never held one with it; else the least recently used."""
        for key, tokens in [*self._by_key.items()]:
            if not any(
                expires_at > now for table in (tokens.methods, tokens.header_names) for expires_at in table.values()
            ):
                del self._by_key[key]
        if len(self._by_key) >= _MOST:
            del self._by_key[next(iter(self._by_key))]

    def clear_entries(self, request: Request) -> None:
        """Forget the tokens for this page and URL, with credentials and without."""
        for with_credentials in (True, False):
            self._by_key.pop(_key(request, with_credentials=with_credentials), None)

    def clear(self) -> None:
        """Forget everything."""
        self._by_key.clear()


def _key(request: Request, *, with_credentials: bool) -> _Key:
    return network_partition_key(request), request.origin, request.current_url.href, with_credentials
