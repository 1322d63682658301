"""The examples of the pages of `docs/` as files that a real server starts, each `example.py` with an `app` in it.

What a page's example has no use for (a crash, a WebSocket, a static file) is added behind it, by the framework's means.
"""

from __future__ import annotations

from .real_server import code_blocks

__all__ = [
    "AIOHTTP",
    "ASGI",
    "DJANGO_ASGI",
    "DJANGO_WSGI",
    "FALCON",
    "FALCON_WSGI",
    "FASTAPI",
    "FLASK",
    "FLASK_VIEWS",
    "LITESTAR",
    "QUART",
    "REST",
    "SANIC",
    "TORNADO",
    "WSGI",
]


def page(name: str, more: str = "", *, block: int = 0) -> dict[str, str]:
    """The file with a block of a page, and more behind it."""
    return {"example.py": code_blocks(name)[block] + more}


STATIC = {"static/hello.txt": "hello"}

_AIOHTTP = """

async def crash(request: web.Request) -> web.Response:
    raise RuntimeError("on purpose")


async def socket(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    await socket.send_str(await socket.receive_str())
    await socket.close()
    return socket


app.router.add_get("/crash", crash)
app.router.add_get("/socket", socket)

if __name__ == "__main__":
    import socket
    import sys

    web.run_app(app, sock=socket.socket(fileno=int(sys.argv[1])))
"""
AIOHTTP = page("aiohttp.md", _AIOHTTP)

_FALCON = """

class Crash:
    async def on_get(self, request: falcon.asgi.Request, response: falcon.asgi.Response) -> None:
        raise RuntimeError("on purpose")


api.add_route("/crash", Crash())
"""
_FALCON_SOCKET = """

class Socket:
    async def on_websocket(self, request: falcon.asgi.Request, socket: falcon.asgi.WebSocket) -> None:
        await socket.accept()
        await socket.send_text(await socket.receive_text())
        await socket.close()


api.add_route("/socket", Socket())
"""
FALCON = page("falcon.md", _FALCON + _FALCON_SOCKET)

FALCON_WSGI = {
    name: code.replace("falcon.asgi", "falcon").replace("async def", "def")
    for name, code in page("falcon.md", _FALCON).items()
}
"""`wrap` takes a WSGI `falcon.App` just as well."""

_FASTAPI = """
from fastapi import WebSocket


@app.websocket("/socket")
async def socket(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text(await websocket.receive_text())
    await websocket.close()
"""
FASTAPI = page("fastapi.md", _FASTAPI)

_FLASK = """

@app.route("/", methods=["GET", "POST", "PUT"])
def thing() -> str:
    return "thing"


@app.get("/crash")
def crash() -> str:
    raise RuntimeError("on purpose")
"""
FLASK = page("flask.md", _FLASK)

_FLASK_VIEWS = """

@app.put("/stock")
@cors(partners)
def restock() -> str:
    return "done"


@app.get("/crash")
def crash() -> str:
    raise RuntimeError("on purpose")
"""
FLASK_VIEWS = page("flask.md", _FLASK_VIEWS, block=2)

_LITESTAR = """
from litestar import WebSocket, websocket
from litestar.static_files import create_static_files_router


@get("/crash")
async def crash() -> str:
    raise RuntimeError("on purpose")


@websocket("/socket")
async def socket(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text(await socket.receive_text())
    await socket.close()


app.register(crash)
app.register(socket)
app.register(create_static_files_router(path="/static", directories=["static"]))
"""
LITESTAR = page("litestar.md", _LITESTAR) | STATIC

_QUART = """
from quart import websocket


@app.get("/crash")
async def crash() -> str:
    raise RuntimeError("on purpose")


@app.websocket("/socket")
async def socket() -> None:
    await websocket.send(await websocket.receive())
"""
QUART = page("quart.md", _QUART)

# CORS = False as the page says; without sanic-ext it is of no matter.
_SANIC = """
app.config.CORS = False


@app.get("/crash")
async def crash(request: Request) -> HTTPResponse:
    raise RuntimeError("on purpose")


@app.websocket("/socket")
async def socket(request: Request, socket) -> None:
    await socket.send(await socket.recv())


app.static("/static", "static")

if __name__ == "__main__":
    import socket
    import sys

    app.run(sock=socket.socket(fileno=int(sys.argv[1])), single_process=True, access_log=False)
"""
SANIC = page("sanic.md", _SANIC) | STATIC

_TORNADO = """
from tornado.web import StaticFileHandler


class Crash(RequestHandler):
    def get(self) -> None:
        raise RuntimeError("on purpose")


app.add_handlers(".*", [("/crash", Crash), ("/static/(.*)", StaticFileHandler, {"path": "static"})])

if __name__ == "__main__":
    import asyncio
    import socket
    import sys

    from tornado.httpserver import HTTPServer

    async def main() -> None:
        listening = socket.socket(fileno=int(sys.argv[1]))
        listening.setblocking(False)
        server = HTTPServer(app)
        server.add_socket(listening)
        await asyncio.Event().wait()

    asyncio.run(main())
"""
TORNADO = page("tornado.md", _TORNADO) | STATIC

_ASGI_SOCKET = """

async def echo(receive, send):
    await receive()
    await send({"type": "websocket.accept"})
    text = (await receive())["text"]
    await send({"type": "websocket.send", "text": text})
    await send({"type": "websocket.close"})
"""
_ASGI_ASSERTION = '    assert scope["type"] == "http"\n'
_ASGI_BRANCH = '    if scope["type"] == "websocket":\n        return await echo(receive, send)\n'
ASGI = {
    name: code.replace(_ASGI_ASSERTION, _ASGI_BRANCH + _ASGI_ASSERTION)
    for name, code in page("middleware-asgi.md", _ASGI_SOCKET).items()
}

WSGI = page("middleware-wsgi.md")

_SETTINGS, _VIEWS, _CSRF, _ = code_blocks("django.md")
_SITE = """
import django.conf
django.conf.settings.configure(
    ALLOWED_HOSTS=["*"], SECRET_KEY="a test's", ROOT_URLCONF="urls", LOGGING_CONFIG=None, CROSSORIGIN=CROSSORIGIN,
    MIDDLEWARE=MIDDLEWARE, INSTALLED_APPS=INSTALLED_APPS, CSRF_TRUSTED_ORIGINS=CSRF_TRUSTED_ORIGINS,
)
"""
_WSGI = "from django.core.wsgi import get_wsgi_application\napp = get_wsgi_application()\n"
_ASGI = "from django.core.asgi import get_asgi_application\napp = get_asgi_application()\n"
_URLS = """
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
import views


def crash(request):
    raise RuntimeError("on purpose")


urlpatterns = [
    path("", lambda request: HttpResponse("here")),
    path("written", csrf_exempt(lambda request: HttpResponse("written"))),
    path("slash/", lambda request: HttpResponse("slash")),
    path("stock", views.stock),
    path("orders", views.Orders.as_view()),
    path("crash", crash),
]
"""
_REST_SETTINGS = """
CROSSORIGIN["allow_headers"].append("authorization")
CROSSORIGIN["allow_methods"].append("OPTIONS")
INSTALLED_APPS += ["django.contrib.contenttypes", "django.contrib.auth", "rest_framework"]
"""
_REST_URLS = """
from types import SimpleNamespace

from django.urls import path
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from crossorigin.middleware.django import cors
from crossorigin.policy import Policy


class Token(BaseAuthentication):
    def authenticate(self, request):
        given = request.headers.get("Authorization")
        if given not in (None, "Token good"):
            raise AuthenticationFailed("no such token")
        return given and (SimpleNamespace(is_authenticated=True), given)

    def authenticate_header(self, request):
        return "Token"


class Account(APIView):
    authentication_classes = [Token]
    permission_classes = [IsAuthenticated]

    def get(self, request):
        return Response({"name": "Ann"})

    put = get


class Session(Account):
    authentication_classes = [SessionAuthentication]


@cors(Policy(allow_origins=["https://partner.example.org"], allow_methods=["PUT"], allow_headers=["authorization"]))
class Partners(Account):
    pass


class Crash(APIView):
    def get(self, request):
        raise RuntimeError("on purpose")


urlpatterns = [
    path("account", Account.as_view()),
    path("session", Session.as_view()),
    path("partners", Partners.as_view()),
    path("crash", Crash.as_view()),
]
"""


def django(application: str, more: str = "") -> dict[str, str]:
    """A site of Django's, with more behind the page's settings."""
    return {"views.py": _VIEWS, "urls.py": _URLS, "example.py": _SETTINGS + _CSRF + more + _SITE + application}


DJANGO_WSGI, DJANGO_ASGI = django(_WSGI), django(_ASGI)
REST = django(_WSGI, _REST_SETTINGS) | {"urls.py": _REST_URLS}
