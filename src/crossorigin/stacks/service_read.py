"""The CORS rules of buckets and gateways, read back from JSON or YAML: lists of texts under names of their own.

What each service calls its fields, and what it does with them, is a `Service`; the documentation that it is from is
named in the module of the stack. A rule is found wherever it stands, by its list of origins.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from crossorigin.policy.migrate import Migration, MigrationError
from crossorigin.policy.migration import Finding
from crossorigin.policy.patterns import PatternSyntaxError, parse_pattern
from crossorigin.stacks.document import Object, load, objects, texts
from crossorigin.stacks.header_policy import migration
from crossorigin.stacks.header_rules import Echo, Place, Said, When, unread
from crossorigin.stacks.matching import SAFELISTED_METHODS, escape_regex, origin_regex
from crossorigin.stacks.origin_test import How, OriginTest

__all__ = ["Service", "reader"]

_ALLOW_ORIGIN: Final = "access-control-allow-origin"
_ALLOW_HEADERS: Final = "access-control-allow-headers"
_ALLOW_CREDENTIALS: Final = "access-control-allow-credentials"
_MAX_AGE: Final = "access-control-max-age"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What a service calls things; keys are compared in any case.

    `origins` is the key of a rule's origins; `fields` are its other keys with the headers that they stand for, `names`
    those that say nothing. With `wildcards` a `*` in an origin stands for any text, and not for itself; with
    `echoes_headers` a `*` of headers is whatever was asked for. `hint` is what to do with a file in another language,
    `credentials` what is to be said of a rule for listed origins.
    """

    title: str
    origins: str
    fields: dict[str, tuple[str, ...]]
    hint: str
    names: frozenset[str] = frozenset()
    wildcards: bool = False
    echoes_headers: bool = False
    credentials: str = ""
    by_method: bool = False
    """Whether answers to methods that are not listed go without."""


def reader(service: Service) -> Callable[[str], Migration]:
    """The function that reads the documents of a service; it raises MigrationError where there is no rule."""

    def read(text: str) -> Migration:
        """The policies that the rules come to, one a rule; what is not understood is a finding."""
        rules = [each for each, _ in objects(load(text, service.hint)) if _origins_key(each, service)]
        if not rules:
            raise MigrationError(f"there is no {service.origins} in it, as a rule of {service.title} has")
        return migration(_place(rule, service) for rule in rules)

    return read


def _origins_key(rule: Object, service: Service) -> str:
    return next((key for key in rule if key.lower() == service.origins.lower()), "")


def _place(rule: Object, service: Service) -> Place:
    own = _origins_key(rule, service)
    name = next((value for key, value in rule.items() if key.lower() in service.names and isinstance(value, str)), "")
    place = Place(name, rule.lines[own], is_policy=True)
    origins = texts(rule[own])
    if origins is None:
        place.findings.append(unread(place.line, f"{own}: {rule[own]}"))
        origins = []
    for origin in origins:
        # With any port and without one: a policy has one pattern for both.
        if not service.wildcards or f"{origin}:*" not in origins:
            place.say(_origin(own, origin, place.line, wild=service.wildcards))
    fields = {key.lower(): headers for key, headers in service.fields.items()}
    for key, value in rule.items():
        if key.lower() in fields:
            for header in fields[key.lower()]:
                _field(place, service, rule.lines[key], (key, value), header)
        elif key != own and key.lower() not in service.names:
            place.findings.append(unread(rule.lines[key], key))
    if service.by_method:
        place.findings += _missing_methods(place)
    if service.credentials and "*" not in origins:
        place.findings.append(Finding(own, place.line, service.credentials))
    return place


def _missing_methods(place: Place) -> list[Finding]:
    """What is to be said where a rule is not for the methods that a policy always is for."""
    said = [each for each in place.said if each.name == "access-control-allow-methods"]
    listed = {name.strip().upper() for each in said for name in str(each.value).split(",")}
    missing = [method for method in SAFELISTED_METHODS if method not in listed and "*" not in listed]
    if not missing:
        return []
    line = said[0].line if said else place.line
    sentence = f"The rule was not for {', '.join(missing)}; from now on script can read the answers to these as well."
    return [Finding("methods", line, sentence)]


def _origin(key: str, origin: str, line: int, *, wild: bool) -> Said:
    """One origin, in which a `*` may stand for any text."""
    if origin == "*":
        return Said(_ALLOW_ORIGIN, "*", line, f"{key}: *")
    test = OriginTest(origin, line)
    if "*" in origin and (wild or origin in {"https://*", "http://*"}):
        try:
            # Of what a browser sends, it is the same.
            expression = origin_regex(parse_pattern(origin))
        except PatternSyntaxError:
            expression = f"^{'.*'.join(map(escape_regex, origin.split('*')))}$"
        test = OriginTest(expression, line, How.SEARCH)
    return Said(_ALLOW_ORIGIN, Echo.ORIGIN, line, f"{key}: {origin}", When(only=(test,)))


def _field(place: Place, service: Service, line: int, field: tuple[str, Any], header: str) -> None:
    key, value = field
    said = _value(header, value)
    if said is None:
        place.findings.append(unread(line, f"{key}: {value}"))
    elif header == _ALLOW_HEADERS and said == "*" and service.echoes_headers:
        place.say(Said(header, Echo.HEADERS, line, f"{key}: *"))
    else:
        names = said.split(",")
        wild = [name for name in names if "*" in name and name != "*"]
        if wild:
            sentence = f"a name with a `*` in it is left out ({', '.join(wild[:3])}): list the names."
            place.findings.append(unread(line, key, sentence))
        if said := ",".join(name for name in names if name not in wild):
            place.say(Said(header, said, line, f"{key}: {said}"))


def _value(header: str, value: Any) -> str | None:
    """The value of a field as its header has it; empty for none, None for what is no such value."""
    if value is None:
        return ""
    if header == _ALLOW_CREDENTIALS:
        return {"true": "true", "false": ""}.get(str(value).lower())
    if header == _MAX_AGE:
        return str(value) if isinstance(value, (int, str)) and not isinstance(value, bool) else None
    found = texts(value)
    return None if found is None else ",".join(found)
