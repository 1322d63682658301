"""What a policy answers: the shared cases, one by one, and what holds for all of them."""

from __future__ import annotations

import pytest

from crossorigin.policy import Kind, Policy, RequestFacts, Step, decide
from crossorigin.policy.compiled import CompiledPolicy

from .conftest import DOCUMENT, DecisionCase

APP = "https://app.example.com"


def test_case(decision_case: DecisionCase) -> None:
    decision = decide(decision_case.policy, decision_case.facts)
    assert (decision.kind, decision.allowed, decision.step, decision.status) == (
        decision_case.kind,
        decision_case.allowed,
        decision_case.step,
        decision_case.status,
    )
    assert list(decision.response_headers) == decision_case.headers


def test_the_compiled_path_says_the_same(decision_case: DecisionCase) -> None:
    compiled: CompiledPolicy = decision_case.policy.compiled
    facts = decision_case.facts
    vary = [(b"vary", b", ".join(compiled.vary))] if compiled.vary else []
    if facts.is_preflight and decision_case.kind != "same-origin":
        assert facts.origin is not None
        assert facts.request_method is not None
        status, headers, step = compiled.preflight(facts.origin, facts.request_method, facts.request_headers)
        assert (status, list(headers)) == (decision_case.status, decision_case.headers)
        assert (step is None) is decision_case.allowed
    else:
        headers = compiled.actual(facts.origin)
        assert [*headers, *vary] == decision_case.headers


def test_explain_is_one_line_for_each_case(decision_case: DecisionCase) -> None:
    sentence = decide(decision_case.policy, decision_case.facts).explain()
    assert sentence.endswith(".")
    assert sentence.isascii()
    assert sentence.isprintable()
    assert len(sentence) < 400


@pytest.mark.parametrize("number", range(1, 14))
def test_each_defect_of_starlette_has_a_case_or_a_reason(number: int) -> None:
    elsewhere = {
        1: "middleware: a 500 carries the headers",
        4: "test_validate: each is a problem",
        8: "test_validate: max-age and expose_headers",
        11: "middleware: WebSocket",
        13: "lookup, diff: callables and live policies",
    }
    text = " ".join(f"{case['name']} {case.get('comment', '')}" for case in DOCUMENT["cases"])
    assert f"S{number}:" in text or f"S{number} " in text or f"S{number};" in text or number in elsewhere


def policy() -> Policy:
    return Policy(allow_origins=[APP], allow_methods=["PATCH"], allow_headers=["x-token"])


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (
            RequestFacts(method=b"GET"),
            "The request has no Origin: it is not a CORS request, and goes to the application.",
        ),
        (
            RequestFacts(method=b"GET", origin=b"https://evil.test"),
            "The request is denied [origin]. The policy does not allow its origin (https://evil.test).",
        ),
        (
            RequestFacts(method=b"GET", origin=b"https://\x1b[31mevil\r\n"),
            "The request is denied [origin]. The policy does not allow its origin (https://\\x1b[31mevil\\r\\n).",
        ),
        (
            RequestFacts(method=b"OPTIONS", origin=APP.encode(), request_method=b"patch"),
            (
                "The preflight is denied [method]. The policy does not allow the method that it asks for (patch). It "
                "allows the same name in upper case; methods are compared by case, and fetch() leaves patch alone."
            ),
        ),
        (
            RequestFacts(
                method=b"OPTIONS", origin=APP.encode(), request_method=b"PATCH", request_headers=(b"x-token,x-evil",)
            ),
            "The preflight is denied [header]. The policy does not allow a header that it asks for (x-evil).",
        ),
        (
            RequestFacts(
                method=b"OPTIONS",
                origin=APP.encode(),
                request_method=b"PATCH",
                request_headers=(b"x-token,authorization,content-type",),
            ),
            (
                "The preflight is denied [headers-too-long]. It asks for more header names than the policy allows, by "
                "their length alone; they were not read (authorization)."
            ),
        ),
    ],
)
def test_explain(facts: RequestFacts, sentence: str) -> None:
    assert decide(policy(), facts).explain() == sentence


def test_a_lookup_can_grant_what_the_policy_does_not_list() -> None:
    facts = RequestFacts(method=b"GET", origin=b"https://tenant.test")
    assert decide(policy(), facts).allowed is False
    granted = decide(policy(), facts, granted=True)
    assert granted.headers == ((b"access-control-allow-origin", b"https://tenant.test"),)
    preflight = RequestFacts(method=b"OPTIONS", origin=b"https://tenant.test", request_method=b"PATCH")
    assert decide(policy(), preflight, granted=True).headers == (
        (b"access-control-allow-origin", b"https://tenant.test"),
        (b"access-control-allow-methods", b"PATCH"),
    )
    assert (
        decide(
            policy(),
            RequestFacts(method=b"OPTIONS", origin=b"https://tenant.test", request_method=b"PUT"),
            granted=True,
        ).step
        is Step.METHOD
    )


def test_a_decision_is_a_value() -> None:
    facts = RequestFacts(method=b"GET", origin=APP.encode())
    assert decide(policy(), facts) == decide(policy(), facts)
    assert hash(decide(policy(), facts)) == hash(decide(policy(), facts))
    assert decide(policy(), facts).kind is Kind.ACTUAL
