from __future__ import annotations

import functools
from typing import Any

import pytest
from fastapi import FastAPI
from flask import Flask

from crossorigin.browser.app_response import AppOptions
from crossorigin.browser.application_errors import NotMountedError
from crossorigin.browser.asgi_app import ASGIMount
from crossorigin.browser.mounts import Mounts, is_asgi, parse_origin_key
from crossorigin.browser.wsgi_app import WSGIMount

from .applications import answers, url, wsgi


def mounts(apps: dict[Any, Any]) -> Mounts:
    return Mounts(apps, AppOptions())


@pytest.mark.parametrize(
    ("key", "origin"),
    [
        ("https://api.example.com", "https://api.example.com"),
        ("https://api.example.com/", "https://api.example.com"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_keys(key: str, origin: str) -> None:
    assert parse_origin_key(key).origin.serialize() == origin


@pytest.mark.parametrize(
    ("key", "way_out"),
    [
        ("api.example.com", "such as 'https://api.example.com'"),
        ("localhost:8000", "such as"),
        ("ws://api.example.com", "such as"),
        ("null", "such as"),
        (7, "such as"),
        ("https://api.example.com/v1", "write 'https://api.example.com'"),
        ("https://api.example.com?", "write 'https://api.example.com'"),
        ("https://user@api.example.com", "write 'https://api.example.com'"),
        ("https://API.example.com", "write 'https://api.example.com'"),
        ("https://api.example.com:443", "write 'https://api.example.com'"),
    ],
)
def test_no_keys(key: object, way_out: str) -> None:
    with pytest.raises(ValueError, match="is not an origin") as caught:
        parse_origin_key(key)
    assert way_out in str(caught.value)


def test_twice() -> None:
    with pytest.raises(ValueError, match="mounted twice"):
        mounts({"https://a.test": wsgi(), "https://a.test/": wsgi()})


class _Callable:
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None: ...


class _OldASGI:
    def __init__(self, scope: Any) -> None: ...


async def _coroutine(scope: Any, receive: Any, send: Any) -> None: ...


def _returns_an_awaitable(scope: Any, receive: Any, send: Any) -> Any:
    return _coroutine(scope, receive, send)


def _anything(*args: Any) -> Any: ...


@pytest.mark.parametrize(
    ("app", "asgi"),
    [
        (FastAPI(), True),
        (answers(), True),
        (_Callable(), True),
        (_returns_an_awaitable, True),
        (functools.partial(_coroutine), True),
        (Flask("x"), False),
        (wsgi(), False),
        (_anything, False),
    ],
)
def test_kinds(app: Any, asgi: bool) -> None:
    assert is_asgi(app, "https://a.test") is asgi


def test_django() -> None:
    from django.core.handlers.asgi import ASGIHandler  # type: ignore[import-untyped]
    from django.core.handlers.wsgi import WSGIHandler  # type: ignore[import-untyped]

    assert is_asgi(object.__new__(ASGIHandler), "https://a.test")
    assert not is_asgi(object.__new__(WSGIHandler), "https://a.test")


@pytest.mark.parametrize("app", ["myapp:app", None, _OldASGI, lambda: None, lambda scope: None])
def test_no_applications(app: Any) -> None:
    with pytest.raises(TypeError, match="mounted at https://a"):
        is_asgi(app, "https://a.test")


def test_where_they_are() -> None:
    made = mounts({"https://a.test": answers(), "http://b.test:8000": wsgi()})
    assert isinstance(made.at(url("https://a.test/x").origin), ASGIMount)
    assert isinstance(made.at(url("http://b.test:8000/x").origin), WSGIMount)
    assert made.at(url("http://b.test/").origin) is None
    assert len(made.asgi()) == 1
    assert repr(made) == "applications at https://a.test, http://b.test:8000"
    assert repr(mounts({})) == "applications at no origin"


def test_what_is_missing_and_what_to_do() -> None:
    error = mounts({"https://a.test": answers()}).missing(url("http://b.test/x"))
    assert isinstance(error, NotMountedError)
    assert str(error) == (
        "nothing answers for http://b.test: applications are mounted at https://a.test. Mount one, as in "
        'apps={"http://b.test": app}, or let the browser out with network=True, or to one place with '
        'resolve={"b.test:80": "127.0.0.1:8000"}.'
    )
    assert "no origin at all" in str(mounts({}).missing(url("https://b.test:8443/")))
