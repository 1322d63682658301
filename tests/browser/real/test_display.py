"""The display that is there, and a made one."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from crossorigin.browser.real.display import display, find_xvfb


def fake_xvfb(directory: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An Xvfb by a Python script, first in PATH; its second argument is the descriptor to write to."""
    program = directory / "bin" / "Xvfb"
    program.parent.mkdir()
    program.write_text(f"#!{sys.executable}\nimport os, sys, time\n{script}\n")
    program.chmod(0o755)
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    return program


def test_the_one_that_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":5")
    with display(tmp_path) as where:
        assert where == ":5"


def test_a_made_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = fake_xvfb(tmp_path, 'os.write(int(sys.argv[2]), b"7\\n"); time.sleep(600)', monkeypatch)
    assert find_xvfb() == str(program)
    with display(tmp_path) as where:
        assert where == ":7"


def test_one_that_does_not_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_xvfb(tmp_path, 'sys.exit("no fonts")', monkeypatch)
    with pytest.raises(OSError, match="did not start: no fonts"), display(tmp_path):
        pass


def test_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="install Debian's package xvfb"), display(tmp_path):
        pass
