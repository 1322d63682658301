"""What a preflight may ask for, by expressions."""

from __future__ import annotations

import pytest

from crossorigin.stacks.asked import asked_headers, asked_methods
from crossorigin.stacks.matching import names_regex


@pytest.mark.parametrize(
    ("expression", "methods"),
    [
        ("^(?:GET|PUT)$", ["GET", "PUT"]),
        ("^PUT$", ["PUT"]),
        (".", ["*"]),
        ("^.*$", ["*"]),
        ("PUT", None),
        ("^P.*$", None),
    ],
)
def test_methods(expression: str, methods: list[str] | None) -> None:
    assert asked_methods(expression) == methods


@pytest.mark.parametrize("names", [[], ["x-a"], ["authorization", "x-$1|^"]])
def test_headers_as_we_write_them(names: list[str]) -> None:
    assert asked_headers(names_regex(names)) == names
    assert asked_headers(f"(?i){names_regex(names)}") == names


def test_other_headers() -> None:
    assert asked_headers("^.*$") == ["*", "authorization"]
    assert asked_headers("x-a") is None
    assert asked_headers("^(?:x-a)$") is None
    assert asked_headers(names_regex(["x-a"]).replace("x-a))*", "x-b))*")) is None
