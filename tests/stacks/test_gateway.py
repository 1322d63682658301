"""What is left of a policy where a configuration has fields for some of it, and what is said about the rest."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossorigin.policy import Policy
from crossorigin.policy.patterns import OriginPattern
from crossorigin.stacks import gateway
from crossorigin.stacks.stack import Part

POLICY = Policy(
    allow_origins=["https://a.example.com", "https://*.example.org", "null"],
    allow_methods=["PUT", "PURGE"],
    dangerously_allow_null_origin=True,
)


@given(st.text("abc\"'\\`$#/{}:\n", max_size=20))
def test_a_string_says_what_it_says(text: str) -> None:
    assert json.loads(gateway.quote(text)) == text


def test_lists_and_indents() -> None:
    assert gateway.indent(gateway.block_list(["a", 'b"']), 2) == ['  - "a"', '  - "b\\""']


class TestOrigins:
    def test_what_cannot_be_said_is_named(self) -> None:
        assert gateway.say_origins(POLICY, gateway.exactly) == (
            ["https://a.example.com"],
            ["https://*.example.org", "null"],
        )

    def test_null_where_there_is_a_word_for_it(self) -> None:
        values, unsaid = gateway.say_origins(POLICY, gateway.exactly, null="NULL")
        assert (sorted(values), unsaid) == (["NULL", "https://a.example.com"], ["https://*.example.org"])

    def test_a_value_stands_once(self) -> None:
        def host(pattern: OriginPattern) -> list[str]:
            return [pattern.host]

        policy = Policy(allow_origins=["https://a.example.com", "https://a.example.com:8443"])
        assert gateway.say_origins(policy, host) == (["a.example.com"], [])


class TestMethods:
    def test_those_that_are_known(self) -> None:
        methods, limits = gateway.methods_within(POLICY, ("GET", "POST", "PUT"), "It", "it knows three")
        assert methods == ["GET", "POST", "PUT"]
        assert limits == ["allow_methods: It cannot say HEAD, PURGE: it knows three. Left out, and so not allowed."]

    def test_any_is_all_that_are_known(self) -> None:
        policy = Policy(allow_origins=["https://a.example.com"], allow_methods=["*"])
        methods, limits = gateway.methods_within(policy, ("GET", "PUT"), "It", "it knows two")
        assert methods == ["GET", "PUT"]
        assert limits == ["allow_methods: It cannot say *: it knows two. GET, PUT are allowed in its place."]


class TestLimits:
    def test_nothing_left_out_is_no_limit(self) -> None:
        assert gateway.left_out("allow_headers", "It", [], "why") == []

    def test_common(self) -> None:
        assert gateway.common_limits(POLICY, "It") == []
        policy = Policy(allow_origins=["https://a.example.com"], debug=True, refuse_disallowed_origins=True)
        assert [limit.split(":")[0] for limit in gateway.common_limits(policy, "It")] == [
            "debug",
            "refuse_disallowed_origins",
        ]

    @pytest.mark.parametrize(("status", "count"), [(204, 0), (200, 1)])
    def test_the_status(self, status: int, count: int) -> None:
        assert len(gateway.other_status(POLICY, "It", status)) == count

    def test_lists_are_sent_whole_where_there_are_any(self) -> None:
        assert len(gateway.whole_lists(POLICY, "It")) == 1
        assert gateway.whole_lists(Policy(allow_origins=["https://a.example.com"]), "It") == []

    def test_vary_matters_where_the_answer_varies(self) -> None:
        assert len(gateway.undocumented_vary(POLICY, "It")) == 1
        assert gateway.undocumented_vary(Policy(allow_origins=["*"]), "It") == []

    def test_sentences_name_the_stack(self) -> None:
        for sentence in (gateway.denied_preflights, gateway.undocumented_preflights, gateway.allowed_nobody):
            assert "It" in sentence("It").split()


def test_json_has_its_comments_beside_it() -> None:
    part = Part("somewhere", "[]")
    rendered = gateway.json_files(POLICY, ["a limit."], "cors.json", [], ("how to use it",), (part,))
    first, second = rendered.files
    assert (first.name, first.text, first.parts) == ("cors.json", "[]\n", (part,))
    assert second.name == gateway.README_NAME
    assert second.text.startswith("CORS, rendered by crossorigin from this policy:\n")
    assert second.text.endswith("LIMIT: a limit.\n\nhow to use it\n")
    assert rendered.limits == ("a limit.",)
