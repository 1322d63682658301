"""The places of a scenario filled in: what depends on the run (ports, the scenario's own path) becomes plain text.

The places are listed in `scenario.py`. Nothing else in braces is touched, for `{` is one of the bytes that scenarios
try in request headers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from .scenario import Answer, Reply, Scenario

__all__ = ["ROLES", "fill", "role_of"]

ROLES = ("own", "port", "sibling", "foreign", "other")

_PLACE = re.compile(r"\{(?:(page|own|port|sibling|foreign|other)(\.authority)?|(scheme)|(id))\}")


def fill(scenario: Scenario, origins: Mapping[str, str]) -> Scenario:
    """`scenario` with every place filled; `origins` maps the five hosts, and "page" where it is not
    the origin of "own", to serialised origins.
    """

    def text(value: str) -> str:
        def place(match: re.Match[str]) -> str:
            role, authority, scheme, _ = match.groups()
            if role:
                origin = origins.get(role) or origins["own"]
                return origin.partition("://")[2] if authority else origin
            return scenario.scheme if scheme else scenario.name

        return _PLACE.sub(place, value)

    return replace(
        scenario,
        calls=tuple(
            replace(
                call,
                url=text(call.url),
                headers=_fields(call.headers, text),
                body=None if call.body is None else text(call.body),
            )
            for call in scenario.calls
        ),
        answers=tuple(
            Answer(_reply(answer.actual, text), tuple(_reply(reply, text) for reply in answer.preflights))
            for answer in scenario.answers
        ),
    )


def role_of(origin: str, origins: Mapping[str, str]) -> str:
    """Which of the five hosts has this serialised origin; the origin itself where none has."""
    return next((role for role in ROLES if origins[role] == origin), origin)


def _reply(reply: Reply, text: Callable[[str], str]) -> Reply:
    return Reply(reply.status, _fields(reply.headers, text), text(reply.body))


def _fields(headers: tuple[tuple[str, str], ...], text: Callable[[str], str]) -> tuple[tuple[str, str], ...]:
    return tuple((text(name), text(value)) for name, value in headers)
