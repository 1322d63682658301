"""Another origin that the server does allow: one that was meant to be the page's."""

from __future__ import annotations

from typing import Final

from crossorigin.doctor.causes import Cause, CauseCode
from crossorigin.doctor.diagnosis.answers import allow_origins, field, status_line
from crossorigin.doctor.diagnosis.case import Case
from crossorigin.doctor.diagnosis.origins import misspelling, neighbours, twins

__all__ = ["near_miss"]

_MOST: Final = 4
"""Origins that are tried, the likeliest first."""


def near_miss(case: Case) -> Cause | None:
    """The cause with the origin that is allowed in place of the page's, by second probes; None where none is found."""
    failing, origin = case.failing, case.question.origin
    if failing is None:
        return None
    own, others = twins(origin), neighbours(origin)
    # The other name of this machine, then what is written by mistake, then other ports.
    for near in [*own[:1], *others[:1], *own[1:2], *others[1:], *own[2:]][:_MOST]:
        url = failing.request.url
        if case.fails_on_preflight:
            probe = case.second.preflight(url, near, case.question.method, case.header_names)
        else:
            probe = case.second.get(url, near)
        if probe is None or allow_origins(probe) != [near.encode()]:
            continue
        allowed = field("Access-Control-Allow-Origin", near.encode())
        evidence = (
            case.said(failing) + " without leave for this origin",
            f"second probe: from {near} it was answered {status_line(probe)} with {allowed}",
        )
        if near in own:
            fix = f"Allow {case.origin} as well, or open the page at {near}: to a browser they are two origins."
            return Cause(CauseCode.ORIGIN_TWIN, 0.96, evidence, fix)
        how = misspelling(near, case.origin)
        said = () if how is None else (f"that is the page's origin {how}",)
        fix = f"Allow {case.origin}, exactly as the browser sends it, in place of {near}."
        return Cause(CauseCode.ORIGIN_MISSPELT, 0.95, (*evidence, *said), fix)
    return None
