"""What is said in headers, and under which conditions."""

from __future__ import annotations

import pytest

from crossorigin.policy.migrate import MigrationError
from crossorigin.stacks.header_rules import (
    ALWAYS,
    ANY_ORIGIN,
    MOST,
    NEVER_KNOWN,
    UNKNOWN,
    Outcome,
    Place,
    Said,
    When,
    also_in,
    any_of,
    is_cors,
    keep,
    printable,
    unread,
)
from crossorigin.stacks.origin_test import OriginTest

A, B = OriginTest("https://a.com", 1), OriginTest("https://b.com", 2)
PREFLIGHT = When(is_preflight=True)


class TestWhen:
    """Both of two conditions have to hold; what cannot be said of both is not known."""

    @pytest.mark.parametrize(
        ("one", "other", "both"),
        [
            (ALWAYS, ALWAYS, ALWAYS),
            (When(only=(A,)), ALWAYS, When(only=(A,))),
            (When(only=(A,)), When(only=(A,)), When(only=(A,))),
            (When(only=(ANY_ORIGIN,)), When(only=(A,)), When(only=(A,))),
            (When(only=(ANY_ORIGIN,)), ALWAYS, When(only=(ANY_ORIGIN,))),
            (When(only=(A,)), When(only=(B,)), NEVER_KNOWN),
            (When(only=(A,)), PREFLIGHT, When(only=(A,), is_preflight=True)),
            (NEVER_KNOWN, ALWAYS, NEVER_KNOWN),
        ],
    )
    def test_joined(self, one: When, other: When, both: When) -> None:
        assert one.joined(other) == both
        assert other.joined(one) == both

    def test_any_of(self) -> None:
        assert any_of([When(only=(A,)), When(only=(B, A))]) == When(only=(A, B))
        assert any_of([When(only=(A,)), ALWAYS]) == ALWAYS
        assert any_of([When(only=(A,)), NEVER_KNOWN]) == NEVER_KNOWN
        assert any_of([]) == NEVER_KNOWN
        assert any_of([PREFLIGHT, ALWAYS]) == ALWAYS
        assert any_of([PREFLIGHT]) == PREFLIGHT

    def test_an_outcome_under_one_more(self) -> None:
        assert Outcome("x").joined(When(only=(A,))) == Outcome("x", When(only=(A,)))
        assert Outcome("x", When(only=(B,))).joined(When(only=(A,))) == UNKNOWN


def test_is_cors() -> None:
    assert is_cors("Access-Control-Max-Age")
    assert not is_cors("Vary")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a\n  b", "a b"),
        ('say "x\\y"', 'say "x\\y"'),
        ("\x1b[31m\u2028", "\\u001b[31m"),
        ("ü", "\\u00fc"),
        ("x" * 100, "x" * 69 + "..."),
    ],
)
def test_printable(text: str, found: str) -> None:
    assert printable(text) == found


def test_findings() -> None:
    assert str(unread(3, "a  b")) == "line 3, a b: not read: It is not understood, and left out."
    assert also_in([4]) == ""
    assert also_in([4, 4, 5]) == " (lines 4, 5)"
    assert also_in(range(1, 9)) == " (lines 1, 2, 3, 4, 5, 6 and more)"


def test_more_than_people_write() -> None:
    said, places = Said("a", "b", 1, "c"), list[Place]()
    place = Place()
    place.say(*[said] * MOST)
    with pytest.raises(MigrationError, match="more about CORS than can be read"):
        place.say(said)
    for _ in range(MOST):
        keep(places, Place())
    with pytest.raises(MigrationError, match="more about CORS than can be read"):
        keep(places, Place())
    with pytest.raises(MigrationError, match="more about CORS than can be read"):
        any_of([When(only=(OriginTest(str(number), 1),)) for number in range(MOST + 1)])
