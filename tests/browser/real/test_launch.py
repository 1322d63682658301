"""The door to all engines; tests/browsers goes through it."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossorigin.browser.real import launch as module
from crossorigin.browser.real.browser import BrowserError
from crossorigin.browser.real.installed import ENGINES, Engine, Installed, Missing
from crossorigin.browser.real.launch import start


@pytest.mark.parametrize("engine", ENGINES)
def test_a_missing_one_is_an_error_that_says_what_to_install(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find", lambda engine: Missing(engine, "nothing here; install something"))
    with pytest.raises(BrowserError, match=f"^{engine}, starting: nothing here; install something$"), start(engine):
        pass


def test_a_chosen_program(tmp_path: Path) -> None:
    program = tmp_path / "mine"
    program.write_text("#!/bin/sh\necho mine; exit 1\n")
    program.chmod(0o755)
    with pytest.raises(BrowserError, match="mine"), start(Installed("firefox", program, "1")):
        pass
