"""A policy in front of any ASGI application, in pure Python and with no framework.

    app = CORSMiddleware(app, allow_origins=["https://app.example.com"])

Requests without `Origin`, allowed requests and preflights take the short way: what was prepared of the policy is looked
up. Whatever is rare (a lookup, a refusal, a request of the server's own pages) goes through `decide`, which gives the
same answers at more length.
"""

from __future__ import annotations

from collections.abc import Awaitable, Iterable
from types import MethodType
from typing import Any, Final, Literal, TypeAlias, Unpack

from crossorigin.middleware.errors import AnswerErrors
from crossorigin.middleware.lookups import Lookup, async_lookup
from crossorigin.middleware.messages import ASGIApp, Receive, Scope, Send, deny_websocket, facts_of, reply
from crossorigin.middleware.notices import replaced_headers, warn_of_stacked
from crossorigin.middleware.prepared import Prepared, merged
from crossorigin.middleware.settings import PolicySource, Settings, policy_in_force, policy_of
from crossorigin.policy import Decision, Kind, LivePolicy, decide
from crossorigin.policy.index import MAX_ORIGIN
from crossorigin.policy.merge import RULED_LENGTHS, OnReplaced
from crossorigin.policy.observe import Observer
from crossorigin.policy.preflight import MAX_REQUEST_HEADER_LINES, Header, Headers

__all__ = ["CORSMiddleware"]

_SCHEME_AND_PORT: Final = len(b"https://:443")
_SEVERAL: Final = b", "
"""In place of the values of several lines, which would be joined by it: no origin and no method, whatever they are."""

Question: TypeAlias = tuple[bytes, bytes, list[bytes]]


class CORSMiddleware:
    """Answers preflights, puts the policy's headers on all other responses, and checks where WebSockets come from.

    - `policy`: a Policy, or a LivePolicy that can be replaced while the server runs. Without one its settings are given
      by name, those of `crossorigin.policy.Policy` and those that Starlette's own middleware takes.
    - `origin_lookup`: asked about origins that the policy itself does not allow: a function or a coroutine function, or
      an `OriginLookup` or `AsyncOriginLookup` with bounds of its own.
    - `observer`: told of each decision; see `crossorigin.policy.observe`.
    - `websocket_origins`: "enforce" denies a handshake of a page that the policy does not allow and that is not of this
      server; "ignore" lets every handshake through. CORS itself does not protect WebSockets.
    - `whole_app`: this is the outermost layer, and an exception of the application is answered here with a 500 that
      script can read, before the server gets to see it.
    """

    def __init__(
        self,
        app: ASGIApp,
        policy: PolicySource | None = None,
        *,
        origin_lookup: Lookup | None = None,
        observer: Observer | None = None,
        websocket_origins: Literal["enforce", "ignore"] = "enforce",
        whole_app: bool = False,
        **settings: Unpack[Settings],
    ) -> None:
        if websocket_origins not in {"enforce", "ignore"}:
            raise ValueError(f'websocket_origins is "enforce" or "ignore", and not {websocket_origins!r}')
        self.policy = policy_of(policy, settings)
        self.app = AnswerErrors(app) if whole_app else app
        self._prepared = Prepared(policy_in_force(self.policy))
        self._observer = observer
        self._lookup = None if origin_lookup is None else async_lookup(origin_lookup, self.policy)
        self._admits_all = websocket_origins == "ignore"
        self._on_replaced = replaced_headers()
        is_watched = (
            isinstance(self.policy, LivePolicy)
            or self.policy.compiled.refuses
            or observer is not None
            or origin_lookup is not None
        )
        # For requests that go the short way; None if all of them take the longer one.
        self._plain = None if is_watched else self._prepared
        warn_of_stacked(app)
        # `app(...)` finds the method of the class, which has no coroutine of its own: that saves a tenth of the time.
        # Servers look at `app.__call__` to know whether this is ASGI 3, and have to find a coroutine function. It is
        # assigned and not put into `__dict__`: once CPython has made that, every attribute takes six times as long.
        self.__call__ = self._call  # type: ignore[method-assign]

    async def _call(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self(scope, receive, send)

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """https://asgi.readthedocs.io/en/latest/specs/www.html; hands the application's own coroutine on."""
        if scope["type"] != "http":
            return self._other(scope, receive, send)
        if scope["method"] == "OPTIONS" and (question := _question(scope["headers"])) is not None:
            return self._preflight(scope, receive, send, question)
        # Of all ways to find one of a dozen headers this is the fastest: half of the time that `dict` takes.
        origin = None
        for name, value in scope["headers"]:
            if name == b"origin":
                origin = value if origin is None else _SEVERAL
        prepared = self._plain
        if prepared is None:
            return self._watched(scope, receive, send, origin)
        end: Headers | None = None
        if origin is not None:
            # As `prepared.end(origin)`, whose call would be a twentieth of it all.
            end = prepared.ends.get(origin) if len(origin) <= MAX_ORIGIN else None
            if end is None and not prepared.is_complete:
                end = prepared.find(origin)
        # As `self._sender`, for the same reason.
        state = (send, end or prepared.otherwise, self._on_replaced)
        return self.app(scope, receive, MethodType(_send_with_cors, state))

    def _sender(self, send: Send, end: Headers) -> Send:
        """`send`, with `end` added to the response's headers."""
        return MethodType(_send_with_cors, (send, end, self._on_replaced))

    async def _preflight(self, scope: Scope, receive: Receive, send: Send, question: Question) -> None:
        origin, method, lines = question
        prepared = self._plain or self._current()
        if (len(origin) <= MAX_ORIGIN and origin in prepared.ends) or (
            not prepared.is_complete and prepared.find(origin) is not None
        ):
            status, headers, step = prepared.preflight(origin, method, lines, is_watched=self._plain is None)
            if self._observer is not None:
                self._observer.decided(Kind.PREFLIGHT, step, origin)
        elif self._plain is not None and not _may_be_own_page(scope["headers"], origin):
            status, headers = prepared.denied[0], [*prepared.denied[1]]
        else:
            await self._at_length(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async def _watched(self, scope: Scope, receive: Receive, send: Send, origin: bytes | None) -> None:
        """For a policy that refuses or can be replaced, and with a lookup or an observer."""
        prepared = self._current()
        end = prepared.otherwise if origin is None else prepared.end(origin)
        if end is None:
            await self._at_length(scope, receive, send)
            return
        if self._observer is not None:
            self._observer.decided(Kind.NOT_CORS if origin is None else Kind.ACTUAL, None, origin)
        await self.app(scope, receive, self._sender(send, end))

    async def _at_length(self, scope: Scope, receive: Receive, send: Send) -> None:
        decision = await self._decide(scope)
        if decision.status is None:
            await self.app(scope, receive, self._sender(send, decision.response_headers))
        else:
            await reply(send, decision.status, decision.response_headers)

    async def _other(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket" or self._admits_all or (await self._decide(scope)).allowed:
            await self.app(scope, receive, send)
        else:
            await deny_websocket(scope, receive, send)

    async def _decide(self, scope: Scope) -> Decision:
        policy, facts = policy_in_force(self.policy), facts_of(scope)
        granted = (
            self._lookup is not None
            and facts.origin is not None
            and not policy.compiled.allows(facts.origin)
            and await self._lookup(facts.origin)
        )
        decision = decide(policy, facts, granted=granted)
        if self._observer is not None:
            self._observer.decided(decision.kind, decision.step, facts.origin)
        return decision

    def _current(self) -> Prepared:
        """What is prepared of the policy of this moment."""
        policy = policy_in_force(self.policy)
        prepared = self._prepared
        if policy is not prepared.policy:
            prepared = self._prepared = Prepared(policy)
        return prepared


def _send_with_cors(state: tuple[Send, Headers, OnReplaced], message: Any) -> Awaitable[None]:
    """`send`, with `end` added to the response's headers. It hands a coroutine on as well.

    Bound to its state as a method is to its object, for each request anew: a closure, with a cell for each name, takes
    twice as long to make, and an object of a class of our own even longer.
    """
    send, end, on_replaced = state
    if message["type"] == "http.response.start":
        headers = [*message.get("headers", ())]
        for name, _ in headers:
            if len(name) in RULED_LENGTHS:
                headers = merged(headers, end, on_replaced)
                break
        else:
            headers += end
        # Copied, because an application may send the same one again.
        message = message.copy()
        message["headers"] = headers
    return send(message)


def _question(headers: Iterable[Header]) -> Question | None:
    """Origin, method and lines of header names of a preflight; None for any other OPTIONS."""
    origin = method = None
    lines: list[bytes] = []
    for name, value in headers:
        length = len(name)
        if length == 6:
            if name == b"origin":
                origin = value if origin is None else _SEVERAL
        elif length > 28:
            if name == b"access-control-request-headers":
                lines.append(value)
                # More than will be read; nothing behind it can change the answer.
                if len(lines) > MAX_REQUEST_HEADER_LINES and origin is not None and method is not None:
                    break
            elif name == b"access-control-request-method":
                method = value if method is None else _SEVERAL
    return None if origin is None or method is None else (origin, method, lines)


def _may_be_own_page(headers: Iterable[Header], origin: bytes) -> bool:
    """Whether the longer look could find that the page is the server's own; most often it could not."""
    # The browser's own word comes first, as in the longer look, and mostly there is one.
    for name, value in headers:
        if name == b"sec-fetch-site":
            return value == b"same-origin"
    for name, value in headers:
        if (
            name == b"host"
            and len(origin) <= len(value) + _SCHEME_AND_PORT
            and value.lower().startswith(origin.partition(b"://")[2])
        ):
            return True
    return False
