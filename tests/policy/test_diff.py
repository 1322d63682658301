"""What a change means, in words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from crossorigin.policy import Policy

from .strategies import policies

A: dict[str, Any] = {"allow_origins": ["https://a.com"]}
CASES: list[tuple[str, dict[str, Any], dict[str, Any], tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = [
    ("nothing", A, A, (), (), ()),
    ("an origin more", A, {"allow_origins": ["https://a.com", "https://b.com"]}, ("origin https://b.com",), (), ()),
    (
        "one for another",
        A,
        {"allow_origins": ["https://b.com"]},
        ("origin https://b.com",),
        ("origin https://a.com",),
        (),
    ),
    ("every origin", A, {"allow_origins": ["*"]}, ("every origin",), (), ()),
    ("no longer every origin", {"allow_origins": ["*"]}, A, (), ("every origin",), ()),
    (
        "a pattern",
        A,
        {"allow_origins": ["https://a.com", "https://*.a.com:*"]},
        ("origin https://*.a.com:* (every name below it, every port)",),
        (),
        (),
    ),
    (
        "covered before",
        {"allow_origins": ["https://*.a.com"]},
        {"allow_origins": ["https://*.a.com", "https://x.a.com"]},
        (),
        (),
        (),
    ),
    (
        "null",
        A,
        {"allow_origins": ["https://a.com", "null"], "dangerously_allow_null_origin": True},
        ("origin null, which anybody can send",),
        (),
        (),
    ),
    ("methods", A, A | {"allow_methods": ["GET", "PUT"]}, ("method PUT",), (), ()),
    ("any method", A | {"allow_methods": ["PUT"]}, A | {"allow_methods": ["*"]}, ("any method",), (), ()),
    (
        "headers",
        A | {"allow_headers": ["x-a"]},
        A | {"allow_headers": ["x-b"]},
        ("request header x-b",),
        ("request header x-a",),
        (),
    ),
    (
        "any header",
        A,
        A | {"allow_headers": ["*", "authorization"]},
        ("any request header", "request header authorization"),
        (),
        (),
    ),
    ("exposed", A, A | {"expose_headers": ["etag"]}, ("script reads response header etag",), (), ()),
    ("all exposed", A, A | {"expose_headers": ["*"]}, ("script reads every response header",), (), ()),
    (
        "credentials",
        A,
        A | {"allow_credentials": True},
        ("credentials (cookies and the like) for https://a.com",),
        (),
        (),
    ),
    (
        "refusal off",
        A | {"refuse_disallowed_origins": True},
        A,
        ("requests of origins that are not allowed reach the application (script still cannot read)",),
        (),
        (),
    ),
    (
        "max-age",
        A,
        A | {"max_age": 60},
        (),
        (),
        ("browsers may remember a preflight's answer for 60 seconds, before it was 5 seconds (nothing said)",),
    ),
    ("status", A, A | {"preflight_status": 200}, (), (), ("preflights are answered with 200, before it was 204",)),
    ("debug", A, A | {"debug": True}, (), (), ("denied preflights tell everybody what the policy allows (debug)",)),
]


@pytest.mark.parametrize(
    ("old", "new", "newly", "no_longer", "other"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_case(
    old: dict[str, Any], new: dict[str, Any], newly: tuple[str, ...], no_longer: tuple[str, ...], other: tuple[str, ...]
) -> None:
    change = Policy(**old).diff(Policy(**new))
    assert (change.newly_allows, change.no_longer_allows, change.other) == (newly, no_longer, other)
    assert bool(change) is (old != new and bool(newly or no_longer or other))
    back = Policy(**new).diff(Policy(**old))
    assert (back.newly_allows, back.no_longer_allows) == (no_longer, newly)


def test_text() -> None:
    old = Policy(allow_origins=["https://a.com"], max_age=5)
    new = Policy(allow_origins=["https://b.com"], max_age=6)
    assert str(old.diff(new)).splitlines() == [
        "newly allows:",
        "  + origin https://b.com",
        "no longer allows:",
        "  - origin https://a.com",
        "otherwise:",
        "  ~ browsers may remember a preflight's answer for 6 seconds, before it was 5 seconds",
    ]
    assert str(old.diff(old)) == "Nothing changes."


@given(policies(), policies())
def test_what_is_not_told_is_not_allowed(old: Policy, new: Policy) -> None:
    assert not old.diff(old)
    if not old.diff(new).newly_allows:
        for text in new.allow_origins:
            origin = text.replace("*.", "x.").replace(":*", ":8").encode()
            if origin != b"*":
                assert old.compiled.allows(origin)
