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

from crossorigin.middleware.answers import ASKED_METHOD, ORIGIN, Answers, Fields, merge_text
from crossorigin.middleware.marks import MARKS
from crossorigin.middleware.notices import warn_of_stacked
from crossorigin.middleware.rules import Rule, Rules
from crossorigin.middleware.settings import PolicySource, Settings, policy_of
from crossorigin.policy.observe import Observer

if TYPE_CHECKING:
    from crossorigin.middleware.lookups import SyncLookup

__all__ = ["CORSMiddleware", "Environ", "Find", "RoutedCORS", "StartResponse", "WSGIApp"]

Environ: TypeAlias = dict[str, Any]
StartResponse: TypeAlias = Callable[..., Callable[[bytes], object]]
WSGIApp: TypeAlias = Callable[[Environ, StartResponse], Iterable[bytes]]
Find: TypeAlias = Callable[[Environ, str | None], Rule | None]
"""From a request to the rule of its route: by a method before the application is asked, by None when it answers."""

_Ruled: TypeAlias = tuple[Rule, Answers | None, bool]
"""What holds for one request: the rule, what its policy of this moment answers, whether its origin lookup grants."""

_PHRASES: Final = {status.value: status.phrase for status in HTTPStatus}
_ERROR: Final = b"Internal Server Error"


class RoutedCORS:
    """A WSGI application with a policy around it, and others for some of its routes.

    `find` asks the framework's own router, and is itself asked only when there are marks: before the application where
    the answer may be ours, and else when it answers, knowing its route. Without a policy only routes with one of their
    own grant anything.
    """

    def __init__(self, app: WSGIApp, find: Find | None, rules: Rules) -> None:
        self.app = app
        self._find = find
        self._default = rules.default
        self._observer = rules.observer
        if self._default.origin_lookup is not None:
            _ = self._default.ask

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """https://peps.python.org/pep-3333/"""
        origin: str | None = environ.get(ORIGIN)
        ruled = self._beforehand(environ, origin)
        if ruled is not None and origin is not None:
            _, answers, granted = ruled
            method, scheme = environ["REQUEST_METHOD"], environ["wsgi.url_scheme"]
            own = None if answers is None else answers.own_answer(environ, method, scheme, granted=granted)
            if own is not None:
                return _send(start_response, *own)

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
            nonlocal ruled
            if ruled is None:
                ruled = self._ruled(environ, origin, None)
            rule, answers, granted = ruled
            if answers is not None:
                headers = merge_text(headers, answers.actual(origin, granted=granted), rule.on_replaced)
            return start_response(status, headers) if exc_info is None else start_response(status, headers, exc_info)

        return self.app(environ, start)

    def _beforehand(self, environ: Environ, origin: str | None) -> _Ruled | None:
        """What holds, as far as it is known or has to be before the application is asked."""
        method: str = environ["REQUEST_METHOD"]
        if not MARKS.are_there or self._find is None:
            return self._ruled(environ, origin, method)
        if origin is None:
            return None
        if method == "OPTIONS" and ASKED_METHOD in environ:
            return self._ruled(environ, origin, environ[ASKED_METHOD])
        default = self._default.source
        if MARKS.may_refuse or (default is not None and default.compiled.refuses):
            return self._ruled(environ, origin, method)
        return None

    # Made once for each request, so that an observer is told once.
    def _ruled(self, environ: Environ, origin: str | None, method: str | None) -> _Ruled:
        rule = self._default
        if MARKS.are_there and self._find is not None:
            rule = self._find(environ, method) or rule
        answers, granted = rule.now, False
        if origin is not None and rule.origin_lookup is not None:
            granted = rule.grants(origin.encode("latin-1", "replace"))
        if self._observer is not None and answers is not None:
            scheme = environ["wsgi.url_scheme"]
            answers.observe(self._observer, environ, environ["REQUEST_METHOD"], scheme, granted=granted)
        return rule, answers, granted


class CORSMiddleware(RoutedCORS):
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
        rules = Rules(self.policy, {"origin_lookup": origin_lookup, "observer": observer})
        super().__init__(_AnswerErrors(app) if whole_app else app, None, rules)
        warn_of_stacked(app)


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
