"""What a check gathers, and how it writes a setting."""

from __future__ import annotations

from typing import Any

import pytest

from crossorigin.policy.checked import Checked, kept_value, strings


@pytest.mark.parametrize(
    ("python", "value", "text"),
    [
        (True, True, "x = True"),
        (False, True, "x = true"),
        (True, ["a", 'b"'], 'x = ["a", "b\\""]'),
        (False, 3, "x = 3"),
    ],
)
def test_setting(python: bool, value: object, text: str) -> None:
    assert Checked(python).setting("x", value) == text


@pytest.mark.parametrize(
    ("value", "found", "problems"),
    [
        (["b", "a"], [(0, "b"), (1, "a")], 0),
        ({"b", "a"}, [(0, "a"), (1, "b")], 0),
        (("a", 1, "b"), [(0, "a"), (2, "b")], 1),
        ("a", None, 1),
        (3, None, 1),
        (range(2), None, 1),
    ],
    ids=["list", "set", "tuple", "string", "number", "range"],
)
def test_strings(value: Any, found: list[tuple[int, str]] | None, problems: int) -> None:
    checked = Checked()
    assert strings(checked, {"allow_methods": value}, "allow_methods") == found
    assert len(checked.problems) == problems


def test_flags_and_lists() -> None:
    checked = Checked(values={"a": True, "b": ("x",), "c": 1})
    assert [checked.flag(name) for name in "abcd"] == [True, False, False, False]
    assert [checked.list(name) for name in "abcd"] == [(), ("x",), (), ()]


def test_kept_value() -> None:
    assert [kept_value(each) for each in ("a", 1, 0.5, None, {"a": 1})] == ["a", 1, 0.5, None, "{'a': 1}"]
