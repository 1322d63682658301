"""Who watches hears of every call that ends meanwhile, and of no other."""

from __future__ import annotations

import asyncio
import threading

import pytest

from crossorigin.browser import AsyncBrowser, Browser, FetchError
from crossorigin.browser.watching import watching

from .applications import ALLOW, API, PAGE, wsgi


def test_calls_in_order_the_blocked_ones_too() -> None:
    with Browser({API: wsgi(ALLOW)}, engine="webkit") as browser, watching() as calls:
        page = browser.page(PAGE)
        page.fetch(f"{API}/1")
        with pytest.raises(FetchError):
            page.fetch(f"{API}/2", method="PUT")
        page.send_beacon(f"{API}/3")
        assert [call.result.request.current_url.path for call in calls] == ["/1", "/2", "/3"]
        assert {call.engine for call in calls} == {"webkit"}


def test_not_those_before_after_and_elsewhere() -> None:
    page = Browser({API: wsgi(ALLOW)}).page(PAGE)
    page.fetch(API)
    with watching() as calls:
        thread = threading.Thread(target=page.fetch, args=[API])
        thread.start()
        thread.join()
    page.fetch(API)
    assert calls == []


def test_one_within_another() -> None:
    page = Browser({API: wsgi(ALLOW)}).page(PAGE)
    with watching() as outer:
        with watching() as inner:
            page.fetch(API)
        page.fetch(API)
    assert (len(outer), len(inner)) == (2, 1)


def test_in_asyncio() -> None:
    async def calls() -> int:
        async with AsyncBrowser({API: wsgi(ALLOW)}) as browser:
            page = browser.page(PAGE)
            with watching() as seen:
                await asyncio.gather(page.fetch(API), page.fetch(API))
            await page.fetch(API)
            return len(seen)

    assert asyncio.run(calls()) == 2
