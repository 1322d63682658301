"""Broken applications of FastAPI and Litestar, under uvicorn."""

from __future__ import annotations

from typing import Any

from tests.field.scenario import Scenario

from crossorigin.doctor.causes import CauseCode as C
from crossorigin.fetch.blocks import BlockCode as B

__all__ = ["ASGI"]

JSON = ("Content-Type: application/json",)
TOKEN = ("Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.e30.c2ln",)
POST_JSON: dict[str, Any] = {"method": "POST", "headers": JSON, "data": "{}"}
PUT_JSON: dict[str, Any] = {**POST_JSON, "method": "PUT"}


def _on(site: str, *, name: str = "", **fields: Any) -> Scenario:
    return Scenario(name=name or site, server="asgi", site=site, **fields)


ASGI = (
    _on(
        "fastapi-bare",
        cause=C.NO_CORS_CONFIGURED,
        why="there is no CORSMiddleware",
        wire="GET 200",
        block=B.ALLOW_ORIGIN_MISSING,
    ),
    _on(
        "fastapi-bare",
        name="fastapi-bare-preflight",
        cause=C.NO_CORS_CONFIGURED,
        why="without CORSMiddleware FastAPI answers OPTIONS with 405; to answer it alone would mend nothing",
        also=frozenset({C.NO_ROUTE}),
        **POST_JSON,
        wire="OPTIONS 405",
        block=B.PREFLIGHT_ALLOW_ORIGIN_MISSING,
    ),
    _on(
        "fastapi-auth-added-last",
        cause=C.AUTHENTICATION,
        why="the middleware that was added last is outermost: the check of the token, before CORSMiddleware",
        headers=TOKEN,
        wire="OPTIONS 401",
        block=B.PREFLIGHT_ALLOW_ORIGIN_MISSING,
    ),
    _on(
        "fastapi-all",
        name="fastapi-error",
        cause=C.APPLICATION_ERROR,
        why="what nobody catches is answered outside CORSMiddleware (Kludex/starlette#1116)",
        url="http://localhost:{port}/error",
        wire="GET 500",
        block=B.ALLOW_ORIGIN_MISSING,
    ),
    _on(
        "fastapi-all",
        name="fastapi-error-after-preflight",
        cause=C.APPLICATION_ERROR,
        why="the preflight is answered by CORSMiddleware, the crash behind it outside of it",
        url="http://localhost:{port}/error",
        **POST_JSON,
        wire="OPTIONS 200, POST 500",
        block=B.ALLOW_ORIGIN_MISSING,
    ),
    _on(
        "fastapi-slash",
        cause=C.ORIGIN_MISSPELT,
        why='allow_origins=["http://localhost:3000/"]: no browser sends that slash',
        wire="GET 200",
        block=B.ALLOW_ORIGIN_MISSING,
    ),
    _on(
        "fastapi-slash",
        name="fastapi-slash-preflight",
        cause=C.ORIGIN_MISSPELT,
        why="the same slash, met by the preflight",
        **POST_JSON,
        wire="OPTIONS 400",
        block=B.PREFLIGHT_ALLOW_ORIGIN_MISSING,
    ),
    _on(
        "fastapi-scheme",
        cause=C.ORIGIN_MISSPELT,
        why='allow_origins=["https://localhost:3000"], and the page is served over http',
        method="DELETE",
        wire="OPTIONS 400",
        block=B.PREFLIGHT_ALLOW_ORIGIN_MISSING,
    ),
    _on(
        "fastapi-all",
        name="fastapi-vite-port",
        cause=C.ORIGIN_TWIN,
        why="the list has port 3000, and Vite serves the page on 5173",
        origin="http://localhost:5173",
        **POST_JSON,
        wire="OPTIONS 400",
        block=B.PREFLIGHT_ALLOW_ORIGIN_MISSING,
    ),
    _on(
        "fastapi-production-only",
        cause=C.ORIGIN_NOT_ALLOWED,
        why="the list has the production origin only",
        url="https://api.example.com/items",
        origin="https://preview-42.example.net",
        **POST_JSON,
        wire="OPTIONS 400",
        block=B.PREFLIGHT_ALLOW_ORIGIN_MISSING,
    ),
    _on(
        "fastapi-any",
        cause=C.WILDCARD_WITH_CREDENTIALS,
        why='allow_origins=["*"], and the page sends credentials',
        credentials="include",
        wire="GET 200",
        block=B.ALLOW_ORIGIN_WILDCARD,
    ),
    _on(
        "fastapi-defaults",
        name="fastapi-default-methods",
        cause=C.METHOD_NOT_ALLOWED,
        why="CORSMiddleware allows GET alone unless it is told more",
        method="DELETE",
        wire="OPTIONS 400",
        block=B.PREFLIGHT_STATUS,
    ),
    _on(
        "fastapi-defaults",
        name="fastapi-default-headers",
        cause=C.HEADER_NOT_ALLOWED,
        why="CORSMiddleware allows no Authorization unless it is told",
        headers=TOKEN,
        wire="OPTIONS 400",
        block=B.PREFLIGHT_STATUS,
    ),
    _on(
        "fastapi-methods",
        name="fastapi-lower-case",
        cause=C.METHOD_CASE,
        why='fetch(url, {method: "patch"}), and the list has PATCH',
        method="patch",
        headers=JSON,
        data="{}",
        wire="OPTIONS 400",
        block=B.PREFLIGHT_STATUS,
    ),
    _on(
        "fastapi-methods",
        name="fastapi-page-from-a-file",
        cause=C.NO_ORIGIN,
        why="the page was opened from the disk, and its origin is null",
        origin="null",
        **POST_JSON,
        wire="OPTIONS 400",
        block=B.PREFLIGHT_ALLOW_ORIGIN_MISSING,
    ),
    _on(
        "fastapi-exposes-any",
        cause=C.HEADER_NOT_EXPOSED,
        why='expose_headers=["*"] is a header named * for a call with credentials',
        credentials="include",
        wire="GET 200",
        block=None,
        allowed=True,
    ),
    _on(
        "fastapi-exposes-any",
        name="fastapi-slash-behind-proxy",
        cause=C.TRAILING_SLASH,
        why="the route ends with a slash, and the redirect to it says http: TLS ends before uvicorn (starlette#2748)",
        also=frozenset({C.MIXED_CONTENT}),
        url="https://api.example.com/reports",
        origin="https://app.example.com",
        wire="GET 307",
        block=B.MIXED_CONTENT,
    ),
    _on(
        "fastapi-mounted",
        cause=C.NO_CORS_CONFIGURED,
        why="CORSMiddleware is on the application mounted at /api/v1; outside of it, it is as if there were none",
        also=frozenset({C.SOME_ANSWERS}),
        wire="GET 200",
        block=B.ALLOW_ORIGIN_MISSING,
    ),
    _on(
        "litestar-bare",
        cause=C.NO_CORS_CONFIGURED,
        why="there is no CORSConfig; Litestar answers OPTIONS by itself",
        **PUT_JSON,
        wire="OPTIONS 204",
        block=B.PREFLIGHT_ALLOW_ORIGIN_MISSING,
    ),
    _on(
        "litestar-any-with-credentials",
        cause=C.WILDCARD_WITH_CREDENTIALS,
        why="CORSConfig(allow_credentials=True) leaves allow_origins at `*`, which goes out whenever no cookie came",
        credentials="include",
        wire="GET 200",
        block=B.ALLOW_ORIGIN_WILDCARD,
    ),
    _on(
        "litestar-methods",
        cause=C.METHOD_NOT_ALLOWED,
        why='allow_methods=["GET", "POST"]; Litestar says so in the body of a 400, and in no header',
        **PUT_JSON,
        wire="OPTIONS 400",
        block=B.PREFLIGHT_ALLOW_ORIGIN_MISSING,
    ),
    _on(
        "litestar-production-only",
        cause=C.ORIGIN_NOT_ALLOWED,
        why="the list has the production origin only",
        url="https://api.example.com/items",
        origin="https://preview-42.example.net",
        **PUT_JSON,
        wire="OPTIONS 400",
        block=B.PREFLIGHT_ALLOW_ORIGIN_MISSING,
    ),
)
