from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from crossorigin.browser.pool import Channel, IdleChannels

HERE = ("http", "here.example", 80)
THERE = ("http", "there.example", 80)


@dataclass
class Connection:
    available: bool = True
    expired: bool = False
    _h11_state: Any = None

    def is_available(self) -> bool:
        return self.available

    def has_expired(self) -> bool:
        return self.expired


@dataclass
class Stream:
    infos: dict[str, object] = field(default_factory=dict)

    def get_extra_info(self, info: str, /) -> object:
        return self.infos.get(info)


@dataclass
class Parser:
    trailing_data: tuple[bytes, bool]


def channel(
    origin: tuple[str, str, int] = HERE, *, readable: bool = False, **connection: Any
) -> Channel[Connection, Stream]:
    return Channel(origin, Connection(**connection), Stream({"is_readable": readable}))


@pytest.mark.parametrize(
    ("made", "clean"),
    [
        (channel(), True),
        (channel(available=False), False),
        (channel(_h11_state=Parser((b"", False))), True),
        (channel(_h11_state=Parser((b"HTTP/1.1 200 OK", False))), False),
    ],
    ids=["http2", "done-for", "http1", "leftovers"],
)
def test_a_channel_is_clean_when_it_can_serve_again(made: Channel[Connection, Stream], clean: bool) -> None:
    assert made.is_clean() is clean


@pytest.mark.parametrize(
    ("made", "fresh"), [(channel(), True), (channel(expired=True), False), (channel(readable=True), False)]
)
def test_a_channel_is_fresh_while_nothing_happens(made: Channel[Connection, Stream], fresh: bool) -> None:
    assert made.is_fresh() is fresh


class TestIdleChannels:
    """Every channel that was given is taken by one exchange or handed out to be closed, once."""

    def test_the_latest_to_the_origin_is_taken(self) -> None:
        idle = IdleChannels[Connection, Stream]()
        first, elsewhere, second = channel(), channel(THERE), channel()
        for each in (first, elsewhere, second):
            idle.keep(each)
        assert [idle.take(HERE) for _ in range(3)] == [second, first, None]
        assert idle.take(THERE) is elsewhere
        assert idle.dropped() == []

    def test_what_is_not_fresh_is_dropped_wherever_it_leads(self) -> None:
        idle = IdleChannels[Connection, Stream]()
        dead, elsewhere = channel(readable=True), channel(THERE, expired=True)
        idle.keep(dead)
        idle.keep(elsewhere)
        assert idle.take(HERE) is None
        assert idle.dropped() == [dead, elsewhere]
        assert idle.dropped() == []

    def test_the_oldest_goes_when_there_are_too_many(self) -> None:
        idle = IdleChannels[Connection, Stream]()
        many = [channel(("http", f"{number}.example", 80)) for number in range(40)]
        for each in many:
            idle.keep(each)
        assert idle.dropped() == many[:8]

    def test_closed_keeps_nothing(self) -> None:
        idle = IdleChannels[Connection, Stream]()
        before, after, failed = channel(), channel(), channel()
        idle.keep(before)
        idle.close()
        idle.keep(after)
        idle.drop(failed)
        assert idle.dropped() == [before, after, failed]
        assert idle.take(HERE) is None
