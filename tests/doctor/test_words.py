"""Words in a row."""

from __future__ import annotations

from crossorigin.doctor.words import all_of, shortened


def test_all_of() -> None:
    assert [all_of(["a"]), all_of(["a", "b"]), all_of(("a", "b", "c"))] == ["a", "a and b", "a, b and c"]


def test_shortened() -> None:
    assert shortened("x" * 120) == "x" * 120
    assert shortened("x" * 121) == f"{'x' * 119}…"
    assert shortened("caf\xe9") == "caf\xe9"
    assert shortened("a\tb\x1b[31m\u202e") == r"a\tb\x1b[31m\u202e"
