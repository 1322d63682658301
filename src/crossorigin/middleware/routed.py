"""Several policies in front of one ASGI application: which one counts for a request? The framework's router says.

The same for WSGI is `crossorigin.middleware.wsgi.RoutedCORS`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from crossorigin.middleware.asgi import CORSMiddleware
from crossorigin.middleware.errors import AnswerErrors
from crossorigin.middleware.messages import ASGIApp, Receive, Scope, Send
from crossorigin.middleware.rules import Rule, Rules

__all__ = ["Find", "RoutedCORS", "asked_method"]

Find: TypeAlias = Callable[[Scope, str], Rule | None]
"""From a request, and the method that it has or asks for, to the rule of its route; "" for a WebSocket handshake."""


class RoutedCORS:
    """An ASGI application with a policy around it, and others for some of its routes.

    Without a policy only routes with one of their own grant anything. An exception of the application is answered with
    a 500 that script can read; not with `answer_errors=False`, for a part of an application whose exceptions somebody
    outside still answers.
    """

    def __init__(self, app: ASGIApp, find: Find, rules: Rules, *, answer_errors: bool = True) -> None:
        self.app = app
        self._inner: ASGIApp = AnswerErrors(app) if answer_errors else app
        self._find = find
        self._rules = rules
        self._default = self._around(rules.default)
        self._by_rule: dict[Rule, ASGIApp] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """https://asgi.readthedocs.io/en/latest/specs/main.html"""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        rule = self._find(scope, asked_method(scope))
        if rule is None:
            await self._default(scope, receive, send)
            return
        # As many as were written into the code, and no more.
        layer = self._by_rule.get(rule)
        if layer is None:
            layer = self._by_rule[rule] = self._around(rule)
        await layer(scope, receive, send)

    def _around(self, rule: Rule) -> ASGIApp:
        if rule.source is None:
            return self._inner
        return CORSMiddleware(
            self._inner,
            rule.source,
            origin_lookup=rule.origin_lookup,
            observer=self._rules.observer,
            websocket_origins=self._rules.websocket_origins,
        )


def asked_method(scope: Scope) -> str:
    """The method by which the router finds what a request is about: a preflight's is the one that it asks for."""
    if scope["type"] == "websocket":
        return ""
    method: str = scope["method"]
    if method == "OPTIONS":
        asked: bytes | None = None
        has_origin = False
        for name, value in scope["headers"]:
            has_origin = has_origin or name == b"origin"
            asked = value if name == b"access-control-request-method" else asked
        if has_origin and asked is not None:
            return asked.decode("latin-1")
    return method
