"""A 500 that script can read, for exceptions that nobody inside has answered."""

from __future__ import annotations

from crossorigin.middleware.messages import ASGIApp, Message, Receive, Scope, Send

__all__ = ["AnswerErrors"]

_TEXT = b"Internal Server Error"


class AnswerErrors:
    """Answers an exception of an ASGI application with a plain 500, and raises it again for the server to log.

    Put inside of CORS: a server's own 500 has no CORS headers, and the browser's console then speaks of CORS where the
    application has crashed.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """https://asgi.readthedocs.io/en/latest/specs/main.html"""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_started = False

        async def noting(message: Message) -> None:
            nonlocal is_started
            is_started = is_started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, noting)
        except Exception:
            if not is_started:
                headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(_TEXT))]
                await send({"type": "http.response.start", "status": 500, "headers": headers})
                await send({"type": "http.response.body", "body": _TEXT})
            raise
