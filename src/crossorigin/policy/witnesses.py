"""Origins that an old configuration really allowed and nobody meant: guessed, then tried on the old matching itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

from crossorigin.policy.index import compile_index
from crossorigin.policy.patterns import OriginPattern, PatternSyntaxError, parse_pattern
from crossorigin.policy.repair import patterns_of_regex

__all__ = ["regex_witnesses", "substring_witnesses", "valid_patterns"]

_EVIL: Final = "evil.example"
_MOST: Final = 3


def valid_patterns(texts: Iterable[str]) -> list[OriginPattern]:
    """Those of the texts that are patterns."""
    found = []
    for text in texts:
        try:
            found.append(parse_pattern(text))
        except PatternSyntaxError:
            continue
    return found


def substring_witnesses(text: str) -> tuple[str, ...]:
    """Foreign origins that are found in a string that was taken for a list (Starlette: `origin in allow_origins`)."""
    words = [word for word in re.split(r"[\s,;]+", text) if word]
    found: list[str] = []
    for word in words:
        # The longest ones first: one letter less at the end is the likeliest name to be for sale.
        prefixes = [word[:length] for length in range(len(word) - 1, len("https://"), -1)]
        whole = [prefix for prefix in prefixes if prefix not in words and _is_foreign(prefix) and prefix in text]
        found += whole[:1]
    return tuple(found[:_MOST])


def _is_foreign(text: str) -> bool:
    patterns = valid_patterns([text])
    return bool(patterns) and patterns[0].is_exact and "." in patterns[0].host


def regex_witnesses(expression: str, allows: Callable[[str], bool]) -> tuple[list[str], tuple[str, ...]]:
    """The patterns that an expression was meant to be, and foreign origins that `allows` lets through beside them.

    Without a plain meaning there are no patterns, and the witnesses are guesses that owe nothing to it.
    """
    meant = patterns_of_regex(expression)
    if not meant and valid_patterns([expression]):
        meant = [expression]
    allowed = compile_index(valid_patterns(meant))
    candidates = [candidate for text in meant for candidate in _neighbours(text)]
    candidates += [f"https://{_EVIL}", "null", f"http://{_EVIL}"]
    found = [
        candidate
        for candidate in dict.fromkeys(candidates)
        if not allowed(candidate.encode("ascii")) and allows(candidate)
    ]
    return meant, tuple(found[:_MOST])


def _neighbours(text: str) -> list[str]:
    """Origins of other owners near those of a pattern: what a missing anchor or a bare dot lets in."""
    scheme, _, authority = text.replace(":*", ":3000").partition("://")
    host, colon, port = authority.partition(":")
    base = host.removeprefix("*.")
    own = f"x.{base}" if host.startswith("*.") else base
    tail = f"{colon}{port}"
    names = [
        f"{own}.{_EVIL}",  # no anchor at the end
        f"evil{base}",  # nothing that demands a dot before the domain
        f"x{base}",  # one letter, where a bare dot stands before it
        f"x{base}.{_EVIL}",  # both
        f"{own.replace('.', 'x', 1)}",  # a dot that stands for any character
        f"{own[: own.rfind('.')]}x{own[own.rfind('.') + 1 :]}.com" if "." in own else own,
        f"x{base}.com",
    ]
    found = [f"{scheme}://{name}{tail}" for name in names]
    last = own.rfind(".")
    # `example\.com` is another name where the dot is bare: `examplexcom` is a label, and needs a suffix to be bought.
    found.append(f"{scheme}://{own[:last]}x{own[last + 1 :]}{tail}")
    found.append(f"{scheme}://{own}{tail}.{_EVIL}" if not tail else f"{scheme}://{own}{colon}{port}0")
    found.append(f"{scheme}://{own}:8443")
    return found
