"""An ASGI 3 application that is mounted at an origin."""

from __future__ import annotations

from collections.abc import Callable

from crossorigin.browser.app_response import AppOptions
from crossorigin.browser.asgi_call import ASGICall
from crossorigin.browser.asgi_websocket import ASGIHandshake, is_handshake
from crossorigin.browser.lifespan import ASGIApp, Lifespan
from crossorigin.fetch.wire import HTTPRequest, HTTPResponse, TransportFailure

__all__ = ["ASGIMount"]


class ASGIMount:
    """Answers requests by calling the application, on the event loop that it is started on."""

    def __init__(self, app: ASGIApp, origin: str, options: AppOptions) -> None:
        self.who = f"the ASGI application at {origin}"
        self._app = app
        self._options = options
        self._lifespan: Lifespan | None = None

    @property
    def is_up(self) -> bool:
        """Whether the application was started, and not stopped since."""
        return self._lifespan is not None

    async def start(self) -> None:
        """Run the application's startup, once; raises LifespanError."""
        if self._lifespan is None:
            # Made here because its locks belong to the loop that runs.
            self._lifespan = Lifespan(self._app, self.who, self._options.timeout)
        await self._lifespan.start()

    async def stop(self) -> None:
        """Run the application's shutdown; raises LifespanError."""
        lifespan, self._lifespan = self._lifespan, None
        if lifespan is not None:
            await lifespan.stop()

    async def send(
        self, request: HTTPRequest, enough: Callable[[bytes], bool] | None = None
    ) -> HTTPResponse | TransportFailure:
        """The application's response; `enough` says of the body so far whether more is wanted.

        Raises what the application raises and InvalidResponseError, if the options want it so.
        """
        lifespan = self._lifespan
        if lifespan is None or not lifespan.is_up:
            await self.start()
        state = {} if self._lifespan is None else self._lifespan.state
        kind = ASGIHandshake if is_handshake(request) else ASGICall
        return await kind(self.who, request, self._options, enough).run(self._app, state)
