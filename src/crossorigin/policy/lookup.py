"""Origins that no list holds: a callable decides, a database of tenants for instance.

    async def is_tenant(origin: str) -> bool:
        return await database.has_tenant_with(origin)

    lookup = AsyncOriginLookup(is_tenant)
    granted = await lookup.allows(origin)          # for an origin that the policy itself does not allow
    headers = policy.compiled.grant_actual(origin) if granted else ()

The callable is asked as seldom as can be, and never trusted with more than a policy may say: only for an origin that
is one (no `null`, nothing over-long), once for many requests at a time, for a bounded number of origins at a time, and
not for ever. Whatever goes wrong denies.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from crossorigin.policy.lookup_cache import LookupCache
from crossorigin.web.origin_grammar import is_serialized_origin
from crossorigin.web.origin_syntax import OriginSyntaxError, split_origin

__all__ = ["AsyncOriginLookup", "OnFailure", "OriginLookup", "is_askable"]

Ask = TypeVar("Ask", bound=Callable[..., object])
Flight = TypeVar("Flight")

OnFailure = Callable[[bytes, BaseException | None], None]
"""Called when a lookup failed: the origin, and the exception, a TimeoutError, or None when too many were under way."""


def is_askable(origin: bytes, *, secure_only: bool = False) -> bool:
    """Whether a lookup may be asked about an origin: https://fetch.spec.whatwg.org/#serialized-origin, and not `null`.

    `secure_only` leaves out what `allow_credentials` forbids: http origins of other machines.
    """
    if not is_serialized_origin(origin):
        return False
    try:
        scheme, host, _ = split_origin(origin.decode("ascii"))
    except OriginSyntaxError:
        return False
    if scheme == "file":
        return False
    if not secure_only or scheme not in {"http", "ws", "ftp"}:
        return True
    from crossorigin.web.origins import TupleOrigin  # noqa: PLC0415 - rare
    from crossorigin.web.trustworthy import is_potentially_trustworthy_origin  # noqa: PLC0415 - rare

    return is_potentially_trustworthy_origin(TupleOrigin(scheme, host))


class _Lookup(Generic[Ask, Flight]):
    """What both kinds are made of: the callable, its bounds, what is under way and what is remembered."""

    __slots__ = ("_ask", "_cache", "_flights", "_lock", "_max_in_flight", "_on_failure", "_secure_only", "_timeout")

    def __init__(
        self,
        ask: Ask,
        *,
        ttl: float = 60.0,
        denied_ttl: float = 10.0,
        failed_ttl: float = 1.0,
        max_entries: int = 1024,
        timeout: float | None = 2.0,
        max_in_flight: int = 16,
        secure_only: bool = True,
        on_failure: OnFailure | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ask = ask
        self._cache = LookupCache(
            ttl=ttl, denied_ttl=denied_ttl, failed_ttl=failed_ttl, max_entries=max_entries, clock=clock
        )
        self._timeout = timeout
        self._max_in_flight = max_in_flight
        self._secure_only = secure_only
        self._on_failure = on_failure
        # Held for moments only: event loops take it too, of which there can be several in a process.
        self._lock = threading.Lock()
        self._flights: dict[bytes, Flight] = {}

    def clear(self) -> None:
        """Forget all answers."""
        with self._lock:
            self._cache.clear()

    def _known(self, origin: bytes) -> bool | None:
        """The answer, where nobody has to be asked for it."""
        with self._lock:
            known = self._cache.get(origin)
        if known is None and not is_askable(origin, secure_only=self._secure_only):
            return False
        return known

    def _failed(self, origin: bytes, error: BaseException | None) -> None:
        if self._on_failure is not None:
            self._on_failure(origin, error)


class OriginLookup(_Lookup[Callable[[str], bool], "_Flight"]):
    """A callable asked about origins, for threads.

    - `ask`: gets the origin as text and says whether it is allowed. Anything that is not True denies.
    - `ttl`, `denied_ttl`, `failed_ttl`: seconds for which yes, no, and a failure are remembered.
    - `max_entries`: answers that are remembered, of yes and of no each.
    - `timeout`: seconds until a lookup has failed. It then runs on in a thread of its own, where nobody waits for it.
      None asks in the caller's own thread, as connections that belong to a thread need, and waits as long as it takes.
    - `max_in_flight`: origins asked about at one time; further ones are denied, and not remembered.
    - `secure_only`: never allow an http origin of another machine. Right whenever the policy allows credentials.
    - `on_failure`: told of every lookup that failed.
    """

    __slots__ = ()

    def allows(self, origin: bytes) -> bool:
        """Whether the callable allows an origin, now or as it said a short while ago."""
        known = self._known(origin)
        if known is not None:
            return known
        with self._lock:
            flight = self._flights.get(origin)
            is_leader = flight is None
            if flight is None and len(self._flights) < self._max_in_flight:
                flight = self._flights[origin] = _Flight()
        if flight is None:
            self._failed(origin, None)
            return False
        if is_leader:
            if self._timeout is None:
                self._fly(origin, flight)
            else:
                threading.Thread(target=self._fly, args=(origin, flight), name="origin-lookup", daemon=True).start()
        if flight.done.wait(self._timeout):
            return flight.answer is True
        self._land(origin, flight, None)
        if is_leader:
            self._failed(origin, TimeoutError(f"the origin lookup took more than {self._timeout} s"))
        return False

    def _fly(self, origin: bytes, flight: _Flight) -> None:
        answer: bool | None = None
        try:
            answer = self._ask(origin.decode("ascii")) is True
        except Exception as error:  # noqa: BLE001 - whatever goes wrong denies
            self._land(origin, flight, None)
            self._failed(origin, error)
        finally:
            self._land(origin, flight, answer)

    def _land(self, origin: bytes, flight: _Flight, answer: bool | None) -> None:  # noqa: FBT001 - the datum
        with self._lock:
            # A flight that timed out has landed as a failure; what comes after it is of no use any more.
            if flight.done.is_set():
                return
            flight.answer = answer
            self._cache.put(origin, answer)
            self._flights.pop(origin, None)
            flight.done.set()


class _Flight:
    """One question that is under way, and those who wait for it."""

    __slots__ = ("answer", "done")

    def __init__(self) -> None:
        self.done = threading.Event()
        self.answer: bool | None = None


class AsyncOriginLookup(_Lookup[Callable[[str], Awaitable[bool]], "asyncio.Task[bool]"]):
    """The same for asyncio: `ask` is a coroutine function. See `OriginLookup` for what the settings mean."""

    __slots__ = ()

    async def allows(self, origin: bytes) -> bool:
        """Whether the coroutine function allows an origin, now or as it said a short while ago."""
        known = self._known(origin)
        if known is not None:
            return known
        loop = asyncio.get_running_loop()
        flight = self._flights.get(origin)
        # One that another event loop left behind will never land.
        if flight is None or flight.get_loop() is not loop:
            under_way = sum(1 for task in self._flights.values() if task.get_loop() is loop)
            if under_way >= self._max_in_flight:
                self._failed(origin, None)
                return False
            flight = self._flights[origin] = loop.create_task(self._fly(origin))
            flight.add_done_callback(lambda done: self._landed(origin, done))
        # Shielded: one request that goes away does not take the answer from the others.
        return await asyncio.shield(flight)

    async def _fly(self, origin: bytes) -> bool:
        answer: bool | None = None
        try:
            async with asyncio.timeout(self._timeout):
                answer = await self._ask(origin.decode("ascii")) is True
        except Exception as error:  # noqa: BLE001 - whatever goes wrong denies
            self._failed(origin, error)
        with self._lock:
            self._cache.put(origin, answer)
        return answer is True

    def _landed(self, origin: bytes, flight: asyncio.Task[bool]) -> None:
        if self._flights.get(origin) is flight:
            del self._flights[origin]
