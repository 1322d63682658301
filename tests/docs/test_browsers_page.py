"""docs/browsers.md says what the profiles say."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from crossorigin.fetch import ENGINES

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "browsers.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("browsers_page", ROOT / "scripts" / "browsers_page.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_is_made_is_up_to_date(script: ModuleType) -> None:
    assert script.page_with(script.made()) == PAGE, "run .venv/bin/python scripts/browsers_page.py"


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)
def test_it_has_each_release_and_each_deviation(engine: object) -> None:
    """Read from the page alone, whatever the script does."""
    profile = next(each for each in ENGINES if each is engine)
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| {profile.title} |"))
    assert profile.proven_on in row
    column = 2 + [each.name for each in ENGINES].index(profile.name)
    rows = [re.split(r"(?<!\\) \| ", line.strip("| ")) for line in PAGE.splitlines() if line.startswith("| ")]
    said = {cells[0]: cells[column] for cells in rows if len(cells) == 2 + len(ENGINES)}
    assert profile.deviations
    assert {each.topic: each.engine for each in profile.deviations}.items() <= said.items()


def test_topics_mean_the_same_in_every_engine() -> None:
    """One row of the table is one question with one answer of the standard's."""
    standard: dict[str, set[str]] = {}
    for engine in ENGINES:
        for deviation in engine.deviations:
            standard.setdefault(deviation.topic, set()).add(deviation.standard)
    assert [topic for topic, answers in standard.items() if len(answers) > 1] == []


def test_its_python_runs() -> None:
    [code] = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
    exec(compile(code, "docs/browsers.md", "exec"), {})  # our own page
