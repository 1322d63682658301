"""What pytest loads: the mark, the option, and the report of a call that was blocked. No import of ours beyond pytest.

The fixtures are a plugin of their own, in `fixtures`: their names are short, and another plugin that has a `browser` or
a `page` (pytest-playwright, pytest-splinter) keeps its own. Then ours answer to `cors_browser` and `cors_page` alone,
which they do always.
"""

from __future__ import annotations

import sys
from collections.abc import Generator
from typing import Final

import pytest

from crossorigin.pytest import fixtures, short_names

__all__ = [
    "pytest_addoption",
    "pytest_configure",
    "pytest_generate_tests",
    "pytest_report_header",
    "pytest_runtest_makereport",
]

ENGINES: Final = ("chromium", "firefox", "webkit", "standard")
"""Written out, for the profiles are not to be imported in a run that has no use for them; a test compares."""

_INI: Final = "crossorigin_engine"
_SHORT: Final = ("browser", "page")
_SHORT_PLUGIN: Final = "crossorigin-short-names"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The engine of tests that name none."""
    parser.addini(_INI, f"engine of the fixtures browser and page: {', '.join(ENGINES)}", default="chromium")


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """The mark, and the fixtures; trylast, so that other plugins with fixtures of the same names are there already."""
    config.addinivalue_line(
        "markers", "engines(*names): run the test once in each of these browser engines (crossorigin)"
    )
    if (engine := config.getini(_INI)) not in ENGINES:
        raise pytest.UsageError(f"{_INI} = {engine}: it is one of {', '.join(ENGINES)}")
    manager = config.pluginmanager
    manager.register(fixtures, "crossorigin-fixtures")
    taken = any(hasattr(plugin, name) for plugin in _others(config) for name in _SHORT)
    if not taken and not manager.is_blocked(_SHORT_PLUGIN):
        manager.register(short_names, _SHORT_PLUGIN)


def _others(config: pytest.Config) -> list[object]:
    """Plugins that are modules and not a conftest: a conftest that has a `page` of its own overrides ours anyway."""
    loaded = config.pluginmanager.get_plugins()
    return [each for each in loaded if (getattr(each, "__file__", None) or "conftest.py")[-11:] != "conftest.py"]


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say when the short names belong to another plugin."""
    if config.pluginmanager.has_plugin(_SHORT_PLUGIN):
        return None
    return "crossorigin: fixtures cors_browser and cors_page (browser and page are another plugin's)"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that is marked with `engines` once in each."""
    mark = metafunc.definition.get_closest_marker("engines")
    if mark is None:
        return
    where = metafunc.definition.nodeid
    wrong = [name for name in mark.args if name not in ENGINES]
    if wrong or mark.kwargs or not mark.args:
        given = ", ".join(map(repr, wrong)) or "what it is given"
        pytest.fail(f"{where}: the mark engines takes names of {', '.join(ENGINES)}, and not {given}", pytrace=False)
    if "cors_engine" not in metafunc.fixturenames:
        pytest.fail(
            f"{where}: the mark engines is for tests that use the fixture browser, page or cors_engine", pytrace=False
        )
    metafunc.parametrize("cors_engine", mark.args, indirect=True, scope="function")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,  # noqa: ARG001 - the hook's name for it
    call: pytest.CallInfo[None],
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Put the dialogue below the traceback of a test that a blocked call ended."""
    report = yield
    errors = sys.modules.get("crossorigin.browser.errors")
    if errors is not None and report.failed and call.excinfo is not None:
        from crossorigin.pytest.report import dialogue_of  # noqa: PLC0415 - only in a run that has use for it

        if text := dialogue_of(call.excinfo.value):
            report.sections.append(("what the browser saw", text))
    return report
