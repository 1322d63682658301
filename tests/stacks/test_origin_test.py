"""What a test of somebody's Origin comes to: taken as it is, as it was meant, or not at all, and always said."""

from __future__ import annotations

import pytest

from crossorigin.policy.migration import Draft
from crossorigin.policy.old_settings import OldSettings
from crossorigin.stacks.origin_test import How, OriginTest, is_for_anybody, leave_null, take_test


def taken(text: str, how: How = How.SEARCH, *, any_case: bool = False) -> tuple[list[str], list[str]]:
    """The origins, and what is said."""
    draft = Draft(OldSettings(), settings={"allow_origins": []})
    take_test(draft, OriginTest(text, 7, how, any_case))
    return draft.settings["allow_origins"], [str(finding) for finding in draft.findings]


@pytest.mark.parametrize(
    ("text", "how", "origins"),
    [
        ("https://a.com", How.TEXT, ["https://a.com"]),
        (r"^https://a\.com$", How.SEARCH, ["https://a.com"]),
        (r"https://(a|b)\.com", How.MATCH, ["https://a.com", "https://b.com"]),
    ],
)
def test_exact(text: str, how: How, origins: list[str]) -> None:
    assert taken(text, how) == (origins, [])


def test_in_any_case() -> None:
    assert taken("HTTPS://A.com", How.TEXT, any_case=True) == (["https://a.com"], [])
    assert taken(r"^https://App\.example\.com$", any_case=True) == (["https://app.example.com"], [])


@pytest.mark.parametrize(
    ("text", "origins", "said"),
    [
        (
            r"https://app\.example\.com",
            ["https://app.example.com"],
            "and matched more. See that it is what was meant. It allowed, for one: https://app.example.com.evil.exa",
        ),
        (
            r"^https?://(www.)?a.com$",
            ["https://www.a.com", "https://a.com", "http://www.a.com", "http://a.com"],
            "http://a.com, and matched more",
        ),
        (r"\.example\.com$", ["https://*.example.com"], "is taken for https://*.example.com. See that"),
        (r"^https://.*\.example\.com$", ["https://*.example.com"], "is taken for https://*.example.com. See that"),
        (r"^https://[a-z]+\.example\.com$", ["https://*.example.com"], "From now on https://a.b.example.com is all"),
        (r"localhost", [], "not plain: write the origins or patterns. It allowed, for one: https://localhost.evil.ex"),
        (r"[", [], "not plain"),
        (r"^(a+)+$", [], "not plain"),
        (r"^https://((a+)+)+\.example\.com$", [], "not plain"),
    ],
)
def test_what_was_meant_is_said(text: str, origins: list[str], said: str) -> None:
    found, findings = taken(text)
    assert found == origins
    assert len(findings) == 1
    assert said in findings[0]
    assert findings[0].startswith("line 7, Origin: ")


@pytest.mark.parametrize(("text", "how"), [("null", How.TEXT), ("^null$", How.SEARCH)])
def test_null_is_left_out(text: str, how: How) -> None:
    found, findings = taken(text, how)
    assert found == []
    assert "`null` is left out" in findings[0]


def test_an_asterisk_is_no_origin() -> None:
    assert taken("*", How.TEXT) == ([], ["line 7, Origin: It is compared with `*`, which no browser sends."])


@pytest.mark.parametrize("text", [".*", ".", "", "^.+$", "^https?://", ":"])
def test_for_anybody(text: str) -> None:
    assert is_for_anybody(OriginTest(text, 1, How.SEARCH))


@pytest.mark.parametrize("text", [r"example\.com", "^https://.*\\.com$", "[", "(a+)+"])
def test_for_somebody(text: str) -> None:
    assert not is_for_anybody(OriginTest(text, 1, How.SEARCH))
    assert not is_for_anybody(OriginTest(text, 1))


@pytest.mark.parametrize(
    "text",
    [
        "^(a+)+$",
        "^(?:https?://)?(?:[a-z]*)*x$",
        "a?" * 60 + "a" * 60,
        ".*" * 40 + "x",
        "(a|aa)+$",
        "a{99999999}",
        "(" * 1500,
        "x" * 100_000,
    ],
)
def test_what_could_take_for_ever_is_not_tried(text: str) -> None:
    # Tried, most of these would not end.
    assert taken(text)[0] == []
    assert not is_for_anybody(OriginTest(text, 1, How.SEARCH))


def test_leave_null() -> None:
    draft = Draft(OldSettings())
    leave_null(draft, "origin", 3)
    assert draft.findings[0].allowed == ("null",)
    assert draft.findings[0].line == 3
