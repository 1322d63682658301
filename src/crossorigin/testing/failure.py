"""What a failed assertion says: what was expected, the console, the failing step, the dialogue, and what to change."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterable, Iterator
from typing import Final, Literal

from crossorigin.doctor.advice import advise
from crossorigin.doctor.diagram import ASCII, UNICODE, Glyphs, draw
from crossorigin.doctor.diagram import printable as drawable
from crossorigin.doctor.question import Question
from crossorigin.fetch.blocks import BLOCKS, BlockCode
from crossorigin.fetch.console import CATALOGUES, console_lines
from crossorigin.fetch.response import FetchResult, NetworkError
from crossorigin.web.anchors import section

__all__ = ["block_text", "call_words", "dialogue", "dialogue_text", "failure_text", "question_of"]

_WIDTH: Final = 76
"""Columns: pytest puts `E   ` before each line, and a terminal has 80."""
_LONGEST: Final = 2000


def failure_text(said: str, *parts: Iterable[str], change: str = "") -> str:
    """The text of an AssertionError: a sentence, then paragraphs of lines, then what to change."""
    paragraphs = ["\n".join(lines) for lines in parts]
    if change:
        paragraphs.append(textwrap.fill(f"To change: {change}", _WIDTH, break_on_hyphens=False, break_long_words=False))
    return "\n\n".join([said, *filter(None, paragraphs)])


def block_text(said: str, result: FetchResult, engine: str) -> str:
    """The text for a call that was blocked and should not have been."""
    error = _error_of(result)
    return failure_text(said, _console(result, engine), _step(error), dialogue(result), change=_advice(result, error))


def dialogue_text(result: FetchResult) -> str:
    """The dialogue of a call that was blocked and what to change, for below a text that says the rest."""
    lines = "\n".join(dialogue(result))
    return failure_text(lines, change=_advice(result, _error_of(result))).strip()


def _error_of(result: FetchResult) -> NetworkError:
    if result.error is None:
        raise ValueError("this fetch did not fail")
    return result.error


def _advice(result: FetchResult, error: NetworkError) -> str:
    # Of a network that failed the step has said what was seen, and the doctor's advice names options of its command.
    if error.failure is not None or error.code is BlockCode.UNWRITTEN_STEP:
        return ""
    return advise(question_of(result), result, error)


def call_words(result: FetchResult, engine: str) -> str:
    """A call in words, such as "GET https://api.example.com/ from a page of https://app.example.com (chromium)"."""
    question = question_of(result)
    method = question.method.decode("latin-1")
    return f"{method} {drawable(question.url.href, UNICODE)} from a page of {question.origin} ({engine})"


def dialogue(result: FetchResult) -> Iterator[str]:
    """The exchanges as the diagram that the terminal shows."""
    for line in draw(question_of(result), result, _glyphs(), _WIDTH):
        yield line.text.rstrip()


def question_of(result: FetchResult) -> Question:
    """What the page asked, as the doctor has it."""
    request = result.request
    # A redirect may have made the method another; what was asked first went over the wire first.
    asked = next((each.request.method for each in result.exchanges if each.request.role == "actual"), request.method)
    mode: Literal["cors", "no-cors", "same-origin"] = "no-cors"
    if request.mode == "cors" or request.mode == "same-origin":
        mode = request.mode
    return Question(
        url=request.url_list[0],
        origin=request.origin,
        page=request.client.url,
        method=asked,
        headers=result.first_headers,
        credentials=request.credentials_mode,
        mode=mode,
        redirect=request.redirect_mode,
    )


def _glyphs() -> Glyphs:
    encoding = getattr(sys.stdout, "encoding", None) or ""
    return UNICODE if encoding.lower().replace("-", "").startswith("utf") else ASCII


def _console(result: FetchResult, engine: str) -> Iterator[str]:
    if engine in CATALOGUES:
        for line in console_lines(engine, result):
            yield from textwrap.wrap(
                drawable(line, UNICODE, _LONGEST), _WIDTH, break_on_hyphens=False, break_long_words=False
            )


def _step(error: NetworkError) -> Iterator[str]:
    title = BLOCKS[error.code].title
    yield f"{error.code.value}: {title}"
    if error.step.sentence.rstrip(".") != title:
        yield from textwrap.wrap(
            drawable(error.step.sentence, UNICODE, _LONGEST),
            _WIDTH,
            initial_indent="  ",
            subsequent_indent="  ",
            break_on_hyphens=False,
        )
    yield f"  {section(error.step.anchor)}"
