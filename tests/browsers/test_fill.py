"""Places of a scenario."""

from __future__ import annotations

import pytest

from crossorigin.browser.real.call import Call

from .distribution import ORIGINS
from .fill import fill, role_of
from .scenario import Answer, Reply, Scenario


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{page}", "http://app.a.localhost:40001"),
        ("{own}/{id}/0", "http://app.a.localhost:40001/s1-0/0"),
        ("{port}", "http://app.a.localhost:40002"),
        ("{sibling}", "http://api.a.localhost:40003"),
        ("{scheme}://user:pass@{foreign.authority}/", "http://user:pass@api.b.localhost:40004/"),
        ("{other.authority},{other}", "api.c.localhost:40005,http://api.c.localhost:40005"),
        ("a{b", "a{b"),
        ("{}{x}{ID}{page.authority}{{id}}", "{}{x}{ID}app.a.localhost:40001{s1-0}"),
    ],
)
def test_places_are_filled_everywhere_and_nothing_else_is_touched(text: str, filled: str) -> None:
    reply, full = Reply(302, ((text, text),), text), Reply(302, ((filled, filled),), filled)
    scenario = Scenario("s1-0", (Call(url=text, headers=((text, text),), body=text),), (Answer(reply, (reply,)),))
    expected = Scenario("s1-0", (Call(url=filled, headers=((filled, filled),), body=filled),), (Answer(full, (full,)),))
    assert fill(scenario, ORIGINS) == expected


def test_what_browsers_cache_unasked_is_not_to_be_cached() -> None:
    scenario = Scenario("s", (Call(url="{own}/"),), (Answer(Reply(301)), Answer(Reply(302))))
    assert [answer.actual.headers for answer in fill(scenario, ORIGINS).answers] == [
        (("Cache-Control", "no-store"),),
        (),
    ]


def test_roles() -> None:
    assert role_of("http://api.c.localhost:40005", ORIGINS) == "other"
    assert role_of("http://app.a.localhost:40001", ORIGINS) == "own"
    assert role_of("http://app.a.localhost", ORIGINS) == "http://app.a.localhost"
