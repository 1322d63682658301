"""The example projects pass as they stand, and a policy that is broken fails them with the name of the header."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import entry_points
from pathlib import Path
from typing import Final

import pytest
from tests.examples.frontends import EXAMPLES, FRONTENDS

PROJECTS: Final = {"fastapi": "policy.py", "flask": "policy.py", "django": "settings.py"}

BREAKS: Final = {
    "the origin": ('"https://app.example.com"', '"https://other.example.com"', ("Access-Control-Allow-Origin", "B301")),
    "a method": ('"PUT"', '"PATCH"', ("List PUT in `Access-Control-Allow-Methods`", "B230")),
    "a header": (', "x-request-id"', "", ("List x-request-id in `Access-Control-Allow-Headers`", "B241")),
    "credentials": (
        r"(allow_credentials\W+)True",
        r"\1False",
        ("`Access-Control-Allow-Credentials: true`", "B307"),
    ),
    "an exposed header": (r'\["etag"\]', '["x-other"]', ("send `Access-Control-Expose-Headers: etag`", "etag")),
}
"""What is taken out of a policy: a pattern, what stands there instead, and what the failure has to say."""

PLUGIN: Final = [] if list(entry_points(group="pytest11", name="crossorigin")) else ["-p", "crossorigin.pytest.plugin"]


def run(project: Path) -> tuple[int, str]:
    """The exit status and the output of pytest in a project."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *PLUGIN],
        cwd=project,
        env=environ | {"COLUMNS": "120", "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def copied(name: str, to: Path) -> Path:
    return Path(shutil.copytree(EXAMPLES / name, to, ignore=shutil.ignore_patterns("__pycache__")))


@pytest.mark.parametrize("name", PROJECTS)
def test_project(name: str, tmp_path: Path) -> None:
    sound = copied(name, tmp_path / "sound")
    broken = {}
    for number, (what, (old, new, _)) in enumerate(BREAKS.items()):
        project = copied(name, tmp_path / f"broken-{number}")
        policy = project / PROJECTS[name]
        text, count = re.subn(old, new, policy.read_text(encoding="utf-8"))
        # Once in the policy, and once more at most where the docstring names the origin.
        assert 1 <= count <= 2, f"{what}: {old} stands {count} times in {policy.name}"
        policy.write_text(text, encoding="utf-8")
        broken[what] = project
    with ThreadPoolExecutor(2) as pool:
        ends = dict(zip(["sound", *broken], pool.map(run, [sound, *broken.values()]), strict=True))
    status, output = ends.pop("sound")
    assert status == 0, output
    for what, (status, output) in ends.items():
        assert status == 1, f"{what}: {output}"
        lines = " ".join(line.removeprefix("E ").strip() for line in output.splitlines())
        for expected in BREAKS[what][2]:
            assert expected in lines, f"{what}: {expected!r} is not in\n{output}"


def test_every_example_is_run() -> None:
    assert {path.name for path in EXAMPLES.iterdir() if path.is_dir()} == {*PROJECTS, *FRONTENDS, "fullstack"}
