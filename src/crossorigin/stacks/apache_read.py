"""The CORS part of a configuration of Apache, read back: what `Header` says, and for which origins.

`Header set` and `Header always set` write into two tables: the plain one is left off errors, and what is in both is
sent twice, https://httpd.apache.org/docs/2.4/mod/mod_headers.html#header . Origins are read from SetEnvIf, RewriteCond
and expressions. All else that has to do with CORS is handed back, with its line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from crossorigin.policy.migrate import Migration
from crossorigin.policy.migration import Finding
from crossorigin.stacks.apache_conditions import Environment, Rewriting
from crossorigin.stacks.apache_syntax import parse
from crossorigin.stacks.directive import Directive, walk
from crossorigin.stacks.header_policy import migration
from crossorigin.stacks.header_rules import (
    ALWAYS,
    NEVER_KNOWN,
    UNKNOWN,
    Echo,
    Outcome,
    Place,
    Said,
    When,
    also_in,
    is_cors,
    keep,
    printable,
    unread,
)

__all__ = ["read"]

_PLACES: Final = frozenset(
    f"<{name}>"
    for name in (
        *("virtualhost", "directory", "directorymatch", "location", "locationmatch"),
        *("files", "filesmatch", "proxy", "proxymatch"),
    )
)
_CHOICES: Final = frozenset({"<if>", "<elseif>", "<else>", "<limit>", "<limitexcept>"})
_SAYS: Final = frozenset({"set", "add", "append", "merge", "setifempty"})
_VARIABLE: Final = re.compile(r"%\{(\w+)\}e")
_CORS: Final = re.compile(r"access-control-allow|access-control-expose|access-control-max", re.IGNORECASE)


def read(text: str) -> Migration:
    """The policies that the headers of each section come to; see the module for what is left unread."""
    reader = _Reader()
    reader.section(Directive([], 1, parse(text)), None)
    return migration(reader.found, reader.findings)


@dataclass(slots=True)
class _Section:
    """A virtual host, a directory or the like, while it is read."""

    place: Place
    environment: Environment
    rewriting: Rewriting = field(default_factory=Rewriting)
    plain: list[Directive] = field(default_factory=list)
    always: set[str] = field(default_factory=set)
    headers: list[tuple[Directive, When]] = field(default_factory=list)
    inner: list[Directive] = field(default_factory=list)


class _Reader:
    """One configuration while it is read."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.found: list[Place] = []

    def section(self, directive: Directive, around: _Section | None) -> None:
        """Read a section: its variables first, for they are whole before a header is sent."""
        environment = Environment(around.environment if around else None)
        section = _Section(Place(_title(directive), directive.line), environment)
        self._gather(directive.block, section, ALWAYS)
        place = section.place
        place.methods, place.headers = environment.methods, environment.headers
        for each, when in section.headers:
            self._header(each, section, when)
        if place.said:
            keep(self.found, place)
            self._tables(section)
        else:
            self.findings += place.findings
        if around is not None:
            own = {each.name for each in place.said}
            place.say(*(each for each in around.place.said if each.name not in own))
            if place.preflight_status is None:
                place.preflight_status = around.place.preflight_status
        for each in section.inner:
            self.section(each, section)

    def _gather(self, directives: list[Directive], section: _Section, when: When) -> None:
        """Sort what stands in a section; what only looks whether a module is there is no section."""
        for each in directives:
            name = each.name.lower()
            if name in {"setenvif", "setenvifnocase"}:
                if not section.environment.set_env_if(each):
                    self.findings.append(unread(each.line, each.text))
            elif name == "rewritecond":
                section.rewriting.condition(each)
            elif name == "rewriterule":
                status = section.rewriting.rule(each, section.environment)
                section.place.preflight_status = section.place.preflight_status or status
            elif name in {"header", "setenvifexpr"}:
                self._header_or_variable(each, section, when)
            elif name in _PLACES:
                section.inner.append(each)
            elif name in _CHOICES:
                self._choice(each, section, when)
            elif each.is_block:
                self._gather(each.block, section, when)
            elif name.startswith("include") and "cors" in each.text.lower():
                self.findings.append(unread(each.line, each.text, "The file is not read: give its text as well."))
            elif _CORS.search(each.text) and name != "requestheader":
                self.findings.append(unread(each.line, each.text))

    def _header_or_variable(self, directive: Directive, section: _Section, when: When) -> None:
        if directive.name.lower() == "header":
            section.headers.append((directive, when))
        elif len(directive.words) > 2:
            own = when.joined(section.environment.expression(directive.words[1], directive.line))
            for setting in directive.words[2:]:
                name, sign, value = setting.partition("=")
                section.environment.put(name, None if "$" in value else value if sign else "1", own)

    def _choice(self, directive: Directive, section: _Section, when: When) -> None:
        own = NEVER_KNOWN
        if directive.name == "<if>" and len(directive.words) > 1:
            own = when.joined(section.environment.expression(" ".join(directive.arguments), directive.line))
        elif directive.name == "<limit>" and directive.arguments == ["OPTIONS"]:
            own = when.joined(When(is_preflight=True))
        if own.known:
            self._gather(directive.block, section, own)
        elif any(_CORS.search(each.text) for each in walk(directive.block)):
            self.findings.append(unread(directive.line, directive.text))

    def _header(self, directive: Directive, section: _Section, when: When) -> None:
        words = directive.arguments
        is_always = bool(words) and words[0].lower() == "always"
        if words and words[0].lower() in {"always", "onsuccess"}:
            words = words[1:]
        if len(words) < 2 or not is_cors(words[1]):
            return
        action, name = words[0].lower(), words[1].rstrip(":").lower()
        place = section.place
        if action == "unset":
            if any(each.name == name for each in place.said):
                place.findings.append(unread(directive.line, directive.text, "It takes away what stands above it."))
            return
        if action not in _SAYS or len(words) < 3:
            place.findings.append(unread(directive.line, directive.text))
            return
        outcomes = self._outcomes(words[2], words[3:], section, directive, when)
        if any(outcome.value is None for outcome in outcomes):
            why = "What it sends, or when, depends on more than the configuration says of Origin; it is left out."
            place.findings.append(unread(directive.line, directive.text, why))
            return
        place.say(*(Said(name, each.value or "", directive.line, directive.text, each.when) for each in outcomes))
        if is_always:
            section.always.add(name)
        else:
            section.plain.append(directive)

    def _outcomes(
        self, value: str, conditions: list[str], section: _Section, directive: Directive, when: When
    ) -> list[Outcome]:
        """What a header can be, and for whom."""
        variable = _VARIABLE.fullmatch(value)
        for condition in conditions:
            kind, _, text = condition.partition("=")
            if kind == "env" and not text.startswith("!"):
                # The value of a variable is there only where the variable is.
                if variable is None or variable[1] != text:
                    when = when.joined(section.environment.is_set(text))
            elif kind == "expr":
                when = when.joined(section.environment.expression(text, directive.line))
            else:
                return [UNKNOWN]
        if not when.known:
            return [UNKNOWN]
        if variable is not None:
            found = section.environment.values(variable[1])
        elif value.lower() in {"expr=%{req:origin}", "expr=%{http:origin}"}:
            found = [Outcome(Echo.ORIGIN)]
        else:
            found = [Outcome(None if "%" in value.replace("%%", "") else value.replace("%%", "%"))]
        return [each.joined(when) for each in found]

    @staticmethod
    def _tables(section: _Section) -> None:
        """Name what stands in both tables."""
        twice = [each for each in section.plain if each.text and _name(each) in section.always]
        if twice:
            sentence = (
                f"It stands in both tables{also_in(each.line for each in twice)}, `Header set` and `Header always "
                "set`: answers have it twice, and browsers refuse that. It is read as it was meant."
            )
            section.place.findings.append(Finding(printable(twice[0].text), twice[0].line, sentence))


def _name(directive: Directive) -> str:
    words = [word for word in directive.arguments if word.lower() not in {"always", "onsuccess"}]
    return words[1].rstrip(":").lower() if len(words) > 1 else ""


def _title(directive: Directive) -> str:
    """The name of a section: a virtual host's ServerName, or what it is for."""
    if directive.name == "<virtualhost>":
        for each in directive.block:
            if each.name.lower() == "servername" and len(each.words) > 1:
                return each.words[1]
    return directive.text
