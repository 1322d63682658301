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

from crossorigin.middleware import marks
from crossorigin.middleware.lookups import Lookup
from crossorigin.middleware.rules import Options, Rule, Rules
from crossorigin.middleware.settings import PolicySource, Settings
from crossorigin.middleware.verdicts import Verdict, asked_method, verdict_on
from crossorigin.policy import RequestFacts

__all__ = ["cors", "setup"]

Target = TypeVar("Target")
App = Sanic[Any, Any]

_OUTERMOST: Final = 1_000_000
"""Priority: of middleware for requests the highest runs first, of middleware for responses last."""
_KEY: Final = "crossorigin"


def setup(app: App, policy: PolicySource | None = None, **options: Unpack[Options]) -> None:
    """Put a policy around an application; without one, only what is marked with `cors` grants anything.

    The parameters are those of `crossorigin.middleware.asgi.CORSMiddleware`. Raises PolicyError with everything that is
    wrong with the settings, and RuntimeError for an application that has a policy already.
    """
    if hasattr(app.ctx, _KEY):
        raise RuntimeError("this application has a policy already: call setup once, and mark routes with cors(policy)")
    rules = Rules(policy, options)
    setattr(app.ctx, _KEY, rules)

    async def verdict(request: Request[Any, Any]) -> Verdict:
        made: Verdict | None = getattr(request.ctx, _KEY, None)
        if made is None:
            facts = _facts(request)
            made = await verdict_on(facts, request.headers, _rule(app, request, asked_method(facts)), rules)
            setattr(request.ctx, _KEY, made)
        return made

    async def answer(request: Request[Any, Any]) -> HTTPResponse | None:
        status = (await verdict(request)).status
        return None if status is None else text("", status)

    async def put_headers(request: Request[Any, Any], response: BaseHTTPResponse) -> None:
        (await verdict(request)).put_into(response.headers)

    app.register_middleware(answer, "request", priority=_OUTERMOST)
    app.register_middleware(put_headers, "response", priority=_OUTERMOST)


def cors(
    policy: PolicySource | None = None, *, origin_lookup: Lookup | None = None, **settings: Unpack[Settings]
) -> Callable[[Target], Target]:
    """Mark a handler, a class of views, one of its methods or a blueprint with a policy of its own.

    `cors(None)` marks what grants nothing. Needs `setup` on the application.
    """
    mark: Callable[[Any], Any] = marks.cors(policy, origin_lookup=origin_lookup, **settings)

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


def _rule(app: App, request: Request[Any, Any], asked: str | None) -> Rule | None:
    route = request.route
    if asked is not None:
        try:
            route = app.router.get(request.path, asked, request.headers.getone("host", None))[0]
        except SanicException:
            return None
    if route is None:
        return None
    handler: Any = route.handler
    if isinstance(handler, functools.partial) and handler.args:
        # Sanic's own handler of WebSockets, with the application's as its first argument.
        handler = handler.args[0]
    # `application.blueprint.handler`; the names of blueprints have no dots.
    blueprints = [app.blueprints[name] for name in route.name.split(".")[1:-1] if name in app.blueprints]
    return marks.rule_of_view(handler, asked or request.method, *[each.ctx for each in blueprints])
