"""Scenarios as JSON: exact both ways."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossorigin.browser.real.call import Call

from .generator import scenarios
from .scenario import Answer, Reply, Scenario
from .scenario_json import as_json, from_json

TEXT = st.text(st.characters(max_codepoint=255), max_size=8)
FIELDS = st.lists(st.tuples(TEXT, TEXT), max_size=3).map(tuple)
REPLIES = st.builds(Reply, st.integers(100, 599), FIELDS, TEXT)
ANSWERS = st.builds(Answer, REPLIES, st.lists(REPLIES, max_size=3).map(tuple))
CALLS = st.builds(
    Call,
    url=TEXT,
    api=st.sampled_from(["fetch", "xhr"]),
    method=TEXT,
    headers=FIELDS,
    body=st.none() | TEXT,
    mode=st.sampled_from(["cors", "no-cors", "same-origin"]),
    credentials=st.sampled_from(["omit", "same-origin", "include"]),
    redirect=st.sampled_from(["follow", "error", "manual"]),
    upload_listeners=st.booleans(),
)
SCENARIOS = st.builds(
    Scenario,
    TEXT,
    st.lists(CALLS, max_size=3).map(tuple),
    st.lists(ANSWERS, max_size=3).map(tuple),
    st.sampled_from(["http", "https"]),
    st.sampled_from(["page", "sandboxed", "data"]),
    st.lists(TEXT, max_size=2).map(tuple),
)


class TestRoundTrip:
    """`from_json(as_json(scenario))` is `scenario`, its notes included."""

    @given(SCENARIOS)
    def test_of_any_scenario(self, scenario: Scenario) -> None:
        again = from_json(as_json(scenario))
        assert again == scenario
        assert again.notes == scenario.notes
        assert hash(again) == hash(scenario)

    def test_of_the_generators(self) -> None:
        for scenario in scenarios(1, 300):
            text = as_json(scenario, indent=2)
            assert from_json(text) == scenario
            assert from_json(text).notes == scenario.notes
            text.encode("ascii")


def test_only_what_is_not_as_by_default() -> None:
    scenario = Scenario("s1-5", (Call(url="{foreign}/{id}/0", method="PUT"),), (Answer(Reply(404)),))
    assert json.loads(as_json(scenario)) == {
        "name": "s1-5",
        "calls": [{"url": "{foreign}/{id}/0", "method": "PUT"}],
        "answers": [{"actual": {"status": 404}}],
    }


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(TypeError, match="redirects"):
        from_json('{"name": "s", "calls": [{"url": "", "redirects": 1}]}')
