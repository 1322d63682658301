"""A response while an application gives it, held to what HTTP allows: for ASGI and WSGI alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from crossorigin.browser.application_errors import InvalidResponseError
from crossorigin.fetch.wire import HTTPResponse, TransportFailure, TransportFailureKind
from crossorigin.web.headers import HeaderList, is_header_name, is_header_value
from crossorigin.web.statuses import is_null_body_status

__all__ = ["AppOptions", "AppResponse", "server_error"]

_MAX_QUOTE: Final = 100
_MAX_HEADERS: Final = 100 * 1024
"""Bytes of names and values: what the transports read of a response head, see `options.MAX_HEADER_BYTES_HTTP1`."""


@dataclass(frozen=True, slots=True)
class AppOptions:
    """What an application may take: seconds for one exchange, and bytes of one response body.

    `raises` says whether the application's own exception reaches the caller, or a response 500 as a server gives it.
    """

    timeout: float = 30.0
    max_body: int = 16 * 1024 * 1024
    raises: bool = True


@dataclass(slots=True)
class AppResponse:
    """The response to one request; every method raises InvalidResponseError for what is none.

    `who` is the application, as people are told of it.
    """

    who: str
    method: bytes
    max_body: int
    status: int = 0
    reason: bytes = b""
    headers: HeaderList = field(default_factory=HeaderList)
    body: bytearray = field(default_factory=bytearray)
    is_complete: bool = False
    is_too_large: bool = False
    _announced: int | None = None
    _sent: int = 0

    @property
    def is_started(self) -> bool:
        """Whether there is a head."""
        return self.status != 0

    def start(self, status: object, headers: Iterable[Any], reason: bytes = b"") -> None:
        """Take status and headers, which are pairs of bytes."""
        if self.is_started:
            raise self.invalid("started a second response")
        if not isinstance(status, int) or isinstance(status, bool) or not 200 <= status <= 999:
            raise self.invalid(f"sent the status {_quote(status)}: a final status is a whole number from 200 to 999")
        self.headers = self._checked(headers)
        self._announced = self._content_length()
        self.status, self.reason = int(status), reason

    def add(self, chunk: object) -> None:
        """Take a piece of the body; what is over the limit is left out and noted in `is_too_large`."""
        if not self.is_started:
            raise self.invalid("sent a body before status and headers")
        if self.is_complete:
            raise self.invalid("sent more after the end of its response")
        if not isinstance(chunk, bytes | bytearray | memoryview):
            raise self.invalid(f"sent a body that is not bytes: {_quote(chunk)}")
        if not chunk:
            return
        self._sent += len(chunk)
        # A server drops the body of such a response, and browsers would take it for the next one.
        if self.method == b"HEAD" or is_null_body_status(self.status):
            return
        if self._announced is not None and self._sent > self._announced:
            raise self.invalid(f"sent {self._sent} bytes of body, more than its Content-Length: {self._announced}")
        self.body += chunk
        if len(self.body) > self.max_body:
            del self.body[self.max_body :]
            self.is_too_large = True

    def finish(self) -> None:
        """Take the end of the response."""
        if not self.is_started:
            raise self.invalid("ended its response without status and headers")
        bodiless = self.method == b"HEAD" or is_null_body_status(self.status)
        if self._announced is not None and self._sent < self._announced and not bodiless:
            raise self.invalid(f"sent {self._sent} bytes of body, fewer than its Content-Length: {self._announced}")
        self.is_complete = True

    def response(self) -> HTTPResponse:
        """The response, as far as it came."""
        return HTTPResponse(self.status, self.headers, bytes(self.body), self.reason)

    def failure(self, kind: TransportFailureKind, detail: str) -> TransportFailure:
        """A failure that keeps what came."""
        return TransportFailure(kind, detail, self.response() if self.is_started else None)

    def invalid(self, what: str) -> InvalidResponseError:
        """The error for what the application did: `what` goes on from its name."""
        return InvalidResponseError(f"{self.who} {what}")

    def _checked(self, headers: Iterable[Any]) -> HeaderList:
        fields = []
        try:
            pairs = [tuple(pair) for pair in headers]
        except TypeError:
            raise self.invalid(f"sent headers that are not pairs: {_quote(headers)}") from None
        for pair in pairs:
            if len(pair) != 2 or not all(isinstance(part, bytes) for part in pair):
                raise self.invalid(f"sent a header that is not a pair of bytes: {_quote(pair)}")
            name, value = pair[0], pair[1].strip(b" \t")
            if not is_header_name(name):
                raise self.invalid(f"sent a header with the name {_quote(name)}, which HTTP does not allow")
            if not is_header_value(value):
                raise self.invalid(
                    f"sent the header {name.decode('ascii')} with a line break or NUL in its value, which would let a "
                    f"caller inject headers: {_quote(value)}"
                )
            fields.append((name, value))
        if sum(len(name) + len(value) for name, value in fields) > _MAX_HEADERS:
            raise self.invalid(f"sent more than {_MAX_HEADERS} bytes of headers")
        return HeaderList(fields)

    def _content_length(self) -> int | None:
        values = set(self.headers.get_all(b"Content-Length"))
        if not values:
            return None
        value = values.pop()
        if values or not value.isdigit() or len(value) > 18:
            raise self.invalid(f"sent a Content-Length that is not one number: {_quote(value)}")
        return int(value)


def server_error() -> HTTPResponse:
    """What servers answer for an application that fails before it answers: nothing of CORS in it."""
    body = b"Internal Server Error"
    return HTTPResponse(
        500,
        HeaderList.of(("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))),
        body,
        body,
    )


def _quote(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _MAX_QUOTE else f"{text[:_MAX_QUOTE]}…"
