"""A policy for Sanic applications.

    setup(app, allow_origins=["https://app.example.com"])

    @app.put("/articles")
    @cors(allow_origins=["https://admin.example.com"], allow_methods=["PUT"])
    async def write(request): ...

`setup` registers the first middleware for requests and the last for responses. Sanic runs both for errors too: 404, 405
and 500 have the headers, and a preflight needs no route. Sanic's router says which handler the method that a preflight
names would reach; the most specific policy counts, of: method of a class of views, handler, blueprint, application.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Final, TypeVar, Unpack

from sanic import Blueprint, HTTPResponse, Request, Sanic
from sanic.exceptions import SanicException
from sanic.response import BaseHTTPResponse, text

from crossorigin.middleware.lookups import Lookup
from crossorigin.middleware.rules import (
    RULED_NAMES,
    Rule,
    WebSocketOrigins,
    check_websocket_origins,
    is_handshake,
    marker,
    rule_of,
    ruled_fields,
)
from crossorigin.middleware.settings import PolicySource, Settings
from crossorigin.policy import Decision, RequestFacts
from crossorigin.policy.observe import Observer

__all__ = ["cors", "setup"]

Target = TypeVar("Target")
App = Sanic[Any, Any]

_OUTERMOST: Final = 1_000_000
"""Priority: of middleware for requests the highest runs first, of middleware for responses last."""
_KEY: Final = "crossorigin"


def setup(
    app: App,
    policy: PolicySource | None = None,
    *,
    origin_lookup: Lookup | None = None,
    observer: Observer | None = None,
    websocket_origins: WebSocketOrigins = "enforce",
    **settings: Unpack[Settings],
) -> None:
    """Put a policy around an application; without one, only what is marked with `cors` grants anything.

    The parameters are those of `crossorigin.middleware.asgi.CORSMiddleware`. Raises PolicyError with everything that is
    wrong with the settings, and RuntimeError for an application that has a policy already.
    """
    if hasattr(app.ctx, _KEY):
        raise RuntimeError("this application has a policy already: call setup once, and mark routes with cors(policy)")
    rule = Rule(policy, settings, origin_lookup=origin_lookup)
    checks_websockets = check_websocket_origins(websocket_origins)
    setattr(app.ctx, _KEY, rule)

    async def made(request: Request[Any, Any]) -> tuple[Rule, Decision | None]:
        found: tuple[Rule, Decision | None] | None = getattr(request.ctx, _KEY, None)
        if found is None:
            facts = _facts(request)
            own = _rule(app, request, facts) or rule
            found = own, await own.decide(facts, observer)
            setattr(request.ctx, _KEY, found)
        return found

    async def answer(request: Request[Any, Any]) -> HTTPResponse | None:
        _, decision = await made(request)
        if decision is None:
            return None
        if decision.status is not None:
            return text("", decision.status)
        if checks_websockets and not decision.allowed and is_handshake(request.headers):
            return text("", 403)
        return None

    async def put_headers(request: Request[Any, Any], response: BaseHTTPResponse) -> None:
        own, decision = await made(request)
        if decision is None:
            return
        fields = ruled_fields(response.headers.items(), decision, own)
        for name in RULED_NAMES:
            response.headers.popall(name, None)
        response.headers.extend(fields)

    app.register_middleware(answer, "request", priority=_OUTERMOST)
    app.register_middleware(put_headers, "response", priority=_OUTERMOST)


def cors(
    policy: PolicySource | None = None, *, origin_lookup: Lookup | None = None, **settings: Unpack[Settings]
) -> Callable[[Target], Target]:
    """Mark a handler, a class of views, one of its methods or a blueprint with a policy of its own.

    `cors(None)` marks what grants nothing. Needs `setup` on the application.
    """
    mark: Callable[[Any], Any] = marker(Rule(policy, settings, origin_lookup=origin_lookup))

    def put(target: Target) -> Target:
        # A blueprint takes attributes nowhere else.
        mark(target.ctx if isinstance(target, Blueprint) else target)
        return target

    return put


def _facts(request: Request[Any, Any]) -> RequestFacts:
    return RequestFacts.from_headers(
        request.method.encode("utf-8", "surrogateescape"),
        [(name.encode("ascii"), value.encode("utf-8", "surrogateescape")) for name, value in request.headers.items()],
        # Without TLS this may be the proxy's connection and not the browser's.
        scheme=b"https" if request.scheme in {"https", "wss"} else None,
    )


def _rule(app: App, request: Request[Any, Any], facts: RequestFacts) -> Rule | None:
    method, route = request.method, request.route
    if facts.is_preflight and facts.request_method is not None:
        method = facts.request_method.decode("latin-1")
        try:
            route = app.router.get(request.path, method, request.headers.getone("host", None))[0]
        except SanicException:
            return None
    if route is None:
        return None
    handler: Any = route.handler
    if isinstance(handler, functools.partial) and handler.args:
        # Sanic's own handler of WebSockets, with the application's as its first argument.
        handler = handler.args[0]
    views = getattr(handler, "view_class", None)
    # `application.blueprint.handler`; the names of blueprints have no dots.
    blueprints = [app.blueprints[name] for name in route.name.split(".")[1:-1] if name in app.blueprints]
    return rule_of(getattr(views, method.lower(), None), views, handler, *[each.ctx for each in blueprints])
