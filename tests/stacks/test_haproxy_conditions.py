"""What HAProxy's ACLs, variables and conditions say of Origin; what else they depend on is not known."""

from __future__ import annotations

import pytest

from crossorigin.policy.migrate import MigrationError
from crossorigin.stacks.haproxy_conditions import Conditions
from crossorigin.stacks.haproxy_syntax import parse
from crossorigin.stacks.header_rules import ALWAYS, ANY_ORIGIN, NEVER_KNOWN, UNKNOWN, Echo, Outcome, When
from crossorigin.stacks.origin_test import How, OriginTest

PREFLIGHT = When(is_preflight=True)
BOTH = When(only=(OriginTest("https://a", 1), OriginTest("https://b", 1)))


def conditions(*lines: str) -> Conditions:
    return Conditions(parse("\n".join(lines))[0].block)


def one(text: str, how: How = How.TEXT, *, any_case: bool = False) -> When:
    return When(only=(OriginTest(text, 1, how, any_case),))


@pytest.mark.parametrize(
    ("test", "when"),
    [
        ("hdr(origin) https://a", one("https://a")),
        ("req.fhdr(Origin) -m str https://a https://b", BOTH),
        ("hdr(origin) -i https://a", one("https://a", any_case=True)),
        ("req.hdr(origin),lower -m str https://a", one("https://a", any_case=True)),
        ("hdr_reg(origin) ^https://a$", one("^https://a$", How.SEARCH)),
        ("hdr_end(origin) -i .a.com", one(r"\.a\.com$", How.SEARCH, any_case=True)),
        ("hdr_beg(origin) https://", one("^https://", How.SEARCH)),
        ("hdr(origin) -m sub a.com", one(r"a\.com", How.SEARCH)),
        ("hdr_dom(origin) a.com", one(r"(?:^|[.:/])a\.com(?:[.:/]|$)", How.SEARCH)),
        ("hdr(origin) -m found", When(only=(ANY_ORIGIN,))),
        ("req.hdr_cnt(origin) gt 0", When(only=(ANY_ORIGIN,))),
        ("req.hdr_cnt(origin) eq 1", ALWAYS),
        ("method OPTIONS", PREFLIGHT),
        ("req.hdr(Access-Control-Request-Method) -m found", PREFLIGHT),
        ("method GET", NEVER_KNOWN),
        ("hdr(origin) -f origins.lst", NEVER_KNOWN),
        ("hdr(host) a", NEVER_KNOWN),
        ("src 10.0.0.0/8", NEVER_KNOWN),
        ("hdr(origin)", NEVER_KNOWN),
    ],
)  # fmt: skip
def test_a_test(test: str, when: When) -> None:
    assert conditions(f"acl a {test}").when(["a"], 1) == when
    assert conditions().when(["{", *parse(test)[0].block[0].words, "}"], 1) == when


class TestConditions:
    KNOWN = conditions("acl a hdr(origin) https://a", "acl a hdr(origin) https://b", "acl h hdr(host) x")
    A = When(only=(OriginTest("https://a", 1), OriginTest("https://b", 2)))

    @pytest.mark.parametrize(
        ("words", "when"),
        [
            ("a", A),
            ("a METH_OPTIONS", When(only=A.only, is_preflight=True)),
            ("a !METH_OPTIONS", A),
            ("a or h", NEVER_KNOWN),
            ("a || a", A),
            ("a h", NEVER_KNOWN),
            ("!a", NEVER_KNOWN),
            ("unknown", NEVER_KNOWN),
            ("METH_GET", NEVER_KNOWN),
        ],
    )
    def test_of_several(self, words: str, when: When) -> None:
        assert self.KNOWN.when(words.split(), 9) == when


def test_values() -> None:
    found = conditions("capture request header origin len 128", "http-request capture hdr(host) len 9")
    assert found.value("req.hdr(Origin)") == [Outcome(Echo.ORIGIN)]
    assert found.value("capture.req.hdr(0)") == [Outcome(Echo.ORIGIN)]
    assert found.value("capture.req.hdr(1)") == [UNKNOWN]
    assert found.value("str(x)") == [Outcome("x")]
    assert found.value("var(txn.a)") == [UNKNOWN]
    assert found.value("src") == [UNKNOWN]


def test_variables() -> None:
    found, when = conditions(), one("https://a")
    found.assign("txn.a", [Outcome(Echo.ORIGIN, when)])
    assert found.when(["{", "var(txn.a)", "-m", "found", "}"], 1) == when
    assert found.when(["{", "var(txn.b)", "-m", "found", "}"], 1) == NEVER_KNOWN
    found.assign("txn.c", [Outcome("x", when), Outcome("y")])
    assert found.when(["{", "var(txn.c)", "x", "}"], 1) == when


def test_what_preflights_may_ask_for() -> None:
    found = conditions("acl m req.hdr(Access-Control-Request-Method) -m str GET PUT")
    assert found.when(["m"], 1) == PREFLIGHT
    assert found.methods == ["GET", "PUT"]


def test_too_many() -> None:
    found = conditions(*["acl a hdr(origin) " + "x " * 1000] * 600)
    with pytest.raises(MigrationError, match="too many"):
        found.when(["a"], 1)
