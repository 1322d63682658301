"""Rules: what each holds, the policy of the moment, and the lookup beside it."""

from __future__ import annotations

import asyncio

import pytest
from tests.test_architecture import modules_after

from crossorigin.middleware.rules import Rule, Rules
from crossorigin.policy import LivePolicy, Policy, PolicyError
from crossorigin.policy.observe import Counters

from .framework_cases import APP, EVIL

POLICY = Policy(allow_origins=[APP])
TENANT = b"https://tenant.test"


def test_a_live_policy_is_asked_for_its_answers_anew() -> None:
    live = LivePolicy(POLICY)
    rule = Rule(live, {})
    before = rule.now
    assert before is not None
    assert rule.now is before
    live.replace({"allow_origins": ["*"]})
    assert rule.now is not None
    assert rule.now.actual(EVIL) == (("access-control-allow-origin", "*"),)


def test_a_lookup_is_asked_for_what_the_policy_does_not_list() -> None:
    asked: list[str] = []

    def is_tenant(origin: str) -> bool:
        asked.append(origin)
        return True

    for rule in (Rule(None, {"allow_origins": [APP]}, origin_lookup=is_tenant), Rule(POLICY, {})):
        assert not rule.grants(APP.encode())
        assert not asyncio.run(rule.grants_later(APP.encode()))
        assert rule.grants(TENANT) is (rule.origin_lookup is not None)
        assert asyncio.run(rule.grants_later(TENANT)) is (rule.origin_lookup is not None)
    assert asked == [TENANT.decode()] * 2


def test_what_can_only_be_awaited_is_for_asyncio() -> None:
    async def is_tenant(origin: str) -> bool:
        return True

    rule = Rule(POLICY, {}, origin_lookup=is_tenant)
    assert asyncio.run(rule.grants_later(TENANT))
    with pytest.raises(TypeError, match="cannot await"):
        rule.grants(TENANT)


def test_nothing_is_granted_without_a_policy() -> None:
    assert Rule(None, {}).now is None
    assert Rule(None, {}).grants(TENANT) is False


def test_wrong_use() -> None:
    with pytest.raises(TypeError, match="needs a policy"):
        Rule(None, {}, origin_lookup=lambda origin: True)
    with pytest.raises(PolicyError):
        Rule(None, {"allow_origins": "*"})
    with pytest.raises(TypeError, match="settings beside it"):
        Rule(POLICY, {"max_age": 5})
    with pytest.raises(ValueError, match="enforce"):
        Rules(None, {"websocket_origins": "no"})  # type: ignore[typeddict-item]


def test_options_of_an_application() -> None:
    counters = Counters()
    rules = Rules(None, {"allow_origins": [APP], "observer": counters, "websocket_origins": "ignore"})
    assert (rules.default.source, rules.observer, rules.websocket_origins) == (POLICY, counters, "ignore")
    rules = Rules(POLICY, {})
    assert (rules.default.source, rules.observer, rules.websocket_origins) == (POLICY, None, "enforce")
    assert Rules(None, {}).default.source is None


def test_a_server_without_a_lookup_does_not_pay_for_asyncio() -> None:
    assert "asyncio" not in modules_after("import crossorigin.middleware.wsgi")
