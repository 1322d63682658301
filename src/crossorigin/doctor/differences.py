"""In what a real browser did not do as predicted, in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Final

from crossorigin.browser.real.browser import ConsoleMessage
from crossorigin.browser.real.call import Outcome
from crossorigin.browser.real.proxy import PassedRequest
from crossorigin.doctor.reality import names_of
from crossorigin.fetch.response import FetchResult
from crossorigin.fetch.wire import HTTPRequest

__all__ = ["console_differences", "outcome_differences", "request_differences"]

_COMPARED: Final = ("Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers")
"""What CORS is made of. A Cookie is not among them: a fresh profile holds none, and keeps its own on the way."""

_NETWORK_LINE: Final = re.compile(r"\S+ \S+ (net::[\w.]+)(?: \d+.*)?")
"""DevTools writes `GET URL net::ERR_FAILED 200 (OK)` where the protocol says `Failed to load resource: net::ERR_…`."""
_LOAD_FAILED: Final = "Failed to load resource: "
_STATUS: Final = f"{_LOAD_FAILED}the server responded with a status of "


def outcome_differences(ours: Outcome, theirs: Outcome, error: str) -> Iterator[str]:
    """How the call ended for script. `error` is the text of what the page caught."""
    if error.startswith(("timeout: ", "threw: ", "body: ")):
        what, _, why = error.partition(": ")
        yield {
            "timeout": f"the call did not end for real: {why}",
            "threw": f"the call itself threw for real: {why}",
            "body": f"the body could not be read to its end for real: {why}",
        }[what]
    if ours.blocked != theirs.blocked:
        yield f"predicted {_ending(ours)}, really {_ending(theirs)}"
        return
    for what, predicted, real in (("type", ours.type, theirs.type), ("status", ours.status, theirs.status)):
        if predicted != real:
            yield f"the response's {what}: predicted {predicted}, really {real}"
    predicted_names, real_names = names_of(ours), names_of(theirs)
    for name in sorted({*predicted_names} - {*real_names}):
        yield f"the header {name}: predicted readable, really not"
    for name in sorted({*real_names} - {*predicted_names}):
        yield f"the header {name}: predicted not readable, really readable"


def _ending(outcome: Outcome) -> str:
    return "blocked" if outcome.blocked else f"not blocked ({outcome.type}, status {outcome.status})"


def request_differences(result: FetchResult, theirs: Sequence[PassedRequest]) -> Iterator[str]:
    """The requests that went over plain http, in their order: those over TLS nobody sees."""
    ours = [exchange.request for exchange in result.exchanges if exchange.request.url.scheme == "http"]
    for number, (predicted, real) in enumerate(zip_longest(ours, theirs), start=1):
        first = "no request" if predicted is None else _line(predicted)
        second = "no request" if real is None else f"{real.method} {real.url}"
        if predicted is None or real is None or first != second:
            yield f"request {number}: predicted {first}, really {second}"
            return
        for name in _COMPARED:
            a, b = _field(predicted, name), real.header(name.lower())
            if a != b:
                yield f"{name} of request {number} ({first}): predicted {_value(a)}, really {_value(b)}"


def _line(request: HTTPRequest) -> str:
    return f"{request.method.decode('latin-1')} {request.url.serialize(exclude_fragment=True)}"


def _field(request: HTTPRequest, name: str) -> str | None:
    value = request.headers.get(name.encode())
    return None if value is None else value.decode("latin-1")


def _value(value: str | None) -> str:
    return "none" if value is None else repr(value)


def console_differences(
    engine: str, ours: Iterable[str], theirs: Iterable[ConsoleMessage], warnings: Sequence[str] = ()
) -> Iterator[str]:
    """The lines of the console, byte for byte, as far as the engine's driver tells them.

    `warnings` are those of calls that go on. No driver has been heard to tell them: Chromium makes an "issue" of them,
    and Firefox keeps them from WebDriver BiDi. So they may be there or not.
    """
    predicted = [_as_told(engine, line) for line in ours if not _is_untold(engine, line)]
    # A status of 400 or more is no business of CORS; Chromium's console reports it whether script reads it or not.
    real = [each.text for each in theirs if not each.text.startswith(_STATUS) and each.text not in warnings]
    for number, (a, b) in enumerate(zip_longest(predicted, real), start=1):
        if a != b:
            yield f"line {number} of the console: predicted {_value(a)}, really {_value(b)}"


def _is_untold(engine: str, line: str) -> bool:
    """WebKit's third line is in its inspector alone."""
    return engine == "webkit" and line.startswith(_LOAD_FAILED)


def _as_told(engine: str, line: str) -> str:
    match = _NETWORK_LINE.fullmatch(line) if engine == "chromium" else None
    return line if match is None else f"{_LOAD_FAILED}{match[1]}"
