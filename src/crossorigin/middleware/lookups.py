"""`origin_lookup=` as people give it, made into what a server's own way of waiting needs."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias, cast

from crossorigin.middleware.settings import PolicySource, policy_in_force
from crossorigin.policy import LivePolicy
from crossorigin.policy.lookup import AsyncOriginLookup, OriginLookup

__all__ = ["AsyncLookup", "Lookup", "SyncLookup", "async_lookup", "is_coroutine_function", "secure_only", "sync_lookup"]

SyncLookup: TypeAlias = Callable[[str], bool] | OriginLookup
"""A function from an origin to whether it is allowed, or one with bounds of its own."""
AsyncLookup: TypeAlias = Callable[[str], Awaitable[bool]] | AsyncOriginLookup
"""The same as a coroutine function."""
Lookup: TypeAlias = SyncLookup | AsyncLookup


def async_lookup(lookup: Lookup, source: PolicySource) -> Callable[[bytes], Awaitable[bool]]:
    """For asyncio; what is not asynchronous is asked in a thread, so that it holds nobody up."""
    _refuse_for_everybody(source)
    if isinstance(lookup, AsyncOriginLookup):
        return lookup.allows
    if isinstance(lookup, OriginLookup):
        allows = lookup.allows
        return lambda origin: asyncio.to_thread(allows, origin)
    _refuse_no_callable(lookup)

    call = cast("Callable[[str], Any]", lookup)

    async def ask(origin: str) -> bool:
        answer = call(origin) if is_async else await asyncio.to_thread(call, origin)
        return (await answer if inspect.isawaitable(answer) else answer) is True

    is_async = is_coroutine_function(lookup)
    return AsyncOriginLookup(ask, secure_only=secure_only(source)).allows


def sync_lookup(lookup: Lookup, source: PolicySource) -> Callable[[bytes], bool]:
    """For threads. Raises TypeError for what can only be awaited."""
    _refuse_for_everybody(source)
    if isinstance(lookup, AsyncOriginLookup) or is_coroutine_function(lookup):
        raise TypeError("a WSGI server cannot await an origin_lookup: give a plain function, or an OriginLookup")
    if isinstance(lookup, OriginLookup):
        return lookup.allows
    _refuse_no_callable(lookup)
    return OriginLookup(cast("Callable[[str], bool]", lookup), secure_only=secure_only(source)).allows


def secure_only(source: PolicySource) -> bool:
    """Whether http origins of other machines stay out, as the policy's own list would keep them out."""
    if isinstance(source, LivePolicy):
        return True
    return source.allow_credentials and not source.dangerously_allow_insecure_origins_with_credentials


def is_coroutine_function(lookup: object) -> bool:
    """Whether what a lookup returns is to be awaited; an object with such a `__call__` counts."""
    call = getattr(lookup, "__call__", None)  # noqa: B004 - not whether there is one, but which
    return inspect.iscoroutinefunction(lookup) or inspect.iscoroutinefunction(call)


def _refuse_no_callable(lookup: object) -> None:
    if not callable(lookup):
        raise TypeError(f"an origin_lookup is a function from an origin to True or False, and not {lookup!r}")


def _refuse_for_everybody(source: PolicySource) -> None:
    if policy_in_force(source).compiled.any_origin:
        raise ValueError(
            'the policy allows every origin, so no origin_lookup would ever be asked: list origins, not "*"'
        )
