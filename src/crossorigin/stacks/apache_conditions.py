r"""What Apache decides by Origin: environment variables of SetEnvIf and RewriteRule, and expressions.

SetEnvIf does not hold its expression, https://httpd.apache.org/docs/2.4/mod/mod_setenvif.html#setenvif : but with `$0`
a variable is what was matched, and only where that is the whole of an Origin does a browser take it for its own. So
`SetEnvIf Origin "https://.*\.example\.com" CORS=$0` lets nobody else in, and as a flag, `env=CORS`, it does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from crossorigin.policy.migrate import MigrationError
from crossorigin.stacks.asked import ANY_HEADER, ANYTHING, asked_headers, asked_methods
from crossorigin.stacks.directive import Directive
from crossorigin.stacks.header_rules import (
    ALWAYS,
    ANY_ORIGIN,
    MOST,
    NEVER_KNOWN,
    TOO_MUCH,
    UNKNOWN,
    Echo,
    Outcome,
    When,
    any_of,
)
from crossorigin.stacks.origin_test import How, OriginTest

__all__ = ["Environment", "Rewriting"]

_ECHOES: Final = {each.value: each for each in Echo}
_ALL: Final = re.compile(r"\^?\(([^()]|\((?!\?[=!<])[^()]*\))*\)\$?")
"""An expression that is one group, whose `$1` is all of it."""
_ORIGIN: Final = r"(?:%\{(?:HTTP|req):origin\}|req\(\s*'origin'\s*\))"
_TERMS: Final = (
    ("env", re.compile(r"""(?:reqenv\(\s*'(\w+)'\s*\)|%\{(?:ENV|env):(\w+)\})\s*(==|!=|=~)\s*['"/]([^'"/]*)['"/]""")),
    ("set", re.compile(r"""-n\s+(?:reqenv\(\s*'(\w+)'\s*\)|%\{(?:ENV|env):(\w+)\})""")),
    ("method", re.compile(r"""%\{REQUEST_METHOD\}\s*==\s*['"](\w+)['"]""")),
    ("is", re.compile(rf"""{_ORIGIN}\s*==\s*['"]([^'"]+)['"]""", re.IGNORECASE)),
    ("any", re.compile(rf"-n\s+{_ORIGIN}", re.IGNORECASE)),
    ("matches", re.compile(rf"{_ORIGIN}\s*=~\s*(?:m([#!,|])(.+)\1|/(.+)/)(i?)", re.IGNORECASE)),
)
_PREFLIGHTS: Final = frozenset(f"%{{http:{each.value}}}" for each in (Echo.METHOD, Echo.HEADERS))


@dataclass(frozen=True, slots=True)
class _Variable:
    """One way for a variable to get a value: what it is, and what has to hold for it to be there."""

    value: str | Echo | None
    when: When
    is_match: bool = False
    """Whether the value is the piece of the header that was matched."""


class Environment:
    """The variables of one section and of those around it."""

    def __init__(self, around: Environment | None = None) -> None:
        self._own: dict[str, list[_Variable]] = {}
        self._around = around
        self.methods: list[str] | None = around.methods if around else None
        self.headers: list[str] | None = around.headers if around else None

    def values(self, name: str) -> list[Outcome]:
        """What a variable can be."""
        return [
            Outcome(each.value, _whole(each.when) if each.is_match else each.when) if each.when.known else UNKNOWN
            for each in self._found(name)
        ] or [UNKNOWN]

    def is_set(self, name: str) -> When:
        """Whether there is such a variable."""
        return any_of([each.when for each in self._found(name)])

    def is_value(self, name: str, value: str) -> When:
        """Whether a variable is this text."""
        found = self._found(name)
        if not all(isinstance(each.value, str) for each in found):
            return NEVER_KNOWN
        return any_of([each.when for each in found if each.value == value])

    def put(self, name: str, value: str | Echo | None, when: When, *, is_match: bool = False) -> None:
        """One more way for a variable to get a value."""
        ways = self._own.setdefault(name, [])
        ways.append(_Variable(value, when, is_match))
        if len(ways) > MOST:
            raise MigrationError(TOO_MUCH)

    def set_env_if(self, directive: Directive) -> bool:
        """`SetEnvIf`, `SetEnvIfNoCase`; False where it has to do with Origin and is not understood."""
        if len(directive.words) < 4:
            return True
        attribute, expression = directive.words[1].lower(), directive.words[2]
        any_case = directive.name.lower() == "setenvifnocase"
        if attribute == Echo.METHOD.value:
            self.methods = _narrower(self.methods, asked_methods(expression), ["*"])
        elif attribute == Echo.HEADERS.value:
            self.headers = _narrower(self.headers, asked_headers(expression), list(ANY_HEADER))
        understood = True
        for setting in directive.words[3:]:
            name, sign, value = setting.partition("=")
            if name.startswith("!"):
                understood &= attribute != Echo.ORIGIN.value
            elif attribute != f"redirect_{name.lower()}":  # the same variable, after an ErrorDocument
                test = OriginTest(expression, directive.line, How.SEARCH, any_case)
                self._set_if(attribute, test, name, value if sign else "1")
        return understood

    def _set_if(self, attribute: str, test: OriginTest, name: str, value: str) -> None:
        when = NEVER_KNOWN
        if attribute == Echo.ORIGIN.value:
            when = _matching(test)
        elif attribute in _ECHOES or (attribute == "request_method" and asked_methods(test.text) is not None):
            is_options = "options" in test.text.lower()
            when = When(is_preflight=is_options or attribute != "request_method")
        copied = value in {"$0", "${0}"} or (value == "$1" and _ALL.fullmatch(test.text[:1000]) is not None)
        if copied:
            self.put(name, _ECHOES.get(attribute), when, is_match=True)
        else:
            self.put(name, None if "$" in value else value, when)

    def expression(self, text: str, line: int) -> When:
        """What an expression comes to, https://httpd.apache.org/docs/2.4/expr.html , as far as it is about CORS."""
        choices = [self._conjunction(each, line) for each in text.split("||")]
        return choices[0] if len(choices) == 1 else any_of(choices)

    def _conjunction(self, text: str, line: int) -> When:
        when = ALWAYS
        for term in text.split("&&"):
            plain = term.strip()
            in_brackets = plain.startswith("(") and plain.endswith(")")
            when = when.joined(self._term(plain[1:-1].strip() if in_brackets else plain, line))
        return when

    def _term(self, text: str, line: int) -> When:
        for kind, form in _TERMS:
            found = form.fullmatch(text[:2000])
            if found is not None:
                return self._known_term(kind, found, line)
        return NEVER_KNOWN

    def _known_term(self, kind: str, found: re.Match[str], line: int) -> When:
        if kind == "env":
            name, sign, value = found[1] or found[2], found[3], found[4]
            if sign == "==":
                return self.is_value(name, value)
            return self.is_set(name) if sign == "!=" and not value else NEVER_KNOWN
        if kind == "set":
            return self.is_set(found[1] or found[2])
        if kind == "method":
            return When(is_preflight=found[1].upper() == "OPTIONS")
        if kind == "any":
            return When(only=(ANY_ORIGIN,))
        if kind == "is":
            return When(only=(OriginTest(found[1], line),))
        return _matching(OriginTest(found[2] or found[3], line, How.SEARCH, bool(found[4])))

    def _found(self, name: str) -> list[_Variable]:
        environment: Environment | None = self
        found: list[_Variable] = []
        while environment is not None:
            found += environment._own.get(name, [])
            environment = environment._around
        return found


class Rewriting:
    """RewriteCond and the RewriteRule that they are for, https://httpd.apache.org/docs/2.4/mod/mod_rewrite.html ."""

    def __init__(self) -> None:
        self._conditions: list[Directive] = []

    def condition(self, directive: Directive) -> None:
        """A `RewriteCond`."""
        self._conditions.append(directive)

    def rule(self, directive: Directive, environment: Environment) -> int | None:
        """A `RewriteRule`: the status with which it ends preflights, if it does; its variables are put."""
        when, matched = ALWAYS, ""
        for each in self._conditions:
            if len(each.words) > 2:
                is_origin = each.words[1].lower() == "%{http:origin}" and not each.words[2].startswith(("=", "!"))
                matched = each.words[2] if is_origin else ""
            when = when.joined(_condition(each, environment))
        self._conditions = []
        everywhere = len(directive.words) > 1 and directive.words[1] in ANYTHING
        status = None
        flags = directive.words[3].strip("[]").split(",") if len(directive.words) > 3 else []
        for flag in flags:
            name, _, value = flag.strip().partition("=")
            if name.upper() in {"E", "ENV"} and not value.startswith("!"):
                variable, _, text = value.partition(":")
                is_match = bool(matched) and (
                    text == "%0" or (text == "%1" and _ALL.fullmatch(matched[:1000]) is not None)
                )
                copied = is_match or text.lower() == "%{http:origin}"
                is_text = "%" not in text and "$" not in text
                own = when if everywhere else NEVER_KNOWN
                put = Echo.ORIGIN if copied else text if is_text else None
                environment.put(variable, put, own, is_match=is_match)
            elif name.upper() in {"R", "REDIRECT"} and re.fullmatch("2[0-9][0-9]", value) and when.is_preflight:
                status = int(value)
        return status


def _condition(directive: Directive, environment: Environment) -> When:
    if len(directive.words) < 3:
        return NEVER_KNOWN
    subject, pattern = directive.words[1].lower(), directive.words[2]
    flags = "".join(directive.words[3:]).upper()
    if "OR" in flags.strip("[]").split(",") or pattern.startswith("!"):
        return NEVER_KNOWN
    if subject == "%{http:origin}":
        if pattern.startswith("="):
            return When(only=(OriginTest(pattern[1:], directive.line),))
        return _matching(OriginTest(pattern, directive.line, How.SEARCH, "NC" in flags))
    if subject == "%{request_method}":
        return When(is_preflight=True) if pattern.lstrip("=^").rstrip("$").upper() == "OPTIONS" else NEVER_KNOWN
    if subject.startswith("%{env:") and pattern in ANYTHING - {"", "^", ".*", "^.*", "^.*$", "(.*)", "^(.*)$"}:
        return environment.is_set(directive.words[1][len("%{env:") : -1])
    if subject in _PREFLIGHTS and pattern in ANYTHING:
        return When(is_preflight=True)
    return NEVER_KNOWN


def _matching(test: OriginTest) -> When:
    return When(only=(ANY_ORIGIN,)) if test.text in ANYTHING else When(only=(test,))


def _whole(when: When) -> When:
    """For a value that is what was matched: only where that is the whole of an Origin do browsers take it."""
    if when.only is None or when.only == (ANY_ORIGIN,):
        return when
    tests = (replace(each, how=How.MATCH) if each.how is How.SEARCH else each for each in when.only)
    return replace(when, only=tuple(tests))


def _narrower(before: list[str] | None, now: list[str] | None, anything: list[str]) -> list[str] | None:
    """A look at everything is none."""
    return before if now is None or (now == anything and before is not None) else now
