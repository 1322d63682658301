"""The names of `crossorigin.browser`, which are imported when they are first used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import crossorigin.browser


@pytest.mark.parametrize("name", crossorigin.browser.__all__)
def test_every_name_is_there(name: str) -> None:
    assert getattr(crossorigin.browser, name).__name__ == name


def test_no_other_name_is() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Proxy'"):
        _ = crossorigin.browser.Proxy


def test_importing_it_imports_no_client() -> None:
    program = "import sys, crossorigin.browser; sys.exit('httpcore2' in sys.modules or 'asyncio' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
