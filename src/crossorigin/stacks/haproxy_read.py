"""The CORS part of a configuration of HAProxy, read back: what its rules set on answers, and for which origins.

Read are `http-response`, `http-after-response` and `http-request return`; origins are read from ACLs, captures and
variables (https://docs.haproxy.org/2.6/configuration.html#7). All else that has to do with CORS, scripts and files of
values too, is handed back with its line.
"""

from __future__ import annotations

import re
from typing import Final

from crossorigin.policy.migrate import Migration
from crossorigin.policy.migration import Finding
from crossorigin.stacks.directive import Directive
from crossorigin.stacks.haproxy_conditions import Conditions
from crossorigin.stacks.haproxy_syntax import parse
from crossorigin.stacks.header_policy import migration
from crossorigin.stacks.header_rules import (
    ALWAYS,
    NEVER_KNOWN,
    UNKNOWN,
    Outcome,
    Place,
    Said,
    When,
    is_cors,
    keep,
    unread,
)

__all__ = ["read"]

_SAMPLE: Final = re.compile(r"%\[([^\]]*)\]")
_SET: Final = re.compile(r"(set-var|unset-var)\(([A-Za-z0-9_.]+)\)")
_RULES: Final = frozenset({"http-response", "http-after-response", "http-request"})
_CORS: Final = re.compile(r"access-control-(?:allow|expose|max)|lua\.cors", re.IGNORECASE)


def read(text: str) -> Migration:
    """The policies that the headers of each section come to; see the module for what is left unread."""
    reader = _Reader()
    for section in parse(text):
        reader.section(section)
    return migration(reader.found, reader.findings)


class _Reader:
    """One configuration while it is read."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.found: list[Place] = []
        self._variables: dict[str, list[Outcome]] = {}

    def section(self, section: Directive) -> None:
        """Read one section."""
        place = Place(section.text, section.line)
        conditions = Conditions(section.block)
        own: dict[str, list[Outcome]] = {}
        for name, outcomes in self._variables.items():
            conditions.assign(name, outcomes)
        for each in section.block:
            action = each.words[1] if len(each.words) > 1 else ""
            found = _SET.fullmatch(action) if each.name in _RULES else None
            if found is not None and found[1] == "set-var" and len(each.words) > 2:
                own.setdefault(found[2], []).extend(self._assigned(each, conditions))
                conditions.assign(found[2], own[found[2]])
            elif each.name in _RULES and action in {"set-header", "add-header"} and len(each.words) > 3:
                if each.name != "http-request":
                    self._header(each, place, conditions)
            elif each.words[:2] == ["http-request", "return"]:
                self._return(each, place, conditions)
            elif each.name == "rspadd" and len(each.words) > 1:
                name, _, value = each.words[1].partition(":")
                self._say(each, place, (name, value.strip()), _when(each.words[2:], each.line, conditions), conditions)
            elif _CORS.search(each.text) and action != "del-header":
                place.findings.append(unread(each.line, each.text))
        self._variables |= own
        place.methods, place.headers = conditions.methods, conditions.headers
        self._finish(place)

    def _finish(self, place: Place) -> None:
        if place.said:
            keep(self.found, place)
        else:
            self.findings += place.findings

    @staticmethod
    def _assigned(directive: Directive, conditions: Conditions) -> list[Outcome]:
        when = _when(directive.words[3:], directive.line, conditions)
        return [each.joined(when) for each in conditions.value(directive.words[2])]

    def _header(self, directive: Directive, place: Place, conditions: Conditions) -> None:
        when = _when(directive.words[4:], directive.line, conditions)
        self._say(directive, place, (directive.words[2], directive.words[3]), when, conditions)

    def _return(self, directive: Directive, place: Place, conditions: Conditions) -> None:
        """`http-request return status 204 hdr NAME VALUE ... if ...`."""
        words = directive.words[2:]
        at = next((at for at, word in enumerate(words) if word in {"if", "unless"}), len(words))
        when = _when(words[at:], directive.line, conditions)
        options = words[:at]
        status = ""
        for number, word in enumerate(options):
            if word == "status":
                status = "".join(options[number + 1 : number + 2])
            elif word == "hdr" and number + 2 < len(options):
                self._say(directive, place, (options[number + 1], options[number + 2]), when, conditions)
        if re.fullmatch("2[0-9][0-9]", status) and when.known and _CORS.search(directive.text):
            place.preflight_status = place.preflight_status or int(status)

    @staticmethod
    def _say(directive: Directive, place: Place, header: tuple[str, str], when: When, conditions: Conditions) -> None:
        name, value = header[0].lower(), header[1]
        if not is_cors(name):
            return
        sample = _SAMPLE.fullmatch(value)
        plain = value.replace("%%", "")
        if sample is not None:
            outcomes = conditions.value(sample[1])
        else:
            outcomes = [UNKNOWN if "%" in plain else Outcome(value.replace("%%", "%"))]
        for each in (outcome.joined(when) for outcome in outcomes):
            if each.value is None:
                why = "What it sends, or when, depends on more than the configuration says of Origin; it is left out."
                place.findings.append(unread(directive.line, directive.text, why))
                return
            if each.value != "":
                place.say(Said(name, each.value, directive.line, directive.text, each.when))


def _when(words: list[str], line: int, conditions: Conditions) -> When:
    """What `if ...` at the end of a rule comes to."""
    if not words:
        return ALWAYS
    return conditions.when(words[1:], line) if words[0] == "if" else NEVER_KNOWN
