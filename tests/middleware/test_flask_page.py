"""`docs/flask.md`: its code runs and does what the page says. `test_real_servers.py` has it on servers."""

from __future__ import annotations

from typing import Any

from tests.middleware.environ_client import APP, EVIL, call, preflight
from tests.middleware.real_server import code_blocks

FIRST, FACTORY, VIEWS = code_blocks("flask.md")
PARTNER = "https://partner.example.org"


def run(code: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "page"}
    exec(code, names)
    return names


def test_the_first_block() -> None:
    app = run(FIRST)["app"]
    reply = call(app, "OPTIONS", "/", preflight(APP, "PUT", "content-type"))
    assert (reply.status, reply.origin) == (204, APP)
    assert call(app, "GET", "/absent", [("Origin", APP)]).origin == APP


def test_the_factory() -> None:
    create_app = run(FACTORY)["create_app"]
    for app in (create_app(), create_app()):
        assert call(app, "GET", "/", [("Origin", APP)]).origin == APP


def test_policies_of_views() -> None:
    app = run(VIEWS)["app"]
    for path in ("/stock", "/orders"):
        assert call(app, "GET", path, [("Origin", PARTNER)]).origin == PARTNER
        assert call(app, "GET", path, [("Origin", APP)]).origin is None
    assert call(app, "GET", "/public/news", [("Origin", EVIL)]).origin == "*"
    assert call(app, "GET", "/", [("Origin", APP)]).origin == APP
