"""The page about testing: its examples run with the example projects, and the failures shown are what is said."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import textwrap
from importlib.metadata import entry_points
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")

_PLUGIN: Final = [] if list(entry_points(group="pytest11", name="crossorigin")) else ["-p", "crossorigin.pytest.plugin"]
_PYTEST: Final = ["pytest", "-q", "-p", "no:cacheprovider", *_PLUGIN]
_RUNS: Final = {
    "pytest": ("fastapi", _PYTEST, "4 passed"),
    "What a failure says": ("fastapi", _PYTEST, "1 failed"),
    "Engines": ("flask", _PYTEST, "3 passed"),
    "The safety test": ("flask", _PYTEST, "1 failed, 1 passed"),
    "unittest": ("flask", ["unittest"], "Ran 3 tests"),
    "FastAPI": ("fastapi", _PYTEST, "2 passed"),
    "Flask": ("flask", _PYTEST, "1 passed"),
    "Django": ("django", ["django", "test"], "Ran 3 tests"),
    "httpx": ("flask", _PYTEST, "1 passed"),
    "requests": ("fastapi", _PYTEST, "1 passed"),
}
"""Section → the example project that its code stands in, how it is run, and what the run says at its end."""

_DATABASE: Final = 'DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}\n'


def sections() -> dict[str, str]:
    """The sections that hold Python, by heading."""
    found = dict(re.findall(r"^## (.+)\n((?:(?!## ).*\n)*)", PAGE, re.MULTILINE))
    return {heading: text for heading, text in found.items() if "```python" in text}


def project(heading: str, at: Path) -> Path:
    """The example project of a section, with the section's own files."""
    example, _, _ = _RUNS[heading]
    shutil.copytree(ROOT / "examples" / example, at, ignore=shutil.ignore_patterns("test_*.py", "__pycache__"))
    for name, code in re.findall(r"^```python\n# (\w+\.py)\n(.*?)^```", sections()[heading], re.MULTILINE | re.DOTALL):
        (at / name).write_text(code, encoding="utf-8")
    if heading == "What a failure says":
        policy = at / "policy.py"
        policy.write_text(policy.read_text(encoding="utf-8").replace('"PUT"', ""), encoding="utf-8")
    if heading == "Django":
        with (at / "settings.py").open("a", encoding="utf-8") as settings:
            settings.write(_DATABASE)
    return at


def failure_in(output: str) -> str:
    """What the one failure in the output says, without pytest's margin."""
    return textwrap.dedent("\n".join(line[1:] for line in output.splitlines() if line[:1] == "E")).strip()


def test_every_section_is_run() -> None:
    assert set(sections()) == set(_RUNS)
    assert PAGE.count("```python\n") == PAGE.count("```python\n# ")


@pytest.mark.parametrize("heading", _RUNS)
def test_section(heading: str, tmp_path: Path) -> None:
    _, command, expected = _RUNS[heading]
    at = project(heading, tmp_path / "project")
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environ |= {"PYTHONIOENCODING": "utf-8", "COLUMNS": "120", "DEBUG": "1", "DJANGO_SETTINGS_MODULE": "settings"}
    # No -P: the tests import the application that stands beside them.
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=at,
        env=environ,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    output = done.stdout + done.stderr
    assert expected in output, output
    assert done.returncode == (1 if "failed" in expected else 0), output
    for shown in re.findall(r"^```text\n(.*?)^```", sections()[heading], re.MULTILINE | re.DOTALL):
        assert failure_in(output) == shown.strip()
