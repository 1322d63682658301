"""What of a Starlette application does a request reach? Its routes say so themselves: the mount, the router, the route.

A path is never compared with anything here. Starlette's router takes the first route that matches fully, else the first
that has the path but not the method; FastAPI's included routers do the same among their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from crossorigin.middleware.marks import handler_of
from crossorigin.middleware.messages import Scope
from crossorigin.middleware.notices import layers

__all__ = ["has_own_cors", "reached", "routes_of"]

_PARTIAL, _FULL = 1, 2  # starlette.routing.Match


def reached(app: object, scope: Scope) -> list[object]:
    """What can carry a policy on the way of a request, the least specific first; as far as the way is known."""
    return _reached(routes_of(app), scope)[1]


def routes_of(app: object) -> Sequence[Any]:
    """The routes of an application or a router, through the middleware around it."""
    for layer in layers(app):
        routes = getattr(layer, "routes", None)
        if routes is not None:
            found: Sequence[Any] = routes
            return found
    return ()


def has_own_cors(app: object) -> bool:
    """Whether an application has a CORS middleware of its own around it, or among its user's."""
    return any(
        type(layer).__name__ == "CORSMiddleware"
        or any(getattr(each.cls, "__name__", "") == "CORSMiddleware" for each in getattr(layer, "user_middleware", ()))
        for layer in layers(app)
    )


def _reached(routes: Iterable[Any], scope: Scope, *, redirects: bool = True) -> tuple[int, list[object]]:
    partial: list[object] | None = None
    for route in routes:
        match, way = _match(route, scope)
        if match == _FULL:
            return match, way
        if match == _PARTIAL and partial is None:
            partial = way
    if partial is not None:
        return _PARTIAL, partial
    path: str = scope["path"]
    if not redirects or scope["type"] != "http" or path == "/":
        return 0, []
    # The router will redirect to the path with a slash, or without; the redirect belongs to what it leads to.
    other = path.rstrip("/") if path.endswith("/") else f"{path}/"
    return 0, _reached(routes, {**scope, "path": other}, redirects=False)[1]


def _match(route: Any, scope: Scope) -> tuple[int, list[object]]:
    """How a route matches, and the way from here."""
    candidates = getattr(route, "effective_candidates", None)
    if candidates is not None:
        match, way = _reached(candidates(), scope, redirects=False)
        return match, [route.original_router, *way]
    # FastAPI's route of an included router: what was written, and what Starlette would have made of it there.
    written = getattr(route, "original_route", route)
    matches, child = route.matches(scope)
    match = int(matches.value)
    if not match:
        return match, []
    made = getattr(route, "starlette_route", None) or route
    way = [*_depended_on(made), *_endpoints(getattr(written, "endpoint", None), scope), written]
    app = getattr(made, "app", None)
    if "root_path" in child or hasattr(written, "host"):
        way += [*layers(app), *_reached(routes_of(app), {**scope, **child})[1]]
    return match, way


def _depended_on(route: Any) -> list[object]:
    """What a FastAPI route was given in `dependencies`: those of the application first, its own last."""
    return [each.dependency for each in getattr(route, "dependencies", None) or ()]


def _endpoints(endpoint: Any, scope: Scope) -> list[object]:
    """The endpoint; of a class also the method that answers."""
    if not isinstance(endpoint, type):
        return [endpoint]
    return [endpoint, handler_of(endpoint, scope.get("method", ""))]
