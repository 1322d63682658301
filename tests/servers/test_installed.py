"""What is tested is what users get: the installed wheel, not the checkout."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from importlib.metadata import files, version
from pathlib import Path

import crossorigin

REPOSITORY = Path(__file__).parents[2]


def test_package_is_imported_from_site_packages() -> None:
    assert Path(crossorigin.__file__).parent.parent == Path(sysconfig.get_path("purelib"))


def test_checkout_is_not_on_the_path() -> None:
    assert not {REPOSITORY, REPOSITORY / "src"} & {Path(entry).resolve() for entry in sys.path}


def test_wheel_holds_all_that_the_sources_hold() -> None:
    installed = {str(each) for each in files("crossorigin") or () if each.suffix != ".pyc"}
    sources = {
        str(each.relative_to(REPOSITORY / "src"))
        for each in (REPOSITORY / "src" / "crossorigin").rglob("*")
        if each.is_file() and "__pycache__" not in each.parts
    }
    pages = {f"crossorigin/_codes/{each.name}" for each in (REPOSITORY / "docs" / "codes").iterdir()}
    assert {each for each in installed if each.startswith("crossorigin/")} == sources | pages


def test_command_is_installed() -> None:
    command = Path(sysconfig.get_path("scripts")) / "crossorigin"
    done = subprocess.run([command, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"crossorigin {version('crossorigin')}\n"
