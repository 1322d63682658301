"""A response as script sees it, and beside it what only those see who stand outside the page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from crossorigin.browser.codings import decode_body
from crossorigin.browser.script_headers import Headers
from crossorigin.fetch.response import FetchResult
from crossorigin.fetch.response import Response as Filtered
from crossorigin.fetch.trace import Exchange, Step
from crossorigin.web.headers import HeaderList

__all__ = ["Response"]

_CHUNK = 64 * 1024


class Response:
    """Fetch, "Response class", as far as it is read: https://fetch.spec.whatwg.org/#response-class

    What script may see: `status`, `ok`, `type`, `url`, `redirected`, `headers` and the body. An opaque response has
    status 0, no headers and no body, whatever the server sent. The truth is in `exchange`, `exchanges` and `steps`,
    which no script has.

    The body is there as a whole before the response is: `iter_bytes` gives it in pieces and saves no memory.
    """

    __slots__ = ("_content", "_filtered", "_limit", "headers", "result")

    def __init__(self, result: FetchResult, filtered: Filtered, limit: int) -> None:
        self.result = result
        """How the fetch ended, as the engine has it."""
        self.headers = Headers(filtered.headers)
        """What script may read of the headers."""
        self._filtered = filtered
        self._limit = limit
        self._content: bytes | None = None

    # What script sees.

    @property
    def type(self) -> str:
        """`basic`, `cors`, `opaque` or `opaqueredirect`."""
        return self._filtered.type

    @property
    def status(self) -> int:
        """The status, 0 when the response is opaque."""
        return self._filtered.status

    @property
    def status_text(self) -> str:
        """The words after the status, often empty."""
        return self._filtered.status_message.decode("latin-1")

    @property
    def ok(self) -> bool:
        """Whether the status is from 200 to 299."""
        return self._filtered.ok

    @property
    def url(self) -> str:
        """The URL that answered, without its fragment; empty when the response is opaque."""
        return self._filtered.url

    @property
    def redirected(self) -> bool:
        """Whether a redirect was followed, as far as script may know."""
        return self._filtered.redirected

    @property
    def body(self) -> bytes | None:
        """The body with its content codings taken off; None where script has none to read. Raises BodyError."""
        return None if self._filtered.body is None else self.content

    @property
    def content(self) -> bytes:
        """The body with its content codings taken off, empty where there is none. Raises BodyError."""
        if self._content is None:
            self._content = decode_body(self._filtered.internal.headers, self._filtered.body or b"", self._limit)
        return self._content

    def text(self) -> str:
        """The body as script's `text()` has it: UTF-8 whatever the Content-Type says, without a byte order mark."""
        return self.content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")

    def json(self) -> Any:
        """The body read as JSON; raises ValueError (JSONDecodeError) when it is none."""
        return json.loads(self.text())

    def iter_bytes(self, chunk_size: int = _CHUNK) -> Iterator[bytes]:
        """The body in pieces of at most `chunk_size` bytes."""
        if chunk_size < 1:
            raise ValueError(f"chunk_size={chunk_size!r}: give bytes, 1 or more")
        content = self.content
        return (content[start : start + chunk_size] for start in range(0, len(content), chunk_size))

    # What script does not see.

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """Everything that went over the wire, preflights and redirects too, in order."""
        return self.result.exchanges

    @property
    def exchange(self) -> Exchange:
        """The last exchange; raises LookupError for a response that needed none, such as that of a `data:` URL."""
        if not self.result.exchanges:
            raise LookupError(f"{self.url[:100]} was answered without any exchange")
        return self.result.exchanges[-1]

    @property
    def sent_headers(self) -> Headers:
        """All headers of the last request, those that the browser added too."""
        return Headers(self.exchange.request.headers)

    @property
    def received_headers(self) -> Headers:
        """All headers of the last response."""
        response = self.exchange.response
        return Headers(HeaderList() if response is None else response.headers)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every step of the standard that decided something."""
        return self.result.steps

    @property
    def preflighted(self) -> bool:
        """Whether a preflight was sent for this call; False when an earlier one's answer was remembered."""
        return any(exchange.request.role == "preflight" for exchange in self.result.exchanges)

    def __repr__(self) -> str:
        return f"<Response {self.type} {self.status} {self.url}>"
