"""`origin_lookup=` in every form that people give it in."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from crossorigin.middleware.lookups import async_lookup, sync_lookup
from crossorigin.policy import LivePolicy, Policy
from crossorigin.policy.lookup import AsyncOriginLookup, OriginLookup

POLICY = Policy(allow_origins=["https://app.example.com"])
WITH_CREDENTIALS = Policy(allow_origins=["https://app.example.com"], allow_credentials=True)


def yes(_origin: str) -> bool:
    return True


async def yes_async(_origin: str) -> bool:
    return True


def ask(lookup: Any, origin: bytes, source: Any = POLICY) -> bool:
    async def waited() -> bool:
        return await async_lookup(lookup, source)(origin)

    return asyncio.run(waited())


def yes_some_day(origin: str) -> Any:
    return yes_async(origin)


@pytest.mark.parametrize("lookup", [yes, yes_async, OriginLookup(yes), yes_some_day])
def test_for_asyncio(lookup: Any) -> None:
    assert ask(lookup, b"https://a.example")


def test_one_with_bounds_of_its_own_keeps_them() -> None:
    lookup = AsyncOriginLookup(yes_async)
    assert async_lookup(lookup, POLICY) == lookup.allows
    waiting = OriginLookup(yes)
    assert sync_lookup(waiting, POLICY) == waiting.allows


def test_a_plain_function_holds_nobody_up() -> None:
    threads: list[str] = []

    def slow(_origin: str) -> bool:
        threads.append(threading.current_thread().name)
        return True

    assert ask(slow, b"https://a.example")
    assert threads != [threading.main_thread().name]


@pytest.mark.parametrize("answer", ["yes", 1, None])
def test_only_true_allows(answer: Any) -> None:
    async def other(_origin: str) -> Any:
        return answer

    assert not ask(other, b"https://a.example")
    assert not sync_lookup(lambda _origin: answer, POLICY)(b"https://a.example")


@pytest.mark.parametrize(
    ("source", "allowed"), [(POLICY, True), (WITH_CREDENTIALS, False), (LivePolicy(POLICY), False)]
)
def test_insecure_origins_only_where_no_credentials_can_ever_come(source: Any, allowed: bool) -> None:
    assert ask(yes, b"http://a.example", source) is allowed
    assert sync_lookup(yes, source)(b"http://a.example") is allowed
    assert sync_lookup(yes, source)(b"http://localhost:3000")


def test_wrong_ways() -> None:
    for given in (yes_async, AsyncOriginLookup(yes_async)):
        with pytest.raises(TypeError, match="cannot await"):
            sync_lookup(given, POLICY)
    for make in (async_lookup, sync_lookup):
        with pytest.raises(TypeError, match="function from an origin to True or False"):
            make("https://a.example", POLICY)  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="allows every origin"):
            make(yes, Policy(allow_origins=["*"]))
