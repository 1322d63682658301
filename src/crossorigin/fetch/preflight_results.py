"""A preflight cache that keeps one whole answer for each origin and URL, as Chromium and WebKit have it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crossorigin.fetch.request import Request, network_partition_key, redirect_taint
from crossorigin.web.methods import is_cors_safelisted_method
from crossorigin.web.origins import OpaqueOrigin, Origin

__all__ = ["ResultCache"]

_MOST = 1024


@dataclass(frozen=True, slots=True)
class _Result:
    """What one answer allowed, until when, and whether it was an answer to a request with credentials."""

    methods: frozenset[bytes]
    header_names: frozenset[bytes]
    expires_at: float
    with_credentials: bool

    def allows(
        self, request: Request, unsafe_names: Iterable[bytes], now: float, *, wildcard_counts: bool, needs_name: bytes
    ) -> bool:
        if now >= self.expires_at or (request.credentials_mode == "include" and not self.with_credentials):
            return False
        allows_method = request.method in self.methods or is_cors_safelisted_method(request.method)
        covers = wildcard_counts and b"*" in self.header_names
        return (allows_method or (wildcard_counts and b"*" in self.methods)) and all(
            name in self.header_names or (covers and name != needs_name) for name in unsafe_names
        )


_Key = tuple[tuple[Origin, None], Origin, bytes]


class ResultCache:
    """The last answer for each network partition, origin and URL; what does not suffice any more is removed at once.

    Chromium's `PreflightCache` and WebKit's `CrossOriginPreflightResultCache`. What an answer allowed with `*` depends
    on credentials: on those of the request that it answered or, if `wildcard_by_asker`, of the one that asks now. An
    answer for a URL of `url_limit` bytes or more is not kept; fragments count. With `wildcard_covers_authorization` a
    remembered `*` stands for Authorization too, with `keeps_opaque_origins` a sandboxed frame is remembered.
    """

    __slots__ = ("_keeps_opaque_origins", "_needs_name", "_results", "_url_limit", "_wildcard_by_asker")

    def __init__(
        self,
        *,
        wildcard_by_asker: bool = False,
        wildcard_covers_authorization: bool = True,
        keeps_opaque_origins: bool = False,
        url_limit: int | None = None,
    ) -> None:
        self._keeps_opaque_origins = keeps_opaque_origins
        self._needs_name = b"" if wildcard_covers_authorization else b"authorization"
        self._results: dict[_Key, _Result] = {}
        self._wildcard_by_asker = wildcard_by_asker
        self._url_limit = url_limit

    def __len__(self) -> int:
        return len(self._results)

    def covers(self, request: Request, unsafe_names: Iterable[bytes], now: float) -> bool:
        """Whether the last answer allows all of this request; if not, it is forgotten."""
        key = self._key(request)
        result = None if key is None else self._results.get(key)
        if key is None or result is None:
            return False
        credentialed = request.credentials_mode == "include" if self._wildcard_by_asker else result.with_credentials
        if result.allows(request, unsafe_names, now, wildcard_counts=not credentialed, needs_name=self._needs_name):
            return True
        del self._results[key]
        return False

    def store(
        self, request: Request, methods: Iterable[bytes], header_names: Iterable[bytes], max_age: int, now: float
    ) -> None:
        """Put this answer in the place of the one before."""
        key = self._key(request)
        if key is None or (self._url_limit is not None and len(key[2]) >= self._url_limit):
            return
        if key not in self._results and len(self._results) >= _MOST:
            del self._results[next(iter(self._results))]
        self._results[key] = _Result(
            frozenset(methods),
            frozenset(name.lower() for name in header_names),
            now + max_age,
            request.credentials_mode == "include",
        )

    def clear_entries(self, request: Request) -> None:
        """Forget the answer for this origin and URL."""
        key = self._key(request)
        if key is not None:
            self._results.pop(key, None)

    def clear(self) -> None:
        """Forget everything."""
        self._results.clear()

    def _key(self, request: Request) -> _Key | None:
        """None for an origin that is another one every time, such as one that a redirect has tainted."""
        if isinstance(request.origin, OpaqueOrigin):
            is_kept = self._keeps_opaque_origins
        else:
            is_kept = redirect_taint(request) == "same-origin"
        if not is_kept:
            return None
        return network_partition_key(request), request.origin, request.current_url.href.encode()
