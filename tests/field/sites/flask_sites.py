"""Flask applications under its development server, each broken in one of the ways that people break them."""

from __future__ import annotations

import json
import threading
from typing import Any

from flask import Flask, Response, abort, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_cors import CORS, cross_origin
from tests.field.sites.given import sockets_of
from werkzeug.debug import DebuggedApplication
from werkzeug.serving import WSGIRequestHandler, make_server

PAGE = "http://localhost:3000"
ITEMS = [{"id": 1}, {"id": 2}]


class _Quiet(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        """A log of requests is not read."""


def _application() -> Flask:
    app = Flask(__name__)

    @app.get("/items")
    def items() -> Response:
        return jsonify(ITEMS)

    @app.route("/items", methods=["POST", "PUT", "DELETE"])
    def change() -> Response:
        return jsonify({})

    @app.route("/reports/", methods=["GET", "PUT"])
    def reports() -> Response:
        return jsonify([])

    @app.get("/error")
    def error() -> Response:
        raise RuntimeError("on purpose")

    return app


def _bare() -> Flask:
    app = _application()

    @app.get("/feed")
    def feed() -> Response:
        called = f"{request.args.get('callback')}({json.dumps(ITEMS)})"
        return Response(called, mimetype="text/javascript")

    return app


def _one_view() -> Flask:
    app = Flask(__name__)

    @app.get("/items")
    @cross_origin(origins=[PAGE])
    def items() -> Response:
        return jsonify(ITEMS)

    @app.put("/items")
    def change() -> Response:
        return jsonify({})

    return app


def _one_part() -> Flask:
    app = _application()
    CORS(app, resources={r"/api/*": {"origins": "*"}})
    return app


def _twice() -> Flask:
    app = _application()

    @app.after_request
    def allow(response: Response) -> Response:
        response.headers.add("Access-Control-Allow-Origin", "*")
        return response

    # What is registered last runs first.
    CORS(app)
    return app


def _by_hand(**headers: str) -> Flask:
    app = _application()

    @app.after_request
    def allow(response: Response) -> Response:
        for name, value in headers.items():
            response.headers[f"Access-Control-Allow-{name}"] = value
        return response

    return app


def _with_cors(**options: Any) -> Flask:
    app = _application()
    CORS(app, **options)
    return app


def _debugged() -> Flask:
    app = _with_cors()
    app.debug = True
    app.wsgi_app = DebuggedApplication(app.wsgi_app, evalex=False)  # type: ignore[method-assign]
    return app


def _login_elsewhere() -> Flask:
    app = _with_cors()

    @app.before_request
    def log_in() -> ResponseReturnValue | None:
        if request.method != "OPTIONS" and "session" not in request.cookies:
            return redirect(f"https://login.example.com/authorize?redirect_uri={request.url}")
        return None

    return app


def _login_page() -> Flask:
    app = Flask(__name__)

    @app.get("/authorize")
    def authorize() -> str:
        return "<!doctype html><title>Log in</title><form method=post><input name=user><input name=password></form>"

    return app


def _login_first() -> Flask:
    app = _application()

    @app.before_request
    def log_in() -> ResponseReturnValue | None:
        if request.path != "/login" and "session" not in request.cookies:
            return redirect(f"/login?next={request.path}")
        return None

    CORS(app)

    @app.get("/login")
    def login() -> str:
        return "<!doctype html><title>Log in</title>"

    return app


def _require_login() -> Flask:
    app = _with_cors()

    @app.before_request
    def require_login() -> None:
        if "Authorization" not in request.headers:
            abort(401)

    return app


def _sessions() -> Flask:
    app = _with_cors(origins=[PAGE], supports_credentials=True)

    @app.post("/login")
    def login() -> Response:
        response = jsonify({"user": "ann"})
        response.set_cookie("session", "s3cr3t", httponly=True)
        return response

    return app


SITES = {
    "flask-bare": _bare,
    "flask-one-view": _one_view,
    "flask-one-part": _one_part,
    "flask-twice": _twice,
    "flask-true": lambda: _by_hand(Origin=PAGE, Credentials=str(True)),
    "flask-quotes": lambda: _by_hand(Origin=PAGE, Headers='"Content-Type", "Authorization"', Methods="GET, POST, PUT"),
    "flask-any": _with_cors,
    "flask-page-only": lambda: _with_cors(origins=[PAGE]),
    "flask-www": lambda: _with_cors(origins=["https://example.com"]),
    "flask-headers": lambda: _with_cors(origins=[PAGE], allow_headers=["Content-Type"]),
    "flask-debugged": _debugged,
    "flask-login-elsewhere": _login_elsewhere,
    "flask-login-page": _login_page,
    "flask-login-first": _login_first,
    "flask-require-login": _require_login,
    "flask-sessions": _sessions,
}


def main() -> None:
    """Serve every site on its own socket, in a thread of its own."""
    threads = []
    for name, given in sockets_of(SITES).items():
        app = SITES[name]()
        server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet, fd=given.fileno())
        threads.append(threading.Thread(target=server.serve_forever))
        threads[-1].start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
