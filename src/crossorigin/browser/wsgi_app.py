"""A WSGI application that is mounted at an origin: https://peps.python.org/pep-3333/"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from crossorigin.browser.app_response import AppOptions, AppResponse, server_error
from crossorigin.browser.wsgi_environ import wsgi_environ
from crossorigin.fetch.wire import HTTPRequest, HTTPResponse, TransportFailure, TransportFailureKind

__all__ = ["WSGIApp", "WSGIMount"]

WSGIApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
_Enough = Callable[[bytes], bool]
_Answer = HTTPResponse | TransportFailure


class WSGIMount:
    """Answers requests by calling the application."""

    def __init__(self, app: WSGIApp, origin: str, options: AppOptions) -> None:
        self.who = f"the WSGI application at {origin}"
        self._app = app
        self._options = options

    def send(self, request: HTTPRequest, enough: _Enough | None = None, *, multithread: bool = False) -> _Answer:
        """The application's response, called in this thread, where debuggers and database transactions are.

        So an application that never returns is not interrupted; one that goes on sending is. Raises what it raises and
        InvalidResponseError, if the options want it so.
        """
        call = _Call(self.who, request, self._options, enough)
        try:
            call.run(self._app, wsgi_environ(request, multithread=multithread))
        except Exception:
            if self._options.raises:
                raise
            if not call.response.is_complete:
                return call.broken()
        return call.outcome()

    async def send_async(self, request: HTTPRequest, enough: _Enough | None = None) -> _Answer:
        """As `send`, in a thread of its own, which is left behind when the application does not return in time.

        An executor will not do: the interpreter waits for its threads on the way out.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[_Answer] = loop.create_future()

        def settle(result: _Answer | None, error: BaseException | None) -> None:
            if answer.done():
                return
            if error is not None:
                # A future refuses StopIteration, which an application may raise as well as anything else.
                wrapped = RuntimeError(f"{self.who} raised {error!r}") if isinstance(error, StopIteration) else error
                answer.set_exception(wrapped)
            elif result is not None:
                answer.set_result(result)

        def work() -> None:
            result, error = None, None
            try:
                result = self.send(request, enough, multithread=True)
            except BaseException as raised:  # noqa: BLE001 - it is raised where it is waited for
                error = raised
            if not loop.is_closed():
                loop.call_soon_threadsafe(settle, result, error)

        threading.Thread(target=work, name=self.who, daemon=True).start()
        done, _ = await asyncio.wait({answer}, timeout=self._options.timeout)
        if done:
            return answer.result()
        answer.cancel()
        detail = f"{self.who} did not answer within {self._options.timeout:g} s."
        return TransportFailure(TransportFailureKind.TIMEOUT, detail)


class _Call:
    """One call: what start_response was told, and what came of it."""

    def __init__(self, who: str, request: HTTPRequest, options: AppOptions, enough: _Enough | None) -> None:
        self.who = who
        self.response = AppResponse(who, request.method, options.max_body)
        self._options = options
        self._enough = enough
        self._deadline = time.monotonic() + options.timeout
        self._told: tuple[object, object] | None = None
        self._has_enough = False
        self._timed_out = False

    def run(self, app: WSGIApp, environ: dict[str, Any]) -> None:
        """Call the application and read what it returns, and close that whatever happens."""
        chunks = app(environ, self.start_response)
        try:
            try:
                iterator = iter(chunks)
            except TypeError:
                raise self.response.invalid(f"returned {type(chunks).__name__}, which cannot be iterated") from None
            for chunk in iterator:
                self.write(chunk)
                if self.is_over:
                    return
            self.send_head()
            self.response.finish()
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()

    def start_response(self, status: object, headers: object, exc_info: Any = None) -> Callable[[bytes], None]:
        """PEP 3333: https://peps.python.org/pep-3333/#the-start-response-callable"""
        if exc_info is not None:
            try:
                # What is sent cannot be taken back.
                if self.response.is_started:
                    raise exc_info[1].with_traceback(exc_info[2])
            finally:
                exc_info = None
        elif self._told is not None:
            raise self.response.invalid("called start_response twice, without exc_info")
        self._told = status, headers
        return self.write

    def write(self, chunk: object) -> None:
        """A piece of the body; the first one that is not empty sends status and headers before it."""
        if not isinstance(chunk, bytes):
            raise self.response.invalid(f"sent a body that is not bytes but {type(chunk).__name__}")
        if self._told is None:
            raise self.response.invalid("sent a body before it called start_response")
        if not chunk:
            self._timed_out = time.monotonic() > self._deadline
            return
        self.send_head()
        self.response.add(chunk)
        self._has_enough = self._enough is not None and self._enough(bytes(self.response.body))
        self._timed_out = time.monotonic() > self._deadline

    def send_head(self) -> None:
        """Status and headers as start_response was told last, once."""
        if self.response.is_started:
            return
        if self._told is None:
            raise self.response.invalid("ended without calling start_response")
        status, headers = self._told
        code, _, reason = status.partition(" ") if isinstance(status, str) else ("", "", "")
        if not (len(code) == 3 and code.isascii() and code.isdigit()):
            raise self.response.invalid(f"gave the status {status!r:.100}: it has to be a text such as '200 OK'")
        self.response.start(int(code), self._fields(headers), reason.encode("latin-1", "replace"))

    def _fields(self, headers: object) -> list[tuple[bytes, bytes]]:
        if not isinstance(headers, list):
            raise self.response.invalid(f"gave headers that are not a list but {type(headers).__name__}")
        fields = []
        for pair in headers:
            if not (isinstance(pair, tuple) and len(pair) == 2 and all(isinstance(part, str) for part in pair)):
                raise self.response.invalid(f"gave a header that is not a pair of texts: {pair!r:.100}")
            try:
                fields.append((pair[0].encode("latin-1"), pair[1].encode("latin-1")))
            except UnicodeEncodeError:
                raise self.response.invalid(f"gave a header with characters beyond latin-1: {pair!r:.100}") from None
        return fields

    @property
    def is_over(self) -> bool:
        """Whether no more is read."""
        return self._has_enough or self._timed_out or self.response.is_too_large

    def broken(self) -> _Answer:
        """What a server makes of an application that raised."""
        if not self.response.is_started:
            return server_error()
        return self.response.failure(TransportFailureKind.RESET, f"{self.who} failed in the middle of its response.")

    def outcome(self) -> _Answer:
        """What became of the call."""
        if self.response.is_too_large:
            detail = f"{self.who} sent a body longer than the limit of {self._options.max_body} bytes."
            return self.response.failure(TransportFailureKind.TOO_LARGE, detail)
        if self.response.is_complete or self._has_enough:
            return self.response.response()
        what = f"no end of its response, after {len(self.response.body)} bytes of body,"
        return self.response.failure(
            TransportFailureKind.TIMEOUT, f"{self.who} sent {what} within {self._options.timeout:g} s."
        )
