"""Litestar beside its own CORSConfig, where `*` stands for anything in an origin."""

from __future__ import annotations

from typing import Any

from bench import _asgi
from bench._cases import BARE, HEADERS, METHODS, OURS, PEER, Case, patterns
from bench._compare import Framework
from litestar import HttpMethod, Litestar, MediaType, Response, route
from litestar.config.cors import CORSConfig

from crossorigin.middleware.litestar import setup

__all__ = ["LITESTAR"]


def app(config: CORSConfig | None = None) -> Litestar:
    """The application."""

    @route("/", http_method=[HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.DELETE])
    async def view() -> Response[bytes]:
        return Response(b"{}", media_type=MediaType.JSON)

    return Litestar([view], openapi_config=None, cors_config=config)


def apps(case: Case) -> dict[str, Any]:
    """The three."""
    methods: Any = METHODS
    config = CORSConfig(allow_origins=patterns(case), allow_methods=methods, allow_headers=HEADERS, max_age=600)
    ours = setup(app(), allow_origins=patterns(case), allow_methods=METHODS, allow_headers=HEADERS, max_age=600)
    return {BARE: app(), OURS: ours, PEER: app(config)}


LITESTAR = Framework("Litestar", "Litestar's own", apps, _asgi.request, _asgi.timed, _asgi.answer)
