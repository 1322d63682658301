"""A call of a page before anybody performs it: its request, and what its result becomes. No I/O, no driver."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from crossorigin.browser.errors import error_for
from crossorigin.browser.response import Response
from crossorigin.fetch.request import Client, EmbedderPolicy, ReferrerPolicy, Request
from crossorigin.fetch.response import FetchResult
from crossorigin.fetch.response import Response as Filtered
from crossorigin.web.headers import HeaderList
from crossorigin.web.origins import OpaqueOrigin, Origin
from crossorigin.web.url import URL, parse_url

__all__ = ["Call", "HeadersInit", "PageState", "as_fields", "hidden", "page_client", "readable"]

T = TypeVar("T")

HeadersInit = Mapping[str, str] | Iterable[tuple[str | bytes, str | bytes]]
"""Headers as a caller gives them: a mapping, or pairs where a name stands twice."""


class PageState:
    """What a call needs to know of its page: the client that fetches, the engine's name, and how much is decoded."""

    def __init__(self, client: Client, engine: str, max_body: int) -> None:
        self.client = client
        self.engine = engine
        self.max_body = max_body

    @property
    def url(self) -> str:
        """The page's URL."""
        return "" if self.client.url is None else self.client.url.href

    @property
    def origin(self) -> str:
        """The page's origin, serialized; `null` for a sandboxed page."""
        return self.client.origin.serialize()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.url} of {self.origin} in {self.engine}>"


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """A request, and what becomes of the result; `finish` raises FetchError for one that is blocked.

    `enough` says of the body so far whether the page wants no more, for responses that never end.
    """

    request: Request
    finish: Callable[[FetchResult], T]
    enough: Callable[[bytes], bool] | None = None


def page_client(
    url: str,
    *,
    sandboxed: bool = False,
    referrer_policy: ReferrerPolicy = "",
    top: str | None = None,
    embedder_policy: EmbedderPolicy = "unsafe-none",
    upgrade_insecure_requests: bool = False,
) -> Client:
    """The client of a page at `url`; see `Browser.page`. Raises ValueError for a URL that is none."""
    parsed = _page_url(url, "a page")
    # In the address bar a sandboxed page still has its URL, by which cookies and caches go.
    above: Origin | None = parsed.origin if sandboxed else None
    if top is not None:
        above = _page_url(top, "the page at the top").origin
    return Client(
        origin=OpaqueOrigin() if sandboxed else parsed.origin,
        url=parsed,
        referrer_policy=referrer_policy or "strict-origin-when-cross-origin",
        embedder_policy=embedder_policy,
        upgrade_insecure_requests=upgrade_insecure_requests,
        top_level_origin=above,
    )


def _page_url(url: str, what: str) -> URL:
    parsed = parse_url(url)
    if parsed is None:
        raise ValueError(f"{url!r} is not the URL of {what}: give one such as 'https://app.example.com/dashboard'")
    return parsed


def readable(page: PageState) -> Callable[[FetchResult], Response]:
    """What `fetch()` makes of a result: the response as script sees it. Raises FetchError."""

    def finish(result: FetchResult) -> Response:
        __tracebackhide__ = True
        return Response(result, _filtered(page, result), page.max_body)

    return finish


def hidden(page: PageState) -> Callable[[FetchResult], Response]:
    """What a navigation or a beacon makes of it: a response that is opaque to the page, whoever sent it."""

    def finish(result: FetchResult) -> Response:
        __tracebackhide__ = True
        internal = _filtered(page, result).internal
        opaque = Filtered(
            type="opaque", url_list=(), status=0, status_message=b"", headers=HeaderList(), body=None, internal=internal
        )
        return Response(result, opaque, page.max_body)

    return finish


def _filtered(page: PageState, result: FetchResult) -> Filtered:
    __tracebackhide__ = True
    if isinstance(result.response, Filtered):
        return result.response
    raise error_for(result, page.engine)


def as_fields(headers: HeadersInit | None) -> list[tuple[bytes, bytes]]:
    """Headers as the engine takes them; raises TypeError for characters beyond latin-1, as script's Headers does."""
    pairs: Iterable[tuple[Any, Any]] = headers.items() if isinstance(headers, Mapping) else headers or ()
    return [(_bytes(name, name), _bytes(value, name)) for name, value in pairs]


def _bytes(text: str | bytes, name: object) -> bytes:
    if isinstance(text, bytes):
        return text
    if not isinstance(text, str):
        raise TypeError(f"the header {name!r} holds {text!r:.100}, which is neither text nor bytes")
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        raise TypeError(f"the header {name!r} holds a character beyond latin-1, which script may not send") from None
