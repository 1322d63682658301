"""aiohttp beside aiohttp-cors, which has no patterns."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import aiohttp_cors
from aiohttp import HttpVersion11, web
from aiohttp.http_parser import RawRequestMessage
from aiohttp.streams import EMPTY_PAYLOAD
from bench import _asgi
from bench._cases import BARE, HEADERS, METHODS, OURS, PEER, Case, fields, patterns
from bench._compare import Framework
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from crossorigin.middleware.aiohttp import setup

__all__ = ["AIOHTTP"]


class Writer:
    """What a response is written to: nothing."""

    length: int | None = None
    output_size = buffer_size = 0

    async def write_headers(self, status_line: str, headers: Any) -> None:
        """Status and headers."""

    def send_headers(self) -> None:
        """Headers are held back until now."""

    def enable_chunking(self) -> None:
        """A response without a length."""

    async def write_eof(self, chunk: bytes = b"") -> None:
        """The end."""


async def view(_request: web.Request) -> web.Response:
    """Answer with a little JSON."""
    return web.Response(body=b"{}", content_type="application/json")


def app() -> tuple[web.Application, list[Any]]:
    """The application without CORS, its resource and the routes of that."""
    made = web.Application()
    resource = made.router.add_resource("/")
    return made, [resource, *(resource.add_route(method, view) for method in METHODS)]


def apps(case: Case) -> dict[str, web.Application]:
    """The three."""
    (bare, _), (ours, _), (peer, entities) = app(), app(), app()
    setup(ours, allow_origins=patterns(case), allow_methods=METHODS, allow_headers=HEADERS, max_age=600)
    options = aiohttp_cors.ResourceOptions(  # type: ignore[no-untyped-call]
        allow_headers=HEADERS, allow_methods=METHODS, max_age=600
    )
    cors = aiohttp_cors.setup(peer, defaults=dict.fromkeys(case.exact, options))
    for entity in entities:
        cors.add(entity)
    made = {BARE: bare, OURS: ours, PEER: peer}
    for each in made.values():
        each.pre_freeze()
        each.freeze()
    return made


def request(case: Case) -> web.Request:
    """A new request, as the parser makes it."""
    sent = fields(case)
    method = "GET" if case.method is None else "OPTIONS"
    headers = CIMultiDictProxy(CIMultiDict(sent))
    raw = tuple((name.encode(), value.encode()) for name, value in sent.items())
    message = RawRequestMessage(method, "/", HttpVersion11, headers, raw, False, None, False, False, URL("/"))  # noqa: FBT003 - as the parser calls it
    nothing: Any = SimpleNamespace(transport=None, ssl_context=None, peername=None, sockname=None)
    writer: Any = Writer()
    return web.Request(message, EMPTY_PAYLOAD, nothing, writer, nothing, nothing, client_max_size=1024)


async def respond(made: web.Application, asked: web.Request) -> web.StreamResponse:
    """What aiohttp's server does with a request."""
    try:
        response = await made._handle(asked)
    except web.HTTPException as error:
        response = error
    await response.prepare(asked)
    await response.write_eof()
    return response


def timed(made: web.Application, requests: list[web.Request]) -> float:
    """Nanoseconds of this thread's processor for each request."""

    async def batch() -> int:
        begin = time.thread_time_ns()
        for each in requests:
            await respond(made, each)
        return time.thread_time_ns() - begin

    return _asgi.run(batch()) / len(requests)


def answer(made: web.Application, asked: web.Request) -> list[tuple[str, str]]:
    """The headers of one answer."""
    return [*_asgi.run(respond(made, asked)).headers.items()]


AIOHTTP = Framework("aiohttp", "aiohttp-cors", apps, request, timed, answer, lacks=("4a", "4b", "8g"))
