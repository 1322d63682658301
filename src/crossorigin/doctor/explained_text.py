"""What a recording tells, as paragraphs: one block for each call that failed, then how many there were."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from crossorigin.doctor.causes import CAUSES
from crossorigin.doctor.consult import Consultation
from crossorigin.doctor.diagram import Glyphs, printable
from crossorigin.doctor.explained import Explanation, Group
from crossorigin.doctor.real_text import Paragraph
from crossorigin.doctor.report import Report
from crossorigin.doctor.words import all_of
from crossorigin.fetch.blocks import BLOCKS, BlockCode
from crossorigin.fetch.profile import Profile
from crossorigin.fetch.response import NetworkError
from crossorigin.fetch.trace import Exchange

__all__ = ["explained_paragraphs"]

_NARROW: Final = 72
"""Columns of a command: with its margin it fits every terminal, and so it is not broken where a shell minds."""
_MOST: Final = 20
"""Blocks that are printed unless all are asked for: more than anybody reads at a time."""


def explained_paragraphs(explanation: Explanation, glyphs: Glyphs, *, show_all: bool = False) -> Iterator[Paragraph]:
    """The whole page; nothing from the recording reaches it unescaped."""
    groups = explanation.groups if show_all else explanation.groups[:_MOST]
    if groups:
        yield from _recorder(explanation, glyphs)
    for group in groups:
        yield from _block(group, glyphs)
        yield Paragraph("")
    if len(groups) < len(explanation.groups):
        more = sum(len(group.calls) for group in explanation.groups[len(groups) :])
        yield Paragraph(f"{glyphs.ellipsis} and {more} more, which --all prints", "", 0)
        yield Paragraph("")
    yield Paragraph(_count(explanation), "bold", 0)


def _recorder(explanation: Explanation, glyphs: Glyphs) -> Iterator[Paragraph]:
    recording = explanation.recording
    by = f"Recorded by {printable(recording.recorder, glyphs, 100)}; judged" if recording.recorder else "Judged"
    engines = all_of([profile.title for profile in recording.profiles])
    yield Paragraph(f"{by} as {engines} would, from the recording alone.", "dim", 0)
    yield Paragraph("")


def _count(explanation: Explanation) -> str:
    blocked, requests, unexplained = explanation.blocked, explanation.requests, explanation.unexplained
    of = f"{requests} request" if requests == 1 else f"{requests} requests"
    if not blocked and not unexplained:
        return f"Nothing was blocked in {of}." if requests else "There is no such request in it."
    said = [f"{blocked} of {of} {'was' if blocked == 1 else 'were'} blocked."] if blocked else []
    if unexplained:
        unknown = (group.first.call.seen for group in explanation.groups if not group.first.is_blocked)
        how = (
            "failed, and the recording does not tell why" if set(unknown) == {"failed"} else "could not be judged by it"
        )
        said.append(f"{unexplained} {'more' if blocked else f'of {of}'} {how}.")
    return " ".join(said)


def _block(group: Group, glyphs: Glyphs) -> Iterator[Paragraph]:
    first = group.first
    yield Paragraph(_heading(group, glyphs), "bold red" if first.is_blocked else "bold yellow", 0, 2)
    yield from (Paragraph(code, "bold") for code in _codes(group))
    consultation = group.consultation
    yield from _why(consultation, glyphs)
    report = first.report
    error = None if report is None else report.main.error
    if report is not None and error is not None:
        yield from _evidence(report, error, glyphs)
    if first.call.error and (report is None or report.failure is None):
        yield Paragraph(f"The browser says: {printable(first.call.error, glyphs, 600)}", "dim", 4, 2)
    if first.reading is not None:
        yield from (Paragraph(f"Behind it can be: {CAUSES[code].title} ({code})", "", 2, 2) for code in group.causes)
        yield Paragraph(f"What it means: {printable(first.reading.meaning, glyphs, 900)}")
        if first.reading.others:
            others = ", ".join(code.value for code in first.reading.others)
            yield Paragraph(f"The same words stand for {others} too; the answer itself was not recorded.")
    yield from (Paragraph(f"Not known: {printable(each, glyphs, 600)}", "yellow", 2, 2) for each in first.missing)
    yield from (Paragraph(f"Note: {printable(each, glyphs, 600)}", "yellow", 2, 2) for each in first.notes)
    yield from _cure(group, consultation, glyphs)


def _heading(group: Group, glyphs: Glyphs) -> str:
    """The call and the page, and how often."""
    first = group.first
    url = first.call.first.url.href
    queries = {each.call.first.url.href for each in group.calls}
    times = "" if len(group.calls) == 1 else f" {len(group.calls)} times{' with several queries' * (len(queries) > 1)}"
    what = f"{glyphs.bad} Blocked{times}:"
    if not first.is_blocked:
        what = f"? Not judged{times}:" if first.call.seen == "unsaid" else f"? Failed{times}, and why is not recorded:"
    elif first.report is not None and first.report.failure is not None:
        what = f"{glyphs.bad} No answer{times} (this is not CORS):"
    method = printable(first.question.method, glyphs, 60)
    page = printable(first.question.origin.serialize(), glyphs)
    return f"{what} {method} {printable(url, glyphs, 200)} from page {page}"


def _codes(group: Group) -> Iterator[str]:
    """The step that blocked, with the engines that stop there where not all do."""
    report = group.first.report
    if report is None or report.main.error is None:
        if group.code is not None:
            yield f"{group.code.value}: {BLOCKS[group.code].title}"
        return
    titles: dict[BlockCode, list[Profile]] = {}
    for profile, result in report.results.items():
        if result.error is not None:
            titles.setdefault(result.error.code, []).append(profile)
    for code, profiles in titles.items():
        all_do = len(profiles) == len(report.results)
        where = "" if all_do else f" ({all_of([profile.title for profile in profiles])})"
        yield f"{code.value}: {BLOCKS[code].title}{where}"


def _evidence(report: Report, error: NetworkError, glyphs: Glyphs) -> Iterator[Paragraph]:
    """The sentence of the deciding step, which answer it judged, and what stood there."""
    yield Paragraph(f"{glyphs.bad} {printable(error.step.sentence, glyphs, 600)}", "red", 2, 2)
    if error.failure is not None:
        return
    if error.step.exchange is not None:
        yield Paragraph(_answer(report.main.exchanges[error.step.exchange], glyphs), "", 4, 2)
    for what, value in error.step.compared:
        shown = "(absent)" if value is None else printable(value, glyphs)
        yield Paragraph(f"{printable(what, glyphs)}: {shown}", "", 6, 2)


def _answer(exchange: Exchange, glyphs: Glyphs) -> str:
    request, response = exchange.request, exchange.response
    asked = f"{printable(request.method, glyphs, 60)} {printable(request.url.stripped().href, glyphs, 200)}"
    if response is None:
        return f"{asked}: no answer"
    status = f"{response.status} {printable(response.status_message, glyphs, 60)}".rstrip()
    return f"the answer to {asked} was {status}"


def _why(consultation: Consultation | None, glyphs: Glyphs) -> Iterator[Paragraph]:
    """The cause, by the recorded answers alone, and what proves it."""
    cause = None if consultation is None else consultation.cause
    if cause is None:
        return
    yield Paragraph(f"Cause: {cause.title} ({cause.code}, {cause.sureness})", "bold", 2, 2)
    for sentence in cause.evidence:
        yield Paragraph(f"- {printable(sentence, glyphs, 400)}", "", 4, 2)


def _cure(group: Group, consultation: Consultation | None, glyphs: Glyphs) -> Iterator[Paragraph]:
    """What to do about it."""
    advice = None if consultation is None else consultation.advice
    if group.first.reading is not None:
        advice = group.first.reading.advice
    if advice is not None:
        yield Paragraph(f"What to change: {printable(advice, glyphs, 900)}", "bold")
    if consultation is not None and group.is_cors:
        yield Paragraph("The fix for the server that answers, and the same call again:")
        yield from (Paragraph(printable(line, glyphs, 4000), "", 4) for line in consultation.command.lines(_NARROW))
    codes = [code for code in (*group.causes[:1], group.code) if code is not None]
    if codes and group.is_cors:
        yield Paragraph(f"More: {', '.join(f'crossorigin explain {code}' for code in codes)}", "dim")
    elif not group.first.is_blocked:
        yield Paragraph("To find out: crossorigin check asks the server itself, as a browser would.", "dim")
