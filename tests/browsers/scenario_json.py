"""A scenario as one JSON text: what is not as by default, and back to the same scenario.

{"name": "s1-5", "calls": [{"url": "{foreign}/{id}/0", "method": "PUT"}], "answers": [{"actual": {"status": 404}}]}
"""

from __future__ import annotations

import json
from dataclasses import MISSING, Field, fields
from typing import Any

from crossorigin.browser.real.call import Call

from .scenario import Answer, Reply, Scenario

__all__ = ["as_json", "from_json"]


def as_json(scenario: Scenario, *, indent: int | None = None) -> str:
    """`scenario` as JSON; ASCII, so that it can be pasted anywhere."""
    return json.dumps(_data(scenario), indent=indent)


def from_json(text: str) -> Scenario:
    """The scenario that `as_json` gave. Raises TypeError for a name that a scenario does not have."""
    data = json.loads(text)
    data["calls"] = tuple(_call(call) for call in data["calls"])
    if "answers" in data:
        data["answers"] = tuple(_answer(answer) for answer in data["answers"])
    if "notes" in data:
        data["notes"] = tuple(data["notes"])
    return Scenario(**data)


def _data(value: Any) -> Any:
    """Dataclasses as objects of what is not as by default, tuples as arrays."""
    if isinstance(value, tuple):
        return [_data(item) for item in value]
    if isinstance(value, Scenario | Call | Answer | Reply):
        pairs = [(each.name, getattr(value, each.name), _default(each)) for each in fields(value)]
        return {name: _data(own) for name, own, default in pairs if default is MISSING or own != default}
    return value


def _default(of: Field[Any]) -> Any:
    return of.default if of.default_factory is MISSING else of.default_factory()


def _call(data: dict[str, Any]) -> Call:
    return Call(**{**data, "headers": _pairs(data.get("headers", []))})


def _answer(data: dict[str, Any]) -> Answer:
    given: dict[str, Any] = {}
    if "actual" in data:
        given["actual"] = _reply(data["actual"])
    if "preflights" in data:
        given["preflights"] = tuple(_reply(reply) for reply in data["preflights"])
    return Answer(**given)


def _reply(data: dict[str, Any]) -> Reply:
    return Reply(**({**data, "headers": _pairs(data["headers"])} if "headers" in data else data))


def _pairs(data: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in data)
