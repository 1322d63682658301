"""The list of origins: each by itself, `*` and `null`, and what is kept."""

from __future__ import annotations

from typing import Any

import pytest

from crossorigin.policy.checked import Checked
from crossorigin.policy.origin_checks import check_origins


def checked(origins: Any, **flags: bool) -> Checked:
    made = Checked()
    made.values.update(flags)
    check_origins(made, {"allow_origins": origins})
    return made


def test_what_is_kept() -> None:
    made = checked(["https://b.com", "https://*.a.com", "https://b.com"])
    assert made.problems == []
    assert made.values["allow_origins"] == ("https://*.a.com", "https://b.com")
    assert {pattern.serialize() for pattern in made.patterns} == {"https://*.a.com", "https://b.com"}
    assert not made.any_origin
    assert checked(["*"]).any_origin
    assert checked(["null"], dangerously_allow_null_origin=True).null


@pytest.mark.parametrize(
    ("host", "is_public"),
    [
        ("com", True),
        ("co.uk", True),
        ("github.io", True),
        ("vercel.app", True),
        ("internal", True),
        ("example.com", False),
        ("me.github.io", False),
        ("localhost", False),
        ("app.localhost", False),
    ],
)
def test_public_suffixes(host: str, is_public: bool) -> None:
    assert [problem.code for problem in checked([f"https://*.{host}"]).problems] == ["P121"] * is_public
    assert checked([f"https://*.{host}"], dangerously_allow_public_suffix_wildcards=True).problems == []
    # Only a wildcard can be too wide.
    assert checked([f"https://{host}"]).problems == []


def test_each_origin_has_its_index() -> None:
    problems = checked(["https://a.com", "https://b.com/", "null", "*"]).problems
    assert [(problem.code, problem.index) for problem in problems] == [("P104", 1), ("P122", 2), ("P120", 3)]
