"""pytest within pytest: a project with an application, a page, and the plugin."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import entry_points

import pytest

PLUGIN = [] if list(entry_points(group="pytest11", name="crossorigin")) else ["-p", "crossorigin.pytest.plugin"]
"""Under `make test` the wheel's entry point loads the plugin."""

CONFTEST = """
import pytest

def answer(environ, start_response):
    start_response("200 OK", [("Access-Control-Allow-Origin", "https://app.example.com"), ("ETag", "1")])
    return [b"{}"]

@pytest.fixture
def app():
    return answer

@pytest.fixture
def page_url():
    return "https://app.example.com/dashboard"
"""

Run = Callable[..., pytest.RunResult]


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """A directory with a conftest that says what to test."""
    pytester.makeconftest(CONFTEST)
    return pytester


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run pytest there, in this process or, with `apart`, in one of its own."""
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    for name in ("PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_XDIST_TESTRUNUID"):
        monkeypatch.delenv(name, raising=False)

    def run(*args: str, apart: bool = False) -> pytest.RunResult:
        how = pytester.runpytest_subprocess if apart else pytester.runpytest_inprocess
        # In this process the package is imported already, which pytest remarks upon.
        quiet = ("-W", "ignore::pytest.PytestAssertRewriteWarning")
        return how(*PLUGIN, "-p", "no:cacheprovider", *quiet, *args)

    return run
