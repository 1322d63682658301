"""FastAPI, Starlette and Litestar under uvicorn, each broken in one of the ways that people break them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import litestar
import litestar.config.cors
import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse
from tests.field.sites.given import sockets_of

PAGE = "http://localhost:3000"
ITEMS = [{"id": 1}, {"id": 2}]


def _application(**cors: Any) -> FastAPI:
    app = FastAPI()
    _routes(app)
    if cors:
        app.add_middleware(CORSMiddleware, **cors)
    return app


def _routes(app: FastAPI) -> None:
    @app.get("/items")
    def items(response: Response) -> list[dict[str, int]]:
        response.headers["X-Total-Count"] = "57"
        return ITEMS

    @app.api_route("/items", methods=["POST", "PUT", "PATCH", "DELETE"])
    def change() -> dict[str, str]:
        return {}

    @app.api_route("/reports/", methods=["GET", "POST"])
    def reports() -> list[str]:
        return []

    @app.api_route("/error", methods=["GET", "POST"])
    def error() -> None:
        raise RuntimeError("on purpose")


def _auth_added_last() -> FastAPI:
    app = _application(allow_origins=[PAGE], allow_credentials=True, allow_methods=["*"], allow_headers=["*"])

    @app.middleware("http")
    async def authenticate(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        if "authorization" not in request.headers:
            return JSONResponse({"detail": "Not authenticated"}, 401)
        return await call_next(request)

    return app


def _mounted() -> FastAPI:
    app = FastAPI()
    _routes(app)
    app.mount("/api/v1", _application(allow_origins=["*"]))
    return app


def _litestar(**cors: Any) -> litestar.Litestar:
    @litestar.get("/items")
    async def items() -> list[dict[str, int]]:
        return ITEMS

    @litestar.put("/items")
    async def change() -> dict[str, str]:
        return {}

    config = litestar.config.cors.CORSConfig(**cors) if cors else None
    return litestar.Litestar([items, change], cors_config=config)


SITES: dict[str, Any] = {
    "fastapi-bare": _application(),
    "fastapi-auth-added-last": _auth_added_last(),
    "fastapi-all": _application(allow_origins=[PAGE], allow_methods=["*"], allow_headers=["*"]),
    "fastapi-slash": _application(allow_origins=["http://localhost:3000/"], allow_methods=["*"], allow_headers=["*"]),
    "fastapi-scheme": _application(allow_origins=["https://localhost:3000"], allow_methods=["*"]),
    "fastapi-production-only": _application(
        allow_origins=["https://app.example.com"], allow_methods=["*"], allow_headers=["*"]
    ),
    "fastapi-any": _application(allow_origins=["*"]),
    "fastapi-defaults": _application(allow_origins=[PAGE]),
    "fastapi-methods": _application(allow_origins=[PAGE], allow_methods=["GET", "POST", "PATCH"], allow_headers=["*"]),
    "fastapi-exposes-any": _application(
        allow_origins=[PAGE, "https://app.example.com"], allow_credentials=True, expose_headers=["*"]
    ),
    "fastapi-mounted": _mounted(),
    "litestar-bare": _litestar(),
    "litestar-any-with-credentials": _litestar(allow_credentials=True),
    "litestar-methods": _litestar(allow_origins=[PAGE], allow_methods=["GET", "POST"]),
    "litestar-production-only": _litestar(allow_origins=["https://app.example.com"]),
}


def main() -> None:
    """Serve every site on its own socket, from one uvicorn."""
    sockets = sockets_of(SITES)
    by_port = {sockets[name].getsockname()[1]: site for name, site in SITES.items()}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await by_port[scope["server"][1]](scope, receive, send)

    config = uvicorn.Config(app, lifespan="off", ws="none", access_log=False, log_level="critical")
    uvicorn.Server(config).run(list(sockets.values()))


if __name__ == "__main__":
    main()
