"""Rules of routes: which is found, what it decides, and what takes the place of a response's headers."""

from __future__ import annotations

import asyncio

import pytest

from crossorigin.middleware.notices import CORSWarning
from crossorigin.middleware.rules import (
    Rule,
    check_websocket_origins,
    is_handshake,
    marker,
    rule_of,
    ruled_fields,
)
from crossorigin.policy import LivePolicy, Policy, PolicyError, RequestFacts
from crossorigin.policy.observe import Counters

from .framework_cases import APP, EVIL

POLICY = Policy(allow_origins=[APP])
FACTS = RequestFacts(method=b"GET", origin=APP.encode())


class Handler:
    def get(self) -> None: ...

    @marker(Rule(None, {}))
    def put(self) -> None: ...


def test_the_first_rule_counts() -> None:
    rule, other = Rule(POLICY, {}), Rule(POLICY, {})

    @marker(rule)
    class Marked(Handler): ...

    assert rule_of(None, Handler.get, Marked, marker(other)(lambda: None)) is rule
    assert rule_of(Marked().put, Marked) is rule_of(Handler.put)
    assert rule_of(Marked()) is rule
    assert rule_of(Handler) is None
    assert rule_of() is None


def test_a_rule_decides_by_the_policy_of_the_moment() -> None:
    live, counters = LivePolicy(POLICY), Counters()
    rule = Rule(live, {})
    decision = rule.decide_now(FACTS, counters)
    assert decision is not None
    assert decision.allowed
    live.replace(Policy(allow_origins=[EVIL]))
    decision = asyncio.run(rule.decide(FACTS, counters))
    assert decision is not None
    assert not decision.allowed
    counts = counters.snapshot()
    assert (counts["actual:allowed"], counts["actual:origin"]) == (1, 1)


def test_a_lookup_is_asked_for_what_the_policy_does_not_list() -> None:
    asked: list[str] = []

    def is_tenant(origin: str) -> bool:
        asked.append(origin)
        return True

    rule = Rule(None, {"allow_origins": [APP]}, origin_lookup=is_tenant)
    for page in (APP, "https://tenant.test"):
        decision = asyncio.run(rule.decide(RequestFacts(method=b"GET", origin=page.encode())))
        assert decision is not None
        assert decision.headers == ((b"access-control-allow-origin", page.encode()),)
    assert asked == ["https://tenant.test"]


def test_nothing_is_decided_without_a_policy() -> None:
    assert Rule(None, {}).decide_now(FACTS) is None
    assert asyncio.run(Rule(None, {}).decide(FACTS)) is None


def test_wrong_use() -> None:
    with pytest.raises(TypeError, match="needs a policy"):
        Rule(None, {}, origin_lookup=lambda origin: True)
    with pytest.raises(PolicyError):
        Rule(None, {"allow_origins": "*"})
    with pytest.raises(TypeError, match="settings beside it"):
        Rule(POLICY, {"max_age": 5})
    with pytest.raises(ValueError, match="enforce"):
        check_websocket_origins("no")  # type: ignore[arg-type]
    assert check_websocket_origins("enforce")
    assert not check_websocket_origins("ignore")


def test_fields_take_the_place_of_all_that_are_ruled() -> None:
    rule = Rule(POLICY, {})
    decision = rule.decide_now(FACTS)
    assert decision is not None
    headers = [("Content-Type", "text/plain"), ("Access-Control-Allow-Origin", "*"), ("Vary", "Accept, \u20ac")]
    with pytest.warns(CORSWarning, match="sets access-control-allow-origin itself"):
        fields = ruled_fields(headers, decision, rule)
    assert fields == [("vary", "Accept, ?, Origin"), ("access-control-allow-origin", APP)]


@pytest.mark.parametrize(
    ("headers", "yes"), [({"upgrade": " WebSocket"}, True), ({"upgrade": "h2c"}, False), ({}, False)]
)
def test_a_handshake(headers: dict[str, str], yes: bool) -> None:
    assert is_handshake(headers) is yes
