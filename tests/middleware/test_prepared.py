"""What was prepared of a policy says what the policy says; what is kept is bounded, and only what is allowed."""

from __future__ import annotations

import pytest
from tests.policy.conftest import DecisionCase

from crossorigin.middleware.prepared import Prepared, merged
from crossorigin.policy import Policy, Step

from .framework_cases import each_case

APP = b"https://app.example.com"
WILD = Policy(allow_origins=["https://*.example.com"], allow_headers=["a", "b", "c"], allow_methods=["*"])


@each_case
def test_case(case: DecisionCase) -> None:
    prepared, facts = Prepared(case.policy), case.facts
    if case.kind == "same-origin":
        return
    for _ in range(2):
        end = None if facts.origin is None else prepared.end(facts.origin)
        if not facts.is_preflight:
            assert list(end or prepared.otherwise) == case.headers
            continue
        assert facts.origin is not None
        assert facts.request_method is not None
        if end is None:
            status, headers = prepared.denied
        else:
            status, headers, step = prepared.preflight(facts.origin, facts.request_method, facts.request_headers)
            assert step == case.step
        assert status == case.status
        assert [field for field in headers if field[0] != b"content-length"] == case.headers


def test_only_a_list_of_exact_origins_is_complete() -> None:
    assert Prepared(Policy(allow_origins=["https://a.example", "https://b.example"])).is_complete
    assert not Prepared(WILD).is_complete
    assert not Prepared(Policy(allow_origins=["*"])).is_complete
    assert not Prepared(Policy(allow_origins=[f"https://a{n}.example" for n in range(1025)])).is_complete


@pytest.mark.parametrize("origins", [["*"], [f"https://a{number}.example" for number in range(1025)]])
def test_nothing_is_kept_where_that_would_be_of_no_use(origins: list[str]) -> None:
    prepared = Prepared(Policy(allow_origins=origins))
    assert prepared.end(b"https://a1.example") is not None
    assert prepared.ends == {}


def test_denied_origins_are_not_kept_and_over_long_ones_not_hashed() -> None:
    prepared = Prepared(WILD)
    assert prepared.end(b"https://evil.test") is None
    assert prepared.end(b"https://" + b"a." * 40_000 + b"example.com") is None
    assert prepared.ends == {}
    assert prepared.end(b"https://a.example.com") is prepared.end(b"https://a.example.com")


def test_a_flood_of_questions_is_kept_only_so_far() -> None:
    prepared = Prepared(WILD)
    for number in range(1200):
        status, _, step = prepared.preflight(b"https://a.example.com", b"M%d" % number, [b"a,b"])
        assert (status, step) == (204, None)
    assert len(prepared._granted) == 1024
    assert prepared.preflight(b"https://a.example.com", b"GET", [b"x" * 70_000])[2] is Step.HEADERS_TOO_LONG
    assert prepared.preflight(b"https://a.example.com", b"GET", [])[0] == 204


def test_merged_adds_to_vary_and_replaces_the_rest() -> None:
    told: list[bytes] = []
    own = [(b"Vary", b"Accept"), (b"access-control-allow-origin", b"*")]
    allowed = (b"access-control-allow-origin", APP)
    result = merged(own, (allowed, (b"vary", b"Origin, X")), lambda name, value: told.append(name))
    assert result == [(b"Vary", b"Accept, Origin, X"), allowed]
    assert told == [b"access-control-allow-origin"]
    assert merged(own, (allowed,), lambda name, value: None) == [(b"Vary", b"Accept"), allowed]


@pytest.mark.parametrize("origins", [["*"], [APP.decode()]])
@pytest.mark.parametrize("debug", [True, False])
def test_what_nobody_watches_is_denied_all_the_same(origins: list[str], debug: bool) -> None:
    prepared = Prepared(Policy(allow_origins=origins, allow_headers=["a"], debug=debug))
    for lines in ([b"b" * 70_000], [b"a"] * 17, [b"b"], [b"b", b"b"]):
        watched = prepared.preflight(APP, b"GET", lines)
        plain = prepared.preflight(APP, b"GET", lines, is_watched=False)
        assert plain[:2] == watched[:2]
        assert None not in {plain[2], watched[2]}
    assert prepared.denied[0] == (204 if debug and origins != ["*"] else 403)
