"""The engine says what the browsers do: thousands of generated scenarios in each, and no difference unexplained.

make test-browsers SEED=7 N=10000     other scenarios, and more of them
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final

import pytest

from .agreement import disagreements, smallest
from .deviations import Ledger
from .generator import scenarios
from .named import preflights_answered_by_redirects, redirects_one_too_many, redirects_that_are_refused
from .scenario import Scenario
from .theatre import Theatre

SEED: Final = int(os.environ.get("SEED") or 1)
COUNT: Final = int(os.environ.get("N") or 2000)
FRESH: Final = 200
_SHOWN: Final = 3
_BATCH: Final = 1000


@pytest.fixture(scope="module")
def ledger(stage: Theatre) -> Ledger:
    return Ledger(stage.browser.engine, version_of(stage))


def version_of(stage: Theatre) -> str:
    found = re.search(r"\d[\d.]*", stage.browser.version)
    assert found is not None, stage.browser.version
    return found[0]


def play(stage: Theatre, ledger: Ledger, seed: int, count: int) -> None:
    """Fail with the smallest reproductions of the first few differences."""
    compare(stage, ledger, scenarios(seed, count), f"{count} scenarios of seed {seed}")


def compare(stage: Theatre, ledger: Ledger, remaining: Iterator[Scenario], which: str) -> None:
    found = []
    while batch := list(islice(remaining, _BATCH)):
        found += disagreements(stage, batch, ledger)
    if found:
        # Made small by a ledger of its own: candidates must not count as uses.
        scratch = Ledger(stage.browser.engine, version_of(stage))
        shown = "\n\n".join(str(smallest(stage, each, scratch)) for each in found[:_SHOWN])
        names = ", ".join(each.scenario.name for each in found)
        pytest.fail(
            f"{stage.browser.version} differs in {len(found)} of {which}: {names}\n\n{shown}",
            pytrace=False,
        )


@pytest.mark.parametrize(
    "named", [preflights_answered_by_redirects, redirects_that_are_refused, redirects_one_too_many]
)
def test_of_named_scenarios(stage: Theatre, named: Callable[[], Iterator[Scenario]]) -> None:
    # A ledger of its own: these must not keep a row alive that the scenarios of the fixed seed need no more.
    compare(stage, Ledger(stage.browser.engine, version_of(stage)), named(), f"the {named.__name__}")


def test_of_the_fixed_seed(stage: Theatre, ledger: Ledger) -> None:
    play(stage, ledger, SEED, COUNT)
    if (SEED, COUNT) == (1, 2000):
        assert [each.reason for each in ledger.unused] == [], "deviations that are none any more"


def test_of_a_fresh_seed(stage: Theatre, ledger: Ledger) -> None:
    # Drawn where the run begins, which prints it: every worker has to have the same.
    play(stage, ledger, int(os.environ["FRESH_SEED"]), FRESH)
