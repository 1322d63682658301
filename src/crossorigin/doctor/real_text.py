"""Prediction beside reality, as paragraphs: the terminal prints them as they are."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crossorigin.browser.real.call import Call, Outcome, outcome_of
from crossorigin.doctor.diagram import Glyphs, printable
from crossorigin.doctor.reality import Asked, NotAsked, names_of
from crossorigin.doctor.report import Report
from crossorigin.doctor.words import all_of
from crossorigin.fetch.profile import Profile

__all__ = ["Paragraph", "real_paragraphs"]

_LABEL = 10
_ROWS = ("", "script", "type", "status", "headers")
_SHOWN_HEADERS = ("Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers", "Cookie")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph, with what `say` of the terminal takes; "" is an empty line."""

    text: str
    style: str = ""
    indent: int = 2
    hanging: int = 0


def real_paragraphs(report: Report, glyphs: Glyphs, width: int) -> Iterator[Paragraph]:
    """The whole section; nothing where no browser was to be asked."""
    if not report.real:
        return
    yield Paragraph("")
    reasons = {reality.why for reality in report.real.values() if isinstance(reality, NotAsked)}
    asked = [reality for reality in report.real.values() if isinstance(reality, Asked)]
    if not asked and len(reasons) == 1:
        yield Paragraph(f"The browsers were not asked: {printable(reasons.pop(), glyphs, 600)}.", "yellow")
        return
    yield Paragraph("For real (each browser has sent it all once more):")
    for profile, reality in report.real.items():
        if isinstance(reality, NotAsked):
            why = printable(reality.why, glyphs, 600)
            yield Paragraph(f"{profile.title} was not asked: {why}.", "yellow", 4, 2)
        else:
            yield from _browser(report, profile, reality, glyphs, width)
    if asked:
        yield from _emulated(report)


def _browser(report: Report, profile: Profile, real: Asked, glyphs: Glyphs, width: int) -> Iterator[Paragraph]:
    yield Paragraph(printable(real.version.partition(" built on ")[0], glyphs, 100), "bold", 4)
    ours = outcome_of(Call(url=report.question.url.href), report.results[profile])
    for row in _table(ours, real.outcome, glyphs, width - 6):
        yield Paragraph(row, "", 6)
    for request in real.requests:
        line = f"{request.method} {request.url}"
        yield Paragraph(f"sent {printable(line, glyphs, 200)}", "", 6, 2)
        for name in _SHOWN_HEADERS:
            value = request.header(name.lower())
            if value is not None:
                yield Paragraph(f"{name}: {printable(value, glyphs, 200)}", "dim", 8, 2)
    for tunnel in real.tunnels:
        yield Paragraph(f"sent to {tunnel} what TLS hides; it is not compared", "dim", 6, 2)
    for line in real.console:
        yield Paragraph(f"said {printable(line, glyphs, 2000)}", "", 6, 2)
    if not real.differences:
        yield Paragraph(f"{glyphs.ok} as predicted", "bold green", 6)
    for difference in real.differences:
        yield Paragraph(f"{glyphs.bad} {printable(difference, glyphs, 2000)}", "bold red", 6, 2)


def _table(ours: Outcome, theirs: Outcome, glyphs: Glyphs, width: int) -> Iterator[str]:
    """Two columns under their heads, each cell wrapped in its own."""
    column = (width - _LABEL - 2) // 2
    for label, *cells in zip(_ROWS, ("predicted", *_cells(ours)), ("real", *_cells(theirs)), strict=True):
        wrapped = [
            textwrap.wrap(printable(each, glyphs, 2000), column, break_on_hyphens=False) or [""] for each in cells
        ]
        for number in range(max(map(len, wrapped))):
            first, second = (lines[number] if number < len(lines) else "" for lines in wrapped)
            yield f"{'' if number else label:<{_LABEL}}{first:<{column}}  {second}".rstrip()


def _cells(outcome: Outcome) -> Sequence[str]:
    if outcome.blocked:
        return ("blocked", "-", "-", "-")
    script = "sees nothing" if outcome.type in {"opaque", "opaqueredirect"} else "may read"
    return (script, str(outcome.type), str(outcome.status), ", ".join(names_of(outcome)) or "none")


def _emulated(report: Report) -> Iterator[Paragraph]:
    """Each sentence once, with the browsers that it is true of where it is not true of all."""
    asked = {profile: each for profile, each in report.real.items() if isinstance(each, Asked)}
    sentences: dict[str, list[str]] = {}
    for profile, real in asked.items():
        for sentence in real.emulated:
            sentences.setdefault(sentence, []).append(profile.title)
    said = [
        sentence if len(titles) == len(asked) else f"({all_of(titles)}) {sentence}"
        for sentence, titles in sentences.items()
    ]
    yield Paragraph(f"What was emulated: {' '.join(said)}", "dim", 4)
