"""Fetches that were blocked, for the consoles to speak about: played by the engine, or made by hand where it cannot."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from crossorigin.fetch import (
    BLOCKS,
    BlockCode,
    Exchange,
    FetchResult,
    HTTPRequest,
    HTTPResponse,
    NetworkError,
    Request,
    Step,
    TransportFailure,
    TransportFailureKind,
    fetch_request,
    potential_cors_request,
    xhr_request,
)
from crossorigin.fetch.wire import Role
from crossorigin.web.headers import HeaderList

from ..dialogue import API, Answer, Field, answer, page, talk  # noqa: TID252

__all__ = ["after_preflight", "allowed", "call", "element", "made", "origin", "xhr"]


def origin(value: str) -> Field:
    return ("Access-Control-Allow-Origin", value)


def call(*answers: Answer, to: str = API, **init: Any) -> FetchResult:
    """`fetch()` with these answers."""
    return talk(fetch_request(to, page(), **init), *answers)


def xhr(*answers: Answer, to: str = API, **settings: Any) -> FetchResult:
    """An XMLHttpRequest with these answers."""
    return talk(xhr_request(to, page(), **settings), *answers)


def element(*answers: Answer, destination: str, crossorigin: Any = "anonymous") -> FetchResult:
    """An element's request with these answers."""
    return talk(potential_cors_request(API, page(), destination=destination, crossorigin=crossorigin), *answers)


def made(
    code: BlockCode,
    response: HTTPResponse | None = None,
    *,
    request: Request | None = None,
    role: Role = "actual",
    asked: str = "",
    kind: TransportFailureKind | None = None,
) -> FetchResult:
    """A result as a profile might make it, whatever the standard's order of checks says."""
    request = request or fetch_request(API, page())
    headers = HeaderList.of(("Access-Control-Request-Headers", asked)) if asked else HeaderList()
    method = b"OPTIONS" if role == "preflight" else request.method
    sent = HTTPRequest(method, request.current_url, headers, None, role, include_credentials=False)
    failure = None if kind is None else TransportFailure(kind, "No answer.")
    exchanges = () if response is None and kind is None else (Exchange(sent, response, failure),)
    step = Step(BLOCKS[code].anchor, "fail", "It failed.", (), 0 if exchanges else None)
    return FetchResult(request, NetworkError(code, step, failure), (step,), exchanges)


def allowed() -> FetchResult:
    """A fetch that is not blocked."""
    return call(answer(200, origin("*")))


def after_preflight(response: HTTPResponse, asked: str, request: Request | None = None) -> FetchResult:
    """A fetch that went on after this answer to a preflight for these headers, which the standard may not allow."""
    preflight = made(BlockCode.NO_RESPONSE, response, request=request, role="preflight", asked=asked)
    return replace(preflight, response=allowed().response)
