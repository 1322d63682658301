"""Heads of HTTP/1.1 messages, read by llhttp in its strict mode: what it rejects is rejected, never repaired.

llhttp sees one head at a time, and the chunked body behind it if there is one. What it leaves to its user is decided
here: which versions there are, which `Transfer-Encoding`, and what a `Connection` header names.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final, TypeAlias

import httptools

__all__ = [
    "HOP_BY_HOP",
    "Header",
    "MalformedError",
    "RequestHead",
    "ResponseHead",
    "read_request",
    "read_response",
    "reason_phrase",
]

Header: TypeAlias = tuple[bytes, bytes]
"""Name as it was sent, and value without the blanks around it."""

HOP_BY_HOP: Final = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
        # Not hop-by-hop, but the framing of this hop: it is written anew for the next one.
        b"content-length",
    }
)
"""Lower case. https://www.rfc-editor.org/rfc/rfc9110.html#section-7.6.1"""


_PHRASES: Final = {status.value: status.phrase.encode() for status in HTTPStatus}


class MalformedError(ValueError):
    """A message that is not HTTP as we take it. One sentence; `status` is what a client is answered."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(slots=True)
class _Head:
    """What a request's and a response's head share."""

    headers: list[Header] = field(default_factory=list)
    """The end-to-end fields in their order; hop-by-hop ones and those that `Connection` names are not among them."""
    fields: dict[bytes, bytes] = field(default_factory=dict)
    """All fields by their names in lower case, hop-by-hop ones too; several lines are joined with ", "."""
    length: int | None = None
    """The value of `Content-Length`."""
    is_chunked: bool = False
    is_persistent: bool = True
    """Whether the connection may be used for another message after this one."""
    upgrade: bytes | None = None
    """The value of `Upgrade`, where `Connection` names it."""


@dataclass(slots=True)
class RequestHead(_Head):
    """The head of a request; `target` is in origin form, "/path?query"."""

    method: bytes = b""
    target: bytes = b""
    is_http_1_0: bool = False

    @property
    def has_body(self) -> bool:
        """Whether a body follows: https://www.rfc-editor.org/rfc/rfc9112.html#section-6.3"""
        return self.is_chunked or bool(self.length)


@dataclass(slots=True)
class ResponseHead(_Head):
    """The head of a response."""

    status: int = 0
    reason: bytes = b""


class _Reader:
    """Receives llhttp's calls for one head."""

    __slots__ = ("fields", "headers", "is_complete", "reason", "special", "target")

    def __init__(self) -> None:
        self.headers: list[Header] = []
        self.fields: dict[bytes, bytes] = {}
        self.target = b""
        self.reason = b""
        self.special = False
        self.is_complete = False

    def on_url(self, target: bytes) -> None:
        self.target += target

    def on_status(self, reason: bytes) -> None:
        self.reason += reason

    def on_header(self, name: bytes, value: bytes) -> None:
        lower = name.lower()
        # llhttp leaves the blanks behind a value where they are.
        value = value.rstrip(b" \t")
        fields = self.fields
        if lower in fields:
            fields[lower] = b"%b, %b" % (fields[lower], value)
        else:
            fields[lower] = value
        if lower in HOP_BY_HOP:
            self.special = True
        else:
            self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        self.is_complete = True


def reason_phrase(status: int) -> bytes:
    """The usual words for a status, b"" for one that has none."""
    return _PHRASES.get(status, b"")


def read_request(head: bytes) -> RequestHead:
    """The head of a request, of all bytes up to and with its empty line; raises MalformedError."""
    reader = _Reader()
    parser = httptools.HttpRequestParser(reader)
    try:
        parser.feed_data(head)
    except httptools.HttpParserUpgrade:
        pass
    except httptools.HttpParserInvalidMethodError as error:
        raise MalformedError(f"The method is none that is known here: {error}.", 501) from None
    except httptools.HttpParserError as error:
        raise MalformedError(f"The request is not HTTP: {error}.") from None
    if not reader.is_complete:
        raise MalformedError("The head of the request has no end where it should end.")
    version = parser.get_http_version()
    if version not in {"1.1", "1.0"}:
        # llhttp takes "GET /" for a request of HTTP/0.9, and "HTTP/2.0" for a version that HTTP/1.1 servers speak.
        raise MalformedError(f"HTTP/{version} is not spoken here, but HTTP/1.1.", 505)
    is_http_1_0 = version == "1.0"
    request = RequestHead(
        reader.headers,
        reader.fields,
        method=parser.get_method(),
        target=reader.target,
        is_http_1_0=is_http_1_0,
        is_persistent=not is_http_1_0,
    )
    if reader.special:
        _connection(request, is_http_1_0=is_http_1_0)
    _check_target(request)
    return request


def read_response(head: bytes) -> ResponseHead:
    """The head of a response, of all bytes up to and with its empty line; raises MalformedError."""
    reader = _Reader()
    parser = httptools.HttpResponseParser(reader)
    try:
        parser.feed_data(head)
    except httptools.HttpParserUpgrade:
        pass
    except httptools.HttpParserError as error:
        raise MalformedError(f"The answer is not HTTP: {error}.") from None
    if not reader.is_complete:
        raise MalformedError("The head of the answer has no end where it should end.")
    is_http_1_0 = parser.get_http_version() == "1.0"
    response = ResponseHead(
        reader.headers,
        reader.fields,
        status=parser.get_status_code(),
        reason=reader.reason,
        is_persistent=not is_http_1_0,
    )
    if reader.special:
        _connection(response, is_http_1_0=is_http_1_0)
    return response


def _connection(head: _Head, *, is_http_1_0: bool) -> None:
    """What the hop-by-hop fields say."""
    fields = head.fields
    if b"content-length" in fields:
        # llhttp has seen to it that there is one, made of digits, below 2**64.
        head.length = int(fields[b"content-length"])
    if (coding := fields.get(b"transfer-encoding")) is not None:
        # A list of codings, and a coding on HTTP/1.0, are what servers disagree about.
        if coding.lower() != b"chunked" or is_http_1_0:
            raise MalformedError("The only Transfer-Encoding that is taken is chunked, on HTTP/1.1.", 501)
        head.is_chunked = True
    if (connection := fields.get(b"connection")) is None:
        return
    if connection.lower() == b"keep-alive":
        # What nearly all say, and nothing else.
        head.is_persistent = True
        return
    options = {option.strip(b" \t").lower() for option in connection.split(b",")}
    head.is_persistent = b"close" not in options and (not is_http_1_0 or b"keep-alive" in options)
    if b"upgrade" in options and not is_http_1_0:
        head.upgrade = fields.get(b"upgrade")
    named = options - HOP_BY_HOP - {b"close", b""}
    if named:
        head.headers = [field for field in head.headers if field[0].lower() not in named]


def _check_target(request: RequestHead) -> None:
    """Host and request-target: https://www.rfc-editor.org/rfc/rfc9112.html#section-3.2"""
    host = request.fields.get(b"host")
    if host is None and not request.is_http_1_0:
        raise MalformedError("The request has no Host field.")
    if host is not None and b" " in host:
        # The lines of several are joined with a blank, and in a host there is none.
        raise MalformedError("The request has several Host fields, or one with a blank in it.")
    target = request.target
    if target[:1] == b"/":
        if b"#" in target:
            raise MalformedError("The request-target has a fragment, which no client sends.")
        return
    scheme, separator, rest = target.partition(b"://")
    if separator and scheme.lower() in {b"http", b"https"}:
        authority, slash, path = rest.partition(b"/")
        if host is not None and authority.lower() != host.lower():
            raise MalformedError("The request-target names another host than the Host field does.")
        request.target = slash + path or b"/"
        return
    raise MalformedError("The request-target is not a path.", 405 if request.method == b"CONNECT" else 400)
