"""A block in plain lines: the console's words, the step that failed with its section, and the exchange it judged."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Final

from crossorigin.fetch.blocks import BLOCKS
from crossorigin.fetch.response import FetchResult, NetworkError
from crossorigin.fetch.trace import Exchange, Step
from crossorigin.fetch.wire import HTTPRequest, HTTPResponse
from crossorigin.web.anchors import section

__all__ = ["explanation", "printable"]

_LONGEST: Final = 300
_MOST_FIELDS: Final = 24
_MOST_EXCHANGES: Final = 4
_REQUEST_HEADERS: Final = {
    b"origin",
    b"cookie",
    b"authorization",
    b"content-type",
    b"access-control-request-method",
    b"access-control-request-headers",
}
_RESPONSE_PREFIX: Final = b"access-control-"
_RESPONSE_HEADERS: Final = {b"vary", b"location", b"cross-origin-resource-policy"}


def printable(value: bytes | str, limit: int = _LONGEST) -> str:
    """A value from the network as one bounded line without control characters."""
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    shown = "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text[:limit])
    return shown if len(text) <= limit else f"{shown}… ({len(text)} characters)"


def explanation(result: FetchResult, error: NetworkError, engine: str) -> str:
    """The text of the exception, in lines; the first are the console's of `engine`, if it prints any."""
    title = BLOCKS[error.code].title
    return "\n".join(
        [
            *(printable(line, 2000) for line in _console(engine, result)),
            f"{error.code.value}: {title}",
            *([f"  {printable(error.step.sentence, 2000)}"] if error.step.sentence.rstrip(".") != title else []),
            f"  {section(error.step.anchor)}",
            *_exchanges(result, error.step),
        ]
    )


def _console(engine: str, result: FetchResult) -> tuple[str, ...]:
    # Tables of some size, which a test that passes never needs.
    from crossorigin.fetch.console import CATALOGUES, console_lines  # noqa: PLC0415

    # A profile of somebody's own making has no console.
    return console_lines(engine, result) if engine in CATALOGUES else ()


def _exchanges(result: FetchResult, step: Step) -> Iterator[str]:
    """What led to the failure: the exchanges up to the one that was judged, of a long chain the last."""
    if step.exchange is None:
        yield "  Nothing was sent."
        return
    start = max(0, step.exchange + 1 - _MOST_EXCHANGES)
    if start:
        yield f"  … after {start} exchanges more"
    for exchange in result.exchanges[start : step.exchange]:
        yield from _exchange(exchange, None)
    yield from _exchange(result.exchanges[step.exchange], step)


def _exchange(exchange: Exchange, failed: Step | None) -> Iterator[str]:
    yield ""
    yield from _request(exchange.request)
    if exchange.response is None:
        why = exchange.failure.detail if exchange.failure is not None else "nothing"
        yield f"  < no answer: {printable(why)}"
        return
    yield from _response(exchange.response, failed)


def _request(request: HTTPRequest) -> Iterator[str]:
    role = "" if request.role == "actual" else f"   ({request.role})"
    yield f"  > {request.method.decode('latin-1')} {printable(request.url.href)}{role}"
    for name, value in request.headers:
        if name.lower() in _REQUEST_HEADERS:
            yield f"  > {printable(name)}: {printable(value)}"


def _response(response: HTTPResponse, failed: Step | None) -> Iterator[str]:
    header = failed.header if failed is not None else None
    judged = header.lower() if header is not None else b""
    mark = "   <-- this failed"
    by_status = failed is not None and not judged and any(what == "status" for what, _ in failed.compared)
    yield f"  < {response.status} {_reason(response)}".rstrip() + (mark if by_status else "")
    fields = [
        (name, value)
        for name, value in response.headers
        if name.lower().startswith(_RESPONSE_PREFIX) or name.lower() in _RESPONSE_HEADERS or name.lower() == judged
    ]
    for name, value in fields[:_MOST_FIELDS]:
        yield f"  < {printable(name)}: {printable(value)}{mark if name.lower() == judged else ''}"
    if len(fields) > _MOST_FIELDS:
        yield f"  < … and {len(fields) - _MOST_FIELDS} more"
    if header is not None and judged not in {name.lower() for name, _ in fields}:
        yield f"  < {printable(header)}: (missing){mark}"


def _reason(response: HTTPResponse) -> str:
    if response.status_message:
        return printable(response.status_message, 100)
    try:
        return HTTPStatus(response.status).phrase
    except ValueError:
        return ""
