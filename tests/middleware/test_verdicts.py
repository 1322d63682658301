"""Verdicts on requests: by which rule, which answer of our own, and what takes the place of a response's headers."""

from __future__ import annotations

import asyncio

import pytest
from multidict import CIMultiDict

from crossorigin.middleware.notices import CORSWarning
from crossorigin.middleware.rules import Options, Rule, Rules
from crossorigin.middleware.verdicts import Verdict, asked_method, verdict_now, verdict_on
from crossorigin.policy import LivePolicy, Policy, RequestFacts
from crossorigin.policy.observe import Counters

from .framework_cases import APP, EVIL

POLICY = Policy(allow_origins=[APP])
FACTS = RequestFacts(method=b"GET", origin=APP.encode())
STRANGER = RequestFacts(method=b"GET", origin=EVIL.encode())
SOCKET = {"upgrade": " WebSocket"}


def on(facts: RequestFacts, rules: Rules, rule: Rule | None = None, headers: dict[str, str] | None = None) -> Verdict:
    return asyncio.run(verdict_on(facts, headers or {}, rule, rules))


def allowed(verdict: Verdict) -> bool:
    assert verdict.decision is not None
    return verdict.decision.allowed


def test_the_rule_of_the_route_or_the_applications() -> None:
    rules, rule = Rules(POLICY, {}), Rule(None, {"allow_origins": [EVIL]})
    assert [allowed(on(facts, rules)) for facts in (FACTS, STRANGER)] == [True, False]
    assert [allowed(on(facts, rules, rule)) for facts in (FACTS, STRANGER)] == [False, True]


def test_the_policy_of_the_moment_decides_and_the_observer_is_told() -> None:
    live, counters = LivePolicy(POLICY), Counters()
    rules = Rules(live, {"observer": counters})
    assert allowed(on(FACTS, rules))
    live.replace(Policy(allow_origins=[EVIL]))
    assert not allowed(verdict_now(FACTS, {}, rules.default, rules))
    counts = counters.snapshot()
    assert (counts["actual:allowed"], counts["actual:origin"]) == (1, 1)


def test_a_lookup_grants() -> None:
    rules = Rules(None, {"allow_origins": [APP], "origin_lookup": lambda origin: origin == EVIL})
    for page in (APP, EVIL):
        verdict = on(RequestFacts(method=b"GET", origin=page.encode()), rules)
        assert verdict.fields([]) == [("access-control-allow-origin", page), ("vary", "Origin")]
    assert not allowed(on(RequestFacts(method=b"GET", origin=b"https://no.test"), rules))


def test_nothing_is_decided_without_a_policy() -> None:
    verdict = on(FACTS, Rules(None, {}))
    assert (verdict.decision, verdict.status, verdict.fields([("vary", "Accept")])) == (None, None, None)
    headers = CIMultiDict([("Access-Control-Allow-Origin", "*")])
    verdict.put_into(headers)
    assert [*headers.items()] == [("Access-Control-Allow-Origin", "*")]


@pytest.mark.parametrize(
    ("options", "headers", "facts", "status"),
    [
        ({}, SOCKET, STRANGER, 403),
        ({}, SOCKET, FACTS, None),
        ({"websocket_origins": "ignore"}, SOCKET, STRANGER, None),
        ({}, {"upgrade": "h2c"}, STRANGER, None),
        ({}, {}, STRANGER, None),
        ({}, {}, RequestFacts(method=b"OPTIONS", origin=APP.encode(), request_method=b"GET"), 204),
        ({}, SOCKET, RequestFacts(method=b"OPTIONS", origin=EVIL.encode(), request_method=b"GET"), 403),
    ],
)
def test_an_answer_of_our_own(
    options: Options, headers: dict[str, str], facts: RequestFacts, status: int | None
) -> None:
    assert on(facts, Rules(POLICY, options), headers=headers).status == status


def test_fields_take_the_place_of_all_that_are_ruled() -> None:
    own = [("Content-Type", "text/plain"), ("Access-Control-Allow-Origin", "*"), ("Vary", "Accept, \u20ac")]
    fields = [("vary", "Accept, ?, Origin"), ("access-control-allow-origin", APP)]
    verdict = on(FACTS, Rules(POLICY, {}))
    with pytest.warns(CORSWarning, match="sets access-control-allow-origin itself"):
        assert verdict.fields(own) == fields
    headers = CIMultiDict(own)
    verdict.put_into(headers)
    assert [*headers.items()] == [("Content-Type", "text/plain"), *fields]


def test_the_method_by_which_a_route_is_found() -> None:
    assert asked_method(RequestFacts(method=b"OPTIONS", origin=b"null", request_method=b"PUT")) == "PUT"
    assert asked_method(RequestFacts(method=b"OPTIONS", request_method=b"PUT")) is None
    assert asked_method(FACTS) is None
