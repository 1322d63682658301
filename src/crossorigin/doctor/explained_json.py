"""The one object that `explain --json` prints; `explain.schema.json` beside this file describes it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from crossorigin.doctor import json_report, reading
from crossorigin.doctor.consult import consult
from crossorigin.doctor.explained import Explanation, Group
from crossorigin.doctor.reading import Reading

__all__ = ["explanation_to_json", "readings_to_json"]

JSON = dict[str, Any]


def readings_to_json(readings: Iterable[Reading]) -> JSON:
    """What pasted messages mean."""
    return {"messages": [reading.to_json(each) for each in readings]}


def explanation_to_json(explanation: Explanation) -> JSON:
    """What a recording tells; calls that fail in the same way are one item, whose values are those of the first."""
    recording = explanation.recording
    return {
        "recording": {
            "recorder": recording.recorder or None,
            "engines": [profile.name for profile in recording.profiles],
            "requests": explanation.requests,
            "blocked": explanation.blocked,
            "unexplained": explanation.unexplained,
            "calls": [_call(group) for group in explanation.groups],
        }
    }


def _call(group: Group) -> JSON:
    first = group.first
    return {
        "count": len(group.calls),
        "places": [each.call.first.place for each in group.calls],
        "method": first.question.method.decode("latin-1"),
        "url": first.call.first.url.href,
        "origin": first.question.origin.serialize(),
        "blocked": first.is_blocked,
        "code": None if group.code is None else group.code.value,
        "causes": [code.value for code in group.causes],
        "error": first.call.error,
        "report": None if first.report is None else json_report.to_json(consult(first.report)),
        "message": None if first.reading is None else reading.to_json(first.reading),
        "missing": list(first.missing),
        "notes": list(first.notes),
    }
