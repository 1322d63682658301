"""The origin that was meant: another one that the server does allow, a twin of the page's or a misspelling of it."""

from __future__ import annotations

from typing import Final

from crossorigin.doctor.causes import Cause, CauseCode
from crossorigin.doctor.diagnosis.answers import allow_origins, granted
from crossorigin.doctor.diagnosis.case import Case
from crossorigin.doctor.diagnosis.origins import neighbours, twins
from crossorigin.fetch.trace import Exchange

__all__ = ["near"]

_MOST: Final = 2
"""Other origins that are tried: two of the few second probes that there are."""


def near(case: Case, failing: Exchange, said: str) -> Cause | None:
    """The cause where the server allows an origin that may have been meant; None where it allows none of those tried.

    `said` is what the failing answer was, as evidence.
    """
    url, local = failing.request.url, twins(case.question.origin)
    for other in [*local, *neighbours(case.question.origin)][:_MOST]:
        if case.fails_on_preflight:
            probe = case.second.preflight(url, other, case.question.method, case.header_names)
        else:
            probe = case.second.get(url, other)
        # One that allows everybody says nothing about this origin.
        if probe is None or allow_origins(probe) != [other.encode()]:
            continue
        evidence = (said, f"second probe: from {other} it was answered {granted(probe)}")
        if other in local:
            fix = f"Allow {case.origin} as well, or open the page at {other}: to a browser they are two origins."
            return Cause(CauseCode.ORIGIN_TWIN, 0.96, evidence, fix)
        fix = f"Allow {case.origin}, as the browser sends it, in place of {other}."
        return Cause(CauseCode.ORIGIN_MISSPELT, 0.95, evidence, fix)
    return None
