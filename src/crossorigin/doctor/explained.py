"""What a recording tells as a whole: which calls were blocked, how often, and why."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from crossorigin.doctor.causes import CauseCode
from crossorigin.doctor.consult import Consultation, consult
from crossorigin.doctor.recorded import RecordedCall, Recording
from crossorigin.doctor.recorded_calls import recorded_calls
from crossorigin.doctor.replay import Replayed, replay
from crossorigin.fetch.blocks import BlockCode
from crossorigin.fetch.request import CredentialsMode
from crossorigin.web.origins import Origin

__all__ = ["Explanation", "FilterError", "Group", "NobodyAsksError", "URLFilter", "explain"]


class NobodyAsksError(ValueError):
    """Nothing tells which page a recorded request is made for; the message is a sentence for people."""


class FilterError(ValueError):
    """A regular expression that is none; the message is a sentence for people."""


class URLFilter:
    """`TEXT`, which a URL must contain, or `/REGEX/`, which must match somewhere in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._pattern = None
        if len(text) > 1 and text.startswith("/") and text.endswith("/"):
            try:
                self._pattern = re.compile(text[1:-1])
            except (re.error, OverflowError, RecursionError) as error:
                raise FilterError(f"{text!r} is not a regular expression: {error}") from None

    def takes(self, call: RecordedCall) -> bool:
        """Whether any URL of the call fits."""
        urls = (exchange.url.href for exchange in call.exchanges)
        if self._pattern is None:
            return any(self.text in url for url in urls)
        return any(self._pattern.search(url) for url in urls)


@dataclass(frozen=True, slots=True)
class Group:
    """The same call failing in the same way, once or often."""

    calls: tuple[Replayed, ...]

    @property
    def first(self) -> Replayed:
        """The one that stands for all."""
        return self.calls[0]

    @property
    def code(self) -> BlockCode | None:
        """The step that blocked; None where none did, or none is known."""
        first = self.first
        if first.report is not None and first.report.main.error is not None:
            return first.report.main.error.code
        return None if first.reading is None else first.reading.code

    @property
    def consultation(self) -> Consultation | None:
        """What the doctor makes of the recorded answers; None where there are none, or the browser's words say more."""
        if self.first.report is None or self.first.reading is not None:
            return None
        return consult(self.first.report, writes_fix=False)

    @property
    def causes(self) -> tuple[CauseCode, ...]:
        """The causes that are likely, the likeliest first."""
        if self.first.reading is not None:
            return self.first.reading.causes
        consultation = self.consultation
        return () if consultation is None else tuple(cause.code for cause in consultation.causes)

    @property
    def is_cors(self) -> bool:
        """Whether a browser's rule blocked, and not the network."""
        return self.code is not None and self.code is not BlockCode.NO_RESPONSE


@dataclass(frozen=True, slots=True)
class Explanation:
    """Every call that was blocked, or failed otherwise: first what CORS and its like blocked, then the rest.

    `requests` is how many calls the recording holds, those that went well too.
    """

    recording: Recording
    groups: tuple[Group, ...]
    requests: int

    @property
    def blocked(self) -> int:
        """How many calls were blocked for a reason that is known."""
        return sum(len(group.calls) for group in self.groups if group.first.is_blocked)

    @property
    def unexplained(self) -> int:
        """How many more failed, and the recording does not tell why."""
        return sum(len(group.calls) for group in self.groups if not group.first.is_blocked)


def explain(
    recording: Recording,
    *,
    only: URLFilter | None = None,
    origin: Origin | None = None,
    credentials: CredentialsMode | None = None,
) -> Explanation:
    """Judge every call of a recording that `only` lets through, from the recording alone.

    Raises NobodyAsksError where a person made the requests and neither they nor `origin` tell for which page.
    """
    calls = [call for call in recorded_calls(recording) if only is None or only.takes(call)]
    for call in calls if not recording.from_browser and origin is None else ():
        if call.origin is None:
            raise NobodyAsksError(
                f"{call.first.place}: the request has no Origin header; say which page asks, such as "
                "https://app.example.com"
            )
    replayed = [replay(call, recording, origin=origin, credentials=credentials) for call in calls]
    return Explanation(recording, _grouped(each for each in replayed if each is not None), len(calls))


def _grouped(replayed: Iterable[Replayed]) -> tuple[Group, ...]:
    groups: dict[tuple[object, ...], list[Replayed]] = {}
    for each in replayed:
        groups.setdefault(_likeness(each), []).append(each)
    made = [Group(tuple(calls)) for calls in groups.values()]
    return tuple(sorted(made, key=lambda group: (not group.first.is_blocked, not group.is_cors)))


def _likeness(each: Replayed) -> tuple[object, ...]:
    """What is the same in a call that is made again, with another query perhaps, and fails again."""
    url = each.call.first.url
    steps = (
        ()
        if each.report is None
        else tuple(
            None if result.error is None else (result.error.code, result.error.step.sentence.partition("?")[0])
            for result in each.report.results.values()
        )
    )
    code = None if each.reading is None else each.reading.code
    return (each.question.method, url.href.partition("?")[0], str(each.question.origin), steps, code, each.call.error)
