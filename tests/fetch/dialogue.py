"""Dialogues that read top to bottom: a request, what is expected on the wire, the canned answer, and so on.

    result = talk(
        fetch_request(API, page(), method=b"PUT"),
        ask(f"OPTIONS {API}", ("Access-Control-Request-Method", "PUT"), lacks=["Cookie"]),
        answer(204, ANY_ORIGIN, ("Access-Control-Allow-Methods", "PUT")),
        ask(f"PUT {API}"),
        answer(200, ANY_ORIGIN),
    )
    assert readable(result).status == 200

`talk` fails on anything extra: a request that nobody expected, a line that was never reached, a request object that
was changed. And what holds for every fetch is asserted after every fetch, in `_hold`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from crossorigin.fetch import (
    BLOCKS,
    BlockCode,
    Client,
    FetchResult,
    HTTPRequest,
    HTTPResponse,
    NetworkError,
    Request,
    Response,
    TransportFailure,
    TransportFailureKind,
    UserAgent,
    fetch,
)
from crossorigin.fetch.wire import Role
from crossorigin.web.anchors import ANCHORS
from crossorigin.web.headers import HeaderList
from crossorigin.web.origins import OpaqueOrigin
from crossorigin.web.url import URL, parse_url

Field = tuple[str, str]
Answer = HTTPResponse | TransportFailure

PAGE = "https://page.example/dir/page.html"
ORIGIN = "https://page.example"
API = "https://api.other/data"
"""Cross-site to the page."""
SIBLING = "https://api.page.example/data"
"""Cross-origin and same-site to the page."""
THIRD = "https://third.test/data"
"""Cross-site to all the others."""
OWN = "https://page.example/data"

ANY_ORIGIN = ("Access-Control-Allow-Origin", "*")
PAGE_ORIGIN = ("Access-Control-Allow-Origin", ORIGIN)
NULL_ORIGIN = ("Access-Control-Allow-Origin", "null")
CREDENTIALS = ("Access-Control-Allow-Credentials", "true")


def url(text: str) -> URL:
    parsed = parse_url(text)
    assert parsed is not None, text
    return parsed


def page(address: str = PAGE, **settings: Any) -> Client:
    """The client of a page at `address`."""
    where = url(address)
    return Client(**{"origin": where.origin, "url": where, **settings})


def sandboxed(address: str = PAGE, **settings: Any) -> Client:
    """A client with an opaque origin, as of a sandboxed frame."""
    return page(address, origin=OpaqueOrigin(), **settings)


def answer(status: int, *headers: Field, body: bytes = b"") -> HTTPResponse:
    return HTTPResponse(status, HeaderList.of(*headers), body)


def redirect(location: str, *headers: Field, status: int = 302) -> HTTPResponse:
    return answer(status, *headers, ("Location", location))


def broken(kind: TransportFailureKind = TransportFailureKind.RESET) -> TransportFailure:
    return TransportFailure(kind, "api.other closed the connection before it answered.")


@dataclass(frozen=True, slots=True)
class Ask:
    """What the next request on the wire must be; None is not looked at."""

    line: str
    has: tuple[Field, ...]
    lacks: Sequence[str] = ()
    role: Role | None = None
    body: bytes | None = None
    credentials: bool | None = None
    new_connection: bool = False

    def check(self, sent: HTTPRequest) -> None:
        assert f"{sent.method.decode()} {sent.url}" == self.line
        for name, value in self.has:
            assert sent.headers.get_all(name.encode()) == [value.encode("latin-1")], name
        for name in self.lacks:
            assert sent.headers.get(name.encode()) is None, name
        assert self.role in {None, sent.role}
        assert self.body in {None, sent.body}
        assert self.credentials in {None, sent.include_credentials}
        assert self.new_connection == sent.new_connection


def ask(line: str, *has: Field, **expected: Any) -> Ask:
    """`line` is method and URL; each of `has` stands there exactly once, each name of `lacks` not at all."""
    return Ask(line, has, **expected)


def talk(request: Request, *lines: Ask | Answer, agent: UserAgent | None = None) -> FetchResult:
    """Fetch `request`; `lines` are answers, each with what is asked for before it where a test wants to see that."""
    before = {name.name: getattr(request, name.name) for name in fields(request)}
    script, wire = list(lines), list[tuple[HTTPRequest, Answer]]()
    engine = fetch(request, agent or UserAgent())
    try:
        sent = next(engine)
        while True:
            assert script, f"nobody expected {sent.method.decode()} {sent.url}"
            line = script.pop(0)
            if isinstance(line, Ask):
                line.check(sent)
                line = script.pop(0)
            assert not isinstance(line, Ask), "two requests without an answer between"
            wire.append((sent, line))
            sent = engine.send(line)
    except StopIteration as stop:
        result: FetchResult = stop.value
    assert script == [], "never reached"
    assert before == {name.name: getattr(request, name.name) for name in fields(request)}, "the request was changed"
    assert wire == [(exchange.request, exchange.failure or exchange.response) for exchange in result.exchanges]
    _hold(result)
    return result


def _hold(result: FetchResult) -> None:
    """What is true of every fetch."""
    assert {step.anchor for step in result.steps} <= set(ANCHORS)
    assert all(step.exchange is None or 0 <= step.exchange < len(result.exchanges) for step in result.steps)
    failed = [step for step in result.steps if step.verdict == "fail"]
    if result.error is None:
        assert failed == []
    else:
        assert result.error.step in failed
        assert result.error.step.anchor == BLOCKS[result.error.code].anchor
    for exchange in result.exchanges:
        if exchange.request.role == "preflight":
            names = {name.lower() for name in exchange.request.headers.names()}
            assert names.isdisjoint({b"cookie", b"authorization"})
            assert exchange.request.method == b"OPTIONS"
            assert exchange.request.body is None
            assert not exchange.request.include_credentials


def readable(result: FetchResult) -> Response:
    """The response, which script can read."""
    assert isinstance(result.response, Response), result.response
    assert result.response.is_readable
    return result.response


def filtered(result: FetchResult) -> Response:
    """The response, whatever script sees of it."""
    assert isinstance(result.response, Response), result.response
    return result.response


def blocked(result: FetchResult) -> BlockCode:
    """Which step blocked."""
    assert isinstance(result.response, NetworkError), result.response
    return result.response.code


def said(result: FetchResult) -> str:
    """Every sentence of the trace, a line each."""
    return "\n".join(step.sentence for step in result.steps)


def sent(result: FetchResult, index: int = -1) -> HTTPRequest:
    """The request of one exchange, the last where none is named."""
    return result.exchanges[index].request


def header(result: FetchResult, name: str, index: int = -1) -> str | None:
    """A request header as it went on the wire."""
    value = sent(result, index).headers.get(name.encode())
    return None if value is None else value.decode("latin-1")


@dataclass(slots=True)
class Clock:
    """Seconds that pass when a test says so."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass(slots=True)
class Recorder:
    """A credential store that has a cookie and a password for every URL, and remembers what it was asked."""

    asked: list[str] = field(default_factory=list)
    stored: list[tuple[str, list[bytes]]] = field(default_factory=list)
    password: bytes | None = b"Basic c3RvcmVk"

    def cookie(self, request: Request) -> bytes | None:
        self.asked.append(str(request.current_url))
        return b"session=1"

    def authorization(self, request: Request) -> bytes | None:
        self.asked.append(str(request.current_url))
        return self.password

    def store(self, request: Request, set_cookies: Sequence[bytes]) -> None:
        self.stored.append((str(request.current_url), list(set_cookies)))
