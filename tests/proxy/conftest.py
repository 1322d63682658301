"""Both loops: what the proxy does must not depend on whether uvloop is installed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

import crossorigin.proxy.server

LOOPS: dict[str, Callable[..., Any] | None] = {"asyncio": asyncio.run}
try:
    import uvloop
except ImportError:
    LOOPS["uvloop"] = None
else:
    LOOPS["uvloop"] = uvloop.run


@pytest.fixture(params=LOOPS)
def both_loops(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test runs twice, with every proxy in a thread on the one loop and on the other."""
    run = LOOPS[request.param]
    if run is None:
        pytest.skip("uvloop is not installed, which is for CPython on Unix")
    monkeypatch.setattr(crossorigin.proxy.server, "run", run)
