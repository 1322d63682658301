"""aiohttp and Tornado applications on one event loop, each broken in one of the ways that people break them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp_cors
import tornado.httpserver
import tornado.web
from aiohttp import web
from tests.field.sites.given import sockets_of

PAGE = "http://localhost:3000"
ITEMS = [{"id": 1}, {"id": 2}]

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def items(request: web.Request) -> web.Response:
    """What every application serves."""
    return web.json_response(ITEMS)


async def with_header(request: web.Request) -> web.Response:
    """A handler that allows everybody by itself."""
    return web.json_response(ITEMS, headers={"Access-Control-Allow-Origin": "*"})


async def item(request: web.Request) -> web.Response:
    """Nothing is found."""
    raise web.HTTPNotFound(text="no such item")


async def error(request: web.Request) -> web.Response:
    """A crash."""
    raise RuntimeError("on purpose")


def _with_middleware() -> web.Application:
    @web.middleware
    async def allow(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    app = web.Application(middlewares=[allow])
    app.add_routes([web.get("/items", items), web.get("/items/{id}", item), web.get("/error", error)])
    return app


def _with_handler() -> web.Application:
    app = web.Application()
    app.add_routes([web.get("/items", with_header), web.post("/items", with_header)])
    return app


def _with_library() -> web.Application:
    app = web.Application()
    options = aiohttp_cors.ResourceOptions(allow_headers=["Content-Type"])  # type: ignore[no-untyped-call]
    cors = aiohttp_cors.setup(app, defaults={PAGE: options})
    resource = cors.add(app.router.add_resource("/items"))
    cors.add(resource.add_route("GET", items))
    resource.add_route("DELETE", items)
    return app


class TornadoItems(tornado.web.RequestHandler):
    """Sets the header where it answers, as the first example that is found does."""

    def get(self) -> None:
        self.set_header("Access-Control-Allow-Origin", "*")
        if self.request.path == "/error":
            raise RuntimeError("on purpose")
        self.write({"items": ITEMS})


class TornadoDefaults(tornado.web.RequestHandler):
    """Sets the headers on every answer, and has no `options`."""

    def set_default_headers(self) -> None:
        self.set_header("Access-Control-Allow-Origin", "*")
        self.set_header("Access-Control-Allow-Headers", "content-type")
        self.set_header("Access-Control-Allow-Methods", "GET, POST")

    def post(self) -> None:
        self.write({})


SITES: dict[str, Callable[[], web.Application | tornado.web.Application]] = {
    "aiohttp-middleware": _with_middleware,
    "aiohttp-handler": _with_handler,
    "aiohttp-library": _with_library,
    "tornado-handler": lambda: tornado.web.Application([("/items", TornadoItems), ("/error", TornadoItems)]),
    "tornado-defaults": lambda: tornado.web.Application([("/items", TornadoDefaults)]),
}


async def main() -> None:
    """Serve every site on its own socket."""
    for name, given in sockets_of(SITES).items():
        app = SITES[name]()
        if isinstance(app, web.Application):
            runner = web.AppRunner(app, access_log=None)
            await runner.setup()
            await web.SockSite(runner, given).start()
        else:
            given.setblocking(False)
            tornado.httpserver.HTTPServer(app).add_socket(given)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
