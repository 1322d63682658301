from __future__ import annotations

import asyncio
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from wsgiref.validate import validator

import pytest

from crossorigin.browser.app_response import AppOptions
from crossorigin.browser.application_errors import InvalidResponseError
from crossorigin.browser.wsgi_app import WSGIMount
from crossorigin.fetch.wire import HTTPRequest, HTTPResponse, TransportFailure, TransportFailureKind

from .applications import OPTIONS, QUIET, ask, wsgi

Answer = HTTPResponse | TransportFailure
Enough = Callable[[bytes], bool]


def _sync(app: Any, request: HTTPRequest, options: AppOptions, enough: Enough | None) -> Answer:
    return WSGIMount(app, "https://a.test", options).send(request, enough)


def _async(app: Any, request: HTTPRequest, options: AppOptions, enough: Enough | None) -> Answer:
    return asyncio.run(WSGIMount(app, "https://a.test", options).send_async(request, enough))


@pytest.fixture(params=[_sync, _async], ids=["here", "thread"])
def call(request: pytest.FixtureRequest) -> Callable[..., Answer]:
    def send(
        app: Any, asked: HTTPRequest | None = None, options: AppOptions = OPTIONS, enough: Enough | None = None
    ) -> Answer:
        answer: Answer = request.param(app, asked or ask(), options, enough)
        return answer

    return send


class Body:
    """An iterable that notes whether it was closed."""

    def __init__(self, *chunks: Any, error: Exception | None = None) -> None:
        self.chunks = chunks
        self.error = error
        self.closed = 0

    def __iter__(self) -> Iterator[Any]:
        yield from self.chunks
        if self.error is not None:
            raise self.error

    def close(self) -> None:
        self.closed += 1


def saying(made: Any, status: Any = "200 OK", headers: Any = ()) -> Any:
    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response(status, list(headers) if isinstance(headers, tuple) else headers)
        body: Iterable[bytes] = made
        return body

    return app


def test_an_answer(call: Callable[..., Answer]) -> None:
    body = Body(b"", b"one ", b"two")
    answer = call(saying(body, "201 Made It", (("X-A", "é"),)))
    assert isinstance(answer, HTTPResponse)
    assert (answer.status, answer.status_message, answer.body) == (201, b"Made It", b"one two")
    assert answer.headers == ((b"X-A", b"\xe9"),)
    assert body.closed == 1


def test_by_the_rules_of_the_standard_librarys_validator(call: Callable[..., Answer]) -> None:
    app = validator(wsgi(("Content-Type", "text/plain"), content=b"fine"))
    answer = call(app, ask("https://a.test/x?y", ("Content-Type", "text/plain"), method=b"POST", body=b"x"))
    assert isinstance(answer, HTTPResponse)
    assert answer.body == b"fine"


def test_write(call: Callable[..., Answer]) -> None:
    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        write = start_response("200 OK", [])
        write(b"one ")
        write(b"two ")
        return [b"three"]

    answer = call(app)
    assert isinstance(answer, HTTPResponse)
    assert answer.body == b"one two three"


def test_started_by_the_iterator(call: Callable[..., Answer]) -> None:
    def app(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [])
        yield b"lazy"

    answer = call(app)
    assert isinstance(answer, HTTPResponse)
    assert answer.body == b"lazy"


def test_exc_info_takes_back_what_was_not_sent(call: Callable[..., Answer]) -> None:
    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [("A", "b")])
        try:
            _ = environ["x"]
        except KeyError:
            start_response("500 Oops", [], sys.exc_info())
        return [b"sorry"]

    answer = call(app)
    assert isinstance(answer, HTTPResponse)
    assert (answer.status, answer.headers, answer.body) == (500, (), b"sorry")


def test_exc_info_raises_what_came_too_late(call: Callable[..., Answer]) -> None:
    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])(b"sent")
        try:
            _ = environ["its own"]
        except KeyError:
            start_response("500 Oops", [], sys.exc_info())
        return []

    with pytest.raises(KeyError, match="its own"):
        call(app)


INVALID = {
    "nothing": (lambda environ, start: [], "ended without calling start_response"),
    "body first": (lambda environ, start: [b"a"], "a body before it called start_response"),
    "None": (saying(None), "returned NoneType, which cannot be iterated"),
    "text": (saying(["text"]), "a body that is not bytes but str"),
    "status number": (saying([], 200), "gave the status 200"),
    "status words": (saying([], "OK"), "gave the status 'OK'"),
    "status 100": (saying([], "100 Continue"), "sent the status 100"),
    "header bytes": (saying([], "200 OK", [(b"a", b"b")]), "not a pair of texts"),
    "header tuple": (saying([], "200 OK", {"a": "b"}), "not a list but dict"),
    "header characters": (saying([], "200 OK", [("a", "☃")]), "beyond latin-1"),
    "injection": (saying([], "200 OK", [("a", "b\r\nc: d")]), "inject headers"),
    "too much": (saying([b"ab"], "200 OK", [("Content-Length", "1")]), "more than its Content-Length"),
    "too little": (saying([b"ab"], "200 OK", [("Content-Length", "3")]), "fewer than its Content-Length"),
    "twice": (lambda environ, start: (start("200 OK", []), start("200 OK", []), [])[2], "called start_response twice"),
}


@pytest.mark.parametrize("case", INVALID)
def test_invalid(call: Callable[..., Answer], case: str) -> None:
    app, said = INVALID[case]
    with pytest.raises(InvalidResponseError, match=f"the WSGI application at https://a.test .*{said}"):
        call(app)
    answer = call(app, options=QUIET)
    if case in {"too much", "too little"}:
        assert isinstance(answer, TransportFailure)
        assert answer.kind is TransportFailureKind.RESET
    else:
        assert isinstance(answer, HTTPResponse)
        assert answer.status == 500


def test_its_own_exception_and_close(call: Callable[..., Answer]) -> None:
    body = Body(b"a", error=ZeroDivisionError("its own"))
    with pytest.raises(ZeroDivisionError, match="its own"):
        call(saying(body))
    assert body.closed == 1
    answer = call(saying(Body(b"a", error=ZeroDivisionError())), options=QUIET)
    assert isinstance(answer, TransportFailure)


def test_stop_iteration_is_an_exception_too(call: Callable[..., Answer]) -> None:
    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        raise StopIteration("odd")

    with pytest.raises((StopIteration, RuntimeError), match="odd"):
        call(app)


def _endless(chunk: bytes) -> Iterator[bytes]:
    while True:
        yield chunk


def test_endless_bodies(call: Callable[..., Answer]) -> None:
    large = call(saying(_endless(b"x" * 100)))
    assert isinstance(large, TransportFailure)
    assert large.kind is TransportFailureKind.TOO_LARGE
    empty = call(saying(_endless(b"")))
    assert isinstance(empty, TransportFailure)
    assert empty.kind is TransportFailureKind.TIMEOUT
    enough = call(saying(_endless(b"x" * 100)), enough=lambda body: len(body) >= 300)
    assert isinstance(enough, HTTPResponse)
    assert len(enough.body) == 300


def test_one_that_never_returns_is_left_behind() -> None:
    released = threading.Event()

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        assert environ["wsgi.multithread"]
        released.wait(10)
        return []

    begun = time.monotonic()
    answer = _async(app, ask(), OPTIONS, None)
    released.set()
    assert isinstance(answer, TransportFailure)
    assert answer.detail == "the WSGI application at https://a.test did not answer within 0.3 s."
    assert time.monotonic() - begun < 5


def test_it_runs_in_the_thread_that_calls() -> None:
    threads = []

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        threads.append(threading.current_thread())
        start_response("200 OK", [])
        return []

    _sync(app, ask(), OPTIONS, None)
    assert threads == [threading.current_thread()]
