"""Broken applications of Flask, with flask-cors and with headers by hand."""

from __future__ import annotations

from typing import Any

from tests.field.scenario import Scenario

from crossorigin.doctor.causes import CauseCode as C
from crossorigin.fetch.blocks import BlockCode as B

__all__ = ["FLASK"]

JSON = ("Content-Type: application/json",)
TOKEN = ("Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.e30.c2ln",)
POST_JSON: dict[str, Any] = {"method": "POST", "headers": JSON, "data": "{}"}
PUT_JSON: dict[str, Any] = {**POST_JSON, "method": "PUT"}


def _on(site: str, *, name: str = "", **fields: Any) -> Scenario:
    return Scenario(name=name or site, server="flask_sites", site=site, **fields)


FLASK = (
    _on(
        "flask-bare",
        cause=C.NO_CORS_CONFIGURED,
        why="without flask-cors Flask answers OPTIONS itself: 200 and `Allow`",
        **POST_JSON,
        wire="OPTIONS 200",
        block=B.PREFLIGHT_ALLOW_ORIGIN_MISSING,
    ),
    _on(
        "flask-bare",
        name="flask-jsonp",
        cause=C.NO_CORS_CONFIGURED,
        why="a service from before CORS: it offers JSONP, and fetch() is no script element",
        also=frozenset({C.JSONP}),
        url="http://localhost:{port}/feed?callback=show",
        wire="GET 200",
        block=B.ALLOW_ORIGIN_MISSING,
    ),
    _on(
        "flask-one-view",
        cause=C.PREFLIGHT_ONLY,
        why="@cross_origin on the view for GET answers the preflight, and PUT is a view of its own",
        also=frozenset({C.SOME_ANSWERS}),
        **PUT_JSON,
        wire="OPTIONS 200, PUT 200",
        block=B.ALLOW_ORIGIN_MISSING,
    ),
    _on(
        "flask-one-part",
        cause=C.NO_CORS_CONFIGURED,
        why='CORS(app, resources={r"/api/*": …}), and this route is not below /api: as good as no CORS at all',
        also=frozenset({C.SOME_ANSWERS}),
        wire="GET 200",
        block=B.ALLOW_ORIGIN_MISSING,
    ),
    _on(
        "flask-twice",
        cause=C.TWO_LAYERS,
        why="flask-cors, and an after_request that adds the header once more",
        wire="GET 200",
        block=B.ALLOW_ORIGIN_SEVERAL,
    ),
    _on(
        "flask-true",
        cause=C.CREDENTIALS_NOT_ALLOWED,
        why="Access-Control-Allow-Credentials: True, as Python writes it",
        credentials="include",
        wire="GET 200",
        block=B.ALLOW_CREDENTIALS_INVALID,
    ),
    _on(
        "flask-quotes",
        cause=C.UNPARSABLE_LIST,
        why="the names of the headers are in quotes",
        **POST_JSON,
        wire="OPTIONS 200",
        block=B.PREFLIGHT_ALLOW_HEADERS_UNPARSABLE,
    ),
    _on(
        "flask-any",
        name="flask-slash-preflight",
        cause=C.TRAILING_SLASH,
        why="the route is /reports/, and Flask redirects the preflight to it",
        url="http://localhost:{port}/reports",
        **PUT_JSON,
        wire="OPTIONS 308",
        block=B.PREFLIGHT_REDIRECT,
    ),
    _on(
        "flask-page-only",
        name="flask-127",
        cause=C.ORIGIN_TWIN,
        why="allowed is localhost:3000, and the page was opened as 127.0.0.1:3000",
        origin="http://127.0.0.1:3000",
        **POST_JSON,
        wire="OPTIONS 200",
        block=B.PREFLIGHT_ALLOW_ORIGIN_MISSING,
    ),
    _on(
        "flask-page-only",
        name="flask-no-credentials",
        cause=C.CREDENTIALS_NOT_ALLOWED,
        why="CORS(app, origins=[…]) without supports_credentials=True",
        credentials="include",
        wire="GET 200",
        block=B.ALLOW_CREDENTIALS_MISSING,
    ),
    _on(
        "flask-www",
        cause=C.ORIGIN_MISSPELT,
        why="allowed is https://example.com, and the page is on https://www.example.com",
        url="https://api.example.com/items",
        origin="https://www.example.com",
        wire="GET 200",
        block=B.ALLOW_ORIGIN_MISSING,
    ),
    _on(
        "flask-headers",
        cause=C.HEADER_NOT_ALLOWED,
        why='allow_headers=["Content-Type"] leaves Authorization out',
        headers=TOKEN,
        wire="OPTIONS 200",
        block=B.PREFLIGHT_HEADER,
    ),
    _on(
        "flask-headers",
        name="flask-response-headers-on-request",
        cause=C.RESPONSE_HEADER_ON_REQUEST,
        why="the page sends what it found in a list of response headers",
        headers=("Access-Control-Allow-Origin: *", "Access-Control-Allow-Methods: GET, POST"),
        wire="OPTIONS 200",
        block=B.PREFLIGHT_HEADER,
    ),
    _on(
        "flask-debugged",
        cause=C.APPLICATION_ERROR,
        why="in debug mode the exception passes flask-cors by, and Werkzeug's debugger answers",
        url="http://localhost:{port}/error",
        wire="GET 500",
        block=B.ALLOW_ORIGIN_MISSING,
    ),
    _on(
        "flask-login-elsewhere",
        cause=C.LOGIN,
        why="without a session the API redirects to the login page of another origin",
        url="https://api.example.com/items",
        origin="https://app.example.com",
        names={"https://login.example.com": "flask-login-page"},
        wire="GET 302, GET 200",
        block=B.ALLOW_ORIGIN_MISSING,
    ),
    _on(
        "flask-login-first",
        cause=C.LOGIN,
        why="the redirect to /login takes the preflight too",
        **PUT_JSON,
        wire="OPTIONS 302",
        block=B.PREFLIGHT_REDIRECT,
    ),
    _on(
        "flask-require-login",
        cause=C.AUTHENTICATION,
        why="before_request refuses whatever brings no token, the preflight included (flask-cors#170)",
        headers=TOKEN,
        wire="OPTIONS 401",
        block=B.PREFLIGHT_STATUS,
    ),
    _on(
        "flask-sessions",
        cause=C.COOKIES,
        why='the login is called without credentials: "include", so its cookie is thrown away',
        url="http://localhost:{port}/login",
        method="POST",
        wire="POST 200",
        block=None,
        allowed=True,
    ),
)
