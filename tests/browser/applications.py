"""Small applications, and ways to ask them: what the tests of the browser mount."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Protocol

import pytest

from crossorigin.browser import AsyncBrowser, Browser
from crossorigin.browser.app_response import AppOptions
from crossorigin.fetch.wire import HTTPRequest
from crossorigin.web.headers import HeaderList
from crossorigin.web.url import URL, parse_url

API = "https://api.example.com"
PAGE = "https://app.example.com/dashboard"
ORIGIN = "https://app.example.com"
ALLOW = ("access-control-allow-origin", ORIGIN)
CREDENTIALS = ("access-control-allow-credentials", "true")

OPTIONS = AppOptions(timeout=0.3, max_body=1000)
QUIET = AppOptions(timeout=0.3, max_body=1000, raises=False)

ASGI = Callable[[Any, Any, Any], Awaitable[None]]
WSGI = Callable[[dict[str, Any], Any], Iterable[bytes]]
Message = dict[str, Any]


def url(text: str) -> URL:
    parsed = parse_url(text)
    assert parsed is not None
    return parsed


def ask(
    target: str = f"{API}/", *headers: tuple[str, str], method: bytes = b"GET", body: bytes | None = None
) -> HTTPRequest:
    return HTTPRequest(method, url(target), HeaderList.of(*headers), body, "actual", False)


def start(status: Any = 200, *headers: tuple[str, str]) -> Message:
    fields = [(name.encode(), value.encode()) for name, value in headers]
    return {"type": "http.response.start", "status": status, "headers": fields}


def body(content: Any = b"", *, more: bool = False) -> Message:
    return {"type": "http.response.body", "body": content, "more_body": more}


def says(*messages: Message) -> ASGI:
    """An ASGI application that sends these messages to every request, and knows no lifespan."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "http"
        for message in messages:
            await send(message)

    return app


def answers(*headers: tuple[str, str], content: bytes = b"{}", status: int = 200) -> ASGI:
    """An ASGI application that always answers the same."""
    return says(start(status, *headers), body(content))


def wsgi(*headers: tuple[str, str], content: bytes = b"{}", status: str = "200 OK") -> WSGI:
    """A WSGI application that always answers the same."""

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response(status, list(headers))
        return [content]

    return app


class Heard:
    """An ASGI application that notes what it is asked, and answers with what it is told to."""

    def __init__(self, *headers: tuple[str, str], status: int = 200) -> None:
        self.scopes: list[Any] = []
        self.bodies: list[bytes] = []
        self.headers = headers
        self.status = status

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "http"
        self.scopes.append(scope)
        message = await receive()
        content = message["body"]
        while message["more_body"]:
            message = await receive()
            content += message["body"]
        self.bodies.append(content)
        await send(start(self.status, *self.headers))
        await send(body(b"{}"))

    def field(self, name: str, index: int = -1) -> str | None:
        """A header of the request as it came, None where it was not sent."""
        values = [value for own, value in self.scopes[index]["headers"] if own == name.encode()]
        return values[0].decode() if values else None


class Ask(Protocol):
    """Does one thing on a page: the name of a method of `Page`, and its words."""

    name: str

    def __call__(
        self, apps: dict[str, Any], what: str, /, *args: Any, page: dict[str, Any] | None = None, **words: Any
    ) -> Any: ...


class SyncAsk:
    name = "sync"
    options: dict[str, Any]

    def __init__(self, **options: Any) -> None:
        self.options = options

    def __call__(
        self, apps: dict[str, Any], what: str, /, *args: Any, page: dict[str, Any] | None = None, **words: Any
    ) -> Any:
        with Browser(apps, **self.options) as browser:
            return getattr(browser.page(**{"url": PAGE, **(page or {})}), what)(*args, **words)


class AsyncAsk:
    name = "async"

    def __init__(self, **options: Any) -> None:
        self.options = options

    def __call__(
        self, apps: dict[str, Any], what: str, /, *args: Any, page: dict[str, Any] | None = None, **words: Any
    ) -> Any:
        async def main() -> Any:
            async with AsyncBrowser(apps, **self.options) as browser:
                return await getattr(browser.page(**{"url": PAGE, **(page or {})}), what)(*args, **words)

        return asyncio.run(main())


both = pytest.mark.parametrize("kind", [SyncAsk, AsyncAsk], ids=["sync", "async"])
"""Both browsers, so that one case holds for either."""
