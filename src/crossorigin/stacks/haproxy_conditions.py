"""What HAProxy decides by Origin: ACLs, conditions made of them, and variables.

https://docs.haproxy.org/2.6/configuration.html#7 : the values of one ACL, and several ACLs of one name, are choices;
words of a condition have to hold together, unless `||` or `or` stands between them.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from crossorigin.policy.migrate import MigrationError
from crossorigin.stacks.asked import asked_headers
from crossorigin.stacks.directive import Directive
from crossorigin.stacks.header_rules import (
    ALWAYS,
    ANY_ORIGIN,
    NEVER_KNOWN,
    UNKNOWN,
    Echo,
    Outcome,
    When,
    any_of,
)
from crossorigin.stacks.matching import escape_regex
from crossorigin.stacks.origin_test import How, OriginTest

__all__ = ["Conditions"]

_PREFLIGHT: Final = When(is_preflight=True)
_ECHOES: Final = {each.value: each for each in Echo}
_SAMPLE: Final = re.compile(
    r"(?:req\.)?(?P<kind>f?hdr)(?:_(?P<how>reg|beg|end|sub|dom|len|cnt))?\((?P<name>[A-Za-z-]+)(?:,-?[0-9]+)?\)"
    r"(?P<lower>,lower)?|var\((?P<var>[A-Za-z0-9_.]+)\)|capture\.req\.hdr\((?P<capture>[0-9]{1,3})\)|str\((?P<str>[^)]*)\)"
)
_MOST: Final = 500_000
"""Words of ACLs that are looked at; each variable that is set makes them new."""
_FLAGS: Final = frozenset({"-i", "-n", "-u", "--"})
_FORMS: Final = {
    "beg": "^{}",
    "end": "{}$",
    "sub": "{}",
    "dom": "(?:^|[.:/]){}(?:[.:/]|$)",  # between dots, slashes and colons, or at an end
}
"""Ways to compare, as expressions."""
_METHOD: Final = re.compile(r"METH_([A-Z]+)")


class Conditions:
    """The ACLs, captures and variables of one section."""

    def __init__(self, directives: list[Directive]) -> None:
        self.methods: list[str] | None = None
        self.headers: list[str] | None = None
        self._variables: dict[str, list[Outcome]] = {}
        self._known: dict[str, When] = {}
        self._left = _MOST
        self._acls: dict[str, list[Directive]] = {}
        self._captures: list[str] = []
        for each in directives:
            if each.name == "acl" and len(each.words) > 2:
                self._acls.setdefault(each.words[1], []).append(each)
            elif each.words[:3] == ["capture", "request", "header"] and len(each.words) > 3:
                self._captures.append(each.words[3].lower())
            elif each.words[:2] == ["http-request", "capture"] and len(each.words) > 2:
                sample = _SAMPLE.fullmatch(each.words[2])
                self._captures.append((sample["name"] or "").lower() if sample else "")

    def assign(self, name: str, outcomes: list[Outcome]) -> None:
        """What a variable can be from now on."""
        self._variables[name] = outcomes
        self._known = {}  # ACLs may look at it

    def value(self, expression: str) -> list[Outcome]:
        """What a sample expression gives: a header of the request, a variable, a fixed text."""
        sample = _SAMPLE.fullmatch(expression)
        if sample is None:
            return [UNKNOWN]
        if sample["var"]:
            return self._variables.get(sample["var"], [UNKNOWN])
        if sample["str"] is not None:
            return [Outcome(sample["str"])]
        echo = self._header(sample)
        return [UNKNOWN if echo is None or sample["how"] else Outcome(echo)]

    def when(self, words: list[str], line: int) -> When:
        """What stands behind an `if`."""
        choices: list[When] = []
        terms: list[When] = []
        at = 0
        while at < len(words):
            word = words[at]
            if word in {"||", "or"}:
                choices.append(self._all(terms))
                terms = []
            elif word in {"{", "!{"}:
                end = _end(words, at)
                inner = self._test(words[at + 1 : end], line)
                terms.append(_not(inner) if word == "!{" else inner)
                at = end
            else:
                named = self._named(word.lstrip("!"))
                terms.append(_not(named) if word.startswith("!") else named)
            at += 1
        return any_of([*choices, self._all(terms)]) if choices else self._all(terms)

    @staticmethod
    def _all(terms: list[When]) -> When:
        when = ALWAYS
        for each in terms:
            when = when.joined(each)
        return when

    def _named(self, name: str) -> When:
        method = _METHOD.fullmatch(name)
        if method is not None and name not in self._acls:
            return _PREFLIGHT if method[1] == "OPTIONS" else NEVER_KNOWN
        if name not in self._known:
            self._known[name] = any_of([self._test(each.words[2:], each.line) for each in self._acls.get(name, [])])
        return self._known[name]

    def _test(self, words: list[str], line: int) -> When:
        """A criterion with its flags and values."""
        self._left -= 1 + len(words)
        if self._left < 0:
            raise MigrationError("its ACLs are too many to be read; give the part that has to do with CORS")
        if not words:
            return NEVER_KNOWN
        if words[0] == "method":
            return _PREFLIGHT if words[1:] == ["OPTIONS"] else NEVER_KNOWN
        sample = _SAMPLE.fullmatch(words[0])
        if sample is None or sample["str"] is not None:
            return NEVER_KNOWN
        how, any_case, values = sample["how"] or "str", bool(sample["lower"]), []
        at = 1
        while at < len(words) and (words[at] in _FLAGS or words[at] in {"-m", "-f", "-M"}):
            if words[at] in {"-f", "-M"}:
                return NEVER_KNOWN  # values in a file
            if words[at] == "-m":
                at += 1
                how = words[at] if at < len(words) else how
            any_case = any_case or words[at] == "-i"
            at += 1
        values = words[at:]
        if sample["var"]:
            return self._by_variable(sample["var"], how, values)
        echo = self._header(sample)
        if echo is Echo.ORIGIN:
            return _by_origin(how, values, OriginTest("", line, any_case=any_case))
        return NEVER_KNOWN if echo is None else self._look(echo, how, values)

    def _header(self, sample: re.Match[str]) -> Echo | None:
        name = sample["name"] or ""
        if sample["capture"]:
            number = int(sample["capture"])
            name = self._captures[number] if number < len(self._captures) else ""
        return _ECHOES.get(name.lower())

    def _by_variable(self, name: str, how: str, values: list[str]) -> When:
        outcomes = self._variables.get(name, [])
        if how == "str" and values:
            outcomes = [each for each in outcomes if each.value in values]
        elif how != "found":
            return NEVER_KNOWN
        return any_of([NEVER_KNOWN if each.value is None else each.when for each in outcomes])

    def _look(self, echo: Echo, how: str, values: list[str]) -> When:
        """A look at what a preflight asks for."""
        if echo is Echo.METHOD and how in {"str", "found"}:
            self.methods = ["*"] if how == "found" else [*(self.methods or []), *values]
        elif echo is Echo.HEADERS and how == "reg" and len(values) == 1:
            self.headers = asked_headers(values[0])
        elif how not in {"len", "cnt", "found"}:
            return NEVER_KNOWN
        return _PREFLIGHT


def _end(words: list[str], at: int) -> int:
    """Where the brace is closed that opens at a word."""
    try:
        return words.index("}", at)
    except ValueError:
        return len(words)


def _not(when: When) -> When:
    """Where something has not to hold: of what an Origin is not, nothing can be said."""
    return ALWAYS if when.known and when.only is None else NEVER_KNOWN


def _by_origin(how: str, values: list[str], test: OriginTest) -> When:
    if how == "found" or (how in {"len", "cnt"} and values in (["gt", "0"], ["ge", "1"])):
        return When(only=(ANY_ORIGIN,))
    if how == "cnt" and values == ["eq", "1"]:
        return ALWAYS  # once, and not twice
    if not values or how not in {"str", "reg", *_FORMS}:
        return NEVER_KNOWN
    if how == "str":
        return When(only=tuple(replace(test, text=value) for value in values))
    texts = values if how == "reg" else [_FORMS[how].format(escape_regex(value)) for value in values]
    return When(only=tuple(replace(test, text=text, how=How.SEARCH) for text in texts))
