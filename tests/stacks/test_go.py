"""Go: strings, columns, and an origin's test."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.stacks.contract import render
from tests.stacks.policies import APP, POLICIES

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


@pytest.mark.parametrize("name", ["go-rs-cors", "go-jub0bs-cors"])
@pytest.mark.parametrize("title", POLICIES)
def test_it_is_written_as_gofmt_leaves_it(name: str, title: str) -> None:
    gofmt = shutil.which("gofmt")
    if gofmt is None:
        pytest.skip("gofmt is not installed (golang-go), so the layout of Go was not checked by it")
    text = render(name, POLICIES[title]).files[0].text
    done = subprocess.run([gofmt, "-d"], input=text, capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout == ""
