"""Which recorded requests belong together: a preflight with what it asks leave for, a redirect with where it leads.

No recorder writes this down. DevTools begin a call, and then its preflight; on the wire it is the other way round.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from crossorigin.doctor.recorded import Hop, RecordedCall, RecordedExchange, Recording
from crossorigin.web.statuses import is_redirect_status
from crossorigin.web.url import URL, parse_url

__all__ = ["recorded_calls"]

_NEAR: Final = 60.0
"""Seconds between a call and its preflight: the longest that a browser lets a request wait for a free connection."""
_AT_ONCE: Final = 5.0
"""Seconds between a redirect and the request for its target, which a browser makes by itself."""
_LOOKED_AT: Final = 50
"""Requests of one URL and method that may be under way at a time."""

Key = tuple[str, bytes]


def recorded_calls(recording: Recording) -> list[RecordedCall]:
    """The calls of a recording, in the order in which they began. Every exchange is in exactly one."""
    exchanges = recording.exchanges
    preflight_of, alone = (_paired_backwards if recording.call_first else _paired_forwards)(exchanges)
    chains: list[_Chain] = []
    expected: defaultdict[str, list[_Chain]] = defaultdict(list)
    for index, exchange in enumerate(exchanges):
        if index in alone:
            chains.append(_Chain([Hop(exchange, None)]))
        elif not exchange.is_preflight:
            preflight = preflight_of.get(index)
            hop = Hop(None if preflight is None else exchanges[preflight], exchange)
            chain = _expecting(expected[exchange.url.href], exchange)
            if chain is None:
                chain = _Chain()
                chains.append(chain)
            chain.hops.append(hop)
            target = _target(exchange)
            if target is not None:
                expected[target.href].append(chain)
    return [RecordedCall(tuple(chain.hops)) for chain in chains]


@dataclass(slots=True)
class _Chain:
    """A call while it is put together."""

    hops: list[Hop] = field(default_factory=list)


def _key(exchange: RecordedExchange) -> Key:
    return exchange.url.href, exchange.asked_method if exchange.is_preflight else exchange.method


def _paired_backwards(exchanges: Sequence[RecordedExchange]) -> tuple[dict[int, int], set[int]]:
    """Call → preflight, by index, and the preflights of no call: each belongs to a call that began before it."""
    preflight_of: dict[int, int] = {}
    alone: set[int] = set()
    calls: defaultdict[Key, list[int]] = defaultdict(list)
    for index, exchange in enumerate(exchanges):
        waiting = calls[_key(exchange)]
        if not exchange.is_preflight:
            waiting.append(index)
            continue
        latest = range(len(waiting) - 1, max(-1, len(waiting) - 1 - _LOOKED_AT), -1)
        near = [at for at in latest if _is_near(exchanges[waiting[at]], exchange)]
        # The latest of those that have the headers that it asks for; the headers of a call that was not sent may lack.
        at = next((each for each in near if _asks_for(exchange, exchanges[waiting[each]])), near[0] if near else None)
        if at is None:
            alone.add(index)
        else:
            preflight_of[waiting.pop(at)] = index
    return preflight_of, alone


def _paired_forwards(exchanges: Sequence[RecordedExchange]) -> tuple[dict[int, int], set[int]]:
    """The same where a call comes after the preflight that let it through; one that did not has no call."""
    preflight_of: dict[int, int] = {}
    latest: dict[Key, int] = {}
    alone: set[int] = set()
    for index, exchange in enumerate(exchanges):
        key = _key(exchange)
        if exchange.is_preflight:
            latest[key] = index
            alone.add(index)
        elif key in latest and _is_near(exchanges[latest[key]], exchange):
            preflight_of[index] = latest.pop(key)
            alone.discard(preflight_of[index])
    return preflight_of, alone


def _is_near(one: RecordedExchange, other: RecordedExchange) -> bool:
    """Whether they can belong together by their times, where those are known."""
    before = one.started if one.ended is None else one.ended
    return before is None or other.started is None or other.started - before <= _NEAR


def _asks_for(preflight: RecordedExchange, call: RecordedExchange) -> bool:
    names = {name.lower() for name in call.headers.names()}
    return names.issuperset(preflight.asked_headers)


def _target(exchange: RecordedExchange) -> URL | None:
    """Where a redirect leads, if it can have been followed."""
    response = exchange.response
    if response is None or exchange.seen == "failed" or not is_redirect_status(response.status):
        return None
    location = response.headers.get(b"Location")
    target = None if location is None else parse_url(location.decode("latin-1"), exchange.url)
    return None if target is None else target.stripped()


def _expecting(chains: list[_Chain], exchange: RecordedExchange) -> _Chain | None:
    """The first chain whose redirect leads to this request, taken off the list."""
    for at in range(max(0, len(chains) - _LOOKED_AT), len(chains)):
        last = chains[at].hops[-1].actual
        if last is not None and exchange.method in {last.method, b"GET"} and _follows(last, exchange):
            return chains.pop(at)
    return None


def _follows(redirect: RecordedExchange, exchange: RecordedExchange) -> bool:
    if redirect.started is None or exchange.started is None:
        return True
    end = redirect.started if redirect.ended is None else redirect.ended
    return redirect.started <= exchange.started <= end + _AT_ONCE
