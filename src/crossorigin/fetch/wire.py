"""What passes between the engine and whoever has a network: requests that go on the wire, responses that come back.

The engine yields an `HTTPRequest` and is sent an `HTTPResponse`, or a `TransportFailure` when there was none.
Header lists are raw: order, duplicates and the casing of names survive in both directions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

from crossorigin.web.headers import HeaderList
from crossorigin.web.url import URL

__all__ = ["HTTPRequest", "HTTPResponse", "Role", "TransportFailure", "TransportFailureKind"]

Role = Literal["preflight", "actual", "redirected"]
"""Why a request goes on the wire: to ask leave, as script asked, or because a redirect was followed."""


@dataclass(frozen=True, slots=True)
class HTTPRequest:
    """One request as it goes on the wire.

    `headers` is everything but what belongs to the connection: the driver adds `Host` (HTTP/1.1) or `:authority`
    (HTTP/2) from `url`, and nothing else. `body` is None when there is none, which is not an empty one.
    """

    method: bytes
    url: URL
    headers: HeaderList
    body: bytes | None
    role: Role
    include_credentials: bool
    new_connection: bool = False
    """Set when the standard asks for a fresh connection, after a 421 (Misdirected Request)."""


@dataclass(frozen=True, slots=True)
class HTTPResponse:
    """One final response as it came off the wire; `body` is as sent, with any content coding left on."""

    status: int
    headers: HeaderList
    body: bytes = b""
    status_message: bytes = b""
    http_version: str = "HTTP/1.1"


class TransportFailureKind(Enum):
    """Why there was no complete HTTP response. None of these is CORS."""

    DNS = "dns"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    TLS = "tls"
    RESET = "reset"
    TIMEOUT = "timeout"
    NOT_HTTP = "not-http"
    TOO_LARGE = "too-large"
    STOPPED = "stopped"
    """By the browser itself, or something in it: an extension, a policy of the page. No driver of ours says so."""


@dataclass(frozen=True, slots=True)
class TransportFailure:
    """What the driver sends instead of a response when the network gave none.

    `detail` is one sentence for people that names the peer and what was seen, `partial` the head of the response
    (status and headers, the body as far as it was read) when the failure came after it.
    """

    kind: TransportFailureKind
    detail: str
    partial: HTTPResponse | None = field(default=None)
