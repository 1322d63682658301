"""The origin that was meant: another one that the server does allow, a twin of the page's or a misspelling of it."""

from __future__ import annotations

from typing import Final

from crossorigin.doctor.causes import Cause, CauseCode
from crossorigin.doctor.diagnosis.answers import allow_origins, granted
from crossorigin.doctor.diagnosis.case import Case
from crossorigin.doctor.diagnosis.origins import misspelling, neighbours, twins
from crossorigin.fetch.trace import Exchange

__all__ = ["near"]

_MOST: Final = 4
"""Other origins that are tried, the likeliest first, as long as there are second probes."""


def near(case: Case, failing: Exchange, said: str) -> Cause | None:
    """The cause where the server allows an origin that may have been meant; None where it allows none of those tried.

    `said` is what the failing answer was, as evidence.
    """
    url = failing.request.url
    local, written = twins(case.question.origin), neighbours(case.question.origin)
    # The other name of this machine, then what is written by mistake, then other ports.
    for other in [*local[:1], *written[:1], *local[1:2], *written[1:], *local[2:]][:_MOST]:
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
        fix = f"Allow {case.origin}, exactly as the browser sends it, in place of {other}."
        how = misspelling(other, case.origin)
        said_how = () if how is None else (f"that is the page's origin {how}",)
        return Cause(CauseCode.ORIGIN_MISSPELT, 0.95, (*evidence, *said_how), fix)
    return None
