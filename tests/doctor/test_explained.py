"""A recording as a whole: which calls, how often, and in which order they are told."""

from __future__ import annotations

import pytest

from crossorigin.doctor.explained import FilterError, URLFilter, explain
from crossorigin.doctor.recorded import RecordedCall

from .hars import ALLOW, API, CHROMIUM, FIREFOX, calls, entry, preflight, recording

FAILED = "net::ERR_FAILED"


def told(*entries: object, creator: str = FIREFOX, only: str | None = None) -> list[tuple[str | None, int]]:
    """The code and the number of calls of each group."""
    explanation = explain(recording(*entries, creator=creator), only=None if only is None else URLFilter(only))
    return [(group.code and group.code.value, len(group.calls)) for group in explanation.groups]


class TestGroups:
    """The same call failing in the same way is told once."""

    def test_the_same(self) -> None:
        assert told(entry(), entry(), entry()) == [("B301", 3)]

    def test_with_another_query(self) -> None:
        assert told(entry(f"{API}?_=1"), entry(f"{API}?_=2")) == [("B301", 2)]

    @pytest.mark.parametrize(
        "other",
        [
            entry(f"{API}/other"),
            entry(method="POST"),
            entry(sent=(("Origin", "https://other.example"),)),
            entry(got=(("Access-Control-Allow-Origin", "https://other.example"),)),
        ],
    )
    def test_another(self, other: object) -> None:
        assert [count for _, count in told(entry(), other)] == [1, 1]

    def test_with_another_error(self) -> None:
        refused, reset = (entry(status=0, _error=f"net::ERR_CONNECTION_{word}") for word in ("REFUSED", "RESET"))
        assert told(refused, reset, refused, creator=CHROMIUM) == [("B601", 2), ("B601", 1)]


class TestOrder:
    """What a browser blocked first, then what the network did, then what is not known."""

    def test_of(self) -> None:
        unknown = entry(f"{API}/unknown", status=0, _error=FAILED)
        refused = entry(f"{API}/refused", status=0, _error="net::ERR_CONNECTION_REFUSED")
        blocked = entry(f"{API}/blocked", got=(("x", "1"),), _error=FAILED)
        assert told(unknown, refused, blocked, creator=CHROMIUM) == [("B301", 1), ("B601", 1), (None, 1)]


class TestCounts:
    """Calls, not entries: a preflight and a followed redirect belong to theirs."""

    def test_of(self) -> None:
        put = entry(method="PUT")
        redirect = entry(f"{API}/a", status=302, got=(*ALLOW, ("Location", "/b")))
        explanation = explain(
            recording(
                put, preflight(), redirect, entry("https://api.example/b", got=ALLOW), entry(f"{API}/c", status=0),
                creator=FIREFOX,
            )
        )  # fmt: skip
        assert (explanation.requests, explanation.blocked, explanation.unexplained) == (3, 1, 1)

    def test_of_nothing(self) -> None:
        explanation = explain(recording())
        assert (explanation.requests, explanation.blocked, explanation.unexplained) == (0, 0, 0)

    def test_of_what_the_filter_lets_through(self) -> None:
        explanation = explain(recording(entry(), entry("https://cdn.example/"), creator=FIREFOX), only=URLFilter("cdn"))
        assert (explanation.requests, explanation.blocked) == (1, 1)


class TestFilter:
    """Text that a URL of the call holds, or a regular expression."""

    @staticmethod
    def call() -> RecordedCall:
        redirect = entry(f"{API}?id=1", status=302, got=(("Location", "https://cdn.example/x"),))
        (only,) = calls(redirect, entry("https://cdn.example/x"), creator=FIREFOX)
        return only

    @pytest.mark.parametrize(
        "text", ["", "api.example", "?id=1", "cdn", "/users", r"/users\?id=\d+$/", "/^https:.*x$/", "/"]
    )
    def test_takes(self, text: str) -> None:
        assert URLFilter(text).takes(self.call())

    @pytest.mark.parametrize("text", ["API", "users/", "/^http:/", "/cdn$/", "id=2"])
    def test_leaves(self, text: str) -> None:
        assert not URLFilter(text).takes(self.call())

    @pytest.mark.parametrize("text", ["/(/", "/[a/", "/*/", "/a{99999999999}/"])
    def test_what_is_no_expression(self, text: str) -> None:
        with pytest.raises(FilterError) as raised:
            URLFilter(text)
        assert str(raised.value).startswith(f"{text!r} is not a regular expression: ")
