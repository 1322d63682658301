"""Requests to WSGI applications."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from typing import Any

from bench._cases import Case, fields

__all__ = ["WSGIApp", "answer", "request", "timed"]

WSGIApp = Callable[[dict[str, Any], Callable[..., Any]], Any]


def request(case: Case) -> dict[str, Any]:
    """A new environ."""
    return {
        "REQUEST_METHOD": "GET" if case.method is None else "OPTIONS",
        "SCRIPT_NAME": "", "PATH_INFO": "/", "QUERY_STRING": "", "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_NAME": "api.example.com", "SERVER_PORT": "443", "wsgi.url_scheme": "https", "wsgi.version": (1, 0),
        "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO(), "wsgi.multithread": False,
        "wsgi.multiprocess": False, "wsgi.run_once": False,
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in fields(case).items()},
    }  # fmt: skip


def timed(app: WSGIApp, requests: list[dict[str, Any]]) -> float:
    """Nanoseconds of this thread's processor for each request."""
    start = time.thread_time_ns()
    for each in requests:
        _run(app, each, _start_response)
    return (time.thread_time_ns() - start) / len(requests)


def answer(app: WSGIApp, environ: dict[str, Any]) -> list[tuple[str, str]]:
    """The headers of one answer."""
    got: list[tuple[str, str]] = []
    _run(app, environ, lambda _status, headers, _exc_info=None: got.extend(headers))
    return got


def _run(app: WSGIApp, environ: dict[str, Any], start_response: Callable[..., Any]) -> None:
    body = app(environ, start_response)
    for _ in body:
        pass
    close = getattr(body, "close", None)
    if close is not None:
        close()


def _start_response(_status: str, _headers: list[tuple[str, str]], _exc_info: Any = None) -> None:
    pass
