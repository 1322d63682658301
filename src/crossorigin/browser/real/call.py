"""What script does in a page, and what it sees of it: the same words for a real browser and for the engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from crossorigin.fetch import Body, Client, FetchResult, NetworkError, Request, fetch_request, xhr_request
from crossorigin.fetch.request import CredentialsMode, Mode, RedirectMode

__all__ = ["Call", "Outcome", "outcome_of", "request_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """`fetch(url, init)`, or an XMLHttpRequest.

    Texts are as script writes them, header values one code point a byte (a ByteString). Of an XMLHttpRequest only
    `method`, `headers`, `body`, `credentials` ("include" is withCredentials) and `upload_listeners` count.
    """

    url: str
    api: Literal["fetch", "xhr"] = "fetch"
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: str | None = None
    mode: Mode = "cors"
    credentials: CredentialsMode = "same-origin"
    redirect: RedirectMode = "follow"
    upload_listeners: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a call ended, as far as script can tell.

    `blocked` is a rejected promise or an `error` event; then nothing else is known. An XMLHttpRequest has no `type`
    and no `redirected`. `headers` are the readable ones: names in lower case, sorted, values as script reads them.
    `body` is the text, None where the response is opaque.
    """

    blocked: bool
    type: str | None = None
    status: int = 0
    redirected: bool | None = None
    url: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: str | None = None


def request_of(call: Call, client: Client) -> Request:
    """The request that `call` makes in a page. Raises TypeError where script's own call would throw."""
    method = call.method.encode("latin-1")
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in call.headers]
    if call.api == "xhr":
        return xhr_request(
            call.url,
            client,
            method=method,
            headers=headers,
            body=call.body,
            with_credentials=call.credentials == "include",
            upload_listeners=call.upload_listeners,
        )
    return fetch_request(
        call.url,
        client,
        method=method,
        headers=headers,
        body=None if call.body is None else Body(call.body.encode()) if _says_its_type(headers) else call.body,
        mode=call.mode,
        credentials=call.credentials,
        redirect=call.redirect,
    )


def _says_its_type(headers: list[tuple[bytes, bytes]]) -> bool:
    return any(name.lower() == b"content-type" for name, _ in headers)


def outcome_of(call: Call, result: FetchResult) -> Outcome:
    """What the page's script sees of `result`."""
    response = result.response
    if isinstance(response, NetworkError):
        return Outcome(blocked=True)
    is_fetch = call.api == "fetch"
    return Outcome(
        blocked=False,
        type=response.type if is_fetch else None,
        status=response.status,
        redirected=response.redirected if is_fetch else None,
        url=response.url,
        headers=tuple(
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.sort_and_combine()
        ),
        body=(response.body or b"").decode("utf-8", "replace") if response.is_readable else None,
    )
