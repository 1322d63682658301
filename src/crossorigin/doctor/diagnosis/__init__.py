"""From evidence to causes: what has to be otherwise in the world for a call to succeed, ranked, with what proves it.

    causes = diagnose(report, transport)
    causes[0].code, causes[0].sureness, causes[0].evidence, causes[0].fix

Each module has the rules of one place to look at, and each rule says what proves its cause and what excludes it. A rule
may ask the server a second question through `Case.second`; how many, and which kinds, is bounded there.
"""

from __future__ import annotations

from crossorigin.browser.drive import Sender
from crossorigin.doctor.causes import HIGH, Cause
from crossorigin.doctor.diagnosis import before, beliefs, caches, elsewhere, errors, granting, missing, page, redirected
from crossorigin.doctor.diagnosis.case import Case
from crossorigin.doctor.diagnosis.second import MOST, SecondProbes
from crossorigin.doctor.report import Report

__all__ = ["HIGH", "MOST", "Cause", "diagnose"]

_RULES = (elsewhere, page, redirected, before, granting, errors, missing, caches, beliefs)


def diagnose(report: Report, sender: Sender | None = None) -> tuple[Cause, ...]:
    """The causes of what a report found, the surest first; of equally sure ones the lower code.

    With `sender` up to `MOST` second probes are sent where they tell causes apart: GET and preflights, without
    credentials. Without it the report's own exchanges are all that is known.
    """
    known = [exchange for result in report.results.values() for exchange in result.exchanges]
    case = Case(report, SecondProbes(sender, known))
    found: dict[str, Cause] = {}
    for rules in _RULES:
        for cause in rules.causes(case):
            before_it = found.get(cause.code)
            if before_it is None or cause.confidence > before_it.confidence:
                found[cause.code] = cause
    return tuple(sorted(found.values(), key=lambda cause: (-cause.confidence, cause.code)))
