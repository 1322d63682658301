"""Merging headers into a response: nothing doubled, nothing lost, and the application's own list left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossorigin.policy import decide
from crossorigin.policy.merge import CORS_RESPONSE_HEADERS, add_vary, merge

from .conftest import DecisionCase

Fields = list[tuple[bytes, bytes]]
ORIGIN = (b"Origin",)


def test_the_shared_cases(decision_case: DecisionCase) -> None:
    if decision_case.app_headers is None:
        return
    decision = decide(decision_case.policy, decision_case.facts)
    assert merge(decision_case.app_headers, decision.headers, decision.vary) == decision_case.final_headers


VARY: list[tuple[str, Fields, tuple[bytes, ...], Fields]] = [
    ("none yet", [], ORIGIN, [(b"vary", b"Origin")]),
    ("nothing to add", [(b"a", b"b")], (), [(b"a", b"b")]),
    ("another", [(b"Vary", b"Accept")], ORIGIN, [(b"Vary", b"Accept, Origin")]),
    ("there already", [(b"vary", b"Accept, origin")], ORIGIN, [(b"vary", b"Accept, origin")]),
    ("one of two there", [(b"vary", b"b")], (b"A", b"B"), [(b"vary", b"b, A")]),
    (
        "there in the first of two lines",
        [(b"vary", b"Origin"), (b"vary", b"A")],
        ORIGIN,
        [(b"vary", b"Origin"), (b"vary", b"A")],
    ),
    (
        "the last line is added to",
        [(b"vary", b"A"), (b"vary", b"B")],
        ORIGIN,
        [(b"vary", b"A"), (b"vary", b"B, Origin")],
    ),
    ("star", [(b"vary", b"*")], ORIGIN, [(b"vary", b"*")]),
    ("star among others", [(b"vary", b"Accept, *")], ORIGIN, [(b"vary", b"Accept, *")]),
    ("empty", [(b"vary", b"")], ORIGIN, [(b"vary", b"Origin")]),
    ("a comma too many", [(b"vary", b"Accept, ")], ORIGIN, [(b"vary", b"Accept, Origin")]),
    ("a name that only contains it", [(b"vary", b"X-Origin")], ORIGIN, [(b"vary", b"X-Origin, Origin")]),
]


@pytest.mark.parametrize(("headers", "names", "expected"), [case[1:] for case in VARY], ids=[case[0] for case in VARY])
def test_vary(headers: Fields, names: tuple[bytes, ...], expected: Fields) -> None:
    assert add_vary(headers, names) == expected
    assert merge(headers, (), names) == expected


def test_what_was_replaced_is_told() -> None:
    told: Fields = []
    headers = [(b"Access-Control-Allow-Origin", b"*"), (b"a", b"b"), (b"ACCESS-CONTROL-MAX-AGE", b"5")]
    merged = merge(
        headers, ((b"access-control-allow-origin", b"https://a.com"),), (), lambda *field: told.append(field)
    )
    assert merged == [(b"a", b"b"), (b"access-control-allow-origin", b"https://a.com")]
    assert told == [(b"access-control-allow-origin", b"*"), (b"access-control-max-age", b"5")]


def test_other_headers_of_the_same_length_stay() -> None:
    headers = [(b"x" * len(name), b"1") for name in sorted(CORS_RESPONSE_HEADERS)] + [(b"etag", b"1")]
    assert merge(headers, (), ()) == headers


names = st.sampled_from([b"Vary", b"vary", b"VARY", b"accept", b"Access-Control-Allow-Origin", b"x"])
values = st.lists(st.sampled_from([b"Origin", b"origin", b"Accept", b"", b"*", b"Cookie"]), max_size=3).map(b", ".join)
lists = st.lists(st.tuples(names, values), max_size=5)


class TestVary:
    """Vary only ever grows, has no name twice that it had not before, and merging again changes nothing."""

    @staticmethod
    def members(headers: Fields) -> list[bytes]:
        return [
            member.strip().lower()
            for name, value in headers
            if name.lower() == b"vary"
            for member in value.split(b",")
            if member.strip()
        ]

    @given(lists, st.sampled_from([(), (b"Origin",), (b"Origin", b"Accept")]))
    def test_monotone_and_idempotent(self, headers: Fields, added: tuple[bytes, ...]) -> None:
        before = list(headers)
        merged = merge(headers, (), added)
        assert headers == before
        old, new = self.members(headers), self.members(merged)
        assert new[: len(old)] == old or sorted(old) == sorted(new[: len(old)]) or set(old) <= set(new)
        assert {name.lower() for name in added} <= set(new) or b"*" in new
        for name in set(new):
            assert new.count(name) == max(old.count(name), 1)
        assert merge(merged, (), added) == merged

    @given(lists)
    def test_the_rest_is_as_it_was(self, headers: Fields) -> None:
        kept = [field for field in merge(headers, (), (b"Origin",)) if field[0].lower() != b"vary"]
        ours = CORS_RESPONSE_HEADERS | {b"vary"}
        assert kept == [field for field in headers if field[0].lower() not in ours]
