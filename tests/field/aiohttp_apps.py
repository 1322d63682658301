"""Broken applications of aiohttp and Tornado."""

from __future__ import annotations

from tests.field.scenario import JSON, POST_JSON, scenarios_on

from crossorigin.doctor.causes import CauseCode as C
from crossorigin.fetch.blocks import BlockCode as B

__all__ = ["AIOHTTP"]

_on = scenarios_on("aiohttp_sites")

AIOHTTP = (
    _on(
        "aiohttp-middleware",
        name="aiohttp-raised-404",
        cause=C.SOME_ANSWERS,
        why="the middleware sets the header on what is returned, and a 404 is raised (aiohttp-middlewares#98)",
        url="http://localhost:{port}/items/9",
        wire="GET 404",
        block=B.ALLOW_ORIGIN_MISSING,
    ),
    _on(
        "aiohttp-middleware",
        name="aiohttp-error",
        cause=C.APPLICATION_ERROR,
        why="a crash is answered by the server, outside of every middleware",
        url="http://localhost:{port}/error",
        wire="GET 500",
        block=B.ALLOW_ORIGIN_MISSING,
    ),
    _on(
        "aiohttp-handler",
        cause=C.NO_ROUTE,
        why="the handlers for GET and POST set the header, and no route knows OPTIONS",
        **POST_JSON,
        wire="OPTIONS 405",
        block=B.PREFLIGHT_ALLOW_ORIGIN_MISSING,
    ),
    _on(
        "aiohttp-library",
        name="aiohttp-cors-forgotten-route",
        cause=C.METHOD_NOT_ALLOWED,
        why="the route for DELETE was never given to aiohttp-cors, which says so in the body of a 403",
        method="DELETE",
        wire="OPTIONS 403",
        block=B.PREFLIGHT_ALLOW_ORIGIN_MISSING,
    ),
    _on(
        "aiohttp-library",
        name="aiohttp-cors-headers",
        cause=C.HEADER_NOT_ALLOWED,
        why="allow_headers lacks Authorization",
        headers=("Authorization: Bearer abc",),
        wire="OPTIONS 403",
        block=B.PREFLIGHT_ALLOW_ORIGIN_MISSING,
    ),
    _on(
        "aiohttp-library",
        name="aiohttp-cors-origin",
        cause=C.ORIGIN_NOT_ALLOWED,
        why="aiohttp-cors knows another page only",
        url="https://api.example.com/items",
        origin="https://app.example.com",
        headers=JSON,
        wire="OPTIONS 403",
        block=B.PREFLIGHT_ALLOW_ORIGIN_MISSING,
    ),
    _on(
        "tornado-handler",
        name="tornado-error",
        cause=C.APPLICATION_ERROR,
        why="Tornado clears what set_header has set when a handler raises",
        url="http://localhost:{port}/error",
        wire="GET 500",
        block=B.ALLOW_ORIGIN_MISSING,
    ),
    _on(
        "tornado-defaults",
        cause=C.NO_ROUTE,
        why="set_default_headers is right, and the handler has no `options`",
        **POST_JSON,
        wire="OPTIONS 405",
        block=B.PREFLIGHT_STATUS,
    ),
)
