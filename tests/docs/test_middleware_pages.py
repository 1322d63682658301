"""The examples of the pages about middleware run as they stand, and do what the page says."""

from __future__ import annotations

import sys
import types
from pathlib import Path
from typing import Any

import pytest
from tests.middleware.environ_client import call as call_wsgi
from tests.middleware.framework_cases import APP, EVIL, origin, preflight
from tests.middleware.in_process import OTHER, call, connect

from crossorigin.middleware.starlette_routes import routes_of

PAGES = Path(__file__).parents[2] / "docs"


def run(page: str) -> list[dict[str, Any]]:
    """The names that each Python block of a page defines, each run in a module of its own."""
    found = []
    for number, block in enumerate((PAGES / page).read_text(encoding="utf-8").split("```python\n")[1:]):
        module = types.ModuleType(f"page_{page.partition('.')[0].replace('-', '_')}_{number}")
        # FastAPI looks type hints up by the module's name.
        sys.modules[module.__name__] = module
        exec(compile(block.partition("```")[0], f"{page}, block {number}", "exec"), module.__dict__)
        found.append(module.__dict__)
    return found


def test_fastapi(capsys: pytest.CaptureFixture[str]) -> None:
    first, second, third = run("fastapi.md")
    assert capsys.readouterr().out == 'P104 "https://app.example.com"\n'
    app = first["app"]
    assert call(app, "GET", "/users/2", origin(APP)).origin == APP
    assert call(app, "GET", "/users/x", origin(APP)).origin == APP
    assert call(app, "OPTIONS", "/users/2", preflight(APP, "POST", "content-type")).status == 204
    assert call(app, "GET", "/users/2", origin(EVIL)).origin is None
    assert len([*routes_of(second["app"])]) == 4  # FastAPI's own
    app = third["app"]
    assert call(app, "OPTIONS", "/articles", preflight(OTHER, "PUT")).status == 204
    assert call(app, "OPTIONS", "/articles", preflight(OTHER, "GET")).status == 403
    assert call(app, "GET", "/articles", origin(APP)).origin == APP
    assert call(app, "GET", "/admin/users", origin(OTHER)).origin == OTHER
    assert call(app, "GET", "/internal", origin(APP)).cors == []


def test_asgi(capsys: pytest.CaptureFixture[str]) -> None:
    first, second, third = run("middleware-asgi.md")
    said = capsys.readouterr().out
    assert "https://new.example.com" in said
    assert said.endswith("\n0\n")
    assert call(first["app"], "GET", "/", origin(APP)).origin == APP
    assert call(first["app"], "OPTIONS", "/", preflight(APP, "PUT")).status == 204
    assert call(second["app"], "GET", "/", origin("https://tenant.example")).origin == "https://tenant.example"
    assert call(second["app"], "GET", "/", origin(EVIL)).origin is None
    assert connect(third["app"], "/", EVIL) == 403
    assert third["counters"].snapshot()["actual:origin"] == 1


def test_wsgi() -> None:
    (first,) = run("middleware-wsgi.md")
    for path, status in (("/", 200), ("/missing", 404), ("/crash", 500)):
        reply = call_wsgi(first["app"], "GET", path, [("Origin", APP)])
        assert (reply.status, reply.origin) == (status, APP)
