"""Which recorded requests belong together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossorigin.doctor.recorded_calls import recorded_calls

from .hars import ALLOW, API, CHROMIUM, FIREFOX, PROXY, entry, preflight, recording

DEVTOOLS = (CHROMIUM, FIREFOX)


def shape(*entries: object, creator: str = CHROMIUM) -> list[list[str]]:
    """Each call as its hops, each hop as the places of its preflight and its request: "1>0", or "-" for none."""
    return [
        [
            f"{'-' if hop.preflight is None else hop.preflight.place[12:-1]}>"
            f"{'-' if hop.actual is None else hop.actual.place[12:-1]}"
            for hop in call.hops
        ]
        for call in recorded_calls(recording(*entries, creator=creator))
    ]


def redirect(to: str, **more: object) -> dict[str, object]:
    return entry(status=302, got=(*ALLOW, ("Location", to)), **more)  # type: ignore[arg-type]


class TestPreflights:
    """DevTools begin with the call, and the wire with the preflight."""

    @pytest.mark.parametrize("creator", DEVTOOLS)
    def test_devtools(self, creator: str) -> None:
        put = entry(method="PUT", sent=(("content-type", "a/b"), ("x-token", "t")))
        assert shape(put, preflight(), creator=creator) == [["1>0"]]

    def test_the_wire(self) -> None:
        assert shape(preflight(), entry(method="PUT"), creator=PROXY) == [["0>1"]]

    def test_one_after_the_other(self) -> None:
        put = entry(method="PUT")
        assert shape(put, preflight(), put, preflight()) == [["1>0"], ["3>2"]]
        assert shape(preflight(), put, preflight(), put, creator=PROXY) == [["0>1"], ["2>3"]]

    def test_only_the_first_needed_one(self) -> None:
        put = entry(method="PUT")
        assert shape(put, preflight(), put, put) == [["1>0"], ["->2"], ["->3"]]
        assert shape(preflight(), put, put, creator=PROXY) == [["0>1"], ["->2"]]

    def test_the_second_needed_one(self) -> None:
        put = entry(method="PUT")
        assert shape(put, put, preflight()) == [["->0"], ["2>1"]]

    def test_all_at_once(self) -> None:
        put = entry(method="PUT")
        found = shape(put, put, put, preflight(), preflight(), preflight())
        assert sorted(found) == [["3>2"], ["4>1"], ["5>0"]]

    def test_that_of_other_headers(self) -> None:
        plain = entry(method="PUT", sent=(("content-type", "a/b"),))
        more = entry(method="PUT", sent=(("content-type", "a/b"), ("x-token", "t")))
        # By their times the first preflight would be the second call's.
        both = (more, plain, preflight(), preflight(names="content-type"))
        assert shape(*both) == [["2>0"], ["3>1"]]

    def test_those_that_failed_on_the_wire_have_no_call(self) -> None:
        assert shape(preflight(), preflight(), preflight(), entry(method="PUT"), creator=PROXY) == [
            ["0>-"],
            ["1>-"],
            ["2>3"],
        ]

    @pytest.mark.parametrize("other", [entry(method="GET"), entry(f"{API}/other", "PUT"), entry(method="put")])
    def test_of_another_call(self, other: object) -> None:
        assert shape(other, preflight()) == [["->0"], ["1>-"]]

    def test_long_ago(self) -> None:
        # A request waits for its preflight no longer than for a free connection.
        assert shape(entry(method="PUT", at=0), preflight(at=50)) == [["1>0"]]
        assert shape(entry(method="PUT", at=0), {**preflight(), "startedDateTime": "2026-11-21T10:02:00Z"}) == [
            ["->0"],
            ["1>-"],
        ]

    def test_an_options_of_script_is_a_call(self) -> None:
        assert shape(entry(method="OPTIONS"), preflight(asks="OPTIONS")) == [["1>0"]]


class TestRedirects:
    """A redirect, and the request for where it leads."""

    def test_followed(self) -> None:
        assert shape(redirect("/a"), entry("https://api.example/a")) == [["->0", "->1"]]

    def test_twice(self) -> None:
        first = redirect("https://api.example/a")
        second = redirect("https://b.example/b", url="https://api.example/a")
        assert shape(first, second, entry("https://b.example/b#top")) == [["->0", "->1", "->2"]]

    def test_with_a_preflight_at_each(self) -> None:
        put = redirect("https://b.example/b", method="PUT")
        then = entry("https://b.example/b", "PUT")
        assert shape(put, preflight(), then, preflight("https://b.example/b")) == [["1>0", "3>2"]]

    def test_a_post_becomes_a_get(self) -> None:
        assert shape(redirect("/a", method="POST"), entry("https://api.example/a")) == [["->0", "->1"]]

    @pytest.mark.parametrize(
        "other",
        [
            entry("https://api.example/b"),
            entry("https://api.example/a", "PUT"),
            entry("https://api.example/a?x"),
        ],
    )
    def test_to_elsewhere(self, other: object) -> None:
        assert shape(redirect("/a"), other) == [["->0"], ["->1"]]

    def test_where_the_browser_stopped(self) -> None:
        assert shape(redirect("/a", _error="net::ERR_FAILED"), entry("https://api.example/a")) == [["->0"], ["->1"]]

    def test_long_ago(self) -> None:
        assert shape(redirect("/a", at=0), entry("https://api.example/a", at=4)) == [["->0", "->1"]]
        assert shape(redirect("/a", at=0), entry("https://api.example/a", at=40)) == [["->0"], ["->1"]]

    def test_each_its_own(self) -> None:
        away, there = redirect("/a"), entry("https://api.example/a")
        assert shape(away, away, there, there) == [["->0", "->2"], ["->1", "->3"]]

    @pytest.mark.parametrize("location", ["http://[", "", "mailto:x@example"])
    def test_to_nowhere(self, location: str) -> None:
        assert shape(redirect(location)) == [["->0"]]


PATHS, METHODS = st.sampled_from("ab"), st.sampled_from(("PUT", "GET"))
HOST = "https://api.example"
ENTRIES = st.lists(
    st.one_of(
        st.builds(lambda path, asks: preflight(f"{HOST}/{path}", asks), PATHS, METHODS),
        st.builds(lambda path, method: entry(f"{HOST}/{path}", method), PATHS, METHODS),
        st.builds(lambda path, to: redirect(f"/{to}", url=f"{HOST}/{path}"), PATHS, PATHS),
    ),
    max_size=30,
)


class TestAlways:
    """Every exchange is in exactly one call, and nothing is invented."""

    @given(ENTRIES, st.sampled_from((CHROMIUM, PROXY)))
    def test_partition(self, entries: list[object], creator: str) -> None:
        read = recording(*entries, creator=creator)
        calls = recorded_calls(read)
        places = [exchange.place for call in calls for exchange in call.exchanges]
        assert sorted(places) == sorted(each.place for each in read.exchanges)
        for call in calls:
            for hop in call.hops:
                assert hop.preflight is None or hop.preflight.is_preflight
                assert hop.actual is None or not hop.actual.is_preflight
                if hop.preflight and hop.actual:
                    assert hop.preflight.url == hop.actual.url
                    assert hop.preflight.asked_method == hop.actual.method

    def test_many_of_one_kind_take_no_time_of_their_own(self) -> None:
        # Linear: ten thousand that could all belong to one another.
        many = [entry(method="PUT"), preflight()] * 5_000
        assert len(recorded_calls(recording(*many))) == 5_000
        assert len(recorded_calls(recording(*[redirect(API)] * 5_000))) == 1
