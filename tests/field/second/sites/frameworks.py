"""Applications of Sanic, Falcon, Quart, Flask, Starlette, FastAPI, Django, Tornado and of the standard library.

Each is broken in a way that people have published, and has a socket of its own; all are in one process.
"""

from __future__ import annotations

import asyncio
import http.server
import json
import socket
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import django  # type: ignore[import-untyped]
import falcon
import falcon.asgi
import quart
import tornado.httpserver
import tornado.web
import uvicorn
from django.conf import settings  # type: ignore[import-untyped]
from django.http import HttpRequest, HttpResponse, JsonResponse  # type: ignore[import-untyped]
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue
from flask_cors import cross_origin
from sanic import Request, Sanic
from sanic.response import BaseHTTPResponse, HTTPResponse, empty
from sanic.response import json as sanic_json
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
from tests.field.sites.given import sockets_of
from werkzeug.serving import WSGIRequestHandler, make_server

PAGE = "http://localhost:3000"
APP = "https://app.example.com"
ITEMS = [{"id": 1}, {"id": 2}]


# --- Sanic ---


def _sanic(name: str) -> Sanic[Any, Any]:
    app: Sanic[Any, Any] = Sanic(name, configure_logging=False)
    app.config.TOUCHUP = False
    # sanic-ext, where it happens to be installed, would answer OPTIONS by itself.
    app.config.AUTO_EXTEND = False

    async def items(request: Request) -> HTTPResponse:
        return sanic_json(ITEMS)

    app.add_route(items, "/", methods=["GET"], name="home")
    app.add_route(items, "/items", methods=["GET", "POST", "PUT"], name="items")
    return app


def _sanic_token() -> Sanic[Any, Any]:
    app = _sanic("token")

    async def check(request: Request) -> HTTPResponse | None:
        if not request.token:
            return sanic_json({"description": "Unauthorized", "status": 401, "message": "Auth required."}, 401)
        return None

    async def allow(request: Request, response: BaseHTTPResponse) -> None:
        response.headers["Access-Control-Allow-Origin"] = PAGE
        response.headers["Access-Control-Allow-Headers"] = "authorization"

    app.register_middleware(check, "request")
    app.register_middleware(allow, "response")
    return app


def _sanic_headers() -> Sanic[Any, Any]:
    app = _sanic("headers")

    async def preflight(request: Request) -> HTTPResponse:
        return empty()

    async def allow(request: Request, response: BaseHTTPResponse) -> None:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Allow-Headers"] = "Content-Type"

    app.add_route(preflight, "/items", methods=["OPTIONS"], name="preflight")
    app.register_middleware(allow, "response")
    return app


# --- Falcon ---


class Items:
    """A resource."""

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        resp.media = ITEMS

    def on_put(self, req: falcon.Request, resp: falcon.Response) -> None:
        resp.media = {}


class Broken:
    """A resource that fails."""

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        raise RuntimeError("on purpose")


def _falcon(**options: Any) -> Any:
    app = falcon.App(**options)
    app.add_route("/", Items())
    app.add_route("/items", Items())
    app.add_route("/error", Broken())
    return app


# --- Quart and Flask ---


def _quart() -> quart.Quart:
    app = quart.Quart(__name__)

    @app.route("/items", methods=["GET", "POST"])
    async def items() -> quart.Response:
        return quart.jsonify(ITEMS)

    @app.after_request
    async def allow(response: Any) -> Any:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Allow-Headers"] = str(["Content-Type", "X-Api-Key"])
        return response

    return app


def _quart_some() -> quart.Quart:
    app = quart.Quart(__name__)

    @app.get("/")
    @app.get("/items")
    async def items() -> quart.Response:
        response = quart.jsonify(ITEMS)
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    @app.get("/items/<int:number>")
    async def item(number: int) -> tuple[quart.Response, int]:
        return quart.jsonify({"error": f"no item {number}"}), 404

    return app


def _flask_reads_every_body() -> Flask:
    app = Flask(__name__)

    @app.before_request
    def keep() -> ResponseReturnValue | None:
        if request.path == "/items":
            request.environ["note"] = json.loads(request.data)["note"]
        return None

    @app.route("/items", methods=["POST"])
    @app.route("/")
    @cross_origin(origins=[PAGE])
    def items() -> Response:
        return jsonify({})

    return app


# --- Starlette and FastAPI ---


def _starlette(**cors: Any) -> Starlette:
    async def items(request: Any) -> JSONResponse:
        return JSONResponse(ITEMS)

    app = Starlette(routes=[Route("/items", items, methods=["GET", "POST", "PUT"]), Route("/", items)])
    app.add_middleware(CORSMiddleware, **cors)
    return app


def _fastapi(**cors: Any) -> FastAPI:
    app = FastAPI()

    @app.get("/items")
    def items() -> list[dict[str, int]]:
        return ITEMS

    app.add_middleware(CORSMiddleware, **cors)
    return app


# --- Django ---


class Tenant:
    """A middleware that stands above the one for CORS and does not know every tenant."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/items"):
            request.tenant = {"acme": 1}[request.headers.get("X-Tenant", "none")]
        response: HttpResponse = self.get_response(request)
        return response


def _django() -> Any:
    settings.configure(
        DEBUG=False,
        SECRET_KEY="not secret",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        INSTALLED_APPS=["corsheaders"],
        MIDDLEWARE=[f"{__name__}.Tenant", "corsheaders.middleware.CorsMiddleware"],
        CORS_ALLOWED_ORIGINS=[PAGE],
        LOGGING_CONFIG=None,
    )
    django.setup()
    from django.core.wsgi import get_wsgi_application  # type: ignore[import-untyped]
    from django.urls import path  # type: ignore[import-untyped]

    def items(request: HttpRequest) -> HttpResponse:
        return JsonResponse(ITEMS, safe=False)

    urlpatterns.extend([path("", items), path("items", items)])
    return get_wsgi_application()


urlpatterns: list[Any] = []


# --- Tornado ---


class TornadoItems(tornado.web.RequestHandler):
    """What every handler of the project inherits from; a path that nobody handles inherits from something else."""

    def set_default_headers(self) -> None:
        self.set_header("Access-Control-Allow-Origin", PAGE)

    def get(self) -> None:
        self.write({"items": ITEMS})


# --- the standard library ---


class Simple(http.server.SimpleHTTPRequestHandler):
    """The snippet that is found for `python -m http.server` with CORS."""

    def end_headers(self) -> None:
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Access-Control-Allow-Headers", "*")
        super().end_headers()

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"[]")

    def log_message(self, *_: object) -> None:
        """A log of requests is not read."""


# --- serving ---

ASGI: dict[str, Callable[[], Any]] = {
    "sanic-bare": lambda: _sanic("bare"),
    "sanic-token": _sanic_token,
    "sanic-headers": _sanic_headers,
    "quart-list": _quart,
    "quart-some": _quart_some,
    "starlette-methods": lambda: _starlette(allow_origins=["*"], allow_methods=["get", "put"], allow_headers=["*"]),
    "starlette-star": lambda: _starlette(allow_origins=["https://*.example.com"], allow_methods=["*"]),
    "fastapi-sentry": lambda: _fastapi(allow_origins=[PAGE], allow_headers=["Authorization"]),
    "fastapi-4200": lambda: _fastapi(allow_origins=["http://localhost:4200"], allow_credentials=True),
}
WSGI: dict[str, Callable[[], Any]] = {
    "falcon-bare": _falcon,
    "falcon-any": lambda: _falcon(cors_enable=True),
    "falcon-www": lambda: _falcon(middleware=falcon.CORSMiddleware(allow_origins="https://www.example.com")),
    "flask-reads-every-body": _flask_reads_every_body,
    "django-tenants": _django,
}


class _Quiet(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        """A log of requests is not read."""


def _in_thread(serve: Callable[[], None]) -> None:
    threading.Thread(target=serve, daemon=True).start()


async def _asgi(apps: dict[int, Any], sockets: list[socket.socket]) -> None:
    # Sanic wants to be told that it starts; the others do not mind.
    for each in apps.values():
        if isinstance(each, Sanic):
            each.asgi = True
            await _lifespan(each)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await apps[scope["server"][1]](scope, receive, send)

    config = uvicorn.Config(app, lifespan="off", ws="none", access_log=False, log_level="critical")
    await uvicorn.Server(config).serve(sockets)


async def _lifespan(app: Callable[..., Awaitable[None]]) -> None:
    told = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    started = asyncio.Event()

    async def receive() -> Any:
        if told[0]["type"] == "lifespan.startup":
            return told.pop(0)
        return await asyncio.Event().wait()

    async def send(message: Any) -> None:
        started.set()

    task = asyncio.ensure_future(app({"type": "lifespan", "asgi": {"version": "3.0"}}, receive, send))
    await asyncio.wait([task, asyncio.ensure_future(started.wait())], return_when=asyncio.FIRST_COMPLETED)
    _kept.append(task)


_kept: list[Any] = []
"""A task that nobody holds is thrown away."""


async def main() -> None:
    """Serve every site on its own socket."""
    given = sockets_of([*ASGI, *WSGI, "tornado-unknown-path", "http-server"])
    for name, made in WSGI.items():
        server = make_server("127.0.0.1", 0, made(), threaded=True, request_handler=_Quiet, fd=given[name].fileno())
        _in_thread(server.serve_forever)
    simple = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Simple, bind_and_activate=False)
    simple.socket = given["http-server"]
    _in_thread(simple.serve_forever)
    tornado_socket = given["tornado-unknown-path"]
    tornado_socket.setblocking(False)
    handlers: list[Any] = [("/", TornadoItems), ("/items", TornadoItems)]
    tornado.httpserver.HTTPServer(tornado.web.Application(handlers)).add_socket(tornado_socket)
    apps = {given[name].getsockname()[1]: made() for name, made in ASGI.items()}
    await _asgi(apps, [given[name] for name in ASGI])


if __name__ == "__main__":
    asyncio.run(main())
