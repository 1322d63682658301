"""Known deviations: which apply, what they explain, and that a dead one is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crossorigin.browser.real.call import Call

from .compare import Difference
from .deviations import DEVIATIONS, Deviation, Ledger
from .scenario import Scenario

SCENARIO = Scenario("s", (Call(url="{foreign}/{id}/0"),))
STATUS = Difference("status", 0, "200", "404")
BODY = Difference("body", 0, "'a'", "'b'")
ABOUT_STATUS = Deviation("firefox", "A reason.", "bug 1", lambda _, difference: difference.what == "status")


@pytest.mark.parametrize(
    ("since", "until", "version", "concerned"),
    [
        (None, None, "1", True),
        ("140", None, "139.0.9", False),
        ("140", None, "140.0", True),
        ("140.1", None, "140", False),
        (None, "140", "140.0.2", True),
        (None, "140", "141", False),
        (None, "2.48", "2.48.1", True),
        (None, "2.48", "2.50.0", False),
        (None, "2.48", "2.9", True),
        ("100", "140", "120.5b2 (64-bit)", True),
    ],
)
def test_versions(since: str | None, until: str | None, version: str, concerned: bool) -> None:
    deviation = replace(ABOUT_STATUS, since=since, until=until)
    assert deviation.concerns("firefox", version) is concerned
    assert not deviation.concerns("chromium", version)


def test_a_version_has_a_number() -> None:
    with pytest.raises(ValueError, match="'nightly' is no version"):
        replace(ABOUT_STATUS, since="1").concerns("firefox", "nightly")


@pytest.mark.parametrize("missing", ["reason", "evidence"])
def test_none_without_reason_and_evidence(missing: str) -> None:
    empty: dict[str, Any] = {missing: " "}
    with pytest.raises(ValueError, match="needs a reason and evidence"):
        replace(ABOUT_STATUS, **empty)


class TestLedger:
    """What is explained is no failure, and what explains nothing is one."""

    def test_it_leaves_what_is_not_explained(self) -> None:
        ledger = Ledger("firefox", "140", [ABOUT_STATUS])
        assert ledger.unexplained(SCENARIO, [STATUS, BODY, STATUS]) == [BODY]
        assert ledger.unused == []

    def test_one_that_never_applies_is_told(self) -> None:
        dead = replace(ABOUT_STATUS, reason="Long gone.", applies=lambda *_: False)
        ledger = Ledger("firefox", "140", [ABOUT_STATUS, dead])
        ledger.unexplained(SCENARIO, [STATUS])
        assert ledger.unused == [dead]

    def test_one_behind_a_broader_one_is_not_dead(self) -> None:
        broad = replace(ABOUT_STATUS, applies=lambda *_: True)
        ledger = Ledger("firefox", "140", [broad, ABOUT_STATUS])
        assert ledger.unexplained(SCENARIO, [STATUS]) == []
        assert ledger.unused == []

    def test_those_of_other_versions_and_engines_neither_explain_nor_rot(self) -> None:
        others = [replace(ABOUT_STATUS, until="139"), replace(ABOUT_STATUS, engine="webkit")]
        ledger = Ledger("firefox", "140", others)
        assert ledger.unexplained(SCENARIO, [STATUS]) == [STATUS]
        assert ledger.unused == []

    def test_the_predicate_sees_the_scenario(self) -> None:
        here = replace(ABOUT_STATUS, applies=lambda scenario, _: scenario.frame == "data")
        ledger = Ledger("firefox", "140", [here])
        assert ledger.unexplained(SCENARIO, [STATUS]) == [STATUS]
        assert ledger.unexplained(replace(SCENARIO, frame="data"), [STATUS]) == []


@pytest.mark.parametrize(
    ("predicted", "observed", "explained"),
    [
        ("nothing", "'__Host-c-s=1'", True),
        ("'c-s=1'", "'c-s=1; __Host-c-s=1'", True),
        ("'c-s=1'", "'__SeCure-c-s=1; c-s=1'", True),
        ("'c-s=1'", "'__Host-c-s=1'", False),
        ("nothing", "'c-s=1; __Host-c-s=1'", False),
        ("'__Host-c-s=1'", "nothing", False),
        ("nothing", "'c__s=1'", False),
    ],
)
def test_cookies_with_a_prefix_beside_others(predicted: str, observed: str, explained: bool) -> None:
    difference = Difference("Cookie of GET own/s/0", 0, predicted, observed)
    assert (Ledger("webkit", "2.50.6").unexplained(SCENARIO, [difference]) == []) is explained


def test_every_row_is_of_a_known_engine() -> None:
    assert {each.engine for each in DEVIATIONS} <= {"chromium", "firefox", "webkit"}
