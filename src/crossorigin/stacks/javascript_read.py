"""The options that a program in JavaScript gives to its CORS library, read back where they are written out.

The program is not run. What an option means is that library's business, and stands in its `Library`, from its source;
what is only known when the program runs is handed back with its line, and of functions the allow list that everybody
copies is read and no other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from crossorigin.policy.migrate import Migration
from crossorigin.stacks.header_policy import migration
from crossorigin.stacks.header_rules import Echo, Place, Said, When, unread
from crossorigin.stacks.javascript_allow_list import allow_list
from crossorigin.stacks.javascript_calls import Call, Caller, calls
from crossorigin.stacks.javascript_syntax import Entry, Regex, Source, Unread
from crossorigin.stacks.origin_test import How, OriginTest

__all__ = ["Library", "reader"]

_RUNS: Final = "it is only known when the program runs. Write the value into the policy."
_HEADERS: Final = {
    "methods": "access-control-allow-methods",
    "headers": "access-control-allow-headers",
    "exposed": "access-control-expose-headers",
    "max_age": "access-control-max-age",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """What a library calls its options, and what it does where one is left out.

    `options` are the settings by option; `methods` are those that it allows by itself, `methods_note` what is to be
    said where none are given. `silent` are options that a policy has nothing for, and needs nothing for.
    """

    caller: Caller
    options: dict[str, str]
    methods: tuple[str, ...]
    methods_note: str = ""
    silent: frozenset[str] = frozenset()
    star_in_list: bool = False
    """Whether a `*` among several origins is one, and not a text that no browser sends."""
    origins: tuple[type, ...] = (bool, list, Regex)
    """What `origin` may be besides a text and a function."""
    calls_back: bool = True
    """Whether a function for `origin` is handed a callback, as an allow list needs it."""
    no_headers: tuple[type, ...] = (list,)
    """The types whose empty value allows no request header; otherwise whatever is asked for is allowed."""
    keeps_zero_age: bool = True
    """Whether a `maxAge` of the number 0 is sent."""
    reflects_with_credentials: bool = False
    """Whether a `*` becomes the origin that asked where credentials are allowed."""


def reader(library: Library) -> Callable[[str], Migration]:
    """The function that reads programs with a library; it raises MigrationError for those without a call of it."""

    def read(text: str) -> Migration:
        """The policies that the calls come to; what is not written out is a finding."""
        source = Source(text)
        return migration(_place(source, library, call) for call in calls(source, library.caller))

    return read


@dataclass(slots=True)
class _Options:
    """The options of one call while they are read."""

    source: Source
    library: Library
    place: Place
    given: dict[str, Entry] = field(default_factory=dict)
    by_setting: dict[str, str] = field(default_factory=dict)

    def value(self, setting: str) -> Any:
        option = self.by_setting.get(setting)
        return None if option is None else self.given[option].value

    def leave(self, setting: str, why: str) -> None:
        """An option that is not taken over."""
        option = self.by_setting.get(setting, setting)
        entry = self.given[option]
        text = f"{option}: {entry.value.text}" if isinstance(entry.value, Unread) else option
        self.place.findings.append(unread(entry.line, text, why))

    def say(self, setting: str, header: str, value: str | Echo, when: When | None = None) -> None:
        """A header that the library sends, by an option or by itself."""
        option = self.by_setting.get(setting)
        line = self.place.line if option is None else self.given[option].line
        text = self.library.caller.package if option is None else option
        self.place.say(Said(header, value, line, text, When() if when is None else when))


def _place(source: Source, library: Library, call: Call) -> Place:
    place = Place(call.route, call.line, is_policy=True)
    options = _Options(source, library, place)
    if call.options is not None:
        value = source.value(*call.options)
        if isinstance(value, Unread):
            value = _delegated(source, value) or value
        if value is not True and not isinstance(value, dict):
            text = value.text if isinstance(value, Unread) else source.written(*call.options)
            place.findings.append(unread(source.line(call.options[0]), text, _RUNS))
            return place
        options.given = value if isinstance(value, dict) else {}
    for name, entry in options.given.items():
        if name in library.options:
            options.by_setting[library.options[name]] = name
        elif name == "...":
            options.leave(name, f"{_RUNS} Nothing that stands before it is sure.")
        elif name not in library.silent:
            place.findings.append(unread(entry.line, name, f"{library.caller.package} has no such option."))
    _credentials(options)
    _origin(options)
    _lists(options)
    _numbers(options)
    return place


def _delegated(source: Source, value: Unread) -> dict[str, Entry] | None:
    """The options of a function that hands over the same ones to every request: `done(null, {...})`, once in it."""
    body = source.function_parts(value)
    if body is None:
        return None
    found = []
    for at in range(body.start, body.end):
        if source.text(at + 1) == "(" and source.text(at + 2) == "null":
            arguments = source.arguments(at + 1)
            if len(arguments) == 2:
                found.append(source.value(*arguments[1]))
    return found[0] if len(found) == 1 and isinstance(found[0], dict) else None


def _credentials(options: _Options) -> None:
    value = options.value("credentials")
    if value is True:
        options.say("credentials", "access-control-allow-credentials", "true")
    elif value not in (False, None):
        options.leave("credentials", _RUNS)


def _origin(options: _Options) -> None:
    library, name = options.library, "access-control-allow-origin"
    if "origin" not in options.by_setting and "..." in options.given:
        return
    value = options.value("origin") if "origin" in options.by_setting else "*"
    reads = allow_list(options.source, value) if isinstance(value, Unread) and library.calls_back else None
    if value == "*":
        reflects = options.value("credentials") is True and library.reflects_with_credentials
        options.say("origin", name, Echo.ORIGIN if reflects else "*")
    elif isinstance(value, str) and value:
        options.say("origin", name, value)
    elif reads is not None:
        _one_of(options, reads)
    elif not isinstance(value, library.origins):
        options.leave("origin", _why(value, library.caller.package))
    elif value is False:
        options.leave("origin", f"it switches {library.caller.package} off.")
    elif value is True:
        options.say("origin", name, Echo.ORIGIN)
    else:
        _one_of(options, value if isinstance(value, list) else [value])


def _why(value: Any, package: str) -> str:
    """Why a value of `origin` is not taken over."""
    if not isinstance(value, Unread):
        return f"{package} takes no such value here: name the origins."
    if "=>" in value.text or "{" in value.text:
        return "a function decides. Write the origins into the policy."
    return _RUNS


def _one_of(options: _Options, values: list[Any]) -> None:
    library, name = options.library, "access-control-allow-origin"
    option = options.by_setting["origin"]
    line = options.given[option].line
    if "*" in values and library.star_in_list:
        options.say("origin", name, "*")
        return
    tests = []
    for value in values:
        if isinstance(value, str):
            tests.append(OriginTest(value, line))
        elif isinstance(value, Regex) and Regex in library.origins and value.flags in {"", "i"}:
            tests.append(OriginTest(value.text, line, How.SEARCH, value.flags == "i"))
        else:
            text = value.text if isinstance(value, (Unread, Regex)) else str(value)
            finding = unread(line, f"{option}: {text}", _why(value, library.caller.package))
            options.place.findings.append(finding)
    if tests:
        options.say("origin", name, Echo.ORIGIN, When(only=tuple(tests)))


def _names(options: _Options, setting: str) -> str | None:
    """A list of names as its header has it; None where it is not written out."""
    value = options.value(setting)
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ",".join(value)
    options.leave(setting, _RUNS)
    return None


def _lists(options: _Options) -> None:
    library, is_sure = options.library, "..." not in options.given
    given = options.value("methods") is not None
    methods = _names(options, "methods") if given else ",".join(library.methods) if is_sure else ""
    if methods:
        options.say("methods", _HEADERS["methods"], methods)
    if not given and library.methods_note:
        options.place.findings.append(unread(options.place.line, "methods", library.methods_note))
    headers = options.value("headers")
    names = None if headers is None else _names(options, "headers")
    if names:
        options.say("headers", _HEADERS["headers"], names)
    elif is_sure and (headers is None or (names == "" and not isinstance(headers, library.no_headers))):
        options.say("headers", _HEADERS["headers"], Echo.HEADERS)
    if options.value("exposed") is not None and (names := _names(options, "exposed")):
        options.say("exposed", _HEADERS["exposed"], names)


def _numbers(options: _Options) -> None:
    for setting in ("max_age", "status"):
        value = options.value(setting)
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, (int, str)):
            options.leave(setting, _RUNS)
        elif setting == "max_age":
            if value not in {0, ""} or (value == 0 and options.library.keeps_zero_age):
                options.say("max_age", _HEADERS["max_age"], str(value))
        elif isinstance(value, int) and 200 <= value <= 299:
            options.place.preflight_status = value
        else:
            options.leave(setting, "it is no status of a preflight that has passed.")
