"""The way of a request through a router, asked of the routes themselves."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import APIRouter, Depends, FastAPI
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount, Route, Router

from crossorigin.middleware.starlette_routes import has_own_cors, reached, routes_of


async def endpoint(request: Any) -> Any: ...


def scope(path: str, method: str = "GET", kind: str = "http") -> dict[str, Any]:
    return {"type": kind, "method": method, "path": path, "headers": []}


ONE, OTHER, SLASH = Route("/a/{x}", endpoint), Route("/a/{x}", endpoint, methods=["PUT"]), Route("/s/", endpoint)
ROUTER = Router([ONE, OTHER, SLASH])


@pytest.mark.parametrize(
    ("path", "method", "found"),
    [
        ("/a/1", "GET", ONE),
        ("/a/1", "PUT", OTHER),
        ("/a/1", "PATCH", ONE),
        ("/a/1/", "GET", ONE),
        ("/s", "GET", SLASH),
        ("//a/1", "GET", None),
        ("/A/1", "GET", None),
        ("/", "GET", None),
    ],
)
def test_routes(path: str, method: str, found: Route | None) -> None:
    way = reached(ROUTER, scope(path, method))
    assert way == ([] if found is None else [endpoint, found])


def test_the_scope_is_left_alone() -> None:
    asked = scope("/m/a/1")
    before = dict(asked)
    app = FastAPI()
    app.mount("/m", Starlette(routes=[ONE]))
    reached(app, asked)
    assert asked == before


def test_mounts_and_what_is_around_them() -> None:
    inner = Starlette(routes=[ONE])
    mount = Mount("/m", app=GZipMiddleware(inner))
    way = reached(GZipMiddleware(Starlette(routes=[mount])), scope("/m/a/1"))
    assert way[1:] == [mount, mount.app, inner, endpoint, ONE]


def test_included_routers_with_what_they_depend_on() -> None:
    def outer() -> None: ...
    def middle() -> None: ...
    def own() -> None: ...

    router = APIRouter(dependencies=[Depends(middle)])
    router.add_api_route("/x", endpoint, methods=["GET"], dependencies=[Depends(own)])
    app = FastAPI(dependencies=[Depends(outer)])
    app.include_router(router, prefix="/p")
    way = reached(app, scope("/p/x"))
    assert [each for each in way if each in (outer, middle, own, endpoint)] == [outer, middle, own, endpoint]
    assert router in way


def test_routes_of_something_without_any() -> None:
    assert list(routes_of(endpoint)) == []
    assert reached(endpoint, scope("/")) == []


def test_a_cors_middleware_of_its_own() -> None:
    added = Starlette(middleware=[Middleware(CORSMiddleware)])
    assert has_own_cors(added)
    assert has_own_cors(CORSMiddleware(Starlette()))
    assert has_own_cors(Mount("/m", app=GZipMiddleware(added)))
    assert not has_own_cors(GZipMiddleware(Starlette()))
    assert not has_own_cors(ONE)
