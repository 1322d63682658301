"""The places of a scenario filled in: what depends on the run (ports, the scenario's own path) becomes plain text.

The places are listed in `scenario.py`. Nothing else in braces is touched, for `{` is one of the bytes that scenarios
try in request headers.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final, cast

from crossorigin.browser.real.call import Call

from .scenario import HOSTS, Answer, Host, Reply, Scenario

__all__ = ["Origins", "fill", "fill_text", "role_of"]

Origins = dict[Host, str]
"""Where the five hosts are in this run: their serialised origins, all of one scheme."""

_CACHED_UNASKED: Final = {300, 301, 308, 410}

_PLACE: Final = re.compile(r"\{(page|own|port|sibling|foreign|other)(\.authority)?\}|\{(scheme|id)\}")


def fill(scenario: Scenario, origins: Origins) -> Scenario:
    """The scenario with all its places filled: URLs, header fields and bodies, of its calls and of its answers.

    This is what is played, and what the engine must be asked about. `origins` are those of the scenario's scheme.
    """

    def text(written: str) -> str:
        return fill_text(written, scenario, origins)

    def fields(written: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        return tuple((text(name), text(value)) for name, value in written)

    def call(written: Call) -> Call:
        body = None if written.body is None else text(written.body)
        return replace(written, url=text(written.url), headers=fields(written.headers), body=body)

    def reply(written: Reply) -> Reply:
        return replace(written, headers=fields(written.headers), body=text(written.body))

    answers = (Answer(reply(_uncached(each.actual)), tuple(map(reply, each.preflights))) for each in scenario.answers)
    return replace(scenario, calls=tuple(map(call, scenario.calls)), answers=tuple(answers))


def fill_text(written: str, scenario: Scenario, origins: Origins) -> str:
    """One text with its places filled."""

    def value(place: re.Match[str]) -> str:
        if place[3]:
            return scenario.scheme if place[3] == "scheme" else scenario.name
        origin = origins["own"] if place[1] == "page" else origins[cast("Host", place[1])]
        return origin.partition("//")[2] if place[2] else origin

    return _PLACE.sub(value, written)


def _uncached(reply: Reply) -> Reply:
    says = any(name.lower() == "cache-control" for name, _ in reply.headers)
    if says or reply.status not in _CACHED_UNASKED:
        return reply
    return replace(reply, headers=(*reply.headers, ("Cache-Control", "no-store")))


def role_of(origin: str, origins: Origins) -> str:
    """Which of the five hosts has this serialised origin; the origin itself where none has."""
    return next((role for role in HOSTS if origins[role] == origin), origin)
