"""The policies that the headers of a server's configuration come to.

What goes in are places with what is said in each (`crossorigin.stacks.header_rules`); what comes out is a `Migration`,
one policy for each place that says something else. Where the headers let in everybody with credentials, no origin is
taken; where browsers would have refused them, what they refused is off; and every time it is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from crossorigin.policy.migrate import Migration, MigrationError, migration_of
from crossorigin.policy.migration import Draft, Finding, finish
from crossorigin.policy.old_settings import OldSettings
from crossorigin.policy.problems import ProblemCode
from crossorigin.policy.validate import MAX_MAX_AGE, check
from crossorigin.stacks.header_origins import take_origins
from crossorigin.stacks.header_rules import ANY_ORIGIN, TOO_MUCH, Echo, Place, Said, keep, printable, unread
from crossorigin.stacks.origin_test import How, OriginTest

__all__ = ["FIELDS", "migration"]

FIELDS: Final = {
    "access-control-allow-origin": "allow_origins",
    "access-control-allow-credentials": "allow_credentials",
    "access-control-allow-methods": "allow_methods",
    "access-control-allow-headers": "allow_headers",
    "access-control-expose-headers": "expose_headers",
    "access-control-max-age": "max_age",
}
"""Response headers and the settings that they stand for."""

_ALONE: Final = "no Access-Control-Allow-Origin stands beside it."
_LISTS: Final = ("allow_methods", "allow_headers", "expose_headers")
_NO_LEAVE_NEEDED: Final = frozenset({"accept", "accept-language", "content-language"})
"""To allow these grants nothing: https://fetch.spec.whatwg.org/#cors-safelisted-request-header"""
_USUAL: Final = {"allow_methods": ["DELETE", "PATCH", "PUT"], "allow_headers": ["authorization", "content-type"]}
"""For a start, where everything was allowed and a policy has to list."""
_MOST_TESTS: Final = 3000
"""In all: an expression is tried on a dozen origins, which takes a few milliseconds."""


def migration(places: Iterable[Place], findings: Iterable[Finding] = ()) -> Migration:
    """The policies that the places come to, equal ones once; raises MigrationError where there is none."""
    drafts: list[Draft] = []
    found = list(findings)
    kept: list[Place] = []
    for place in places:
        keep(kept, place)
    if sum(1 + len(each.when.only or ()) for place in kept for each in set(place.said)) > _MOST_TESTS:
        raise MigrationError(TOO_MUCH)
    for place in sorted(kept, key=lambda place: place.line):
        draft = _draft(place)
        if draft is None:
            found += place.findings
            found += [
                unread(each.line, each.text, "no Access-Control-Allow-Origin stands beside it.") for each in place.said
            ]
            continue
        same = next((each for each in drafts if each.settings == draft.settings), None)
        if same is None:
            drafts.append(draft)
        else:
            same.findings += [finding for finding in draft.findings if finding not in same.findings]
    if not drafts:
        first = f"; {found[0]}" if found else ""
        raise MigrationError(f"there is no Access-Control-Allow-Origin in it{first}")
    if len(drafts) == 1:
        drafts[0].name = ""
    moved = migration_of(drafts)
    every = dict.fromkeys((*found, *moved.findings))
    return Migration(moved.policies, tuple(sorted(every, key=lambda finding: finding.line)))


def _draft(place: Place) -> Draft | None:
    """The policy of one place; None where it says nothing of an origin."""
    said = list(dict.fromkeys(place.said))
    origins = [each for each in said if FIELDS.get(each.name) == "allow_origins"]
    if not origins and not place.is_policy:
        return None
    lines = {FIELDS[each.name]: each.line for each in reversed(said) if each.name in FIELDS}
    name = re.sub(r"[^a-z0-9]+", "-", place.name.lower()).strip("-")[:60]
    draft = Draft(OldSettings(lines=lines, line=place.line), name, findings=list(place.findings))
    draft.settings = {"allow_origins": [], "allow_methods": [], "allow_headers": [], "expose_headers": []}
    taken: dict[str, str | Echo] = {}
    # Credentials first: what an echo comes to depends on them.
    for each in (each for each in said if FIELDS.get(each.name) == "allow_credentials"):
        _take(draft, place, each, origins, taken)
    if any(each.value == "*" and each.when.only is None for each in origins):
        _drop_credentials(draft)
    for each in (each for each in said if FIELDS.get(each.name) not in {"allow_credentials", "allow_origins"}):
        _take(draft, place, each, origins, taken)
    take_origins(draft, origins)
    _settle_wildcards(draft)
    if place.preflight_status not in {None, 204}:
        draft.settings["preflight_status"] = place.preflight_status
    finish(draft)
    for problem in check(draft.settings, python=False).problems:
        if problem.code is not ProblemCode.NO_ORIGINS:
            draft.note(problem.field, f"{problem.sentence} Write: {problem.fix} ({problem.code}).")
    return draft


def _take(draft: Draft, place: Place, said: Said, origins: list[Said], taken: dict[str, str | Echo]) -> None:
    """One header that is not the origin's."""
    setting, subject = FIELDS.get(said.name), printable(said.text)
    if setting is None:
        draft.note(subject, "A policy has no such header, and browsers read none.", line=said.line)
        return
    sentence = _fault(place, said, setting, origins)
    if setting in taken and taken[setting] != said.value:
        sentence = sentence or f"It says otherwise than line {draft.old.lines[setting]}, which is taken."
    if sentence:
        draft.note(subject, f"not read: {sentence}", line=said.line)
        return
    if setting in taken:
        return
    taken[setting] = said.value
    if setting == "allow_credentials":
        draft.settings[setting] = True
    elif setting == "max_age":
        _take_max_age(draft, str(said.value), subject, said.line)
    elif isinstance(said.value, str):
        draft.settings[setting] = _names(setting, said.value)
    else:
        _take_echo(draft, place, said, setting)


def _fault(place: Place, said: Said, setting: str, origins: list[Said]) -> str:
    """Why a header is not taken; empty where it is."""
    if setting == "allow_credentials" and said.value != "true":
        return "browsers read `true` here and nothing else; so it is off."
    if setting in {"allow_credentials", "expose_headers"} and said.when.is_preflight:
        on_answers = {each.name for each in place.said if not each.when.is_preflight}
        if said.name not in on_answers and "access-control-allow-origin" in on_answers:
            return "it is sent to preflights alone, where it does nothing for the answer behind them."
    if setting == "max_age" and (not isinstance(said.value, str) or not re.fullmatch("[0-9]{1,18}", said.value)):
        return "browsers read digits here and nothing else; left out, it is 5 seconds."
    wanted = {"allow_methods": Echo.METHOD, "allow_headers": Echo.HEADERS}.get(setting)
    if isinstance(said.value, Echo) and said.value is not wanted:
        return "it is copied from another header of the request."
    only = said.when.only
    if only is None or only == (ANY_ORIGIN,):
        return ""
    tests = [test for each in origins for test in _receivers(each)]
    if not all(_covers(only, test) for test in tests):
        return "it is sent to some of the origins alone, and a policy says the same to all of its own."
    return ""


def _receivers(said: Said) -> tuple[OriginTest, ...]:
    """Who can read where this is Access-Control-Allow-Origin."""
    if said.when.only is not None:
        return said.when.only
    is_one = isinstance(said.value, str) and said.value != "*"
    return (OriginTest(str(said.value), said.line),) if is_one else (ANY_ORIGIN,)


def _covers(tests: tuple[OriginTest, ...], test: OriginTest) -> bool:
    """Whether what passes one test passes one of several; an expression found anywhere is passed more easily."""
    return any(each.text == test.text and each.how in {test.how, How.SEARCH} for each in tests)


def _names(setting: str, value: str) -> list[str]:
    words = [word.strip(" \t") for word in value.split(",")]
    if setting != "allow_methods":
        words = [word.lower() for word in words]
    if setting == "allow_headers":
        words = [word for word in words if word not in _NO_LEAVE_NEEDED]
    return [word for word in words if word]


def _take_max_age(draft: Draft, value: str, subject: str, line: int) -> None:
    seconds = int(value)
    if seconds > MAX_MAX_AGE:
        sentence = f"{seconds} seconds are more than any browser keeps; {MAX_MAX_AGE} is the most."
        draft.note(subject, sentence, line=line)
    draft.settings["max_age"] = min(seconds, MAX_MAX_AGE)


def _take_echo(draft: Draft, place: Place, said: Said, setting: str) -> None:
    """What is copied from a preflight: what was looked at before, or anything."""
    known = place.methods if setting == "allow_methods" else place.headers
    if known is not None:
        draft.settings[setting] = list(known)
    elif not draft.settings.get("allow_credentials"):
        draft.settings[setting] = ["*"] if setting == "allow_methods" else ["*", "authorization"]
    else:
        draft.settings[setting] = list(_USUAL[setting])
        sentence = (
            f"Whatever was asked for was allowed. With credentials a policy lists it: {', '.join(_USUAL[setting])} are "
            "taken for a start; add what your pages send."
        )
        draft.note(printable(said.text), sentence, line=said.line)


def _drop_credentials(draft: Draft) -> None:
    if draft.settings.pop("allow_credentials", False):
        sentence = "Browsers refuse it beside `*`, so that no call with credentials worked; they are off (P401)."
        draft.note("allow_credentials", sentence)


def _settle_wildcards(draft: Draft) -> None:
    """With credentials, browsers take `*` for a name: https://fetch.spec.whatwg.org/#cors-protocol-and-credentials"""
    if "*" in draft.settings["allow_origins"]:
        draft.settings["allow_origins"] = ["*"]
        _drop_credentials(draft)
    if not draft.settings.get("allow_credentials"):
        return
    for setting in _LISTS:
        if "*" in draft.settings[setting]:
            draft.settings[setting] = [name for name in draft.settings[setting] if name != "*"]
            draft.note(setting, "With credentials `*` is a name like any other, and granted nothing: list the names.")
