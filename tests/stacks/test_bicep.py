"""Strings of Bicep, read back by its own rules."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossorigin.stacks import bicep


def read(text: str) -> str:
    """A string without a value of its own in it: https://learn.microsoft.com/azure/azure-resource-manager/bicep/data-types"""
    found = re.fullmatch(r"'((?:[^'\\\n$]|\\['\\$]|\$(?!\{))*)'", text)
    assert found, text
    return re.sub(r"\\(['\\$])", r"\1", found[1])


@given(st.text("ab'\\${} ", max_size=20))
def test_a_string_says_what_it_says(text: str) -> None:
    assert read(bicep.quote(text)) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [("x-$1", "'x-$1'"), ("${x}", r"'\${x}'"), ("it's", r"'it\'s'"), ("a\\b", r"'a\\b'")],
)
def test_escapes(text: str, written: str) -> None:
    assert bicep.quote(text) == written


def test_lists() -> None:
    assert bicep.array("a", []) == ["a: []"]
    assert bicep.array("a", ["x", "y"]) == ["a: [", "  'x'", "  'y'", "]"]
