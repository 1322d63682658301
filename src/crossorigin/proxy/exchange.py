"""One request on its way to a target, and its response on the way back.

It stands between the client's side and the connection to the target, and is told by both what happens. What was begun
is brought to one of three ends: the response is complete, the client gets an answer of our own, or, where part of a
response has been sent already, the client's connection is cut, so that half an answer never looks like a whole one.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, Protocol

from crossorigin.proxy.chunks import chunk, last_chunk
from crossorigin.proxy.dial import DialError
from crossorigin.proxy.heads import Header, RequestHead, ResponseHead
from crossorigin.proxy.plan import Client, Failure, Forward, Plan, Reply
from crossorigin.proxy.record import Record
from crossorigin.proxy.upstream import ResponseReader, UpstreamConnection

if TYPE_CHECKING:
    from crossorigin.proxy.engine import Engine

__all__ = ["Downstream", "Exchange"]

_REPEATABLE: Final = frozenset({b"GET", b"HEAD", b"OPTIONS", b"PUT", b"DELETE", b"TRACE", b"QUERY", b"PROPFIND"})
"""Idempotent methods: https://www.rfc-editor.org/rfc/rfc9110.html#section-9.2.2"""
_MAX_KEPT: Final = 64 * 1024
"""Bytes of a request's body that are kept until the response comes, in case the connection proves dead."""


class Downstream(Protocol):
    """The client's side of an exchange."""

    def inform(self, head: ResponseHead) -> None:
        """Send an interim response, 1xx."""

    def start(self, status: int, reason: bytes, headers: list[Header], length: int | None, *, has_body: bool) -> None:
        """Begin the response. `length` is the value of Content-Length, None for unknown."""

    def write(self, data: bytes) -> None:
        """Send a piece of the body, which is not empty."""

    def finish(self, trailers: list[Header]) -> None:
        """The response is complete."""

    def flush(self) -> None:
        """Hold nothing back."""

    def cut(self) -> None:
        """End the connection in the middle, so that the client sees it broken."""

    def pause_body(self) -> None:
        """Read no more of the request's body for now."""

    def resume_body(self) -> None:
        """Read on."""

    def reply(self, reply: Reply) -> None:
        """Send an answer of our own, and be done."""

    def replan(self, plan: Plan) -> None:
        """Begin anew with another plan; nothing of a response has been sent."""

    def tunnel(self, exchange: Exchange, upstream: UpstreamConnection, head: bytes, data: bytes) -> None:
        """From here on hand bytes both ways, after `head` and the target's first `data` have been sent."""


class Exchange(ResponseReader):
    """A `Forward` that is being carried out."""

    __slots__ = (
        "_body_size", "_downstream", "_engine", "_forward", "_head", "_is_body_complete", "_kept",
        "_may_repeat", "_quiet", "_response", "_sends_body", "_sent", "_started", "_task", "_upstream",
        "client", "status", "why",
    )  # fmt: skip

    def __init__(
        self, engine: Engine, downstream: Downstream, head: RequestHead, client: Client, forward: Forward
    ) -> None:
        self._engine = engine
        self._downstream = downstream
        self._head = head
        self._forward = forward
        self.client = client
        self.status = 0
        self.why = ""
        self._started = engine.time()
        self._quiet = 0
        self._upstream: UpstreamConnection | None = None
        self._task: asyncio.Task[None] | None = None
        self._response: ResponseHead | None = None
        # A body that is not for this target is read all the same, and goes nowhere.
        self._sends_body = forward.sends_body and head.has_body
        self._is_body_complete = not self._sends_body
        self._body_size = 0
        self._sent = 0
        # The request's body as it goes out, until it is too long or the response comes.
        self._kept: list[bytes] | None = []
        self._may_repeat = forward.method in _REPEATABLE

    # --- from the client's side ---

    def begin(self) -> None:
        """Send the request, on a connection that waits or on a new one."""
        engine = self._engine
        limit = self._forward.limits.request_body
        if limit is not None and self._head.length is not None and self._head.length > limit:
            self._fail(_too_large(limit))
            return
        upstream = engine.pool.take(self._forward.target, engine.time(), is_repeatable=self._may_repeat)
        if upstream is None:
            self._dial()
        else:
            self._send_head(upstream)

    def send(self, data: bytes) -> None:
        """A piece of the request's body."""
        if not self._sends_body:
            return
        self._quiet = 0
        self._body_size += len(data)
        limit = self._forward.limits.request_body
        if limit is not None and self._body_size > limit:
            self._fail(_too_large(limit))
            return
        self._out(chunk(data) if self._head.is_chunked else data)

    def sent(self, trailers: list[Header]) -> None:
        """The request's body is complete."""
        if self._sends_body and self._head.is_chunked:
            self._out(last_chunk(trailers))
        self._is_body_complete = True

    def gone(self, why: str = "the client left") -> None:
        """The client has gone: the target is to know at once (vitejs/vite#12157, node-http-proxy#921)."""
        self.why = self.why or why
        self._drop()
        self._done()

    def full(self) -> None:
        """The client takes no more for now."""
        if self._upstream is not None and self._upstream.is_open:
            self._upstream.transport.pause_reading()

    def drained(self) -> None:
        """It does again."""
        if self._upstream is not None and self._upstream.is_open:
            self._upstream.transport.resume_reading()

    def tick(self, seconds: int) -> None:
        """So much time has passed; called once a second, and long enough silence is a failure."""
        limits = self._forward.limits
        self._quiet += seconds
        if limits.total is not None and self._engine.time() - self._started > limits.total:
            self._fail(Failure(504, f"it took longer than {limits.total:g} s in all", str(self._forward.target)))
        elif self._task is not None:
            return
        elif self._response is None and self._is_body_complete:
            if limits.response is not None and self._quiet > limits.response:
                advice = "Give the route a longer response timeout, if it may take so long."
                cause = f"no answer within {limits.response:g} s"
                self._fail(Failure(504, cause, str(self._forward.target), (), advice))
        elif limits.idle is not None and self._quiet > limits.idle:
            self._fail(Failure(504, f"silence for {limits.idle:g} s", str(self._forward.target)))

    # --- from the target's side ---

    def informed(self, head: ResponseHead) -> None:
        """An interim response goes to the client: it may be what the request's body waits for."""
        self._quiet = 0
        self._downstream.inform(head)

    def answered(self, head: ResponseHead, *, has_body: bool) -> None:
        """The head of the response, which is the client's from here on."""
        forward = self._forward
        self._quiet = 0
        self._kept = None
        if forward.follow is not None and (plan := forward.follow(head)) is not None:
            self._drop()
            self._done(is_over=False)
            self._downstream.replan(plan)
            return
        limit = forward.limits.response_body
        if limit is not None and head.length is not None and head.length > limit:
            self._fail(
                Failure(502, f"the answer has {head.length} bytes, and {limit} are allowed", str(forward.target))
            )
            return
        self._response = head
        self.status = head.status
        self._downstream.start(head.status, head.reason, forward.respond(head), head.length, has_body=has_body)

    def received(self, data: bytes) -> None:
        """A piece of the response's body."""
        self._quiet = 0
        self._sent += len(data)
        limit = self._forward.limits.response_body
        if limit is not None and self._sent > limit:
            self._fail(Failure(502, f"the answer has more than {limit} bytes", str(self._forward.target)))
            return
        self._downstream.write(data)

    def ended(self, trailers: list[Header]) -> None:
        """The response is complete; the connection is kept if its request is complete too."""
        upstream, self._upstream = self._upstream, None
        if upstream is not None:
            if self._is_body_complete and upstream.is_reusable:
                # It may have been paused for a client that is slower.
                upstream.transport.resume_reading()
                self._engine.pool.give(self._forward.target, upstream, self._engine.time())
            else:
                upstream.abort()
        self._done()
        self._downstream.finish(trailers)

    def flushed(self) -> None:
        """What came at once goes out at once: an event of a stream is not to wait for the next."""
        self._downstream.flush()

    def lost(self, why: str) -> None:
        """The connection to the target is gone."""
        upstream, self._upstream = self._upstream, None
        if self._response is None and upstream is not None and upstream.served > 1 and self._repeat():
            return
        self._fail(Failure(502, f"{why} before its answer was complete", str(self._forward.target)))

    def pause(self) -> None:
        """The target takes no more for now."""
        self._downstream.pause_body()

    def resume(self) -> None:
        """It does again."""
        self._downstream.resume_body()

    def upgraded(self, head: ResponseHead, data: bytes) -> None:
        """The target has agreed to speak another protocol."""
        upstream, self._upstream = self._upstream, None
        if upstream is None:
            return
        if not self._wants_upgrade:
            upstream.abandon()
            self._fail(Failure(502, "it switched protocols without being asked to", str(self._forward.target)))
            return
        self.status = head.status
        lines = [(b"Connection", b"Upgrade"), (b"Upgrade", head.upgrade or self._head.upgrade or b"")]
        fields = b"".join([b"%b: %b\r\n" % field for field in [*self._forward.respond(head), *lines]])
        self._downstream.tunnel(self, upstream, b"HTTP/1.1 101 %b\r\n%b\r\n" % (head.reason, fields), data)

    def tunnelled(self, received: int, sent: int) -> None:
        """The tunnel that was made of this exchange has ended."""
        self._body_size, self._sent = received, sent
        self._done()

    # --- on the way ---

    @property
    def _wants_upgrade(self) -> bool:
        # h2c would be another connection with requests that no front has seen.
        upgrade = self._head.upgrade
        return self._forward.may_upgrade and upgrade is not None and b"h2c" not in upgrade.lower()

    def _dial(self) -> None:
        self._downstream.pause_body()
        self._task = asyncio.get_running_loop().create_task(self._connect())

    async def _connect(self) -> None:
        forward = self._forward
        try:
            upstream = await self._engine.dialer.dial(forward.target, forward.limits, UpstreamConnection)
        except DialError as error:
            self._task = None
            self._fail(error.failure)
            return
        self._task = None
        self._send_head(upstream)
        for data in self._kept or ():
            upstream.transport.write(data)
        if not upstream.is_paused:
            self._downstream.resume_body()

    def _send_head(self, upstream: UpstreamConnection) -> None:
        forward, head = self._forward, self._head
        self._upstream = upstream
        lines = [*map(b": ".join, forward.headers)]
        if self._sends_body and head.is_chunked:
            lines.append(b"Transfer-Encoding: chunked")
        elif head.length is not None and forward.sends_body:
            lines.append(b"Content-Length: %d" % head.length)
        if self._wants_upgrade:
            lines.append(b"Connection: Upgrade\r\nUpgrade: %b" % (head.upgrade or b""))
        start = b"%b %b HTTP/1.1\r\n" % (forward.method, forward.path)
        upstream.begin(self, start + b"\r\n".join(lines) + b"\r\n\r\n", is_head_method=forward.method == b"HEAD")

    def _out(self, data: bytes) -> None:
        kept = self._kept
        if kept is not None:
            if self._upstream is not None and self._body_size > _MAX_KEPT:
                self._kept = None
            else:
                kept.append(data)
        if self._upstream is not None:
            self._upstream.transport.write(data)

    def _repeat(self) -> bool:
        """Send it again, where a connection that had waited was dead and the request may be sent twice."""
        if not self._may_repeat or self._kept is None:
            return False
        self._dial()
        return True

    def _drop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None
        upstream, self._upstream = self._upstream, None
        if upstream is not None:
            upstream.abandon()

    def _fail(self, failure: Failure) -> None:
        """An answer of our own, or a cut where part of another has been sent."""
        self._drop()
        self.why = failure.cause
        if self._response is not None:
            self._done()
            self._downstream.cut()
            return
        reply = self._engine.front.failed(self._head, self.client, failure, self._forward.route)
        self.status = reply.status
        self._done()
        self._downstream.reply(reply)

    def _done(self, *, is_over: bool = True) -> None:
        if not is_over or self._engine.on_record is None:
            return
        forward, head = self._forward, self._head
        self._engine.on_record(
            Record.of(
                head,
                self.client,
                self.status,
                route=forward.route,
                target=f"{forward.target.origin}{forward.path.decode('latin-1')}",
                seconds=self._engine.time() - self._started,
                sent=self._sent,
                received=self._body_size,
                why=self.why,
                is_upgrade=self.status == 101,
            )
        )


def _too_large(limit: int) -> Failure:
    return Failure(413, f"the request has more than {limit} bytes")
