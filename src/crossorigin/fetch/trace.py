"""The record of a fetch: every exchange on the wire, and every step of the standard that decided something."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from crossorigin.fetch.wire import HTTPRequest, HTTPResponse, TransportFailure

__all__ = ["Exchange", "Step", "Trace", "Verdict"]

Verdict = Literal["pass", "fail", "note"]
"""`pass` and `fail` judged something; `note` says what was done."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request on the wire and what came back; `response` is None when nothing did."""

    request: HTTPRequest
    response: HTTPResponse | None
    failure: TransportFailure | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step that decided.

    `anchor` is a key of `crossorigin.web.anchors.ANCHORS`; `sentence` is plain English; `compared` holds the values
    that were laid side by side, as (what, bytes or None when absent); `exchange` is the index of the exchange that
    was judged, or None when the step came before anything was sent.
    """

    anchor: str
    verdict: Verdict
    sentence: str
    compared: tuple[tuple[str, bytes | None], ...] = ()
    exchange: int | None = None
    header: bytes | None = None
    """Name of the response (or request) header that decided, where one did."""


@dataclass(slots=True)
class Trace:
    """Steps and exchanges in the order in which they happened; one per fetch, filled by the engine."""

    steps: list[Step] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)

    def add(
        self,
        anchor: str,
        verdict: Verdict,
        sentence: str,
        *compared: tuple[str, bytes | None],
        header: bytes | None = None,
    ) -> Step:
        """Record a step that judged the latest exchange, if there has been one, and return it."""
        step = Step(anchor, verdict, sentence, compared, len(self.exchanges) - 1 if self.exchanges else None, header)
        self.steps.append(step)
        return step
