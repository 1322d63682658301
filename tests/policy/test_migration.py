"""A draft is made sound: mended where that is plain, left out where it is not, and every time said so."""

from __future__ import annotations

from typing import Any

from crossorigin.policy import Policy
from crossorigin.policy.migration import Draft, Finding, finish, strings_of
from crossorigin.policy.old_settings import OldSettings, Unread


def draft(**settings: Any) -> Draft:
    made = Draft(OldSettings())
    made.settings = {"allow_methods": [], **settings}
    return made


def test_what_is_mended() -> None:
    made = draft(
        allow_origins=["https://a.com", "https://*.github.io", "*"],
        allow_methods=["put", "TRACE", "POST"],
        allow_headers=["*", "x-a"],
        expose_headers=["set-cookie", "a b"],
    )
    finish(made)
    assert made.settings == {
        "allow_origins": ["*"],
        "allow_methods": ["PUT"],
        "allow_headers": ["*", "authorization"],
        "expose_headers": ["a", "b"],
    }
    Policy(**made.settings)
    text = " ".join(map(str, made.findings))
    for code in ("P121", "P202", "P203", "P305", "P301"):
        assert code in text


def test_nothing_left_is_not_sound() -> None:
    made = draft(allow_origins=["http://a.com"], allow_credentials=True)
    finish(made)
    assert made.settings["allow_origins"] == []
    assert [problem.code for problem in Policy.validate(**made.settings)] == ["P101"]
    assert "P405" in str(made.findings[0])


def test_origins() -> None:
    made = draft()
    made.take_origins(
        "origins", ["*", "null", "https://a.com", "https://b.com/", "https://c d.com", "http://localhost:*"]
    )
    assert made.settings["allow_origins"] == ["*", "null", "https://a.com", "https://b.com", "http://localhost:*"]
    taken, left, widened = (finding.sentence for finding in made.findings)
    assert taken.endswith("(P104). https://b.com is taken in its place.")
    assert left.endswith("(P115). It is left out.")
    assert widened.endswith("As a pattern it allows ports from now on.")


def test_unread_values() -> None:
    made = Draft(OldSettings({"a": Unread("f()"), "b": 3}, {"a": 7}, 2))
    assert made.get("a", "default") == "default"
    assert made.get("b", 1) == 3
    assert made.get("c", 1) == 1
    assert strings_of(made, "b", ["x", 3, Unread("g()")]) == ["x"]
    assert strings_of(made, "b", None) == []
    assert [finding.line for finding in made.findings] == [7, 2, 2]
    assert str(Finding("a", 1, "So.", ("x", "y"))) == "line 1, a: So. It allowed, for one: x, y."
