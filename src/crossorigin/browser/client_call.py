"""What an HTTP client asks for, as a page's script would: common to the adapters of httpx and requests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from crossorigin.browser.call import Call, PageState
from crossorigin.browser.response import Response
from crossorigin.browser.script_calls import fetch
from crossorigin.fetch.request import CredentialsMode
from crossorigin.web.headers import HeaderList
from crossorigin.web.origins import Origin, TupleOrigin
from crossorigin.web.url import parse_url

__all__ = ["client_call", "client_fields", "page_of"]

_LIBRARY_AGENTS: Final = (b"python-httpx/", b"python-requests/")
_ENCODING: Final = frozenset({b"content-encoding", b"content-length", b"transfer-encoding"})


def page_of(origin: str) -> str:
    """The URL of a page of `origin`; raises ValueError for what is no origin."""
    url = parse_url(origin)
    found: Origin | None = None if url is None else url.origin
    if not isinstance(found, TupleOrigin) or found.serialize() != origin.removesuffix("/"):
        raise ValueError(f"origin={origin!r}: write scheme and host of the page, such as 'https://app.example.com'")
    return f"{found.serialize()}/"


def client_call(
    page: PageState,
    method: str,
    url: str,
    headers: Iterable[tuple[bytes, bytes]],
    body: bytes | None,
    credentials: CredentialsMode,
) -> Call[Response]:
    """The `fetch()` that does what the client asks for.

    What the library adds by itself, no script would send: its User-Agent is left out, for it would ask for a preflight
    by itself. Headers that script may not set, such as Cookie, are dropped by the browser, as ever.
    """
    fields = [
        (name, value)
        for name, value in headers
        if not (name.lower() == b"user-agent" and value.startswith(_LIBRARY_AGENTS))
    ]
    # An empty body of a GET is none: a library says Content-Length: 0, or nothing, for both.
    return fetch(page, url, method=method, headers=fields, body=body or None, credentials=credentials)


def client_fields(response: Response) -> list[tuple[bytes, bytes]]:
    """The headers that script may read, without what describes the body's coding, which is taken off already."""
    filtered = response.result.response
    headers: HeaderList = getattr(filtered, "headers", HeaderList())
    return [(name, value) for name, value in headers if name.lower() not in _ENCODING]
