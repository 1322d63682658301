"""A recorded call put to the engines again, with a network that gives the recorded answers and no others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from crossorigin.browser.drive import run
from crossorigin.doctor.pasted import Recognised, recognise
from crossorigin.doctor.playback import NotRecordedError, Playback, Remembered
from crossorigin.doctor.question import Question
from crossorigin.doctor.reading import Reading, read
from crossorigin.doctor.recorded import RecordedCall, Recording
from crossorigin.doctor.report import Report
from crossorigin.fetch.blocks import BlockCode
from crossorigin.fetch.cors_check import cors_check
from crossorigin.fetch.main_fetch import fetch
from crossorigin.fetch.profile import STANDARD, Profile
from crossorigin.fetch.request import Client, CredentialsMode, Request
from crossorigin.fetch.response import FetchResult
from crossorigin.fetch.trace import Trace
from crossorigin.fetch.wire import TransportFailureKind
from crossorigin.web.methods import is_cors_safelisted_method
from crossorigin.web.origins import Origin, TupleOrigin, same_origin
from crossorigin.web.safelists import cors_unsafe_request_header_names
from crossorigin.web.statuses import is_redirect_status

__all__ = ["Replayed", "replay"]

_INCLUDED: Final = 'credentials mode "include"'
_STOPPED_AT_REDIRECT: Final = 'redirect mode "error"'
_SUPPOSED: Final = "Taken for a call with {what}, which the recording does not show: only so are these answers blocked."
_ONE_OF_THESE: Final = "The recorded answers fit several reasons, and the recording does not show which: {reasons}."
_REMEMBERED: Final = (
    "No preflight was recorded: the browser remembered an earlier answer, or the recorder left the preflight out."
)
_WITHOUT_PREFLIGHT: Final = "A browser sends a preflight first, which is not recorded; this is the answer after it."
_PREFLIGHT_MISSING: Final = (
    "The recorded answer allows the page, and a browser asks first: the preflight (OPTIONS) was not recorded."
)
_ASSUMED: Final = "The request itself is not in the transcript; it is taken for a GET from this page."
_NO_PREFLIGHT: Final = (
    "OPTIONS without Access-Control-Request-Method is no preflight, and a server may answer it otherwise than one."
)
_START_MISSING: Final = "A redirect led here that was not recorded: the origin has become null on the way."
_ALLOWED_AND_YET: Final = "The recorded answers do not show why: nothing in them blocks this call, and yet it failed."
_NO_REASON: Final = "Why it failed was not recorded either; the browser's console had the reason."
_LONGEST_ERROR: Final = 4096
_PROXY_AUTHENTICATION: Final = 407

_TAINTED: Final = frozenset({BlockCode.ORIGIN_TAINTED, BlockCode.PREFLIGHT_ORIGIN_TAINTED})


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a recording tells of one call that failed, or may have.

    `report` is what the engines make of the recorded answers, None where these did not reach. `reading` explains what
    the browser itself wrote of the failure, where that says something. `missing` are sentences on what was not
    recorded and would decide, `notes` those on what was taken for granted.
    """

    call: RecordedCall
    question: Question
    report: Report | None = None
    reading: Reading | None = None
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_blocked(self) -> bool:
        """Whether it is known why the page did not get the answer."""
        return _blocks(self.report) or self.reading is not None


def replay(
    call: RecordedCall,
    recording: Recording,
    *,
    origin: Origin | None = None,
    credentials: CredentialsMode | None = None,
) -> Replayed | None:
    """Judge a recorded call; None for one that did not fail, and where nothing tells who asked.

    `origin` and `credentials` are what somebody says who knows better than the recording.
    """
    if call.seen in {"passed", "unfinished"} or (recording.from_browser and _went_well(call)):
        return None
    question = call.question(
        origin=origin, credentials=credentials, assume_cors=not recording.from_browser or bool(call.error)
    )
    if question is None or (call.seen == "unsaid" and _stays_at_home(question, call)):
        return None
    if call.lacks_its_start and origin is None:
        return _unjudged(call, question, None, _START_MISSING)
    report, missing = _judged(question, call, recording)
    if _blocks(report):
        return Replayed(call, question, report, _reading(call, question, report), notes=_notes(report, call, recording))
    if call.seen == "failed":
        supposed = _supposed(question, call, recording, is_known=credentials is not None)
        return supposed or _unjudged(call, question, report, missing or _ALLOWED_AND_YET)
    if recording.from_browser or missing is None:
        return None
    return Replayed(call, question, report, missing=(missing,), notes=_notes(report, call, recording))


def _unjudged(call: RecordedCall, question: Question, report: Report | None, missing: str) -> Replayed:
    """A call of which the recorded answers do not tell why it failed; the browser's words may."""
    reading = _reading(call, question, report)
    if reading is not None:
        return Replayed(call, question, report, reading)
    return Replayed(call, question, report, missing=(missing,) if call.error else (missing, _NO_REASON))


def _supposed(question: Question, call: RecordedCall, recording: Recording, *, is_known: bool) -> Replayed | None:
    """What a recording does not show, supposed so that the call ends as it ended for the browser.

    Several suppositions that do are no explanation, but they are all that it can be.
    """
    found: list[tuple[Report, Question, str]] = []
    for attempt, what in _suppositions(question, call, is_known=is_known):
        report, _ = _judged(attempt, call, recording)
        if report is not None and _blocks(report):
            found.append((report, attempt, what))
    if len(found) == 1:
        report, attempt, what = found[0]
        return Replayed(call, attempt, report, notes=(_SUPPOSED.format(what=what), *_notes(report, call, recording)))
    if found:
        reasons = " or ".join(f"{what} ({_code(report)})" for report, _, what in found)
        return Replayed(call, question, missing=(_ONE_OF_THESE.format(reasons=reasons),))
    return None


def _code(report: Report) -> str:
    return "" if report.main.error is None else report.main.error.code.value


def _notes(report: Report | None, call: RecordedCall, recording: Recording) -> tuple[str, ...]:
    """What was taken for granted."""
    notes = []
    if call.first.is_assumed:
        notes.append(_ASSUMED)
    if call.method == b"OPTIONS" and not recording.from_browser:
        notes.append(_NO_PREFLIGHT)
    if report is not None and _blocks(report) and report.failure is None and _passes_over_a_preflight(report):
        notes.append(_REMEMBERED if recording.from_browser else _WITHOUT_PREFLIGHT)
    return tuple(notes)


def _passes_over_a_preflight(report: Report) -> bool:
    steps = (step for result in report.results.values() for step in result.steps)
    return any(step.anchor == "cors-preflight-cache" and step.verdict == "pass" for step in steps)


def _went_well(call: RecordedCall) -> bool:
    """Whether the recorder says nothing of a browser's call, and it ended well beyond doubt.

    What was answered was sent, so its preflight was passed and nothing stopped it before; and where no redirect is to
    be judged the CORS check of the answer is all that is left. A day's browsing has thousands of these.
    """
    actual = call.first
    response = actual.response
    if call.seen != "unsaid" or len(call.hops) > 1 or actual.is_preflight or response is None or call.lacks_its_start:
        return False
    if is_redirect_status(response.status) or response.status == _PROXY_AUTHENTICATION:
        return False
    if call.mode == "no-cors":
        return not response.headers.contains(b"Cross-Origin-Resource-Policy")
    asker = call.origin
    if call.mode != "cors" or asker is None:
        return False
    credentials: CredentialsMode = "include" if call.shows_cookies(asker) else "same-origin"
    request = Request(url_list=(actual.url,), client=Client(asker), origin=asker, credentials_mode=credentials)
    return cors_check(request, response.headers, Trace()) is None


def _stays_at_home(question: Question, call: RecordedCall) -> bool:
    """Whether the call went to the page's own origin only, where nothing is blocked."""
    return all(same_origin(question.origin, each.url.origin) for each in call.exchanges)


def _suppositions(question: Question, call: RecordedCall, *, is_known: bool) -> Iterator[tuple[Question, str]]:
    """The questions that differ in what a recording does not show, each with words for it."""
    if question.credentials == "same-origin" and not is_known:
        yield replace(question, credentials="include"), _INCLUDED
    last = call.hops[-1].actual
    if last is not None and last.seen == "failed" and last.response and is_redirect_status(last.response.status):
        yield replace(question, redirect="error"), _STOPPED_AT_REDIRECT


def _judged(question: Question, call: RecordedCall, recording: Recording) -> tuple[Report | None, str | None]:
    """What the engines make of the recorded answers, None where none gets to an end; and what is missing for it."""
    results: dict[Profile, FetchResult] = {}
    missing: str | None = None
    for profile in recording.profiles:
        try:
            results[profile] = _run(question, call, profile, recording)
        except NotRecordedError as unknown:
            missing = missing or str(unknown)
    if not results:
        return None, missing
    report = Report(question, results, _standard(question, call, recording, results), seen_error=call.error)
    if not recording.from_browser and missing is None and not _blocks(report) and _passes_over_a_preflight(report):
        missing = _PREFLIGHT_MISSING
    return report, missing


def _standard(
    question: Question, call: RecordedCall, recording: Recording, results: Mapping[Profile, FetchResult]
) -> FetchResult | None:
    """What the standard says of the same answers, where somebody was blocked and where they reach."""
    if all(result.error is None for result in results.values()):
        return None
    try:
        return _run(question, call, STANDARD, recording)
    except NotRecordedError:
        return None


def _run(question: Question, call: RecordedCall, profile: Profile, recording: Recording) -> FetchResult:
    agent = question.agent(profile)
    agent.preflight_cache = Remembered(call)
    request = question.request()
    # A preflight that neither method nor headers ask for has another reason: listeners for an upload's progress.
    request.use_cors_preflight = call.hops[0].preflight is not None and _is_safelisted(question)
    return run(fetch(request, agent), Playback(call, from_browser=recording.from_browser))


def _is_safelisted(question: Question) -> bool:
    return is_cors_safelisted_method(question.method) and not cors_unsafe_request_header_names(question.headers)


def _blocks(report: Report | None) -> bool:
    return report is not None and any(result.error is not None for result in report.results.values())


def _reading(call: RecordedCall, question: Question, report: Report | None) -> Reading | None:
    """What the browser's own words of the failure mean, where they say why and the engines do not."""
    stopped = report is not None and report.failure is not None and report.failure.kind is TransportFailureKind.STOPPED
    if not call.error or (_blocks(report) and not stopped):
        return None
    recognised = _recognised(call.error[:_LONGEST_ERROR])
    if recognised is None:
        return None
    reading = read(
        replace(
            recognised,
            codes=_codes(recognised, call, question),
            url=recognised.url or call.exchanges[-1].url.href,
            origin=recognised.origin or question.origin.serialize(),
            method=recognised.method or question.method.decode("latin-1"),
        )
    )
    # That there was no answer is known anyhow.
    return reading if reading.says_why and reading.code is not BlockCode.NO_RESPONSE else None


@lru_cache(maxsize=256)
def _recognised(words: str) -> Recognised | None:
    """The one message that the words are."""
    return next(iter(recognise(words)), None)


def _codes(recognised: Recognised, call: RecordedCall, question: Question) -> tuple[BlockCode, ...]:
    """The steps at which the call can have ended, of those that print the same words, the likeliest first."""
    codes = recognised.codes
    if _is_safelisted(question):
        codes = tuple(code for code in codes if not code.value.startswith("B2")) or codes
    if call.lacks_its_start or (recognised.origin == "null" and isinstance(question.origin, TupleOrigin)):
        return tuple(sorted(codes, key=lambda code: code not in _TAINTED))
    return tuple(code for code in codes if code not in _TAINTED) or codes
