"""Which browsers are found, and what is said of one that is not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from crossorigin.browser.real.installed import ENGINES, Engine, Installed, Missing, find


def program(place: Path, says: str = "echo Version 1") -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f"#!/bin/sh\n{says}\n")
    place.chmod(0o755)
    return place


@pytest.fixture(autouse=True)
def with_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":5")


@pytest.mark.parametrize(
    ("engine", "name"),
    [
        ("chromium", "chromium"),
        ("chromium", "chromium-browser"),
        ("chromium", "google-chrome"),
        ("firefox", "firefox"),
        ("firefox", "firefox-esr"),
        ("webkit", "MiniBrowser"),
    ],
)
def test_by_name(engine: Engine, name: str, tmp_path: Path) -> None:
    place = program(tmp_path / name)
    assert find(engine, path=str(tmp_path), root=tmp_path) == Installed(engine, place, "Version 1")


@pytest.mark.parametrize(
    ("engine", "place"),
    [
        ("chromium", "opt/google/chrome/chrome"),
        ("chromium", "Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
        ("firefox", "Applications/Firefox.app/Contents/MacOS/firefox"),
        ("webkit", "usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser"),
        ("webkit", "usr/libexec/webkitgtk-6.0/MiniBrowser"),
    ],
)
def test_by_place(engine: Engine, place: str, tmp_path: Path) -> None:
    expected = program(tmp_path / place)
    assert find(engine, path="", root=tmp_path) == Installed(engine, expected, "Version 1")


def test_the_newest_series_of_webkit(tmp_path: Path) -> None:
    for series in ("webkit2gtk-4.0", "webkitgtk-6.0", "webkit2gtk-4.1"):
        program(tmp_path / "usr" / "lib" / "x86_64-linux-gnu" / series / "MiniBrowser")
    found = find("webkit", path="", root=tmp_path)
    assert isinstance(found, Installed)
    assert found.program.parent.name == "webkitgtk-6.0"


@pytest.mark.parametrize("engine", ENGINES)
def test_missing(engine: Engine, tmp_path: Path) -> None:
    found = find(engine, path=str(tmp_path), root=tmp_path)
    assert isinstance(found, Missing)
    assert found.engine == engine
    assert "install Debian's package" in found.sentence


def test_webkit_without_a_display(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY")
    program(tmp_path / "MiniBrowser")
    found = find("webkit", path=str(tmp_path), root=tmp_path)
    assert isinstance(found, Missing)
    assert found.sentence.endswith("needs a display; install Debian's package xvfb, or set DISPLAY")


def test_one_that_does_not_run(tmp_path: Path) -> None:
    place = program(tmp_path / "firefox", "exit 3")
    found = find("firefox", path=str(tmp_path), root=tmp_path)
    assert isinstance(found, Missing)
    assert found.sentence.startswith(f"{place} is here and does not run: ")


def test_warnings_are_no_version(tmp_path: Path) -> None:
    program(tmp_path / "firefox", "echo 'a warning' >&2; echo Mozilla Firefox 153; echo more")
    found = find("firefox", path=str(tmp_path), root=tmp_path)
    assert isinstance(found, Installed)
    assert found.version == "Mozilla Firefox 153"


def test_a_system_without_process_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path / "firefox")
    monkeypatch.setattr(os, "name", "nt")
    found = find("firefox", path="", root=tmp_path)
    monkeypatch.undo()
    assert isinstance(found, Missing)
    assert "on Linux and macOS only" in found.sentence
