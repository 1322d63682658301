"""Everything that is wrong with the settings of a policy, all at once, and the settings as they are kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from crossorigin.policy.checked import Checked, kept_value, strings
from crossorigin.policy.combinations import check_combinations
from crossorigin.policy.fields import BOOLEANS, FIELDS, nearest
from crossorigin.policy.names import method_problem, request_header_problem, response_header_problem
from crossorigin.policy.origin_checks import check_origins
from crossorigin.policy.problems import ProblemCode

__all__ = ["MAX_MAX_AGE", "check"]

MAX_MAX_AGE: Final = 86400
"""Seconds. Firefox keeps a preflight's answer for a day at most, Chromium for 7200 s, WebKit for 600 s."""


def check(fields: Mapping[str, object], *, python: bool = True) -> Checked:
    """Check all settings; `python` says in which language the fixes are written (otherwise TOML and JSON)."""
    checked = Checked(python)
    for name in fields:
        if name not in FIELDS:
            _unknown(checked, name)
    for name in BOOLEANS:
        _boolean(checked, name, fields)
    check_origins(checked, fields)
    _names(checked, fields, "allow_methods", method_problem)
    _names(checked, fields, "allow_headers", request_header_problem)
    _names(checked, fields, "expose_headers", response_header_problem)
    _max_age(checked, fields)
    _preflight_status(checked, fields)
    check_combinations(checked)
    order = {name: place for place, name in enumerate(FIELDS)}
    checked.problems.sort(key=lambda problem: order.get(problem.field, len(order)))
    return checked


def _unknown(checked: Checked, name: str) -> None:
    near = nearest(name)
    if near is None:
        checked.add(
            ProblemCode.UNKNOWN_FIELD,
            name[:80],
            None,
            f"The settings are: {', '.join(FIELDS)}.",
            "one of these, or nothing",
        )
        return
    checked.add(ProblemCode.UNKNOWN_FIELD, name[:80], None, f"The nearest setting is {near}.", f"{near} = …")


def _boolean(checked: Checked, name: str, fields: Mapping[str, object]) -> None:
    value = fields.get(name, False)
    if isinstance(value, bool):
        checked.values[name] = value
        return
    meant = str(value).strip().lower() in {"true", "1", "yes", "on"}
    truth = "True or False" if checked.python else "true or false"
    checked.add(
        ProblemCode.WRONG_TYPE, name, kept_value(value), f"It is {truth}, without quotes.", checked.setting(name, meant)
    )


def _names(
    checked: Checked,
    fields: Mapping[str, object],
    name: str,
    fault: Callable[[str], tuple[ProblemCode, int | None, str, str] | None],
) -> None:
    """Methods and header names: each by itself, then a `*` beside others."""
    items = strings(checked, fields, name)
    if items is None:
        return
    is_method = name == "allow_methods"
    found: set[str] = set()
    for index, text in items:
        if text != "*" and (problem := fault(text)) is not None:
            code, position, sentence, fix = problem
            checked.add(code, name, text, sentence, fix, position=position, index=index)
        else:
            found.add(text if is_method else text.lower())
    checked.values[name] = tuple(sorted(found))
    if "*" in found:
        _star_beside(checked, name, found, next(index for index, text in items if text == "*"))


def _star_beside(checked: Checked, name: str, found: set[str], index: int) -> None:
    covered = found - {"*"} - ({"authorization"} if name == "allow_headers" else set())
    if covered:
        sentence = f"`*` covers {', '.join(sorted(covered)[:4])} already."
        kept = ["*", *sorted(found & {"authorization"})] if name == "allow_headers" else ["*"]
        fix = checked.setting(name, kept)
        checked.add(ProblemCode.WILDCARD_AMONG_OTHERS, name, "*", sentence, fix, position=0, index=index)
    if name == "allow_headers" and "authorization" not in found and not checked.flag("allow_credentials"):
        sentence = (
            "By the standard `*` is every header but Authorization, which has to be named; today's browsers let it "
            "through, and warn that they will stop. Name it beside the `*`, or list the headers that the API reads."
        )
        fix = checked.setting(name, ["*", "authorization"])
        checked.add(ProblemCode.AUTHORIZATION_NOT_COVERED, name, "*", sentence, fix, position=0, index=index)


def _max_age(checked: Checked, fields: Mapping[str, object]) -> None:
    value = fields.get("max_age")
    if value is None:
        checked.values["max_age"] = None
    elif isinstance(value, bool) or not isinstance(value, int):
        text = str(value).strip()
        meant = int(float(text)) if text.replace(".", "", 1).isdigit() and text.isascii() and len(text) < 12 else 600
        sentence = "It is a whole number of seconds, without quotes; left out, browsers remember for 5 seconds."
        fix = checked.setting("max_age", min(meant, MAX_MAX_AGE))
        checked.add(ProblemCode.WRONG_TYPE, "max_age", kept_value(value), sentence, fix)
    elif value < 0:
        sentence = (
            "Browsers read only digits here, and take everything else for nothing said. 0 means that no answer is "
            "remembered; left out, it is 5 seconds."
        )
        checked.add(ProblemCode.MAX_AGE_NEGATIVE, "max_age", value, sentence, checked.setting("max_age", 0))
    elif value > MAX_MAX_AGE:
        sentence = (
            f"{value} seconds are more than any browser keeps: Firefox stops at 86400 (a day), Chromium at 7200 "
            "(2 hours), WebKit at 600 (10 minutes)."
        )
        fix = checked.setting("max_age", MAX_MAX_AGE)
        checked.add(ProblemCode.MAX_AGE_TOO_LONG, "max_age", value, sentence, fix)
    else:
        checked.values["max_age"] = value


def _preflight_status(checked: Checked, fields: Mapping[str, object]) -> None:
    value = fields.get("preflight_status", 204)
    if isinstance(value, bool) or not isinstance(value, int):
        sentence = "It is the status of a successful preflight, a number from 200 to 299."
        fix = checked.setting("preflight_status", 204)
        checked.add(ProblemCode.WRONG_TYPE, "preflight_status", kept_value(value), sentence, fix)
    elif not 200 <= value <= 299:
        sentence = (
            "A preflight that is not answered with a status from 200 to 299 has failed, whatever its headers say."
        )
        fix = checked.setting("preflight_status", 204)
        checked.add(ProblemCode.PREFLIGHT_STATUS, "preflight_status", value, sentence, fix)
    else:
        checked.values["preflight_status"] = value
