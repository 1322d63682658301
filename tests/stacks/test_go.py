"""Go: strings, columns, and an origin's test."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st
from tests.stacks.policies import APP

from crossorigin.policy import Policy
from crossorigin.stacks import go


@given(st.text("abc\"'\\`$/{}%", max_size=20))
def test_a_string_says_what_it_says(text: str) -> None:
    assert json.loads(go.quote(text)) == text


def test_strings() -> None:
    assert go.strings([]) == "[]string{}"
    assert go.strings(["a", 'b"']) == r'[]string{"a", "b\""}'


def test_columns_begin_anew_behind_a_comment() -> None:
    rows = [("A", "1", ""), ("Longer", "2", ""), ("B", "3", "Why."), ("Longest", "4", ""), ("C", "5", "And why.")]
    assert go.fields(rows, "\t") == [
        "\tA:      1,",
        "\tLonger: 2,",
        "\t// Why.",
        "\tB:       3,",
        "\tLongest: 4,",
        "\t// And why.",
        "\tC: 5,",
    ]


def test_an_origin_is_compared_as_a_whole() -> None:
    assert go.origin_test(Policy(allow_origins=[APP])) == [
        "// Who may read. The whole origin counts, by case: no part of it is enough.",
        f'var origins = []string{{"{APP}"}}',
        "",
        "func isAllowed(origin string) bool {",
        "\treturn slices.Contains(origins, origin)",
        "}",
        "",
    ]
    wild = "\n".join(go.origin_test(Policy(allow_origins=["https://*.example.com"])))
    assert "\tregexp.MustCompile(`^https://(?:[a-z0-9_-]+\\.)+example\\.com$`)," in wild
    assert "pattern.MatchString(origin)" in wild
