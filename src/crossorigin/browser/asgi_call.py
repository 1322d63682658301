"""One request to an ASGI application, from its scope to the response: what it sends is checked, its time is bounded."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

from crossorigin.browser.app_response import AppOptions, AppResponse, server_error
from crossorigin.browser.application_errors import InvalidResponseError
from crossorigin.browser.asgi_scope import asgi_scope
from crossorigin.browser.lifespan import ASGIApp
from crossorigin.fetch.wire import HTTPRequest, HTTPResponse, TransportFailure, TransportFailureKind

__all__ = ["ASGICall", "ClientGoneError"]

_CHUNK: Final = 64 * 1024
"""Bytes of one http.request message: a larger body comes in several, as from a server."""
_PATIENCE: Final = 1.0
"""Seconds that an application has to end after the page is gone."""
_BREATH: Final = 64
"""An application that sends without pause would keep the event loop for itself: every so often it has to wait."""


class ClientGoneError(OSError):
    """What `send` raises in an application whose page is gone, as the specification asks."""


class ASGICall:
    """The state of one call. `who` is the application as people are told of it, `enough` says when a body suffices."""

    def __init__(
        self, who: str, request: HTTPRequest, options: AppOptions, enough: Callable[[bytes], bool] | None = None
    ) -> None:
        self.who = who
        self.response = AppResponse(who, request.method, options.max_body)
        self._request = request
        self._options = options
        self._enough = enough
        self._unread: bytes | None = request.body or b""
        self._sends = 0
        self._gone = False
        self._gone_early = False
        """Whether the page left because it had enough, or too much."""
        self._is_gone: asyncio.Event | None = None
        self._woken: asyncio.Future[None] | None = None
        self._limit: asyncio.TimerHandle | None = None
        self._timed_out = False
        self._fault: InvalidResponseError | None = None

    async def run(self, app: ASGIApp, state: dict[str, Any]) -> HTTPResponse | TransportFailure:
        """The response of `app`; raises what it raises, or InvalidResponseError, if the options want it so."""
        return self.outcome(await self.drive(app, asgi_scope(self._request, state)))

    async def drive(self, app: ASGIApp, scope: dict[str, Any]) -> BaseException | None:
        """Call the application until it ends or its time is up; what it raised, None if nothing.

        In a task of its own, so that an application which swallows its cancellation can be left behind.
        """
        loop = asyncio.get_running_loop()
        self._woken = loop.create_future()
        self._limit = loop.call_later(self._options.timeout, self._time_is_up)
        task = loop.create_task(_awaited(app, scope, self))
        task.add_done_callback(self._wake)
        try:
            await self._woken
        finally:
            self._limit.cancel()
            self.leave()
            if not task.done():
                task.cancel()
        if not task.done():
            await asyncio.wait({task}, timeout=_PATIENCE)
        return task.exception() if task.done() and not task.cancelled() else None

    def outcome(self, error: BaseException | None) -> HTTPResponse | TransportFailure:
        """What became of the call, for an application that ended with `error`."""
        response = self.response
        if self._timed_out or self._gone_early:
            # What it raises on being cancelled, or told that nobody listens, is our doing.
            error = None
        elif self._fault is None and error is None:
            self._fault = self._silence()
        fault = self._fault or error
        # After the whole response a browser notices nothing; a caller who wants the exception gets it.
        if fault is not None and (self._options.raises or not response.is_complete):
            if self._options.raises:
                raise fault
            if not response.is_started:
                return server_error()
            return response.failure(TransportFailureKind.RESET, f"{self.who} failed in the middle of its response.")
        if response.is_too_large:
            detail = f"{self.who} sent a body longer than the limit of {self._options.max_body} bytes."
            return response.failure(TransportFailureKind.TOO_LARGE, detail)
        if response.is_complete or (self._gone_early and response.is_started):
            return response.response()
        what = f"sent no end of its response, after {len(response.body)} bytes of body," if response.is_started else (
            "sent no response"
        )  # fmt: skip
        return response.failure(TransportFailureKind.TIMEOUT, f"{self.who} {what} within {self._options.timeout:g} s.")

    def _silence(self) -> InvalidResponseError | None:
        if not self.response.is_started:
            return self.response.invalid("ended without sending a response")
        if not self.response.is_complete:
            return self.response.invalid("ended in the middle of its response: its last message said more_body")
        return None

    # What the application calls.

    async def receive(self) -> dict[str, Any]:
        """The next event of the request."""
        if self._gone:
            await asyncio.sleep(0)
            return {"type": "http.disconnect"}
        if self._unread is not None:
            chunk, rest = self._unread[:_CHUNK], self._unread[_CHUNK:]
            self._unread = rest or None
            return {"type": "http.request", "body": chunk, "more_body": bool(rest)}
        self._is_gone = self._is_gone or asyncio.Event()
        await self._is_gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        """Take an event of the response; raises InvalidResponseError, or ClientGoneError."""
        self._sends += 1
        if self._gone or self._sends % _BREATH == 0:
            await asyncio.sleep(0)
        if self._gone and not self.response.is_complete:
            raise ClientGoneError("the page is gone")
        try:
            self.take(message)
        except InvalidResponseError as fault:
            self._fault = self._fault or fault
            raise
        if self.response.is_complete:
            self.leave()
        elif self.response.is_too_large or (self._enough is not None and self._enough(bytes(self.response.body))):
            self._gone_early = True
            self.leave()
            self.hurry()

    def take(self, message: Any) -> None:
        """What one message means for the response."""
        kind = message.get("type") if isinstance(message, dict) else None
        if kind == "http.response.start":
            self.response.start(message.get("status"), message.get("headers") or ())
        elif kind == "http.response.body":
            self.response.add(message.get("body", b""))
            if not message.get("more_body", False):
                self.response.finish()
        else:
            raise self.response.invalid(f"sent the message {str(kind)[:100]!r}, which is none of an HTTP response")

    # The page's end.

    def leave(self) -> None:
        """The page is gone: whoever waits for that is told."""
        self._gone = True
        if self._is_gone is not None:
            self._is_gone.set()

    def hurry(self) -> None:
        """Nothing more is wanted: the application has a moment to end."""
        if self._limit is not None:
            self._limit.cancel()
            self._limit = asyncio.get_running_loop().call_later(_PATIENCE, self._wake)

    def _time_is_up(self) -> None:
        self._timed_out = True
        self._wake()

    def _wake(self, _: object = None) -> None:
        if self._woken is not None and not self._woken.done():
            self._woken.set_result(None)


async def _awaited(app: ASGIApp, scope: dict[str, Any], call: ASGICall) -> None:
    await app(scope, call.receive, call.send)
