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
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeAlias, cast

from tornado import httputil, web, websocket

from crossorigin.middleware.marks import cors, handler_of, rule_of
from crossorigin.middleware.rules import Rule, Rules
from crossorigin.middleware.settings import policy_configured
from crossorigin.middleware.verdicts import RULED_NAMES, Verdict, asked_method, verdict_now, verdict_on
from crossorigin.policy import RequestFacts

__all__ = ["Application", "WebSocketMixin", "cors"]

_MADE: Final = "_crossorigin_made"

StartLine: TypeAlias = httputil.RequestStartLine | httputil.ResponseStartLine


class Application(web.Application):
    """Tornado's, with four more settings.

    - `cors`: a Policy, a LivePolicy, a dict of a policy's settings or the path of a `crossorigin.toml`; without it only
      what is marked with `cors` grants anything. Raises PolicyError for what is not sound.
    - `cors_origin_lookup`: asked about origins that the policy itself does not allow: a function or a coroutine
      function, or an `OriginLookup` or `AsyncOriginLookup` with bounds of its own.
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
        self._cors = Rules(
            None if policy is None else policy_configured(policy, "cors"),
            {
                "origin_lookup": settings.get("cors_origin_lookup"),
                "observer": settings.get("cors_observer"),
                "websocket_origins": settings.get("cors_websocket_origins", "enforce"),
            },
        )
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
        rule = self._rule(request, asked_method(facts), found) or self._cors.default
        if facts.origin is None or rule.origin_lookup is None:
            return self._handed_on(request, verdict_now(facts, request.headers, rule, self._cors), found)

        async def decide() -> web._HandlerDelegate:
            return self._handed_on(request, await verdict_on(facts, request.headers, rule, self._cors), found)

        return cast("web._HandlerDelegate", _Asking(decide))

    def _handed_on(
        self, request: httputil.HTTPServerRequest, verdict: Verdict, found: web._HandlerDelegate
    ) -> web._HandlerDelegate:
        setattr(request, _MADE, verdict)
        if verdict.status is None:
            return found
        return self.get_handler_delegate(request, _Answer, {"status": verdict.status})

    def _rule(self, request: httputil.HTTPServerRequest, asked: str | None, found: Any) -> Rule | None:
        method = request.method or ""
        if asked is not None:
            method = asked
            other = copy.copy(request)
            other.method = asked
            found = super().find_handler(other)
        # A router of somebody else's need not lead to handlers.
        handler = getattr(found, "handler_class", None)
        return rule_of(handler_of(handler, method), handler)


class _Asking(httputil.HTTPMessageDelegate):
    """Waits for an origin lookup before there is a handler; Tornado reads nothing further meanwhile.

    https://www.tornadoweb.org/en/stable/httputil.html#tornado.httputil.HTTPMessageDelegate.headers_received
    """

    def __init__(self, decide: Callable[[], Awaitable[web._HandlerDelegate]]) -> None:
        self._decide = decide
        self._decided = httputil.HTTPMessageDelegate()

    async def headers_received(self, start_line: StartLine, headers: httputil.HTTPHeaders) -> None:
        self._decided = await self._decide()
        waiting = self._decided.headers_received(start_line, headers)
        if waiting is not None:
            await waiting

    def data_received(self, chunk: bytes) -> Awaitable[None] | None:
        return self._decided.data_received(chunk)

    def finish(self) -> None:
        self._decided.finish()

    def on_connection_close(self) -> None:
        self._decided.on_connection_close()


class WebSocketMixin(websocket.WebSocketHandler):
    """Lets in the pages that the policy allows, beside the server's own: `class Chat(WebSocketMixin): ...`.

    Tornado's own handler lets in nobody else, whatever the policy says.
    """

    def check_origin(self, origin: str) -> bool:
        """Tornado asks this before it accepts a handshake."""
        decision = _made(self.request).decision
        return super().check_origin(origin) if decision is None else decision.allowed


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
        self._verdict = _made(request)

    def transform_first_chunk(
        self,
        status_code: int,
        headers: httputil.HTTPHeaders,
        chunk: bytes,
        finishing: bool,  # noqa: FBT001 - Tornado's
    ) -> tuple[int, httputil.HTTPHeaders, bytes]:
        # A WebSocket's handshake is no response that script could read.
        fields = None if status_code == 101 else self._verdict.fields(headers.get_all())
        if fields is not None:
            for name in RULED_NAMES:
                if name in headers:
                    del headers[name]
            for name, value in fields:
                headers.add(name, value)
        return super().transform_first_chunk(status_code, headers, chunk, finishing)


def _made(request: httputil.HTTPServerRequest) -> Verdict:
    return cast("Verdict", getattr(request, _MADE))
