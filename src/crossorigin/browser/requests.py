"""requests under CORS: a session whose calls are those of a page.

    session = requests.Session()
    session.mount("https://", CORSAdapter(origin="https://app.example.com", apps={"https://api.example.com": app}))
    session.put("https://api.example.com/users/42", json={"name": "Ada"})  # CORSBlockedError where a browser blocks

The browser follows redirects itself, as `fetch()` does, and keeps the cookies itself, in `adapter.browser.cookies`: no
script ever sees Set-Cookie. What a response shows is what script may read.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from requests.structures import CaseInsensitiveDict
from requests.utils import get_encoding_from_headers

from crossorigin.browser.client_call import client_call, client_fields, page_of
from crossorigin.browser.errors import FetchError
from crossorigin.browser.mounts import Apps
from crossorigin.browser.response import Response
from crossorigin.browser.sync_browser import Browser
from crossorigin.fetch.profile import Profile
from crossorigin.fetch.request import CredentialsMode
from crossorigin.fetch.wire import HTTPRequest, HTTPResponse, TransportFailure
from crossorigin.web.headers import HeaderList

__all__ = ["CORSAdapter", "CORSBlockedError"]

Enough: TypeAlias = Callable[[bytes], bool] | None
_Ask: TypeAlias = Callable[[HTTPRequest], HTTPResponse]


class CORSBlockedError(requests.exceptions.ConnectionError):
    """A browser would not have given the response to the page: to a client what a broken connection is to it.

    `error` is the browser's own FetchError, mostly a CORSError, with code, steps and exchanges.
    """

    def __init__(self, error: FetchError, request: requests.PreparedRequest) -> None:
        super().__init__(str(error), request=request)
        self.error = error


class CORSAdapter(BaseAdapter):
    """Sends what a session asks for as `fetch()` of a page of `origin`.

    `adapter` is what the requests then really go through, preflights too: by default requests' own over the network.
    `apps` are applications by origin, for which no adapter is needed; with them and no `adapter`, any other origin
    raises NotMountedError. `credentials` is what the page says, "same-origin" where it says nothing. What the inner
    adapter raises passes through.
    """

    def __init__(
        self,
        *,
        origin: str,
        adapter: BaseAdapter | None = None,
        apps: Apps | None = None,
        engine: str | Profile = "chromium",
        credentials: CredentialsMode = "same-origin",
    ) -> None:
        super().__init__()
        self._inner = HTTPAdapter() if adapter is None and not apps else adapter
        self.browser: Browser = _Through(apps, engine)
        """The browser, with its cookies, its clock and its preflight cache."""
        self.page = self.browser.page(page_of(origin))
        """The page whose script the session is."""
        self._credentials = credentials

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: ARG002, FBT001, FBT002 - the words of requests
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,
        verify: bool | str = True,  # noqa: FBT001, FBT002
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """The response as script may read it; raises CORSBlockedError, and TypeError for what script cannot ask.

        The body is there as a whole, `stream` or not.
        """
        __tracebackhide__ = True
        inner = self._inner

        def ask(wired: HTTPRequest) -> HTTPResponse:
            assert inner is not None  # noqa: S101 - it is asked only where there is one
            return _answered(
                inner.send(_prepared(wired), stream=True, timeout=timeout, verify=verify, cert=cert, proxies=proxies)
            )

        assert isinstance(self.browser, _Through)  # noqa: S101 - as it was made
        self.browser.ask = None if inner is None else ask
        fields = [(_bytes(name), _bytes(value)) for name, value in request.headers.items()]
        call = client_call(
            self.page, request.method or "GET", request.url or "", fields, _body(request.body), self._credentials
        )
        try:
            return self._shown(self.browser.perform(call), request)
        except FetchError as error:
            raise CORSBlockedError(error, request) from error

    def _shown(self, response: Response, request: requests.PreparedRequest) -> requests.Response:
        shown = requests.Response()
        shown.status_code = response.status
        shown.headers = CaseInsensitiveDict(
            {name: response.headers[name] for name in dict.fromkeys(_text(each) for each, _ in client_fields(response))}
        )
        shown.encoding = get_encoding_from_headers(shown.headers)
        shown.raw = io.BytesIO(response.content)
        shown.reason = response.status_text
        shown.url = response.url
        shown.request = request
        return shown

    def close(self) -> None:
        """Stop the applications and close the inner adapter."""
        try:
            self.browser.close()
        finally:
            if self._inner is not None:
                self._inner.close()


class _Through(Browser):
    """A browser whose network is an adapter of requests."""

    def __init__(self, apps: Apps | None, engine: str | Profile) -> None:
        super().__init__(apps, engine=engine)
        self.ask: _Ask | None = None

    def send(self, request: HTTPRequest, enough: Enough = None) -> HTTPResponse | TransportFailure:
        if self.ask is None or self.mounts.at(request.url.origin) is not None:
            return super().send(request, enough)
        return self.ask(request)


def _prepared(request: HTTPRequest) -> requests.PreparedRequest:
    """A request of the engine as one of requests, with nothing of requests' own but Content-Length."""
    prepared = requests.PreparedRequest()
    prepared.method = request.method.decode("latin-1")
    prepared.url = request.url.serialize(exclude_fragment=True)
    prepared.headers = CaseInsensitiveDict({_text(name): _text(value) for name, value in request.headers})
    prepared.prepare_body(request.body, None)
    return prepared


def _answered(answer: requests.Response) -> HTTPResponse:
    """What the server really answered; the body as sent, with any coding left on."""
    raw: Any = answer.raw
    fields: Any = getattr(raw, "headers", None) or answer.headers
    # urllib3 keeps fields of one name apart, where anything but this joins them.
    pairs: Iterable[tuple[str, str]] = fields.iteritems() if hasattr(fields, "iteritems") else fields.items()
    headers = HeaderList.of(*pairs)
    try:
        body = raw.read(decode_content=False) if hasattr(raw, "headers") else answer.content
    finally:
        answer.close()
    return HTTPResponse(answer.status_code, headers, body, _bytes(answer.reason or ""))


def _body(body: Any) -> bytes | None:
    if body is None or isinstance(body, bytes):
        return body
    if isinstance(body, str):
        return body.encode()
    content = body.read() if hasattr(body, "read") else b"".join(body)
    return content if isinstance(content, bytes) else str(content).encode()


def _text(value: bytes) -> str:
    return value.decode("latin-1")


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode("latin-1", "replace")
