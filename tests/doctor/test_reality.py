"""What counts as allowed for real."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crossorigin.browser.real.call import Outcome
from crossorigin.doctor.reality import names_of

from .conftest import ASKED


@pytest.mark.parametrize(
    ("outcome", "error", "allowed"),
    [
        (ASKED.outcome, "", True),
        (ASKED.outcome, "body: TypeError", False),
        (Outcome(blocked=True), "", False),
        (Outcome(blocked=False, type="opaque"), "", False),
        (Outcome(blocked=False, type="opaqueredirect"), "", False),
        (Outcome(blocked=False, type="basic", status=200), "", True),
    ],
)
def test_allowed(outcome: Outcome, error: str, allowed: bool) -> None:
    assert replace(ASKED, outcome=outcome, error=error).allowed is allowed


def test_names_are_told_once() -> None:
    assert names_of(Outcome(blocked=False, headers=(("x-b", "1"), ("x-a", "2"), ("x-b", "3")))) == ["x-a", "x-b"]
