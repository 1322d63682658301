"""The CORS-preflight cache: what a server has allowed before, per method and per header name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from crossorigin.fetch.request import Request, byte_serialize_request_origin, network_partition_key
from crossorigin.web.methods import is_cors_safelisted_method
from crossorigin.web.origins import Origin
from crossorigin.web.safelists import is_cors_non_wildcard_request_header_name

__all__ = ["CacheEntry", "PreflightCache", "StandardPreflightCache"]

# The standard sets no limit; a server that answers every preflight with thousands of names must not fill the memory.
_ENTRIES_PER_TABLE = 1024
_URLS = 4096


class PreflightCache(Protocol):
    """What a browser remembers of preflights. The standard's is `StandardPreflightCache`; engines have their own."""

    def __len__(self) -> int:
        """How many entries there are, stale ones included."""
        ...

    def covers(self, request: Request, unsafe_names: Iterable[bytes], now: float) -> bool:
        """Whether no preflight is needed; `unsafe_names` are the CORS-unsafe request-header names, in lower case."""
        ...

    def store(
        self, request: Request, methods: Iterable[bytes], header_names: Iterable[bytes], max_age: int, now: float
    ) -> None:
        """Remember what an answer allows; `max_age` in seconds, `now` on the user agent's clock."""
        ...

    def clear_entries(self, request: Request) -> None:
        """Forget what is remembered for this request's origin and URL."""
        ...

    def clear(self) -> None:
        """Forget everything."""
        ...


@dataclass(slots=True)
class CacheEntry:
    """When a method or header name was allowed, and for how long.

    `max_age` is in seconds since `stored_at`, which is on the clock that the user agent was given.
    """

    max_age: int
    stored_at: float

    def is_fresh(self, now: float) -> bool:
        """Whether fewer seconds than the max-age have passed; an entry with max-age 0 is stale at once."""
        return now - self.stored_at < self.max_age


_Key = tuple[tuple[Origin, None], bytes, str]
_Table = dict[tuple[bytes, bool], CacheEntry]
"""From a method (or a lower-case header name) or `*`, and whether it was allowed with credentials."""


@dataclass(slots=True)
class _Entries:
    """All entries of one partition key, origin and URL."""

    methods: _Table = field(default_factory=dict)
    header_names: _Table = field(default_factory=dict)


class StandardPreflightCache:
    """Fetch, "CORS-preflight cache": https://fetch.spec.whatwg.org/#concept-cache

    The standard's list of entries, held by what the entries of one preflight have in common (network partition key,
    byte-serialized origin, URL without its fragment). Times are arguments; nothing here reads a clock.

    Two consequences of the text are kept as they are. A later preflight sets a matching entry's max-age but not the
    moment it was stored. And a credentialed preflight that answers `PUT, *` stores a `*` that then covers any method
    of a credentialed request, though that same `*` allowed nothing while the preflight was judged.
    """

    __slots__ = ("_by_key",)

    def __init__(self) -> None:
        self._by_key: dict[_Key, _Entries] = {}

    def __len__(self) -> int:
        return sum(len(entries.methods) + len(entries.header_names) for entries in self._by_key.values())

    def clear(self) -> None:
        """Forget everything."""
        self._by_key.clear()

    def clear_entries(self, request: Request) -> None:
        """Fetch, "clear cache entries": https://fetch.spec.whatwg.org/#concept-cache-clear"""
        self._by_key.pop(_key(request), None)

    def covers(self, request: Request, unsafe_names: Iterable[bytes], now: float) -> bool:
        """The condition of step 4.1 of https://fetch.spec.whatwg.org/#concept-http-fetch, turned round."""
        needs_leave = not is_cors_safelisted_method(request.method) or request.use_cors_preflight
        return (not needs_leave or self.matches_method(request.method, request, now)) and all(
            self.matches_header_name(name, request, now) for name in unsafe_names
        )

    def matches_method(self, method: bytes, request: Request, now: float) -> bool:
        """Fetch, "method cache entry match": https://fetch.spec.whatwg.org/#concept-cache-match-method"""
        entries = self._by_key.get(_key(request)) if self._by_key else None
        return entries is not None and any(_matches(entries.methods, (method, b"*"), request, now))

    def matches_header_name(self, header_name: bytes, request: Request, now: float) -> bool:
        """Fetch, "header-name cache entry match": https://fetch.spec.whatwg.org/#concept-cache-match-header"""
        entries = self._by_key.get(_key(request)) if self._by_key else None
        return entries is not None and any(_matches(entries.header_names, _covering(header_name), request, now))

    def store(
        self,
        request: Request,
        methods: Iterable[bytes],
        header_names: Iterable[bytes],
        max_age: int,
        now: float,
    ) -> None:
        """Refresh the entries that match, create the others; `max_age` in seconds, `now` on the user agent's clock.

        Fetch, "CORS-preflight fetch", its last steps: https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
        """
        key = _key(request)
        if key not in self._by_key and len(self._by_key) >= _URLS:
            # "Cache entries may be removed before that moment arrives": the URL stored first goes.
            del self._by_key[next(iter(self._by_key))]
        entries = self._by_key.setdefault(key, _Entries())
        _refresh_and_create(entries.methods, {method: (method, b"*") for method in methods}, request, max_age, now)
        covering = {name.lower(): _covering(name) for name in header_names}
        _refresh_and_create(entries.header_names, covering, request, max_age, now)


def _covering(header_name: bytes) -> tuple[bytes, ...]:
    """The stored names that cover `header_name`: itself, and `*` unless it is one that no wildcard covers."""
    name = header_name.lower()
    return (name,) if is_cors_non_wildcard_request_header_name(name) else (name, b"*")


def _matches(table: _Table, tokens: tuple[bytes, ...], request: Request, now: float) -> Iterator[CacheEntry]:
    """Fetch, "cache entry match": https://fetch.spec.whatwg.org/#concept-cache-match

    An entry made with credentials serves every request, one made without only those that send none.
    """
    for token in tokens:
        for with_credentials in (True,) if request.credentials_mode == "include" else (True, False):
            entry = table.get((token, with_credentials))
            if entry is not None and entry.is_fresh(now):
                yield entry


def _refresh_and_create(
    table: _Table, tokens: dict[bytes, tuple[bytes, ...]], request: Request, max_age: int, now: float
) -> None:
    """Steps 7.12-13 (for methods) or 7.14-15 (for header names) of the preflight; `tokens` with what covers each.

    Fetch, "create a new cache entry": https://fetch.spec.whatwg.org/#concept-cache-create-entry
    """
    # Entries must be removed once their time has passed.
    for stale in [key for key, entry in table.items() if not entry.is_fresh(now)]:
        del table[stale]
    # 12, 14. Those that match get the new max-age, which can be their end.
    for covering in tokens.values():
        for entry in _matches(table, covering, request, now):
            entry.max_age = max_age
    # 13, 15. What nothing matches is stored anew.
    for token, covering in tokens.items():
        if len(table) < _ENTRIES_PER_TABLE and not any(_matches(table, covering, request, now)):
            table[token, request.credentials_mode == "include"] = CacheEntry(max_age, now)


def _key(request: Request) -> _Key:
    return (
        network_partition_key(request),
        byte_serialize_request_origin(request),
        request.current_url.serialize(exclude_fragment=True),
    )
