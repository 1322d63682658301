"""Counting and logging: a closed set of keys, and nothing that an attacker can fill or write."""

from __future__ import annotations

import logging

import pytest

from crossorigin.policy import Kind, RequestFacts, Step, decide
from crossorigin.policy.observe import Counters, DenialLog, Observer, ReplacedHeaders, reason

from .conftest import DOCUMENT, DecisionCase


def test_every_case_has_a_key_that_was_there_before(decision_case: DecisionCase) -> None:
    counters = Counters()
    keys = set(counters.snapshot())
    decision = decide(decision_case.policy, decision_case.facts)
    observer: Observer = counters
    observer.decided(decision.kind, decision.step, decision_case.facts.origin)
    assert set(counters.snapshot()) == keys
    assert counters.snapshot()[reason(decision)] == 1
    assert sum(counters.snapshot().values()) == 1


def test_every_step_has_a_case() -> None:
    assert {case["step"] for case in DOCUMENT["cases"]} == {None, *Step}
    assert {case["kind"] for case in DOCUMENT["cases"]} == set(Kind)
    assert reason(decide(DecisionCase(DOCUMENT["cases"][0]).policy, RequestFacts(method=b"GET"))) == "not-cors:allowed"


def test_the_log_has_one_line_for_each_reason_and_minute(caplog: pytest.LogCaptureFixture) -> None:
    now = [0.0]
    log = DenialLog(logging.getLogger("test"), interval=60, clock=lambda: now[0])
    for number in range(1000):
        log.decided(Kind.ACTUAL, Step.ORIGIN, b"https://%d.evil" % number)
    log.decided(Kind.PREFLIGHT, Step.METHOD, None)
    log.decided(Kind.ACTUAL, None, b"https://a.com")
    now[0] = 60
    log.decided(Kind.ACTUAL, Step.ORIGIN, b"https://evil\r\nINFO forged \x1b[2J" + b"x" * 9999)
    assert [record.getMessage() for record in caplog.records] == [
        "CORS denied actual:origin, origin https://0.evil, 0 more since the last line",
        "CORS denied preflight:method, origin none, 0 more since the last line",
        "CORS denied actual:origin, origin https://evil\\r\\nINFO forged \\x1b[2J"
        + "x" * 34
        + "..., 999 more since the "
        "last line",
    ]


def test_replaced_headers_are_told_once() -> None:
    told: list[str] = []
    hook = ReplacedHeaders(told.append)
    for _ in range(3):
        hook(b"access-control-allow-origin", b"*")
        hook(b"access-control-max-age", b"5\r\n")
    assert len(told) == 2
    assert told[0].startswith("the application, or something inside of it, sets access-control-allow-origin itself (*)")
    assert "(5\\r\\n)" in told[1]
