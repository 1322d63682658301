"""A policy for Tornado applications: their class, a decorator for handlers, and a mixin for WebSockets.

    app = Application(handlers, cors=Policy(allow_origins=["https://app.example.com"]))

    class Articles(RequestHandler):
        @cors(allow_origins=["https://admin.example.com"], allow_methods=["PUT"])
        def put(self) -> None: ...

Before a handler is made the application knows what it would be, so a preflight is answered without one: no `prepare`
and no `get_current_user` gets to see it. The headers are put in by an output transform, which Tornado runs for every
response of every handler, 404, 405 and 500 included. The most specific policy counts, of: method of a handler, handler,
application.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, Final, TypeVar, Unpack, cast

from tornado import httputil, web, websocket

from crossorigin.middleware.configured import policy_configured
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

__all__ = ["Application", "WebSocketMixin", "cors"]

Target = TypeVar("Target")

_MADE: Final = "_crossorigin_made"


class Application(web.Application):
    """Tornado's, with three more settings.

    - `cors`: a Policy, a LivePolicy, a dict of a policy's settings or the path of a `crossorigin.toml`; without it only
      what is marked with `cors` grants anything. Raises PolicyError for what is not sound.
    - `cors_observer`: told of each decision; see `crossorigin.policy.observe`.
    - `cors_websocket_origins`: "enforce" or "ignore", as in `crossorigin.middleware.asgi.CORSMiddleware`.
    """

    def __init__(
        self,
        handlers: Any = None,
        default_host: str | None = None,
        transforms: list[type[web.OutputTransform]] | None = None,
        **settings: Any,
    ) -> None:
        policy = settings.get("cors")
        self._cors_rule = Rule(None if policy is None else policy_configured(policy, "cors"), {})
        self._cors_observer: Observer | None = settings.get("cors_observer")
        origins: WebSocketOrigins = settings.get("cors_websocket_origins", "enforce")
        self._checks_websockets = check_websocket_origins(origins)
        super().__init__(handlers, default_host, transforms, **settings)
        # The last, behind the one that compresses and sets Vary.
        self.add_transform(_PutHeaders)

    def find_handler(self, request: httputil.HTTPServerRequest, **kwargs: Any) -> web._HandlerDelegate:
        """The handler for a request, or one that answers in its place."""
        found = super().find_handler(request, **kwargs)
        facts = RequestFacts.from_headers(
            (request.method or "").encode("latin-1", "replace"),
            [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in request.headers.get_all()],
            # Without TLS this may be the proxy's connection and not the browser's.
            scheme=b"https" if request.protocol == "https" else None,
        )
        rule = self._rule(request, facts, found)
        decision = rule.decide_now(facts, self._cors_observer)
        setattr(request, _MADE, (rule, decision))
        if decision is None:
            return found
        status = decision.status
        if status is None and self._checks_websockets and not decision.allowed and is_handshake(request.headers):
            status = 403
        return found if status is None else self.get_handler_delegate(request, _Answer, {"status": status})

    def _rule(self, request: httputil.HTTPServerRequest, facts: RequestFacts, found: Any) -> Rule:
        method = request.method or ""
        if facts.is_preflight and facts.request_method is not None:
            method = facts.request_method.decode("latin-1")
            asked = copy.copy(request)
            asked.method = method
            found = super().find_handler(asked)
        # A router of somebody else's need not lead to handlers.
        handler = getattr(found, "handler_class", None)
        return rule_of(getattr(handler, method.lower(), None), handler) or self._cors_rule


class WebSocketMixin(websocket.WebSocketHandler):
    """Lets in the pages that the policy allows, beside the server's own: `class Chat(WebSocketMixin): ...`.

    Tornado's own handler lets in nobody else, whatever the policy says.
    """

    def check_origin(self, origin: str) -> bool:
        """Tornado asks this before it accepts a handshake."""
        decision = _made(self.request)[1]
        return super().check_origin(origin) if decision is None else decision.allowed


def cors(policy: PolicySource | None = None, **settings: Unpack[Settings]) -> Callable[[Target], Target]:
    """Mark a handler or one of its methods with a policy of its own; `cors(None)` marks what grants nothing.

    Needs an `Application` of this module.
    """
    return marker(Rule(policy, settings))


class _Answer(web.RequestHandler):
    """Answers by itself, without a body."""

    def initialize(self, status: int) -> None:
        self._answer = status
        self.SUPPORTED_METHODS = (self.request.method or "",)

    def check_xsrf_cookie(self) -> None:
        """Nothing is done here that would need it."""

    def prepare(self) -> None:
        self.set_status(self._answer)
        self.clear_header("Content-Type")
        self.finish()


class _PutHeaders(web.OutputTransform):
    def __init__(self, request: httputil.HTTPServerRequest) -> None:
        super().__init__(request)
        self._rule, self._decision = _made(request)

    def transform_first_chunk(
        self,
        status_code: int,
        headers: httputil.HTTPHeaders,
        chunk: bytes,
        finishing: bool,  # noqa: FBT001 - Tornado's
    ) -> tuple[int, httputil.HTTPHeaders, bytes]:
        # A WebSocket's handshake is no response that script could read.
        if self._decision is not None and status_code != 101:
            fields = ruled_fields(headers.get_all(), self._decision, self._rule)
            for name in RULED_NAMES:
                if name in headers:
                    del headers[name]
            for name, value in fields:
                headers.add(name, value)
        return super().transform_first_chunk(status_code, headers, chunk, finishing)


def _made(request: httputil.HTTPServerRequest) -> tuple[Rule, Decision | None]:
    return cast("tuple[Rule, Decision | None]", getattr(request, _MADE))
