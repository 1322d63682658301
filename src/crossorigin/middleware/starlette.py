"""A policy for Starlette applications.

    app.add_middleware(CORSMiddleware, allow_origins=["https://app.example.com"])

    @cors(Policy(allow_origins=["https://admin.example.com"], allow_methods=["PUT"]))
    async def write(request): ...

Wherever it stands among an application's middleware, it moves around all of it when the application starts: the 500 of
an exception that nobody handles has the headers too, and no authentication gets to see a preflight. Starlette's router
says which route the method that a preflight names would reach; of the marks on the way the most specific counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, Unpack, cast

from starlette.applications import Starlette
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.middleware.exceptions import ExceptionMiddleware

from crossorigin.middleware.marks import MARKS, cors, rule_of
from crossorigin.middleware.messages import ASGIApp, Receive, Scope, Send
from crossorigin.middleware.notices import layers
from crossorigin.middleware.routed import RoutedCORS
from crossorigin.middleware.rules import Options, Rule, Rules
from crossorigin.middleware.settings import PolicySource
from crossorigin.middleware.starlette_routes import has_own_cors, reached, routes_of

__all__ = ["CORSMiddleware", "cors", "install"]

_ASIDE: Final = Rule(None, {})
"""For what is mounted with a CORS middleware of its own: that one answers, preflights too."""


class CORSMiddleware:
    """For `app.add_middleware(CORSMiddleware, ...)` and `Starlette(middleware=[Middleware(CORSMiddleware, ...)])`.

    Also around an application, and for `Mount(middleware=...)`. The parameters are those of
    `crossorigin.middleware.asgi.CORSMiddleware`; without a policy only what is marked with `cors` grants anything.
    """

    def __init__(self, app: ASGIApp, policy: PolicySource | None = None, **options: Unpack[Options]) -> None:
        self.app = app
        self._root: object = app
        self._nested: tuple[int, bool] = (-1, False)
        self._layer: ASGIApp | None
        try:
            self._rules = Rules(policy, options)
            self._layer = RoutedCORS(app, self._find, self._rules, answer_errors=isinstance(app, Starlette))
        except (TypeError, ValueError) as error:
            # Starlette makes its middleware when the server calls it for the first time, and takes an exception there
            # for a lifespan that is not supported: the server would start, and answer everything with a 500.
            if not any(isinstance(layer, ExceptionMiddleware) for layer in layers(app)):
                raise
            self._layer = _fail_at_the_start(error)

    @property
    def stands_aside(self) -> bool:
        """Whether another layer, around the whole application, does the work."""
        return self._layer is None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """https://asgi.readthedocs.io/en/latest/specs/main.html"""
        layer = self._layer
        if layer is None:
            await self.app(scope, receive, send)
            return
        application = scope.get("app")
        if (
            isinstance(layer, RoutedCORS)
            and isinstance(application, Starlette)
            and any(each is self for each in layers(application.middleware_stack))
        ):
            layer = self._move(application)
        await layer(scope, receive, send)

    def _move(self, application: Starlette) -> RoutedCORS:
        """Around all that the application is made of, from the next request on; the layer for the one under way."""
        stack = cast("ASGIApp", application.middleware_stack)
        self._layer = None
        self._root = application
        application.middleware_stack = cast("Any", RoutedCORS(stack, self._find, self._rules))
        inner = cast("ASGIApp", _AnswerAsServerErrors(self.app, application))
        return RoutedCORS(inner, self._find, self._rules, answer_errors=False)

    def _find(self, scope: Scope, method: str) -> Rule | None:
        if not MARKS.are_there and not self._has_nested():
            return None
        asked: Scope = {**scope, "method": method} if method else scope
        rule: Rule | None = None
        for target in reached(self._root, asked):
            if has_own_cors(target):
                return _ASIDE
            rule = rule_of(target) or rule
        return rule

    def _has_nested(self) -> bool:
        """Whether something that is mounted has a CORS middleware of its own; routes can be added at any time."""
        routes = routes_of(self._root)
        count, nested = self._nested
        if len(routes) != count:
            nested = any(map(has_own_cors, _mounted(routes)))
            self._nested = (len(routes), nested)
        return nested


def _fail_at_the_start(error: Exception) -> ASGIApp:
    """An application that says to the server what is wrong: https://asgi.readthedocs.io/en/latest/specs/lifespan.html"""

    async def failing(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            raise error.with_traceback(None)
        await receive()
        await send({"type": "lifespan.startup.failed", "message": f"CORSMiddleware: {error}"})

    return failing


class _AnswerAsServerErrors:
    """Answers an exception as the application's ServerErrorMiddleware would, and raises it again.

    For the one request that comes in before the middleware has moved.
    """

    def __init__(self, app: ASGIApp, application: Starlette) -> None:
        self.app = app
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        handlers = self._application.exception_handlers
        handler = handlers.get(500) or handlers.get(Exception)
        inner = ServerErrorMiddleware(cast("Any", self.app), handler=handler, debug=self._application.debug)
        await inner(scope, receive, cast("Any", send))


def _mounted(routes: Iterable[Any]) -> Iterable[object]:
    for route in routes:
        candidates = getattr(route, "effective_candidates", None)
        if candidates is not None:
            yield from _mounted(candidates())
            continue
        made = getattr(route, "starlette_route", None) or route
        inner = getattr(made, "routes", None)
        if inner is not None:
            yield made.app
            yield from _mounted(inner)


def install(app: Starlette, policy: PolicySource | None = None, **options: Unpack[Options]) -> None:
    """Put a policy around an application, as `add_middleware` does, but say at once what is wrong.

    Raises PolicyError for settings that are not sound, and RuntimeError for an application that has a CORS middleware
    already, or has started.
    """
    if has_own_cors(app):
        raise RuntimeError(
            "this application has a CORS middleware already: keep one, and mark routes with cors(policy)"
        )
    rules = Rules(policy, options)
    app.add_middleware(
        cast("Any", CORSMiddleware),
        policy=rules.default.source,
        origin_lookup=rules.default.origin_lookup,
        observer=rules.observer,
        websocket_origins=rules.websocket_origins,
    )
