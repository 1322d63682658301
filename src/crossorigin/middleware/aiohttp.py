"""A policy for aiohttp applications.

    setup(app, allow_origins=["https://app.example.com"])

    @cors(Policy(allow_origins=["https://admin.example.com"], allow_methods=["PUT"]))
    async def save(request: web.Request) -> web.Response: ...

`setup` puts the policy around the whole application, its subapplications included. The headers are put in when a
response is prepared, which aiohttp does for every one: of handlers, streams, errors that were raised, 404 and 405, and
its own 500. A preflight asks the router which handler the method that it names would reach; the most specific policy
counts, of: route, method of a view, handler or view, resource, innermost application that `setup` was called for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, Unpack

from aiohttp import web
from aiohttp.typedefs import Handler

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


class _CORS:
    """The middleware and the signal of one application."""

    def __init__(self, app: web.Application, rule: Rule, observer: Observer | None, *, checks_websockets: bool) -> None:
        self._app = app
        self.rule = rule
        self._observer = observer
        self._checks_websockets = checks_websockets

    async def handle(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """The middleware: answers preflights, and what is refused."""
        _, decision = await self._decision(request)
        if decision is not None:
            if decision.status is not None:
                return web.Response(status=decision.status)
            if self._checks_websockets and not decision.allowed and is_handshake(request.headers):
                return web.Response(status=403)
        return await handler(request)

    async def prepare(self, request: web.Request, response: web.StreamResponse) -> None:
        """The signal `on_response_prepare`."""
        if isinstance(response, web.WebSocketResponse) or request.get(_DONE) is response:
            return
        request[_DONE] = response
        rule, decision = await self._decision(request)
        if decision is None:
            return
        headers = response.headers
        fields = ruled_fields(headers.items(), decision, rule)
        for name in RULED_NAMES:
            headers.popall(name, None)
        headers.extend(fields)

    async def _decision(self, request: web.Request) -> tuple[Rule, Decision | None]:
        """Made once for each request, by the outermost application that has a policy."""
        made = request.get(_MADE)
        if made is None:
            facts = RequestFacts.from_headers(
                request.method.encode("utf-8", "surrogateescape"),
                request.raw_headers,
                # Without TLS this may be the proxy's connection and not the browser's.
                scheme=b"https" if request.scheme == "https" else None,
            )
            rule = await self._rule(request, facts)
            made = request[_MADE] = (rule, await rule.decide(facts, self._observer))
        return made

    async def _rule(self, request: web.Request, facts: RequestFacts) -> Rule:
        found, method = request.match_info, request.method
        if facts.is_preflight and facts.request_method is not None:
            method = facts.request_method.decode("latin-1")
            found = await self._app.router.resolve(request.clone(method=method))
        targets: list[object] = []
        if found.http_exception is None:
            route, handler = found.route, found.handler
            targets = [route, getattr(handler, method.lower(), None) if isinstance(handler, type) else None]
            targets += [handler, route.resource]
        apps = [app.get(_CORS_KEY) for app in reversed(found.apps)]
        return rule_of(*targets) or next((each.rule for each in apps if each is not None), self.rule)


_CORS_KEY = web.AppKey("crossorigin", _CORS)
_DONE = web.RequestKey("crossorigin.done", web.StreamResponse)
_MADE: web.RequestKey[tuple[Rule, Decision | None]] = web.RequestKey("crossorigin.made", tuple)


def setup(
    app: web.Application,
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
    if _CORS_KEY in app:
        raise RuntimeError("this application has a policy already: call setup once, and mark routes with cors(policy)")
    rule = Rule(policy, settings, origin_lookup=origin_lookup)
    installed = _CORS(app, rule, observer, checks_websockets=check_websocket_origins(websocket_origins))
    app[_CORS_KEY] = installed

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        return await installed.handle(request, handler)

    # The outermost: what other middleware answers needs the headers too, and a preflight has no cookies to check.
    app.middlewares.insert(0, middleware)
    app.on_response_prepare.append(installed.prepare)


def cors(
    policy: PolicySource | None = None, *, origin_lookup: Lookup | None = None, **settings: Unpack[Settings]
) -> Callable[[Target], Target]:
    """Mark a handler, a view, a method of a view, a route or a resource with a policy of its own.

    `cors(None)` marks what grants nothing, whatever the application does. Needs `setup` on the application.
    """
    return marker(Rule(policy, settings, origin_lookup=origin_lookup))
