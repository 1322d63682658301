"""httpx under CORS: a client whose calls are those of a page.

    transport = CORSTransport(origin="https://app.example.com", apps={"https://api.example.com": app})
    client = httpx.Client(transport=transport)
    client.put("https://api.example.com/users/42", json={"name": "Ada"})  # CORSBlockedError where a browser blocks

The browser follows redirects itself, as `fetch()` does, and keeps the cookies itself, in `transport.browser.cookies`:
no script ever sees Set-Cookie. What a response shows is what script may read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import httpx

from crossorigin.browser.async_browser import AsyncBrowser
from crossorigin.browser.client_call import client_call, client_fields, page_of
from crossorigin.browser.errors import FetchError
from crossorigin.browser.mounts import Apps
from crossorigin.browser.response import Response
from crossorigin.browser.sync_browser import Browser
from crossorigin.fetch.profile import Profile
from crossorigin.fetch.request import CredentialsMode
from crossorigin.fetch.wire import HTTPRequest, HTTPResponse, TransportFailure
from crossorigin.web.headers import HeaderList

__all__ = ["AsyncCORSTransport", "CORSBlockedError", "CORSTransport"]

Enough: TypeAlias = Callable[[bytes], bool] | None


class CORSBlockedError(httpx.TransportError):
    """A browser would not have given the response to the page: to a client what a broken connection is to it.

    `error` is the browser's own FetchError, mostly a CORSError, with code, steps and exchanges.
    """

    def __init__(self, error: FetchError, request: httpx.Request) -> None:
        super().__init__(str(error), request=request)
        self.error = error


class CORSTransport(httpx.BaseTransport):
    """Sends what a client asks for as `fetch()` of a page of `origin`.

    `transport` is what the requests then really go through, preflights too: by default httpx's own over the network,
    or any other of httpx, such as its WSGITransport. `apps` are applications by origin, for which no transport is
    needed; with them and no `transport`, any other origin raises NotMountedError. `credentials` is what the page says,
    "same-origin" where it says nothing. What the inner transport raises passes through.
    """

    def __init__(
        self,
        *,
        origin: str,
        transport: httpx.BaseTransport | None = None,
        apps: Apps | None = None,
        engine: str | Profile = "chromium",
        credentials: CredentialsMode = "same-origin",
    ) -> None:
        self._inner = httpx.HTTPTransport() if transport is None and not apps else transport
        self.browser: Browser = _Through(self._inner, apps, engine)
        """The browser, with its cookies, its clock and its preflight cache."""
        self.page = self.browser.page(page_of(origin))
        """The page whose script the client is."""
        self._credentials = credentials

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The response as script may read it; raises CORSBlockedError, and TypeError for what script cannot ask."""
        __tracebackhide__ = True
        call = client_call(
            self.page, request.method, str(request.url), request.headers.raw, request.read(), self._credentials
        )
        try:
            return _shown(self.browser.perform(call))
        except FetchError as error:
            raise CORSBlockedError(error, request) from error

    def close(self) -> None:
        """Stop the applications and close the inner transport."""
        try:
            self.browser.close()
        finally:
            if self._inner is not None:
                self._inner.close()


class AsyncCORSTransport(httpx.AsyncBaseTransport):
    """`CORSTransport` for httpx.AsyncClient; the words are the same."""

    def __init__(
        self,
        *,
        origin: str,
        transport: httpx.AsyncBaseTransport | None = None,
        apps: Apps | None = None,
        engine: str | Profile = "chromium",
        credentials: CredentialsMode = "same-origin",
    ) -> None:
        self._inner = httpx.AsyncHTTPTransport() if transport is None and not apps else transport
        self.browser: AsyncBrowser = _AsyncThrough(self._inner, apps, engine)
        """The browser, with its cookies, its clock and its preflight cache."""
        self.page = self.browser.page(page_of(origin))
        """The page whose script the client is."""
        self._credentials = credentials

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The response as script may read it; raises CORSBlockedError, and TypeError for what script cannot ask."""
        __tracebackhide__ = True
        call = client_call(
            self.page, request.method, str(request.url), request.headers.raw, await request.aread(), self._credentials
        )
        try:
            return _shown(await self.browser.perform(call))
        except FetchError as error:
            raise CORSBlockedError(error, request) from error

    async def aclose(self) -> None:
        """Stop the applications and close the inner transport."""
        try:
            await self.browser.aclose()
        finally:
            if self._inner is not None:
                await self._inner.aclose()


class _Through(Browser):
    """A browser whose network is a transport of httpx."""

    def __init__(self, inner: httpx.BaseTransport | None, apps: Apps | None, engine: str | Profile) -> None:
        super().__init__(apps, engine=engine)
        self._inner = inner

    def send(self, request: HTTPRequest, enough: Enough = None) -> HTTPResponse | TransportFailure:
        if self._inner is None or self.mounts.at(request.url.origin) is not None:
            return super().send(request, enough)
        answer = self._inner.handle_request(_wired(request))
        stream = answer.stream
        try:
            assert isinstance(stream, httpx.SyncByteStream)  # noqa: S101 - of a sync transport, by httpx's types
            return _answered(answer, b"".join(stream))
        finally:
            answer.close()


class _AsyncThrough(AsyncBrowser):
    """A browser whose network is an asynchronous transport of httpx."""

    def __init__(self, inner: httpx.AsyncBaseTransport | None, apps: Apps | None, engine: str | Profile) -> None:
        super().__init__(apps, engine=engine)
        self._inner = inner

    async def send(self, request: HTTPRequest, enough: Enough = None) -> HTTPResponse | TransportFailure:
        if self._inner is None or self.mounts.at(request.url.origin) is not None:
            return await super().send(request, enough)
        answer = await self._inner.handle_async_request(_wired(request))
        stream = answer.stream
        try:
            assert isinstance(stream, httpx.AsyncByteStream)  # noqa: S101 - of an async transport, by httpx's types
            return _answered(answer, b"".join([chunk async for chunk in stream]))
        finally:
            await answer.aclose()


def _wired(request: HTTPRequest) -> httpx.Request:
    """A request of the engine as one of httpx, which adds Host and Content-Length."""
    url = request.url.serialize(exclude_fragment=True)
    return httpx.Request(request.method.decode("latin-1"), url, headers=list(request.headers), content=request.body)


def _answered(answer: httpx.Response, body: bytes) -> HTTPResponse:
    """What the server really answered; the body as sent, with any coding left on."""
    reason = answer.extensions.get("reason_phrase", b"")
    return HTTPResponse(answer.status_code, HeaderList(answer.headers.raw), body, reason)


def _shown(response: Response) -> httpx.Response:
    """The response as script may read it; `extensions["crossorigin"]` is the whole of it."""
    return httpx.Response(
        response.status,
        headers=client_fields(response),
        stream=httpx.ByteStream(response.content),
        extensions={"crossorigin": response, "reason_phrase": response.status_text.encode("latin-1")},
    )
