"""A browser for tests in asyncio, and its pages: the twin of `sync_browser`."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Concatenate, ParamSpec, Self, TypeVar

from crossorigin.browser import element_calls, script_calls
from crossorigin.browser.asgi_app import ASGIMount
from crossorigin.browser.asgi_websocket import is_handshake
from crossorigin.browser.async_transport import AsyncTransport
from crossorigin.browser.call import Call, PageState
from crossorigin.browser.core import BrowserCore, sized, stream_so_far
from crossorigin.browser.drive import run_async
from crossorigin.browser.watching import tell
from crossorigin.fetch.main_fetch import fetch
from crossorigin.fetch.request import Client
from crossorigin.fetch.wire import HTTPRequest, HTTPResponse, TransportFailure

__all__ = ["AsyncBrowser", "AsyncPage"]

P = ParamSpec("P")
T = TypeVar("T")
Enough = Callable[[bytes], bool] | None


def _awaited(
    describe: Callable[Concatenate[PageState, P], Call[T]],
) -> Callable[Concatenate[AsyncPage, P], Awaitable[T]]:
    """A method of `AsyncPage` that performs the call which `describe` describes, with its words and documentation."""

    @functools.wraps(describe)
    async def method(page: AsyncPage, /, *args: P.args, **kwargs: P.kwargs) -> T:
        __tracebackhide__ = True  # pytest then points at the test's own line
        return await page.browser.perform(describe(page, *args, **kwargs))

    return method


class AsyncPage(PageState):
    """A page that is open in an `AsyncBrowser`, and does what its script and markup do."""

    def __init__(self, browser: AsyncBrowser, client: Client) -> None:
        super().__init__(client, browser.engine, browser.max_body)
        self.browser = browser

    fetch = _awaited(script_calls.fetch)
    xhr = _awaited(script_calls.xhr)
    event_source = _awaited(script_calls.event_source)
    websocket = _awaited(script_calls.websocket)
    send_beacon = _awaited(script_calls.send_beacon)
    load_script = _awaited(element_calls.load_script)
    load_image = _awaited(element_calls.load_image)
    load_style = _awaited(element_calls.load_style)
    load_font = _awaited(element_calls.load_font)
    submit_form = _awaited(element_calls.submit_form)


class AsyncBrowser(BrowserCore[AsyncPage]):
    """A browser with applications instead of an internet. The words are those of `BrowserCore`.

        async with AsyncBrowser(apps={"https://api.example.com": app}) as browser:
            page = browser.page("https://app.example.com/dashboard")
            user = (await page.fetch("https://api.example.com/users/42", credentials="include")).json()

    ASGI applications run on the event loop that calls, WSGI ones each in a thread. Several calls may be under way at
    once. The lifespan of an ASGI application begins with the `async with`, or else with its first request, and ends
    with `aclose`.
    """

    _transport: AsyncTransport | None = None

    def _open(self, client: Client) -> AsyncPage:
        return AsyncPage(self, client)

    async def perform(self, call: Call[T]) -> T:
        """Perform a call of a page: what `AsyncPage` does for each of its methods."""
        __tracebackhide__ = True
        result = await run_async(fetch(call.request, self.agent), _Sender(self, call))
        tell(result, self.engine)
        return call.finish(result)

    async def send(self, request: HTTPRequest, enough: Enough = None) -> HTTPResponse | TransportFailure:
        """One exchange, with an application or over the network; raises NotMountedError where neither may be."""
        mount = self.mount_for(request.url)
        if mount is None:
            return stream_so_far(await self._over_the_network(request), enough)
        if isinstance(mount, ASGIMount):
            return await mount.send(request, enough)
        return await mount.send_async(request, enough)

    async def _over_the_network(self, request: HTTPRequest) -> HTTPResponse | TransportFailure:
        if is_handshake(request):
            async with AsyncTransport(self.handshake_options) as transport:
                return await transport.send(request)
        if self._transport is None:
            self._transport = AsyncTransport(self.network_options)
        return await self._transport.send(sized(request))

    async def __aenter__(self) -> Self:
        """Start the ASGI applications; raises LifespanError, with those that were started stopped again."""
        try:
            for mount in self.mounts.asgi():
                await mount.start()
        except BaseException:
            await self.aclose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Stop the applications and close the connections; raises LifespanError of an application that cannot stop."""
        transport, self._transport = self._transport, None
        async with AsyncExitStack() as ending:
            if transport is not None:
                ending.push_async_callback(transport.aclose)
            for mount in self.mounts.asgi():
                ending.push_async_callback(mount.stop)


class _Sender:
    """The network of one call: bodies of keepalive requests count while they are under way."""

    __slots__ = ("_browser", "_call")

    def __init__(self, browser: AsyncBrowser, call: Call[T]) -> None:
        self._browser = browser
        self._call = call

    async def send(self, request: HTTPRequest, /) -> HTTPResponse | TransportFailure:
        browser, call = self._browser, self._call
        size = len(request.body or b"") if call.request.keepalive else 0
        browser.agent.inflight_keepalive_bytes += size
        try:
            return await browser.send(request, call.enough)
        finally:
            browser.agent.inflight_keepalive_bytes -= size
