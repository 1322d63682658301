"""A policy in front of any WSGI application, in pure Python and with no framework.

    app = CORSMiddleware(app, allow_origins=["https://app.example.com"])

What the application returns is handed to the server as it is: nothing is buffered, `close()` and `write()` are its own.
https://peps.python.org/pep-3333/
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, TypeAlias, Unpack

from crossorigin.middleware.notices import replaced_headers, warn_of_stacked
from crossorigin.middleware.rulings import RULED_LENGTHS, Answers, Fields, Ruling, facts_of_environ, merge_text, observe
from crossorigin.middleware.settings import PolicySource, Settings, policy_of
from crossorigin.policy.observe import Observer

if TYPE_CHECKING:
    from crossorigin.middleware.lookups import SyncLookup

__all__ = ["CORSMiddleware", "Environ", "StartResponse", "WSGIApp"]

Environ: TypeAlias = dict[str, Any]
StartResponse: TypeAlias = Callable[..., Callable[[bytes], object]]
WSGIApp: TypeAlias = Callable[[Environ, StartResponse], Iterable[bytes]]

_METHOD: Final = "HTTP_ACCESS_CONTROL_REQUEST_METHOD"
_PHRASES: Final = {status.value: status.phrase for status in HTTPStatus}
_ERROR: Final = b"Internal Server Error"


class CORSMiddleware:
    """Answers preflights, and puts the policy's headers on all other responses.

    - `policy`: a Policy, or a LivePolicy that can be replaced while the server runs. Without one its settings are given
      by name, those of `crossorigin.policy.Policy`.
    - `origin_lookup`: asked about origins that the policy itself does not allow: a function, or an `OriginLookup`.
    - `observer`: told of each decision; see `crossorigin.policy.observe`.
    - `whole_app`: this is the outermost layer, and an exception of the application is answered here with a 500 that
      script can read; the traceback goes to `wsgi.errors`.
    """

    def __init__(
        self,
        app: WSGIApp,
        policy: PolicySource | None = None,
        *,
        origin_lookup: SyncLookup | None = None,
        observer: Observer | None = None,
        whole_app: bool = False,
        **settings: Unpack[Settings],
    ) -> None:
        self.policy = policy_of(policy, settings)
        self.app: WSGIApp = _AnswerErrors(app) if whole_app else app
        self._ruling = Ruling(self.policy)
        self._observer = observer
        self._allows = None
        if origin_lookup is not None:
            # It brings asyncio, which a WSGI server has no use for.
            from crossorigin.middleware.lookups import sync_lookup  # noqa: PLC0415 - see above

            self._allows = sync_lookup(origin_lookup, self.policy)
        self._on_replaced = replaced_headers()
        warn_of_stacked(app)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        answers = self._ruling.now
        origin: str | None = environ.get("HTTP_ORIGIN")
        granted = False
        if origin is not None:
            if self._allows is not None and not answers.allows(origin):
                granted = self._allows(origin.encode("latin-1", "replace"))
            own = _own_answer(answers, environ, granted=granted)
            if own is not None:
                self._observe(answers, environ, granted=granted)
                return _send(start_response, *own)
        self._observe(answers, environ, granted=granted)
        end = answers.actual(origin, granted=granted)

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
            for name, _ in headers:
                if len(name) in RULED_LENGTHS:
                    headers = merge_text(headers, end, self._on_replaced)
                    break
            else:
                headers = [*headers, *end]
            return start_response(status, headers) if exc_info is None else start_response(status, headers, exc_info)

        return self.app(environ, start)

    def _observe(self, answers: Answers, environ: Environ, *, granted: bool) -> None:
        if self._observer is not None:
            facts = facts_of_environ(environ, environ["REQUEST_METHOD"], environ["wsgi.url_scheme"])
            observe(self._observer, answers, facts, granted=granted)


def _own_answer(answers: Answers, environ: Environ, *, granted: bool) -> tuple[int, Fields] | None:
    """The answer to a preflight and to what is refused; None for what the application is to answer."""
    if environ["REQUEST_METHOD"] == "OPTIONS" and _METHOD in environ:
        return answers.preflight(environ, environ["wsgi.url_scheme"], granted=granted)
    if not answers.compiled.refuses:
        return None
    return answers.refusal(environ, environ["wsgi.url_scheme"], granted=granted)


def _send(start_response: StartResponse, status: int, fields: Fields) -> Iterable[bytes]:
    """An answer without a body: https://www.rfc-editor.org/rfc/rfc9110.html#section-8.6"""
    length = [] if status == HTTPStatus.NO_CONTENT else [("content-length", "0")]
    start_response(f"{status} {_PHRASES.get(status, 'OK')}", [*length, *fields])
    return []


class _AnswerErrors:
    """Answers an exception with a plain 500, as long as nothing has been sent: it stands inside of CORS."""

    def __init__(self, app: WSGIApp) -> None:
        self.app = app

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        try:
            body = self.app(environ, start_response)
        except Exception:  # noqa: BLE001 - whatever it is, it is answered
            return _crashed(environ, start_response)
        # A server sends a wrapped file by itself, and a list cannot fail any more.
        wrapper = environ.get("wsgi.file_wrapper")
        if isinstance(body, (list, tuple)) or (isinstance(wrapper, type) and isinstance(body, wrapper)):
            return body
        return _Guarded(body, environ, start_response)


class _Guarded:
    """The body of a response, whose first step may still fail."""

    def __init__(self, body: Iterable[bytes], environ: Environ, start_response: StartResponse) -> None:
        self._body = body
        self._environ = environ
        self._start_response = start_response

    def __iter__(self) -> Iterator[bytes]:
        is_sent = False
        try:
            for part in self._body:
                # A server sends the headers with the first bytes that are not empty.
                is_sent = is_sent or bool(part)
                yield part
        except Exception:
            if is_sent:
                raise
            yield from _crashed(self._environ, self._start_response)

    def close(self) -> None:
        """As PEP 3333 wants it of everything between server and application."""
        close = getattr(self._body, "close", None)
        if close is not None:
            close()


def _crashed(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    traceback.print_exc(file=environ["wsgi.errors"])
    headers = [("content-type", "text/plain; charset=utf-8"), ("content-length", str(len(_ERROR)))]
    # With exc_info a server raises again when it has sent the headers already.
    start_response("500 Internal Server Error", headers, sys.exc_info())
    return [_ERROR]
