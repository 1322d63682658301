"""Which expressions are a list of origins in other words, and which let in more than the eye sees."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.policy.strategies import policies

from crossorigin.policy import Policy
from crossorigin.stacks.matching import one_origin_regex, origin_regexes
from crossorigin.stacks.origin_words import alternatives, origins_of, words_of

LISTS = {
    r"^https://app\.example\.com$": ["https://app.example.com"],
    r"\Ahttps://app\.example\.com\z": ["https://app.example.com"],
    r"^https?://localhost(?::3000)?$": [
        "https://localhost:3000",
        "https://localhost",
        "http://localhost:3000",
        "http://localhost",
    ],
    r"^https:\/\/(dev|staging)\.example\.com$": ["https://dev.example.com", "https://staging.example.com"],
    r"^https\:\/\/a\-b\.example\.com$": ["https://a-b.example.com"],
    r"^https://a\.com$|^https://b\.com$": ["https://a.com", "https://b.com"],
    r"^(?:https://a\.com|null)$": ["https://a.com", "null"],
    r"^https://(?:[a-z0-9_-]+\.)+example\.org$": ["https://*.example.org"],
    r"^https://example\.com(?:/)?$": ["https://example.com"],  # a slash is never sent
    r"^http://\[::1\]:3000$": ["http://[::1]:3000"],
}
NO_LISTS = [
    r"https://app\.example\.com",  # held nowhere
    r"^https://app\.example\.com",
    r"https://app\.example\.com$",
    r"^https://a\.com|https://b\.com$",  # each part holds one of its ends
    r"^https://app.example\.com$",  # a bare dot
    r"^https://.*\.example\.com$",
    r"^https://[a-z]+\.example\.com$",
    r"^https://\w+\.example\.com$",
    r"^https://(a\.)*example\.com$",
    r"^https://a{2}\.com$",
    r"^https://(?!evil)a\.com$",
    r"^https://\*\.example\.com$",  # an asterisk is no wildcard
    r"^https://example\.com\$",  # the sign is a letter
    r"^https://(a\.com$",
    r"^https://a\.com)$",
    r"^$",
    "^https://\ue000example\\.com$",
    "",
    "^" + "(" * 100 + "a" + ")" * 100 + "$",
    "^https://" + "a?" * 40 + r"\.com$",
]


@pytest.mark.parametrize("expression", LISTS)
def test_a_list(expression: str) -> None:
    found = origins_of(expression)
    assert found == LISTS[expression]
    for origin in found:
        if "*" not in origin:
            assert re.search(expression.replace("\\z", "\\Z"), origin)


@pytest.mark.parametrize("expression", NO_LISTS)
def test_no_list(expression: str) -> None:
    assert origins_of(expression) is None


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        (r"https://a\.com", ["https://a.com"]),
        (r"https://a\.com|https://b\.com", ["https://a.com", "https://b.com"]),
        (r"^https://a\.com$", ["https://a.com"]),
        (r"https://a\.com|.*", None),
    ],
)
def test_held_from_outside(expression: str, found: list[str] | None) -> None:
    assert origins_of(expression, whole=True) == found


def test_words() -> None:
    assert words_of("^(?:PUT|DELETE)$") == ["PUT", "DELETE"]
    assert words_of("^(?:a|a)$") == ["a"]
    assert words_of("^PUT") is None


def test_alternatives() -> None:
    assert alternatives(r"a|(b|c)|[|]|\|") == ["a", "(b|c)", "[|]", r"\|"]


@given(policies())
def test_what_this_project_writes_is_read(policy: Policy) -> None:
    if policy.allow_origins == ("*",):
        return
    for text, expression in origin_regexes(policy):
        assert origins_of(expression) == [text]
    assert origins_of(one_origin_regex(policy)) == list(policy.allow_origins)


NEAR = [
    f"http{s}://{host}{port}"
    for s in ("", "s")
    for host in ("a", "b", "ab", "a.b", "axb", "a.ba")
    for port in ("", ":8")
]


@settings(max_examples=300)
@given(st.text(st.sampled_from("()|?.\\ab:8[]*+^$"), max_size=12), st.booleans(), st.booleans())
def test_a_list_is_all_that_an_expression_lets_in(text: str, begins: bool, ends: bool) -> None:
    expression = f"{'^' if begins else ''}https?://{text}{'$' if ends else ''}"
    found = origins_of(expression)
    if found is None:
        return
    for origin in (*NEAR, *(each for each in found if each != "null")):
        assert (re.search(expression, origin) is not None) == (origin in found)
