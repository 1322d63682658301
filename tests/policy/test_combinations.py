"""What credentials make wrong, and what they do not."""

from __future__ import annotations

from typing import Any

import pytest

from crossorigin.policy import Policy

ANY = {"allow_origins": "P401", "allow_methods": "P402", "allow_headers": "P403", "expose_headers": "P404"}


@pytest.mark.parametrize("credentials", [False, True])
def test_stars(credentials: bool) -> None:
    fields: dict[str, Any] = {name: ["*"] for name in ANY} | {"allow_headers": ["*", "authorization"]}
    problems = Policy.validate(**fields, allow_credentials=credentials)
    assert [(problem.field, problem.code) for problem in problems] == (list(ANY.items()) if credentials else [])


@pytest.mark.parametrize(
    ("origin", "is_insecure"),
    [
        ("http://example.com", True),
        ("http://10.0.0.1", True),
        ("http://[2001:db8::1]", True),
        ("http://127.example.com", True),
        ("http://localhost.example.com", True),
        ("ws://example.com", True),
        ("http://localhost", False),
        ("http://a.localhost:3000", False),
        ("http://*.localhost:*", False),
        ("http://127.0.0.1:*", False),
        ("http://127.1.2.3", False),
        ("http://[::1]:3000", False),
        ("https://example.com", False),
        ("moz-extension://abc", False),
    ],
)
def test_insecure_origins(origin: str, is_insecure: bool) -> None:
    fields: dict[str, Any] = {"allow_origins": [origin], "allow_credentials": True}
    assert [problem.code for problem in Policy.validate(**fields)] == ["P405"] * is_insecure
    assert Policy.validate(allow_origins=[origin]) == []
    assert Policy.validate(**fields, dangerously_allow_insecure_origins_with_credentials=True) == []


def test_no_field_allows_any_origin_or_null_with_credentials() -> None:
    dangers: dict[str, Any] = {
        "dangerously_allow_insecure_origins_with_credentials": True,
        "dangerously_allow_public_suffix_wildcards": True,
        "dangerously_allow_null_origin": True,
    }
    for origin, code in (("*", "P401"), ("null", "P406")):
        problems = Policy.validate(allow_origins=[origin], allow_credentials=True, **dangers)
        assert [problem.code for problem in problems] == [code]
