"""A test that an Origin has to pass in somebody's configuration, and the origins or patterns that it stands for.

What stands for them exactly is taken as it is. Of any other expression what was meant is taken, where that is plain,
and it is always said: what it let in beside that, or did not, is found by trying it, as the server would, on origins
near those that were meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from crossorigin.policy.migration import Draft
from crossorigin.policy.problems import shown
from crossorigin.policy.repair import patterns_of_regex
from crossorigin.policy.witnesses import regex_witnesses
from crossorigin.stacks.matching import escape_regex
from crossorigin.stacks.origin_words import origins_of

__all__ = ["ANYBODY", "How", "OriginTest", "is_for_anybody", "leave_null", "take_test"]

ANYBODY: Final = ("https://evil.example", "null")
"""Witnesses for what lets everybody in."""
_STRANGERS: Final = ("https://evil.example", "http://xn--wgv71a.invalid:8443", "https://a.b-1.test")
"""Origins that nobody has in mind; what lets all of them in is no test."""

_MOST_SHOWN: Final = 6
_MAX_LENGTH: Final = 2000
_MAX_REPEATS: Final = 4
"""Of the signs that make a search take long: with four, and origins of 60 letters, it is a second at worst."""
_HARMLESS: Final = re.compile(r"\((?:\?:)?(?:\[[^\]\\]*(?:\\.[^\]\\]*)*\]|\\w|\.)[+*]\??\\\.\)[+*?]")
"""Labels, each with its dot: it can be cut into them in as many ways as an origin has dots, and that is few."""
_REPEAT: Final = re.compile(r"(?<!\\)(?:\\\\)*[+*]|\{[0-9]*,[0-9]*\}")
_OPTIONAL: Final = re.compile(r"[^(]\?")
_MAX_OPTIONAL: Final = 12
_NESTED: Final = re.compile(r"\)(?:[+*]|\{)")
_BARE_DOT: Final = re.compile(r"(?<=[a-z0-9)])\.(?=[a-z0-9(])|(?<=[a-z0-9])\.(?=\))")
"""`example.com` in an expression, where the dot stands for any letter."""
_LONG_COUNT: Final = re.compile(r"\{[0-9,]{4,}\}")
_SUFFIX: Final = re.compile(r"(?:\^?\(?\.[*+])?(\\\.[a-z0-9-]+(?:\\?\.[a-z0-9-]+)+)\)?\$")
"""`/\\.example\\.com$/`, as the documentation of `cors` has it."""
_NAME: Final = re.compile(r"(?<![\\a-z0-9])[a-z0-9-]+(?:\\?\.[a-z0-9-]+)*(?!\w*\??:)")


class How(Enum):
    """How an Origin is compared."""

    TEXT = "as it stands"
    SEARCH = "with an expression, anywhere in it"
    MATCH = "with an expression, as a whole"


@dataclass(frozen=True, slots=True)
class OriginTest:
    """What is compared, how, and the line on which it stands; `any_case` where case does not count."""

    text: str
    line: int
    how: How = How.TEXT
    any_case: bool = False


def is_for_anybody(test: OriginTest) -> bool:
    """Whether it is no test at all, such as `.*`."""
    allows = _tried(test)
    return allows is not None and all(map(allows, _STRANGERS))


def leave_null(draft: Draft, subject: str, line: int) -> None:
    """Say that `null` is not taken over."""
    draft.note(subject, "`null` is left out: anybody can send it, from a sandboxed frame.", ["null"], line=line)


def take_test(draft: Draft, test: OriginTest) -> None:
    """Add what a test stands for to the origins of a policy, and say what it is not."""
    if test.how is How.TEXT:
        text = test.text.lower() if test.any_case else test.text
        if text == "null":
            leave_null(draft, "Origin", test.line)
        elif text == "*":
            draft.note("Origin", "It is compared with `*`, which no browser sends.", line=test.line)
        else:
            draft.take_origins("Origin", [text], line=test.line)
        return
    found = origins_of(test.text.lower() if test.any_case else test.text, whole=test.how is How.MATCH)
    if found is None:
        _take_meaning(draft, test)
        return
    if "null" in found:
        leave_null(draft, "Origin", test.line)
    draft.settings["allow_origins"] += [origin for origin in found if origin != "null"]


def _take_meaning(draft: Draft, test: OriginTest) -> None:
    text = shown(test.text, 80)
    allows = _tried(test)
    plain = origins_of(_BARE_DOT.sub(r"\\.", test.text).removeprefix("^").removesuffix("$"), whole=True)
    suffix = _SUFFIX.fullmatch(test.text)
    meaning = f"https://.*{suffix[1]}" if suffix else test.text
    if allows is None:
        meant = patterns_of_regex(meaning) if len(meaning) <= _MAX_LENGTH else []
        wider, newly = tuple[str, ...](), list[str]()
        why = ", which was not tried: it is no expression, or too involved for that"
    else:
        meant, wider = regex_witnesses(meaning, allows) if plain is None else _tried_on(plain, allows)
        newly = [sample for each in meant for sample in _samples(each) if not allows(sample)]
        why = ", and matched more" if wider else ""
    if not meant:
        wider = wider or _near(test, allows)
        sentence = f"What {text} was meant for is not plain: write the origins or patterns."
        draft.note("Origin", sentence, wider, line=test.line)
        return
    more = f" and {len(meant) - _MOST_SHOWN} more" if len(meant) > _MOST_SHOWN else ""
    sentence = f"{text} is taken for {', '.join(meant[:_MOST_SHOWN])}{more}{why}. See that it is what was meant."
    if newly:
        sentence += f" From now on {newly[0]} is allowed as well, which it did not match."
    draft.note("Origin", sentence, wider, line=test.line)
    draft.settings["allow_origins"] += meant


def _tried_on(meant: list[str], allows: Callable[[str], bool]) -> tuple[list[str], tuple[str, ...]]:
    """A list that was meant, and what was let in beside it: a missing end, a bare dot."""
    found: list[str] = []
    for origin in meant[:20]:
        found += regex_witnesses(f"^{escape_regex(origin)}$", allows)[1]
    return meant, tuple(each for each in dict.fromkeys(found) if each not in meant)[:3]


def _near(test: OriginTest, allows: Callable[[str], bool] | None) -> tuple[str, ...]:
    """Foreign origins with the first name of an expression in them, such as `localhost.evil.example`."""
    name = _NAME.search(test.text)
    if name is None or allows is None:
        return ()
    plain = name[0].replace("\\", "").lstrip(".")
    near = (f"https://{plain}.evil.example", f"https://evil{plain}", f"https://evil-{plain}.evil.example")
    return tuple(filter(allows, near))[:1]


def _samples(pattern: str) -> list[str]:
    """Origins that a pattern allows."""
    ports = [pattern.replace(":*", ""), pattern.replace(":*", ":8443")] if ":*" in pattern else [pattern]
    return [each.replace("*.", label) for each in ports for label in ("x.", "a.b.", "x-1.")]


def _tried(test: OriginTest) -> Callable[[str], bool] | None:
    """A function that tries an origin; None for what is no expression, or could take too long."""
    if test.how is How.TEXT:
        return lambda origin: origin == test.text
    plain = _HARMLESS.sub("x", test.text[:_MAX_LENGTH])
    many = len(_REPEAT.findall(plain)) > _MAX_REPEATS or len(_OPTIONAL.findall(plain)) > _MAX_OPTIONAL
    if len(test.text) > _MAX_LENGTH or many or _NESTED.search(plain) or _LONG_COUNT.search(plain):
        return None
    try:
        pattern = re.compile(test.text, re.IGNORECASE if test.any_case else 0)
    except (re.error, OverflowError, RecursionError):
        return None
    if test.how is How.MATCH:
        return lambda origin: pattern.fullmatch(origin) is not None
    return lambda origin: pattern.search(origin) is not None
