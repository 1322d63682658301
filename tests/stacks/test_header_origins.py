"""Whom an Access-Control-Allow-Origin is for, by its value and by the tests that it is sent by."""

from __future__ import annotations

import pytest

from crossorigin.policy.migration import Draft
from crossorigin.policy.old_settings import OldSettings
from crossorigin.stacks.header_origins import take_origins
from crossorigin.stacks.header_rules import ANY_ORIGIN, Echo, Said, When
from crossorigin.stacks.origin_test import How, OriginTest

APP, OTHER = "https://app.example.com", "https://b.example.com"
ALL = When()


def by(*texts: str, how: How = How.TEXT) -> When:
    return When(only=tuple(OriginTest(text, 1, how) for text in texts))


def taken(*values: tuple[str | Echo, When], credentials: bool = False) -> tuple[list[str], list[str]]:
    """The origins, and what is said."""
    draft = Draft(OldSettings(), settings={"allow_origins": [], "allow_credentials": credentials})
    take_origins(draft, [Said("access-control-allow-origin", value, 4, "header", when) for value, when in values])
    return draft.settings["allow_origins"], [str(finding) for finding in draft.findings]


@pytest.mark.parametrize(
    ("value", "when", "origins"),
    [
        (APP, ALL, [APP]),
        (f" {APP} ", ALL, [APP]),
        ("*", ALL, ["*"]),
        (Echo.ORIGIN, by(APP, OTHER), [APP, OTHER]),
        (Echo.ORIGIN, by(r"^https://(?:app|b)\.example\.com$", how=How.SEARCH), [APP, OTHER]),
        (APP, by(APP), [APP]),
        (APP, by(r"^https://app\.example\.com$", how=How.SEARCH), [APP]),
        ("*", by(APP), [APP]),
    ],
)
def test_taken(value: str | Echo, when: When, origins: list[str]) -> None:
    assert taken((value, when)) == (origins, [])


def test_each_test_is_taken_once() -> None:
    assert taken((Echo.ORIGIN, by(APP)), ("*", by(APP, OTHER))) == ([APP, OTHER], [])


@pytest.mark.parametrize("when", [ALL, When(only=(ANY_ORIGIN,)), by(".*", how=How.SEARCH)])
def test_everybody(when: When) -> None:
    origins, said = taken((Echo.ORIGIN, when))
    assert origins == ["*"]
    assert "without credentials that is `*`" in said[0]
    origins, said = taken((Echo.ORIGIN, when), credentials=True)
    assert origins == []
    assert "any page on the web could read" in said[0]


@pytest.mark.parametrize(
    ("value", "when", "said"),
    [
        ("null", ALL, "`null` is left out"),
        (Echo.HEADERS, ALL, "not read: it is copied from a header that is no Origin"),
        (OTHER, by(APP), f'not read: it sends "{OTHER}" by a test of another origin'),
        (APP, by(r"^https://.*\.example\.com$", how=How.SEARCH), "or by an expression"),
    ],
)
def test_left_out(value: str | Echo, when: When, said: str) -> None:
    origins, findings = taken((value, when))
    assert origins == []
    assert said in findings[0]


def test_preflights_alone() -> None:
    origins, said = taken((APP, When(is_preflight=True)))
    assert origins == [APP]
    assert "no answer could be read" in said[0]


def test_several_for_everybody() -> None:
    origins, said = taken((APP, ALL), (OTHER, ALL))
    assert origins == [APP, OTHER]
    assert "Everybody gets the same one of several values" in said[0]
