"""The log's lines: what is in them, and that none is wider than the terminal."""

from __future__ import annotations

import io
import json
import re

import pytest
from rich.console import Console

from crossorigin.cli.proxy_log import json_lines, lines
from crossorigin.proxy.record import Record

ITEMS = Record("GET", "/api/items?a=b", "/api", "http://localhost:8080/items?a=b", 200, 0.0123, 5, 0, "127.0.0.1")
FAILED = Record("POST", "/api/x", "/api", "http://localhost:8080/x", 502, 2.1, 9, 3, "::1", "connection refused")
LEFT = Record("GET", "/events", "/", "http://localhost:1/events", 0, 61.2, 9, 0, "::1", "the client left")


def said(record: Record, **console: object) -> str:
    out = io.StringIO()
    lines(Console(file=out, **console))(record)  # type: ignore[arg-type]
    return out.getvalue()


@pytest.mark.parametrize(
    ("record", "line"),
    [
        (ITEMS, "200   12 ms GET    /api/items?a=b → http://localhost:8080/items?a=b\n"),
        (FAILED, "502 2100 ms POST   /api/x → http://localhost:8080/x  connection refused\n"),
        (LEFT, "  -    61 s GET    /events → http://localhost:1/events  the client left\n"),
    ],
)
def test_in_a_file(record: Record, line: str) -> None:
    assert said(record) == line


def test_on_a_terminal() -> None:
    line = said(ITEMS, force_terminal=True, width=80)
    assert line.startswith("\x1b[32m200\x1b[0m")
    assert re.sub(r"\x1b\[[0-9;]*m", "", line) == said(ITEMS)
    assert "\x1b" not in said(ITEMS, force_terminal=True, width=80, no_color=True)


@pytest.mark.parametrize("width", [40, 60, 80])
@pytest.mark.parametrize("why", ["", "connection refused", "a longer sentence of which the way out is the very end"])
@pytest.mark.parametrize("path", ["/api", "/api/" + "x" * 200])
def test_no_wider_than_the_terminal(path: str, why: str, width: int) -> None:
    record = Record("GET", path, "/api", f"http://localhost:8080{path}", 502, 0.1, 0, 0, "::1", why)
    first, *below = said(record, force_terminal=True, width=width, no_color=True).splitlines()
    assert all(len(line) <= width for line in (first, *below))
    assert "/api" in first
    # The reason is whole, wherever it stands.
    assert why in " ".join([first, *(line.strip() for line in below)])


def test_json() -> None:
    out = io.StringIO()
    json_lines(out)(FAILED)
    assert json.loads(out.getvalue()) == {
        "method": "POST",
        "path": "/api/x",
        "route": "/api",
        "target": "http://localhost:8080/x",
        "status": 502,
        "seconds": 2.1,
        "sent": 9,
        "received": 3,
        "client": "::1",
        "why": "connection refused",
        "is_upgrade": False,
    }
    assert out.getvalue().count("\n") == 1
