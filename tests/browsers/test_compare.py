"""Every planted difference is seen, and nothing is seen where there is none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crossorigin.browser.real.call import Call, Outcome

from .compare import Difference, differences
from .distribution import ORIGINS
from .generator import scenarios
from .observed import Observed, Seen, seen
from .predict import Predicted, predict
from .scenario import Scenario

SCENARIO = Scenario("s1-1", (Call(url="{foreign}/{id}/0", method="PUT"), Call(url="{foreign}/{id}/0")))
OUTCOME = Outcome(
    blocked=False,
    type="cors",
    status=200,
    redirected=False,
    url="http://api.b.localhost/s1-1/0",
    headers=(("content-length", "4"), ("x-one", "1")),
    body="body",
)
PREFLIGHT = Seen("foreign", "OPTIONS", "/s1-1/0", origin="http://a", acrm="PUT", acrh="x-a")
PUT = Seen("foreign", "PUT", "/s1-1/0", origin="http://a", cookie="c-s1-1=1")
GET = Seen("foreign", "GET", "/s1-1/0", origin="http://a")
PREDICTED = Predicted(
    "s1-1", (OUTCOME, Outcome(blocked=True)), (PREFLIGHT, PUT, GET), ((), ("line",)), (None, None), (0, 0, 1)
)
OBSERVED = Observed("s1-1", PREDICTED.outcomes, PREDICTED.requests, ((), ("line",)))


def found(**changes: Any) -> list[Difference]:
    return differences(SCENARIO, PREDICTED, replace(OBSERVED, **changes))


def test_nothing_where_all_is_as_predicted() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        ({"type": "basic"}, Difference("type", 0, "'cors'", "'basic'")),
        ({"status": 404}, Difference("status", 0, "200", "404")),
        ({"redirected": True}, Difference("redirected", 0, "False", "True")),
        ({"url": ""}, Difference("url", 0, "'http://api.b.localhost/s1-1/0'", "''")),
        ({"body": None}, Difference("body", 0, "'body'", "None")),
        ({"headers": (("content-length", "4"),)}, Difference("header x-one", 0, "'1'", "not readable")),
        (
            {"headers": (("content-length", "4"), ("x-one", "2"))},
            Difference("header x-one", 0, "'1'", "'2'"),
        ),
        (
            {"headers": (("content-length", "4"), ("x-one", "1"), ("x-one", "1"))},
            Difference("header x-one", 0, "'1'", "'1' and '1'"),
        ),
        ({"headers": (*OUTCOME.headers, ("x-two", ""))}, Difference("header x-two", 0, "not readable", "''")),
    ],
)
def test_one_thing_of_an_outcome(change: dict[str, Any], difference: Difference) -> None:
    assert found(outcomes=(replace(OUTCOME, **change), Outcome(blocked=True))) == [difference]


def test_blocked_or_not_is_one_difference() -> None:
    assert found(outcomes=(Outcome(blocked=True), OUTCOME)) == [
        Difference("blocked", 0, "allowed (cors, status 200)", "blocked"),
        Difference("blocked", 1, "blocked", "allowed (cors, status 200)"),
    ]


def test_a_call_that_is_missing() -> None:
    assert found(outcomes=(OUTCOME,)) == [Difference("calls", None, "2", "1")]


@pytest.mark.parametrize(
    ("field", "value", "difference"),
    [
        ("origin", "null", Difference("Origin of PUT foreign/s1-1/0", 0, "'http://a'", "'null'")),
        ("origin", None, Difference("Origin of PUT foreign/s1-1/0", 0, "'http://a'", "nothing")),
        ("cookie", None, Difference("Cookie of PUT foreign/s1-1/0", 0, "'c-s1-1=1'", "nothing")),
        ("cookie", "c-s1-1=2", Difference("Cookie of PUT foreign/s1-1/0", 0, "'c-s1-1=1'", "'c-s1-1=2'")),
    ],
)
def test_a_header_of_a_request(field: str, value: str | None, difference: Difference) -> None:
    change: dict[str, Any] = {field: value}
    assert found(requests=(PREFLIGHT, replace(PUT, **change), GET)) == [difference]


@pytest.mark.parametrize(
    ("field", "value", "name"),
    [("acrm", "put", "Access-Control-Request-Method"), ("acrh", None, "Access-Control-Request-Headers")],
)
def test_what_a_preflight_asks(field: str, value: str | None, name: str) -> None:
    change: dict[str, Any] = {field: value}
    (difference,) = found(requests=(replace(PREFLIGHT, **change), PUT, GET))
    assert difference.what == f"{name} of OPTIONS foreign/s1-1/0 (preflight)"
    assert difference.call == 0


def test_requests_too_few_too_many_and_in_another_order() -> None:
    assert found(requests=(PUT, GET)) == [
        Difference("request", 0, "OPTIONS foreign/s1-1/0 (preflight)", "nothing"),
    ]
    assert found(requests=(PREFLIGHT, PUT, PREFLIGHT, GET)) == [
        Difference("request", None, "nothing", "OPTIONS foreign/s1-1/0 (preflight) (the 3. request)"),
    ]
    assert len(found(requests=(PREFLIGHT, GET, PUT))) == 2
    assert len(found(requests=(PREFLIGHT, replace(PUT, host="own"), GET))) == 2
    assert len(found(requests=(PREFLIGHT, replace(PUT, path="/s1-1/1"), GET))) == 2
    assert len(found(requests=(replace(PREFLIGHT, acrm=None), PUT, GET))) == 2


def test_one_request_too_many_among_equal_ones_is_one_difference() -> None:
    thrice = replace(PREDICTED, requests=(GET, GET, GET), request_calls=(0, 0, 1))
    (difference,) = differences(SCENARIO, thrice, replace(OBSERVED, requests=(GET, PREFLIGHT, GET, GET)))
    assert difference.observed == "OPTIONS foreign/s1-1/0 (preflight) (the 2. request)"


def test_cookies_of_other_scenarios_do_not_count() -> None:
    other = replace(PUT, cookie="__Host-c-s1-11=1; c-s1-1=1; __Host-c-s11-1=1")
    foreign = replace(GET, cookie="__Host-c-s1-2=1")
    assert found(requests=(PREFLIGHT, other, foreign)) == []


def test_console_lines_byte_for_byte() -> None:
    assert found(console=((), ("line ",))) == [Difference("console", 1, "\n    line", "\n    line ")]
    assert found(console=(("line",), ("line",))) == [Difference("console", 0, "nothing", "\n    line")]
    assert found(console=((),)) == [Difference("console", 1, "\n    line", "nothing")]
    silent = replace(PREDICTED, console=None)
    assert differences(SCENARIO, silent, replace(OBSERVED, console=(("line",),))) == []


def test_in_words() -> None:
    assert str(Difference("status", 1, "200", "404")) == "call 2: status: predicted 200, observed 404"
    assert str(Difference("calls", None, "2", "1")) == "calls: predicted 2, observed 1"


def test_a_prediction_is_not_different_from_itself() -> None:
    for scenario in scenarios(3, 200):
        predicted = predict(scenario, ORIGINS)
        itself = Observed(scenario.name, predicted.outcomes, predicted.requests, ())
        assert differences(scenario, predicted, itself) == []


class Asked:
    host, method, path, origin, cookie = "foreign", "OPTIONS", "/s1-1/0", "http://a", None

    def __init__(self, preflight: tuple[str, str | None] | None) -> None:
        self.preflight = preflight


def test_what_a_server_was_asked() -> None:
    assert seen(Asked(("PUT", "x-a"))) == PREFLIGHT
    assert seen(Asked(None)) == Seen("foreign", "OPTIONS", "/s1-1/0", "http://a")
