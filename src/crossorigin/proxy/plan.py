"""What is to be done with a request: the answer of a front, which decides, to the engine, which does.

A front is a pure function from a request's head to a plan; only the engine has sockets. So each rule of the proxy can
be tried with a head and looked at in a plan.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from crossorigin.proxy.heads import Header, RequestHead, ResponseHead
from crossorigin.proxy.target import Target

__all__ = ["Application", "Client", "Failure", "Forward", "Front", "Limits", "Plan", "Reply", "Serve"]

Application: TypeAlias = Callable[
    [
        MutableMapping[str, Any],
        Callable[[], Awaitable[MutableMapping[str, Any]]],
        Callable[[MutableMapping[str, Any]], Awaitable[None]],
    ],
    Awaitable[None],
]
"""An ASGI 3 application."""


@dataclass(frozen=True, slots=True)
class Client:
    """Who asks: the address of the connection's other end, and the scheme under which it calls us."""

    address: str
    port: int
    scheme: str = "http"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long silence may last, in seconds, and how much may pass, in bytes; None is without limit.

    `connect` is for a connection, over all addresses, `retry` how long one that was refused is tried again besides: a
    backend that is being restarted refuses for a moment. `response` is for silence before the response's head, counted
    from the last byte of the request, `idle` for silence after that. None of these is for the whole of a request: a
    stream may last for ever. `total` is, and is meant for what outsiders may ask of us.
    """

    connect: float = 5.0
    retry: float = 2.0
    response: float | None = 60.0
    idle: float | None = None
    total: float | None = None
    request_body: int | None = None
    response_body: int | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of our own. `why` is for the log, "" where there is nothing to say."""

    status: int
    headers: tuple[Header, ...] = ()
    body: bytes = b""
    why: str = ""


@dataclass(slots=True)
class Forward:
    """A request for a target, and what its response becomes.

    `path` is what the target is asked for, with its query; `headers` are the end-to-end fields that it gets, `Host`
    among them: the engine adds those of the connection and the framing. `respond` makes the end-to-end fields for the
    client of the response's head. `follow` is asked about each final response first, and may put another plan in its
    place. `may_upgrade`: a request with `Upgrade` becomes a tunnel where the target agrees; otherwise its `Upgrade`
    is not handed on. `sends_body` is False where the request's body is not for this target: it went to another one,
    which redirected to this.
    """

    target: Target
    method: bytes
    path: bytes
    headers: list[Header]
    respond: Callable[[ResponseHead], list[Header]]
    limits: Limits
    route: str = ""
    may_upgrade: bool = False
    follow: Callable[[ResponseHead], Plan | None] | None = None
    sends_body: bool = True


@dataclass(slots=True)
class Serve:
    """A request for an application in this process. `headers` and `path` as in Forward."""

    application: Application
    method: bytes
    path: bytes
    headers: list[Header]
    route: str = ""


Plan: TypeAlias = Reply | Forward | Serve


class Front(Protocol):
    """What decides about requests."""

    def plan(self, head: RequestHead, client: Client) -> Plan:
        """What is to be done with a request. Never raises: what cannot be done is a Reply that says so."""
        ...

    def failed(self, head: RequestHead, client: Client, failure: Failure, route: str) -> Reply:
        """The answer for a request that could not be brought to an end, before any of its response was sent."""
        ...

    def rejected(self, status: int, sentence: str) -> Reply:
        """The answer to bytes that are not a request."""
        ...


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no response: `status` 502, 503 or 504 (413 and the like for limits), and the facts for a page.

    `tried` are the addresses that a connection was tried with, "127.0.0.1:8080", `cause` the reason in words,
    "connection refused", and `advice` the way out where one is known, else "".
    """

    status: int
    cause: str
    target: str = ""
    tried: tuple[str, ...] = ()
    advice: str = ""
