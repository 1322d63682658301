"""What the simulated browser costs: `page.fetch` beside the same call through httpx's ASGI transport, in one run.

A plain cross-origin GET to a bare ASGI application, so that nothing but the two clients is measured; they take turns,
and what is printed is the fastest round of each. The target of issue 5 is a ratio of at most 1.3. Then ten thousand
calls one after the other, and what they leave behind in memory.
"""

from __future__ import annotations

import asyncio
import gc
import time
import tracemalloc
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from crossorigin.browser import AsyncBrowser, Browser

__all__ = ["main"]

ROUNDS, BATCH, CALLS = 20, 100, 10_000
API, PAGE, ORIGIN = "https://api.example.com", "https://app.example.com/dashboard", "https://app.example.com"
_START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"application/json"), (b"access-control-allow-origin", b"*"), (b"vary", b"Origin")],
}


async def app(scope: Any, _: Any, send: Any) -> None:
    """Two messages, and no lifespan."""
    if scope["type"] != "http":
        raise ValueError("http only")
    await send(_START)
    await send({"type": "http.response.body", "body": b'{"id": 42}'})


async def _round(call: Callable[[], Awaitable[object]]) -> float:
    start = time.perf_counter()
    for _ in range(BATCH):
        await call()
    return (time.perf_counter() - start) / BATCH * 1e6


async def _side_by_side() -> tuple[float, float]:
    """The fastest rounds, in microseconds a call: httpx, and ours."""
    ours = theirs = float("inf")
    async with (
        httpx.AsyncClient(transport=httpx.ASGITransport(app=app)) as client,
        AsyncBrowser(apps={API: app}, engine="standard") as browser,
    ):
        page = browser.page(PAGE)
        headers = {"origin": ORIGIN}
        for _ in range(ROUNDS):
            theirs = min(theirs, await _round(lambda: client.get(f"{API}/users/42", headers=headers)))
            ours = min(ours, await _round(lambda: page.fetch(f"{API}/users/42")))
    return theirs, ours


def _sync() -> float:
    best = float("inf")
    with Browser(apps={API: app}) as browser:
        page = browser.page(PAGE)
        for _ in range(ROUNDS):
            start = time.perf_counter()
            for _ in range(BATCH):
                page.fetch(f"{API}/users/42")
            best = min(best, (time.perf_counter() - start) / BATCH * 1e6)
    return best


async def _memory() -> tuple[int, int]:
    """Bytes in use after a tenth of the calls, and after all of them."""
    async with AsyncBrowser(apps={API: app}) as browser:
        page = browser.page(PAGE)
        tracemalloc.start()
        early = 0
        for number in range(CALLS):
            await page.fetch(f"{API}/users/{number}")
            if number == CALLS // 10:
                gc.collect()
                early = tracemalloc.get_traced_memory()[0]
        gc.collect()
        late = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        return early, late


def main() -> None:
    """Print the figures."""
    theirs, ours = asyncio.run(_side_by_side())
    print(f"httpx, ASGITransport                {theirs:8.1f} µs")
    print(f"AsyncBrowser, page.fetch            {ours:8.1f} µs   ratio: {ours / theirs:.2f} (target: at most 1.30)")
    print(f"Browser, page.fetch (loop thread)   {_sync():8.1f} µs")
    early, late = asyncio.run(_memory())
    print(f"memory after {CALLS // 10:6} calls           {early / 1024:8.1f} KiB")
    print(f"memory after {CALLS:6} calls           {late / 1024:8.1f} KiB   grown by {(late - early) / 1024:.1f} KiB")


if __name__ == "__main__":
    main()
