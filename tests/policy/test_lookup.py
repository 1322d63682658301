"""Origin lookups: asked as seldom as can be, bounded in every way, and whatever goes wrong denies."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from crossorigin.policy.lookup import AsyncOriginLookup, OriginLookup, is_askable

TENANT = b"https://tenant.example"
OTHER = b"https://other.example"


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Tenants:
    """A database that counts its questions."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, origin: str) -> bool:
        self.asked.append(origin)
        return origin == TENANT.decode()

    async def later(self, origin: str) -> bool:
        await asyncio.sleep(0)
        return self(origin)


Run = Callable[[bytes], bool]


@pytest.fixture(params=["threads", "inline", "asyncio"])
def make(request: pytest.FixtureRequest) -> Callable[..., Run]:
    """The three ways to ask, as one function."""

    def build(ask: Any, **settings: Any) -> Run:
        if request.param == "asyncio":

            async def later(origin: str) -> bool:
                await asyncio.sleep(0)
                answer: bool = ask(origin)
                return answer

            lookup = AsyncOriginLookup(later, **settings)
            return lambda origin: asyncio.run(lookup.allows(origin))
        settings |= {"timeout": None} if request.param == "inline" else {}
        return OriginLookup(ask, **settings).allows

    return build


class TestAnyWay:
    """What holds for threads and for asyncio alike."""

    def test_an_answer_is_remembered_for_a_while(self, make: Callable[..., Run]) -> None:
        tenants, clock = Tenants(), Clock()
        allows = make(tenants, ttl=60, denied_ttl=10, clock=clock)
        assert [allows(TENANT), allows(OTHER), allows(TENANT), allows(OTHER)] == [True, False, True, False]
        assert tenants.asked == [TENANT.decode(), OTHER.decode()]
        clock.now += 11
        assert [allows(TENANT), allows(OTHER)] == [True, False]
        assert tenants.asked == [TENANT.decode(), OTHER.decode(), OTHER.decode()]
        clock.now += 50
        assert allows(TENANT)
        assert tenants.asked[-1] == TENANT.decode()

    def test_a_failure_denies_for_a_moment(self, make: Callable[..., Run]) -> None:
        clock, failures = Clock(), []

        def broken(origin: str) -> bool:
            raise ConnectionError(origin)

        allows = make(broken, failed_ttl=1, clock=clock, on_failure=lambda *told: failures.append(told))
        assert [allows(TENANT), allows(TENANT)] == [False, False]
        assert [(origin, type(error)) for origin, error in failures] == [(TENANT, ConnectionError)]
        clock.now += 2
        assert not allows(TENANT)
        assert len(failures) == 2

    @pytest.mark.parametrize("answer", [1, "yes", None, [True]])
    def test_only_true_allows(self, make: Callable[..., Run], answer: object) -> None:
        assert make(lambda _origin: answer)(TENANT) is False

    @pytest.mark.parametrize(
        "origin",
        [
            b"null",
            b"",
            b"*",
            b"https://" + b"a" * 400,
            b"https://a.com/",
            b"https://A.com",
            b"\xff",
            b"https://a:443",
            b"http://a.com",
            b"file://a",
        ],
    )
    def test_what_no_policy_allows_is_never_asked(self, make: Callable[..., Run], origin: bytes) -> None:
        tenants = Tenants()
        assert make(tenants)(origin) is False
        assert tenants.asked == []

    def test_http_is_asked_where_no_credentials_are_at_stake(self, make: Callable[..., Run]) -> None:
        assert make(lambda _origin: True, secure_only=False)(b"http://a.com")
        assert make(lambda _origin: True)(b"http://localhost:3000")

    def test_a_flood_of_origins_never_pushes_out_a_tenant(self, make: Callable[..., Run]) -> None:
        tenants = Tenants()
        allows = make(tenants, max_entries=8)
        assert allows(TENANT)
        for number in range(50):
            assert not allows(b"https://%d.example" % number)
        count = len(tenants.asked)
        assert allows(TENANT)
        assert len(tenants.asked) == count


def test_askable() -> None:
    assert is_askable(b"https://a.com")
    assert is_askable(b"http://[::1]:3000", secure_only=True)
    assert not is_askable(b"http://a.com", secure_only=True)
    assert is_askable(b"chrome-extension://abc", secure_only=True)


def test_clear() -> None:
    tenants = Tenants()
    lookup = OriginLookup(tenants)
    later = AsyncOriginLookup(tenants.later)
    lookup.allows(TENANT)
    lookup.clear()
    lookup.allows(TENANT)
    asyncio.run(later.allows(TENANT))
    later.clear()
    asyncio.run(later.allows(TENANT))
    assert len(tenants.asked) == 4


class TestThreads:
    """Single flight, bounded flights, timeouts, with threads that wait for each other and never for a clock."""

    def test_many_ask_once(self) -> None:
        begun, go, asked, answers = threading.Event(), threading.Event(), [], []

        def slow(origin: str) -> bool:
            asked.append(origin)
            begun.set()
            return go.wait(30)

        lookup = OriginLookup(slow, timeout=30)
        threads = [threading.Thread(target=lambda: answers.append(lookup.allows(TENANT))) for _ in range(8)]
        for thread in threads:
            thread.start()
        assert begun.wait(30)
        go.set()
        for thread in threads:
            thread.join()
        assert answers == [True] * 8
        assert asked == [TENANT.decode()]

    def test_too_many_under_way_are_denied_and_not_remembered(self) -> None:
        go, failures = threading.Event(), []
        begun = threading.Event()

        def slow(_origin: str) -> bool:
            begun.set()
            return go.wait(30)

        lookup = OriginLookup(slow, timeout=30, max_in_flight=1, on_failure=lambda *told: failures.append(told))
        first = threading.Thread(target=lookup.allows, args=(TENANT,))
        first.start()
        assert begun.wait(30)
        assert not lookup.allows(OTHER)
        assert failures == [(OTHER, None)]
        go.set()
        first.join()
        assert lookup.allows(OTHER)

    def test_timeout(self) -> None:
        go, failures, clock = threading.Event(), [], Clock()
        lookup = OriginLookup(
            lambda _origin: go.wait(30), timeout=0.01, clock=clock, on_failure=lambda *told: failures.append(told)
        )
        assert not lookup.allows(TENANT)
        assert [type(error) for _, error in failures] == [TimeoutError]
        # What comes too late is of no use.
        go.set()
        assert not lookup.allows(TENANT)


class TestAsyncio:
    """The same in one event loop."""

    def test_many_ask_once_and_one_that_goes_away_takes_nothing_with_it(self) -> None:
        asked = []

        async def run() -> list[Any]:
            go = asyncio.Event()

            async def slow(origin: str) -> bool:
                asked.append(origin)
                await go.wait()
                return True

            lookup = AsyncOriginLookup(slow)
            tasks = [asyncio.create_task(lookup.allows(TENANT)) for _ in range(8)]
            await asyncio.sleep(0)
            tasks[0].cancel()
            await asyncio.sleep(0)
            go.set()
            return await asyncio.gather(*tasks, return_exceptions=True)

        answers = asyncio.run(run())
        assert isinstance(answers[0], asyncio.CancelledError)
        assert answers[1:] == [True] * 7
        assert asked == [TENANT.decode()]

    def test_too_many_under_way(self) -> None:
        failures: list[Any] = []

        async def run() -> tuple[bool, bool, bool]:
            go = asyncio.Event()

            async def slow(_origin: str) -> bool:
                await go.wait()
                return True

            lookup = AsyncOriginLookup(slow, max_in_flight=1, on_failure=lambda *told: failures.append(told))
            first = asyncio.create_task(lookup.allows(TENANT))
            await asyncio.sleep(0)
            denied = await lookup.allows(OTHER)
            go.set()
            return await first, denied, await lookup.allows(OTHER)

        assert asyncio.run(run()) == (True, False, True)
        assert failures == [(OTHER, None)]

    def test_timeout(self) -> None:
        failures: list[Any] = []

        async def never(_origin: str) -> bool:
            await asyncio.Event().wait()
            return True

        lookup = AsyncOriginLookup(never, timeout=0.01, on_failure=lambda *told: failures.append(told))
        assert asyncio.run(lookup.allows(TENANT)) is False
        assert [type(error) for _, error in failures] == [TimeoutError]

    def test_a_loop_that_ended_leaves_nothing_behind_that_hangs(self) -> None:
        calls = 0

        async def ask(_origin: str) -> bool:
            nonlocal calls
            calls += 1
            if calls == 1:
                await asyncio.Event().wait()
            return True

        lookup = AsyncOriginLookup(ask, timeout=None)

        async def give_up() -> None:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(lookup.allows(TENANT), 0.01)

        asyncio.run(give_up())
        assert asyncio.run(lookup.allows(TENANT)) is True


def test_both_kinds_can_be_awaited_as_typed() -> None:
    ask: Callable[[str], Awaitable[bool]] = Tenants().later
    assert asyncio.run(AsyncOriginLookup(ask).allows(TENANT))
