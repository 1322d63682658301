"""Who looks over a browser's shoulder: the results of calls that were made inside a `with watching()`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from crossorigin.fetch.response import FetchResult

__all__ = ["Watched", "tell", "watching"]


@dataclass(frozen=True, slots=True)
class Watched:
    """A call that was made, and in which engine."""

    result: FetchResult
    engine: str


_watchers: ContextVar[tuple[list[Watched], ...]] = ContextVar("crossorigin_watchers", default=())


@contextmanager
def watching() -> Iterator[list[Watched]]:
    """The calls of every browser from here on, in the order in which they end, as a list that grows.

    Those of this thread, and in asyncio of this task and of the tasks that it begins meanwhile.
    """
    calls: list[Watched] = []
    token = _watchers.set((*_watchers.get(), calls))
    try:
        yield calls
    finally:
        _watchers.reset(token)


def tell(result: FetchResult, engine: str) -> None:
    """A call has ended: let those know who watch."""
    for calls in _watchers.get():
        calls.append(Watched(result, engine))
