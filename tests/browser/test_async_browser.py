"""The browser in asyncio: what differs from the one without `await`."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from crossorigin.browser import AsyncBrowser, CORSError, FetchError, LifespanError, NotMountedError

from .applications import ALLOW, API, ORIGIN, PAGE, Heard, answers, body, start, wsgi
from .conftest import Serve, answering
from .test_lifespan import App
from .test_sync_browser import fast, flask


@pytest.mark.parametrize("make", [fast, flask])
def test_frameworks(make: Any) -> None:
    async def main() -> None:
        async with AsyncBrowser({API: make()}) as browser:
            page = browser.page(PAGE)
            response = await page.fetch(f"{API}/users/42", method="PUT", json={"name": "é"}, credentials="include")
            assert response.json() == {"number": 42, "name": "é"}
            with pytest.raises(CORSError, match="B201"):
                await page.fetch(f"{API}/users/42", method="DELETE")

    asyncio.run(main())


def test_the_lifespan_is_on_the_loop_that_runs() -> None:
    app = App()

    async def main() -> None:
        async with AsyncBrowser({API: app}):
            assert app.heard == ["lifespan.startup"]
        assert app.heard == ["lifespan.startup", "lifespan.shutdown"]
        second = App({"type": "lifespan.startup.failed", "message": "no database"})
        with pytest.raises(LifespanError, match="no database"):
            async with AsyncBrowser({ORIGIN: second}):
                pass

    asyncio.run(main())


def test_several_calls_at_once() -> None:
    waiting = 0

    async def app(scope: Any, receive: Any, send: Any) -> None:
        nonlocal waiting
        assert scope["type"] == "http"
        waiting += 1
        while waiting < 5:
            await asyncio.sleep(0)
        await send(start(200, ALLOW))
        await send(body(scope["path"].encode()))

    async def main() -> list[str]:
        async with AsyncBrowser({API: app}) as browser:
            page = browser.page(PAGE)
            responses = await asyncio.gather(*(page.fetch(f"{API}/{number}") for number in range(5)))
            return [response.text() for response in responses]

    assert asyncio.run(main()) == [f"/{number}" for number in range(5)]


def test_keepalive_bodies_count_while_they_are_under_way() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "http"
        await asyncio.sleep(0.01)
        await send(start(200, ALLOW))
        await send(body())

    async def main() -> None:
        async with AsyncBrowser({API: app}) as browser:
            page = browser.page(PAGE)
            outcomes = await asyncio.gather(
                *(page.send_beacon(API, b"x" * 40_000) for _ in range(2)), return_exceptions=True
            )
            assert sorted(isinstance(outcome, FetchError) for outcome in outcomes) == [False, True]
            await page.send_beacon(API, b"x" * 40_000)

    asyncio.run(main())


def test_wsgi_and_not_mounted() -> None:
    async def main() -> None:
        async with AsyncBrowser({API: wsgi(ALLOW, content=b"hi")}) as browser:
            page = browser.page(PAGE)
            assert (await page.fetch(API)).text() == "hi"
            with pytest.raises(NotMountedError):
                await page.fetch("https://www.example.com/")

    asyncio.run(main())


def test_the_network(serve: Serve) -> None:
    server = serve(answering(b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 2\r\n\r\nhi"))

    async def main() -> None:
        places = {"api.example.com:443": f"http://127.0.0.1:{server.port}"}
        async with AsyncBrowser(resolve=places) as browser:
            page = browser.page(PAGE)
            assert (await page.fetch(f"{API}/x")).text() == "hi"
            shaken = await page.websocket("wss://api.example.com/")
            assert (shaken.accepted, shaken.status) == (False, 200)

    asyncio.run(main())
    assert b"GET /x HTTP/1.1\r\nHost: api.example.com\r\n" in server.heard[0]


def test_its_methods_are_documented() -> None:
    page = AsyncBrowser().page(PAGE)
    assert "duplex" in (page.fetch.__doc__ or "")
    assert page.fetch.__name__ == "fetch"
    assert repr(page) == f"<AsyncPage {PAGE} of {ORIGIN} in chromium>"


def test_an_exception_passes() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise ZeroDivisionError("its own")

    async def main() -> None:
        async with AsyncBrowser({API: app}) as browser:
            with pytest.raises(ZeroDivisionError):
                await browser.page(PAGE).fetch(API)
        async with AsyncBrowser({API: app}, raise_app_exceptions=False) as browser:
            with pytest.raises(CORSError):
                await browser.page(PAGE).fetch(API)
            assert (await browser.page(API).fetch("/")).status == 500

    asyncio.run(main())


def test_the_same_words_as_the_other() -> None:
    heard = Heard(ALLOW)

    async def main() -> None:
        async with AsyncBrowser({API: heard, ORIGIN: answers()}, engine="webkit", clock=lambda: 1.0) as browser:
            assert browser.engine == "webkit"
            assert browser.clock() == 1.0
            await browser.page(PAGE).fetch(API)

    asyncio.run(main())
    assert heard.field("origin") == ORIGIN
