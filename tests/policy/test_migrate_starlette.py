"""From Starlette and FastAPI: each origin that is named was tried on Starlette itself."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.middleware.cors import CORSMiddleware

from crossorigin.policy import Policy
from crossorigin.policy.migrate import migrate_settings

from .moved import allowed, policy_of

STARLETTE: list[tuple[str, dict[str, Any], dict[str, Any], list[str]]] = [
    # name, the old arguments, the new settings, words of the findings
    (
        "one origin",
        {"allow_origins": ["https://a.com"]},
        {"allow_origins": ["https://a.com"], "allow_headers": ["content-type"], "max_age": 600},
        [],
    ),
    (
        "what people paste",
        {"allow_origins": ["*"], "allow_methods": ["*"], "allow_headers": ["*"]},
        {
            "allow_origins": ["*"],
            "allow_methods": ["DELETE", "OPTIONS", "PATCH", "PUT", "QUERY"],
            "allow_headers": ["*", "authorization"],
            "max_age": 600,
        },
        [],
    ),
    (
        "S3: a string",
        {"allow_origins": "https://app.example.com,https://b.com", "allow_credentials": True},
        {
            "allow_origins": ["https://app.example.com", "https://b.com"],
            "allow_headers": ["content-type"],
            "allow_credentials": True,
            "max_age": 600,
        },
        ["(S3)"],
    ),
    (
        "S4: what never matched",
        {
            "allow_origins": ["https://a.com/", "HTTPS://B.com", "https://c.com:443", "https://*.d.com"],
            "max_age": 10**9,
        },
        {
            "allow_origins": ["https://a.com", "https://b.com", "https://c.com", "https://*.d.com"],
            "allow_headers": ["content-type"],
            "max_age": 86400,
        },
        ["P104", "P106", "P107", "subdomains from now on", "86400 is the most"],
    ),
    (
        "a regular expression",
        {"allow_origin_regex": r"https://.*\.a\.com", "allow_methods": ["get", "PUT"], "expose_headers": ["X-A"]},
        {
            "allow_origins": ["https://*.a.com"],
            "allow_methods": ["PUT"],
            "allow_headers": ["content-type"],
            "expose_headers": ["X-A"],
            "max_age": 600,
        },
        ["P203"],
    ),
    (
        "http and null with credentials",
        {
            "allow_origins": ["http://a.com", "null", "https://b.com"],
            "allow_credentials": True,
            "allow_headers": ["*"],
            "expose_headers": ["*"],
            "max_age": -1,
        },
        {
            "allow_origins": ["https://b.com"],
            "allow_headers": ["authorization", "content-type"],
            "allow_credentials": True,
        },
        ["`null` is left out", "reflected every header", "exposed nothing", "no negative number", "P405"],
    ),
    (
        "arguments that there are not",
        {
            "allow_origins": ["*"],
            "allow_private_network": True,
            "origins": ["*"],
            "allow_headers": ["Accept", "X-A", "cookie"],
        },
        {"allow_origins": ["*"], "allow_headers": ["content-type", "x-a"], "max_age": 600},
        ["nothing to grant", "no such argument", "P302"],
    ),
]


@pytest.mark.parametrize(("old", "new", "words"), [case[1:] for case in STARLETTE], ids=[case[0] for case in STARLETTE])
def test_starlette(old: dict[str, Any], new: dict[str, Any], words: list[str]) -> None:
    migration = migrate_settings(old, "starlette")
    assert migration.policies == {"policy": new}
    assert policy_of(migration) == Policy(**new)
    findings = [finding.sentence for finding in migration.findings]
    assert len(findings) == len(words)
    assert all(any(word in sentence for sentence in findings) for word in words)
    assert all(line.startswith("# ") for line in migration.to_toml().splitlines()[: len(findings)])


DANGERS = [
    {"allow_origins": "https://app.example.com,https://b.com", "allow_credentials": True},
    {"allow_origins": ["*"], "allow_credentials": True},
    {"allow_origin_regex": r"https://.*\.a.com", "allow_credentials": True},
    {"allow_origin_regex": r"https://.*a\.com"},
    {"allow_origin_regex": r"https://.*"},
]


@pytest.mark.parametrize("old", DANGERS, ids=str)
def test_what_starlette_allowed_is_what_it_allowed(old: dict[str, Any]) -> None:
    """Each origin that is named is asked of Starlette itself, and denied by the new policy."""
    migration = migrate_settings(old, "starlette")
    assert allowed(migration)
    middleware = CORSMiddleware(app=None, **old)  # type: ignore[arg-type]
    settings = migration.policies["policy"]
    new = Policy(**settings) if settings["allow_origins"] else None
    for origin in allowed(migration):
        assert middleware.allow_all_origins or middleware.is_allowed_origin(origin)
        assert new is None or not new.compiled.allows(origin.encode())


def test_any_origin_with_credentials_has_no_safe_equal() -> None:
    migration = migrate_settings({"allow_origins": ["*"], "allow_credentials": True}, "fastapi")
    assert migration.policies["policy"]["allow_origins"] == []
    assert allowed(migration) == ["https://evil.example", "null"]
    assert "allow_origins = []" in migration.to_toml()


def test_broken_expressions_and_plain_meaning_missing() -> None:
    broken = migrate_settings({"allow_origin_regex": "(", "allow_origins": ["https://a.com"]}, "starlette")
    assert "is no regular expression" in broken.findings[0].sentence
    unread = migrate_settings({"allow_origin_regex": None, "allow_origins": ["*"], "max_age": "1"}, "starlette")
    assert unread.policies["policy"] == {"allow_origins": ["*"], "allow_headers": ["content-type"], "max_age": 600}
    wide = migrate_settings({"allow_origin_regex": ".*", "allow_origins": ["https://a.com"]}, "starlette")
    assert "is not plain" in wide.findings[0].sentence
    assert wide.findings[0].allowed == ("https://evil.example", "null", "http://evil.example")


def test_origins_of_everybody_stay_so() -> None:
    both = migrate_settings({"allow_origins": ["*"], "allow_origin_regex": r"https://.*\.a\.com"}, "starlette")
    assert both.policies["policy"]["allow_origins"] == ["*"]
