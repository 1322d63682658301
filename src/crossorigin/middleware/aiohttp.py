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

from typing import Unpack

from aiohttp import web
from aiohttp.typedefs import Handler

from crossorigin.middleware.marks import cors, handler_of, rule_of
from crossorigin.middleware.rules import Options, Rule, Rules
from crossorigin.middleware.settings import PolicySource
from crossorigin.middleware.verdicts import Verdict, asked_method, verdict_on
from crossorigin.policy import RequestFacts

__all__ = ["cors", "setup"]


class _CORS:
    """The middleware and the signal of one application."""

    def __init__(self, app: web.Application, rules: Rules) -> None:
        self._app = app
        self.rules = rules

    async def handle(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """The middleware: answers preflights, and what is refused."""
        status = (await self._verdict(request)).status
        return await handler(request) if status is None else web.Response(status=status)

    async def prepare(self, request: web.Request, response: web.StreamResponse) -> None:
        """The signal `on_response_prepare`."""
        if isinstance(response, web.WebSocketResponse) or request.get(_DONE) is response:
            return
        request[_DONE] = response
        (await self._verdict(request)).put_into(response.headers)

    async def _verdict(self, request: web.Request) -> Verdict:
        """Made once for each request, by the outermost application that has a policy."""
        made = request.get(_MADE)
        if made is None:
            facts = RequestFacts.from_headers(
                request.method.encode("utf-8", "surrogateescape"),
                request.raw_headers,
                # Without TLS this may be the proxy's connection and not the browser's.
                scheme=b"https" if request.scheme == "https" else None,
            )
            rule = await self._rule(request, asked_method(facts))
            made = request[_MADE] = await verdict_on(facts, request.headers, rule, self.rules)
        return made

    async def _rule(self, request: web.Request, asked: str | None) -> Rule | None:
        found, method = request.match_info, asked or request.method
        if asked is not None:
            found = await self._app.router.resolve(request.clone(method=asked))
        targets: list[object] = []
        if found.http_exception is None:
            route, handler = found.route, found.handler
            own = handler_of(handler, method) if isinstance(handler, type) else None
            targets = [route, own, handler, route.resource]
        apps = [app.get(_CORS_KEY) for app in reversed(found.apps)]
        return rule_of(*targets) or next((each.rules.default for each in apps if each is not None), None)


_CORS_KEY = web.AppKey("crossorigin", _CORS)
_DONE = web.RequestKey("crossorigin.done", web.StreamResponse)
_MADE = web.RequestKey("crossorigin.made", Verdict)


def setup(app: web.Application, policy: PolicySource | None = None, **options: Unpack[Options]) -> None:
    """Put a policy around an application; without one, only what is marked with `cors` grants anything.

    The parameters are those of `crossorigin.middleware.asgi.CORSMiddleware`. Raises PolicyError with everything that is
    wrong with the settings, and RuntimeError for an application that has a policy already.
    """
    if _CORS_KEY in app:
        raise RuntimeError("this application has a policy already: call setup once, and mark routes with cors(policy)")
    installed = app[_CORS_KEY] = _CORS(app, Rules(policy, options))

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        return await installed.handle(request, handler)

    # The outermost: what other middleware answers needs the headers too, and a preflight has no cookies to check.
    app.middlewares.insert(0, middleware)
    app.on_response_prepare.append(installed.prepare)
