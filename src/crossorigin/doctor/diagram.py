"""The dialogue between page and server as a small sequence diagram, in plain lines that carry their own marks."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from crossorigin.doctor.question import Question
from crossorigin.fetch.response import FetchResult
from crossorigin.fetch.trace import Exchange, Step
from crossorigin.fetch.wire import HTTPResponse

__all__ = ["ASCII", "UNICODE", "Glyphs", "Line", "draw", "printable"]

Style = Literal["plain", "strong", "quiet", "pass", "fail"]

_LONGEST_VALUE: Final = 300
_MOST_FIELDS: Final = 24
"""Header fields shown of one answer: more than any server means, and the verdict above them stays in sight."""
_REQUEST_HEADERS: Final = (b"origin", b"access-control-request-method", b"access-control-request-headers", b"cookie")
_RESPONSE_PREFIX: Final = b"access-control-"
_RESPONSE_HEADERS: Final = (b"vary", b"location", b"set-cookie", b"timing-allow-origin")


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The characters that a terminal can show."""

    ok: str
    bad: str
    bar: str
    dash: str
    right: str
    left: str
    ellipsis: str


UNICODE: Final = Glyphs("✓", "✗", "│", "─", "▶", "◀", "…")
ASCII: Final = Glyphs("ok", "XX", "|", "-", ">", "<", "...")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the diagram and how it is to be shown."""

    text: str
    style: Style = "plain"


def printable(value: bytes | str, glyphs: Glyphs, limit: int = _LONGEST_VALUE) -> str:
    """A value from the network made safe for a terminal: one line, no control characters, bounded."""
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    shown = "".join(
        char if char.isprintable() and (char.isascii() or glyphs is UNICODE) else char.encode("unicode_escape").decode()
        for char in text[:limit]
    )
    return shown if len(text) <= limit else f"{shown}{glyphs.ellipsis} ({len(text)} characters)"


def draw(question: Question, result: FetchResult, glyphs: Glyphs, width: int) -> Iterator[Line]:
    """The diagram, in lines no wider than `width` columns (at least 40)."""
    page = printable(question.origin.serialize(), glyphs)
    for index, exchange in enumerate(result.exchanges):
        steps = [step for step in result.steps if step.exchange == index]
        if index == 0 or exchange.request.url.origin != result.exchanges[index - 1].request.url.origin:
            yield from _heading(page, printable(exchange.request.url.origin.serialize(), glyphs), glyphs, width)
        yield from _request(exchange, question, glyphs, width)
        yield from _response(exchange, steps, glyphs, width)


def _heading(page: str, server: str, glyphs: Glyphs, width: int) -> Iterator[Line]:
    """The two who speak, each over its bar; one below the other where both are too long for one line."""
    if len(page) + len(server) + 2 <= width:
        yield Line(page + server.rjust(width - len(page)), "strong")
        return
    yield Line(_clip(page, width, glyphs), "strong")
    yield Line(_clip(server, width, glyphs).rjust(width), "strong")


def _request(exchange: Exchange, question: Question, glyphs: Glyphs, width: int) -> Iterator[Line]:
    request = exchange.request
    url = request.url
    target = f"{url.path}?{url.query}" if url.query is not None else url.path
    role = {"preflight": "preflight ", "actual": "", "redirected": "redirected "}[request.role]
    label = f"{role}{request.method.decode('latin-1')} {printable(target, glyphs)}"
    yield _arrow(label, glyphs, width, to_server=True)
    asked = {name.lower() for name in question.headers.names()}
    for name, value in request.headers:
        if name.lower() in _REQUEST_HEADERS or name.lower() in asked:
            yield from _field(" " * len(glyphs.ok), name, value, "quiet", glyphs, width)


def _response(exchange: Exchange, steps: list[Step], glyphs: Glyphs, width: int) -> Iterator[Line]:
    response = exchange.response
    if response is None:
        yield _arrow("no answer", glyphs, width, to_server=False, style="fail")
        return
    status = next((step for step in steps if step.header is None and _compares(step, "status") and _judges(step)), None)
    mark = "" if status is None else f" {_mark(status, glyphs)}"
    label = _clip(f"{response.status} {printable(response.status_message, glyphs)}".rstrip(), width // 2, glyphs)
    yield _arrow(label + mark, glyphs, width, to_server=False, style=_style(status))
    yield from _response_fields(response, steps, glyphs, width)


def _response_fields(response: HTTPResponse, steps: list[Step], glyphs: Glyphs, width: int) -> Iterator[Line]:
    """What CORS reads of an answer, with a mark at what was judged, and then what it looked for in vain."""
    judged = {step.header.lower(): step for step in _by_weight(steps) if step.header is not None and _judges(step)}
    relevant = [
        (name, value)
        for name, value in response.headers
        if name.lower().startswith(_RESPONSE_PREFIX) or name.lower() in _RESPONSE_HEADERS or name.lower() in judged
    ]
    # What was judged comes through the limit first; the sort keeps the server's order within each half.
    kept = sorted(range(len(relevant)), key=lambda index: relevant[index][0].lower() not in judged)[:_MOST_FIELDS]
    for name, value in (relevant[index] for index in sorted(kept)):
        step = judged.get(name.lower())
        yield from _field(_mark(step, glyphs), name, value, _style(step), glyphs, width)
    if len(relevant) > len(kept):
        more = f"{glyphs.ellipsis} and {len(relevant) - len(kept)} more"
        yield from _boxed(" " * len(glyphs.ok), more, "quiet", glyphs, width)
    present = {name.lower() for name, _ in relevant}
    for lower, step in judged.items():
        if lower not in present and step.header is not None:
            yield from _field(_mark(step, glyphs), step.header, None, _style(step), glyphs, width)


def _arrow(label: str, glyphs: Glyphs, width: int, *, to_server: bool, style: Style = "plain") -> Line:
    label = _clip(label, width - 8, glyphs)
    if to_server:
        line = f"{glyphs.bar}{glyphs.dash * 2} {label} "
        return Line(line + glyphs.dash * (width - len(line) - 2) + glyphs.right + glyphs.bar, style)
    line = f" {label} {glyphs.dash * 2}{glyphs.bar}"
    return Line(glyphs.bar + glyphs.left + glyphs.dash * (width - len(line) - 2) + line, style)


def _field(mark: str, name: bytes, value: bytes | None, style: Style, glyphs: Glyphs, width: int) -> Iterator[Line]:
    """One header field."""
    text = f"{printable(name, glyphs)}: {'(absent)' if value is None else printable(value, glyphs)}"
    return _boxed(mark, text, style, glyphs, width)


def _boxed(mark: str, text: str, style: Style, glyphs: Glyphs, width: int) -> Iterator[Line]:
    """A text between the two bars, wrapped where it has spaces, so that values stay whole where they can."""
    head = f"{glyphs.bar}  {mark} "
    room = width - len(head) - len(glyphs.bar) - 1
    for piece in textwrap.wrap(text, room, subsequent_indent="  ", break_on_hyphens=False):
        yield Line(f"{head}{piece.ljust(room)} {glyphs.bar}", style)
        head = f"{glyphs.bar}  {' ' * len(mark)} "


def _clip(text: str, room: int, glyphs: Glyphs) -> str:
    return text if len(text) <= room else f"{text[: room - len(glyphs.ellipsis)]}{glyphs.ellipsis}"


def _by_weight(steps: list[Step]) -> list[Step]:
    """Passing steps before failing ones, so that a failure on the same header is what is shown."""
    return sorted(steps, key=lambda step: step.verdict == "fail")


def _judges(step: Step) -> bool:
    return step.verdict != "note"


def _compares(step: Step, what: str) -> bool:
    return any(name == what for name, _ in step.compared)


def _mark(step: Step | None, glyphs: Glyphs) -> str:
    if step is None:
        return " " * len(glyphs.ok)
    return glyphs.ok if step.verdict == "pass" else glyphs.bad


def _style(step: Step | None) -> Style:
    if step is None:
        return "plain"
    return "pass" if step.verdict == "pass" else "fail"
