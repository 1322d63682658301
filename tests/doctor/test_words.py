"""Words in a row."""

from __future__ import annotations

from crossorigin.doctor.words import all_of


def test_all_of() -> None:
    assert [all_of(["a"]), all_of(["a", "b"]), all_of(("a", "b", "c"))] == ["a", "a and b", "a, b and c"]
