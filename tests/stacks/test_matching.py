"""Expressions that decide as the policy does."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.policy.strategies import NAMES, patterns, policies, wild_origins

from crossorigin.policy import Policy, RequestFacts, decide
from crossorigin.policy.patterns import parse_pattern
from crossorigin.stacks import matching

APP = "https://app.example.com"


@pytest.mark.parametrize(
    ("pattern", "regex"),
    [
        (APP, r"^https://app\.example\.com$"),
        ("https://*.example.com", r"^https://(?:[a-z0-9_-]+\.)+example\.com$"),
        ("https://app.example.com:8443", r"^https://app\.example\.com:8443$"),
        ("http://[::1]:3000", r"^http://\[::1\]:3000$"),
        ("chrome-extension://abcdefghijklmnop", r"^chrome-extension://abcdefghijklmnop$"),
    ],
)
def test_origin_regex(pattern: str, regex: str) -> None:
    assert matching.origin_regex(parse_pattern(pattern)) == regex


def test_any_port_is_every_port_but_the_schemes_own() -> None:
    for scheme, default in (("http", 80), ("https", 443), ("ftp", 21), ("chrome-extension", None)):
        regex = re.compile(matching.origin_regex(parse_pattern(f"{scheme}://example:*")))
        allowed = {port for port in range(70000) if regex.match(f"{scheme}://example:{port}")}
        assert allowed == set(range(65536)) - {default}
        assert regex.match(f"{scheme}://example")
        for text in (":", ":080", ":00", ":1e3", ":-1", ":123456", ": 80"):
            assert not regex.match(f"{scheme}://example{text}")


@given(policies(), st.one_of(wild_origins(), patterns().map(lambda each: str(each).replace("*", "7").encode())))
def test_the_expressions_allow_what_the_policy_allows(policy: Policy, origin: bytes) -> None:
    if matching.any_origin(policy):
        return
    text = origin.decode("latin-1")
    allowed = policy.compiled.allows(origin)
    assert any(re.fullmatch(regex[1:-1], text) for _, regex in matching.origin_regexes(policy)) is allowed
    assert bool(re.fullmatch(matching.one_origin_regex(policy)[1:-1], text)) is allowed
    exact, wild = matching.exact_origins(policy)
    assert (text in exact or any(re.fullmatch(regex[1:-1], text) for _, regex in wild)) is allowed


@given(
    policies(),
    st.lists(st.sampled_from([*NAMES, "x-evil", "X-One", "", " ", "\t x-two ", "x-one x-two"]), max_size=5).map(
        ",".join
    ),
    st.sampled_from(["GET", "PUT", "PURGE", "patch", "put", "PATCH", "X-Custom", "GET,PUT", "GE"]),
)
def test_preflights_are_judged_as_the_policy_does(policy: Policy, names: str, method: str) -> None:
    origin = next((each for each in policy.allow_origins if "*" not in each), "https://app.example.com")
    if not policy.compiled.allows(origin.encode()):
        return
    facts = RequestFacts(
        method=b"OPTIONS",
        origin=origin.encode(),
        request_method=method.encode(),
        request_headers=(names.encode(),),
    )
    granted = bool(re.fullmatch(matching.methods_regex(policy)[1:-1], method)) and bool(
        re.fullmatch(matching.header_names_regex(policy)[1:-1], names, re.IGNORECASE)
    )
    step = decide(policy, facts).step
    # A server reads longer lists of allowed names than the policy does, which bounds them.
    if step is None or not step.value.startswith("headers-too"):
        assert granted is (step is None)


def test_a_long_list_takes_time_in_proportion() -> None:
    regex = re.compile(
        matching.header_names_regex(Policy(allow_origins=[APP], allow_headers=["a", "aa", "a-a"])), re.IGNORECASE
    )
    for text in ("," * 60000 + "!", "a," * 30000 + "!", " " * 60000 + "!", ("a" + " " * 30 + ",") * 2000 + "!"):
        assert regex.match(text) is None


def test_no_expression_has_a_brace() -> None:
    policy = Policy(allow_origins=["https://*.example.com:*"], allow_methods=["PUT"], allow_headers=["x-one"])
    for regex in (
        matching.one_origin_regex(policy),
        matching.methods_regex(policy),
        matching.header_names_regex(policy),
    ):
        assert not set("{}") & set(regex)
        assert "(?=" not in regex
        assert "(?!" not in regex


def test_escape_regex_matches_itself_alone() -> None:
    text = "".join(map(chr, range(0x21, 0x7F)))
    assert re.fullmatch(matching.escape_regex(text), text)


def test_describe_is_the_policy_and_the_limits() -> None:
    policy = Policy(allow_origins=[APP], allow_credentials=True, max_age=5)
    assert matching.describe(policy, ["none."]) == [
        "CORS, rendered by crossorigin from this policy:",
        '  allow_origins = ["https://app.example.com"]',
        "  allow_credentials = true",
        "  max_age = 5",
        "LIMIT: none.",
    ]


def test_no_common_limit_for_a_plain_policy() -> None:
    assert matching.common_limits(Policy(allow_origins=[APP]), "X") == []


def test_preflight_vary() -> None:
    assert matching.preflight_vary(Policy(allow_origins=["*"], allow_methods=["*"])) == "Access-Control-Request-Headers"
    every = Policy(allow_origins=["*"], allow_methods=["*"], allow_headers=["*", "authorization"])
    assert matching.preflight_vary(every) == ""


def test_granted_methods_begin_with_those_that_need_no_leave() -> None:
    policy = Policy(allow_origins=[APP], allow_methods=["POST", "PUT"])
    assert matching.granted_methods(policy) == ("GET", "HEAD", "POST", "PUT")


def test_default_port() -> None:
    assert matching.default_port("https") == "443"
    assert matching.default_port("chrome-extension") is None


def test_an_expression_for_languages_where_dollars_are_the_ends_of_lines() -> None:
    assert matching.anchored("^https://a$") == r"\Ahttps://a\z"


def test_no_header_is_one_that_needs_no_leave() -> None:
    assert matching.library_headers(Policy(allow_origins=[APP])) == ("accept",)
    assert matching.library_headers(Policy(allow_origins=[APP], allow_headers=["x-one"])) == ("x-one",)


def test_what_usual_libraries_cannot_say() -> None:
    policy = Policy(allow_origins=[APP])
    assert [limit.split(":")[0] for limit in matching.library_limits(policy, "it")] == ["denied preflights"]
    assert matching.library_limits(policy, "it", 204) == matching.library_limits(policy, "it")
    assert "preflight_status: it answers with 200, not 204." in matching.library_limits(policy, "it", 200)
    policy = Policy(allow_origins=[APP], debug=True, refuse_disallowed_origins=True)
    limits = [limit.split(":")[0] for limit in matching.library_limits(policy, "it")]
    assert limits == ["debug", "refuse_disallowed_origins", "denied preflights"]
