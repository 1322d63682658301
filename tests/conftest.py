"""What holds for every test: how Hypothesis runs, which package is tested, and a loud word for what did not run."""

from __future__ import annotations

import os
import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import crossorigin

# The same everywhere: Hypothesis would make a run that has CI in its environment repeat itself. A failure prints the
# line that reproduces it, and no clock decides a test.
settings.register_profile(
    "crossorigin",
    parent=settings.get_profile("default"),
    deadline=None,
    derandomize=False,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("crossorigin")


def pytest_configure() -> None:
    """Draw the seed of the browsers' fresh scenarios once, for all workers."""
    os.environ.setdefault("FRESH_SEED", str(random.SystemRandom().randrange(10**6, 10**9)))


def pytest_report_header() -> list[str]:
    """Say which package is tested: `make test` tests the installed wheel."""
    return [
        f"crossorigin {crossorigin.__version__} from {Path(crossorigin.__file__).parent}",
        f"fresh scenarios for browsers: FRESH_SEED={os.environ['FRESH_SEED']}",
    ]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let `xdist_group` work: pytest-xdist 3.8.0 writes the group where pytest 9.2 no longer looks for a test's id.

    Without it each worker starts each server and each browser that a group is meant to share.
    """
    for item in items:
        named: str | None = getattr(item, "_nodeid", None)
        known = getattr(item, "_id", None)
        if named is not None and known is not None and named != item.nodeid:
            *parents, _ = known.names
            name = named.removeprefix("::".join([known.path, *parents, ""]))
            item._id = type(known)(path=known.path, names=(*parents, name))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name each reason for which something did not run, and how many tests it kept back."""
    reasons = Counter(_reason(report) for report in terminalreporter.stats.get("skipped", []))
    if not reasons:
        return
    terminalreporter.section("DID NOT RUN", sep="!", red=True, bold=True)
    for reason, count in reasons.most_common():
        terminalreporter.line(f"{count:>5} not run: {reason}", red=True)


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Why a report says skipped: pytest keeps (file, line, "Skipped: why") for that."""
    why = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return why.removeprefix("Skipped: ").removeprefix("DID NOT RUN: ")
