"""`docs/flask.md`: its code runs, does what the page says, and a real server with it answers `crossorigin check`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.middleware.environ_client import APP, EVIL, call, preflight
from tests.middleware.loopback import crossorigin_check
from tests.middleware.real_server import code_blocks, serving

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


BOOM = """
@app.route("/boom")
def boom():
    raise RuntimeError("boom")

@app.put("/thing")
def thing():
    return "done"
"""


def test_a_real_server(tmp_path: Path) -> None:
    code = VIEWS.replace('"https://app.example.com"]', '"https://app.example.com"], allow_methods=["PUT"]')
    (tmp_path / "page_app.py").write_text(code + BOOM)
    questions: list[tuple[str, str, tuple[str, ...], int]] = [
        ("/stock", PARTNER, (), 0),
        ("/stock", EVIL, (), 1),
        ("/stock", APP, (), 1),
        ("/public/news", EVIL, (), 0),
        ("/thing", APP, ("-X", "PUT"), 0),
        ("/thing", APP, ("-X", "DELETE"), 1),
        ("/thing", APP, ("-X", "PUT", "-H", "x-token: 1"), 1),
        ("/thing", EVIL, ("-X", "PUT"), 1),
        ("/absent", APP, (), 0),
        ("/absent", EVIL, (), 1),
        ("/boom", APP, (), 0),
        ("/boom", EVIL, (), 1),
    ]
    with serving(["gunicorn", "--bind", "fd://{fd}", "--no-control-socket", "page_app:app"], tmp_path) as here:
        answers = [crossorigin_check(here + path, origin, *more) for path, origin, more, _ in questions]
    assert answers == [status for *_, status in questions]
