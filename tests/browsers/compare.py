"""The engine's prediction laid beside what a browser did: every difference, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

from crossorigin.browser.real.call import Outcome

from .observed import Observed, Seen
from .predict import Predicted
from .scenario import Scenario

__all__ = ["Difference", "Observed", "Seen", "differences"]

_ABSENT = "nothing"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as predicted.

    `what` is "blocked", "type", "status", "redirected", "url", "body", "header NAME", "request", "request's Origin"
    and so on, "console" or "calls"; `call` is the index of the call, None where it cannot be told.
    """

    what: str
    call: int | None
    predicted: str
    observed: str

    def __str__(self) -> str:
        where = "" if self.call is None else f"call {self.call + 1}: "
        return f"{where}{self.what}: predicted {self.predicted}, observed {self.observed}"


def differences(scenario: Scenario, predicted: Predicted, observed: Observed) -> list[Difference]:
    """Everything in which `observed` is not `predicted`, call by call, then the wire, then the console."""
    found: list[Difference] = []
    if not len(scenario.calls) == len(predicted.outcomes) == len(observed.outcomes):
        found.append(Difference("calls", None, str(len(predicted.outcomes)), str(len(observed.outcomes))))
    for index, (ours, theirs) in enumerate(zip(predicted.outcomes, observed.outcomes, strict=False)):
        found += _outcome(index, ours, theirs)
    found += _requests(predicted, tuple(_own_cookies(scenario.name, seen) for seen in observed.requests))
    if predicted.console is not None:
        found += _console(predicted.console, observed.console)
    return found


def _outcome(call: int, ours: Outcome, theirs: Outcome) -> Iterator[Difference]:
    if ours.blocked != theirs.blocked:
        yield Difference("blocked", call, _ending(ours), _ending(theirs))
        return
    for name in ("type", "status", "redirected", "url", "body"):
        if getattr(ours, name) != getattr(theirs, name):
            yield Difference(name, call, repr(getattr(ours, name)), repr(getattr(theirs, name)))
    yield from _headers(call, ours.headers, theirs.headers)


def _ending(outcome: Outcome) -> str:
    return "blocked" if outcome.blocked else f"allowed ({outcome.type or 'xhr'}, status {outcome.status})"


def _headers(call: int, ours: Sequence[tuple[str, str]], theirs: Sequence[tuple[str, str]]) -> Iterator[Difference]:
    """By name: every value under it, in order."""
    for name in dict.fromkeys(name for name, _ in (*ours, *theirs)):
        a, b = ([value for own, value in side if own == name] for side in (ours, theirs))
        if a != b:
            yield Difference(f"header {name}", call, _values(a), _values(b))


def _values(values: list[str]) -> str:
    return " and ".join(map(repr, values)) or "not readable"


def _requests(predicted: Predicted, theirs: tuple[Seen, ...]) -> Iterator[Difference]:
    """Aligned by method, host and path first, so that one request too many is one difference and not a shift of all."""
    ours, calls = predicted.requests, predicted.request_calls
    for a, b in _aligned([_line(seen) for seen in ours], [_line(seen) for seen in theirs]):
        if a is not None and b is not None:
            yield from _fields_of_request(calls[a], ours[a], theirs[b])
        elif a is not None:
            yield Difference("request", calls[a], _line(ours[a]), _ABSENT)
        elif b is not None:
            # An extra request belongs to no call for sure, so its place on the wire is told instead.
            yield Difference("request", None, _ABSENT, f"{_line(theirs[b])} (the {b + 1}. request)")


def _aligned(ours: Sequence[str], theirs: Sequence[str]) -> list[tuple[int | None, int | None]]:
    """The places in both of a longest common subsequence, in order, and those of all else with None beside them.

    `difflib` takes the longest common block first, and so can call more different than there is.
    """
    longest = [[0] * (len(theirs) + 1) for _ in range(len(ours) + 1)]
    for a in reversed(range(len(ours))):
        for b in reversed(range(len(theirs))):
            same = ours[a] == theirs[b]
            longest[a][b] = longest[a + 1][b + 1] + 1 if same else max(longest[a + 1][b], longest[a][b + 1])
    pairs: list[tuple[int | None, int | None]] = []
    a = b = 0
    while a < len(ours) and b < len(theirs):
        if ours[a] == theirs[b]:
            pairs.append((a, b))
            a, b = a + 1, b + 1
        elif longest[a + 1][b] >= longest[a][b + 1]:
            pairs.append((a, None))
            a += 1
        else:
            pairs.append((None, b))
            b += 1
    return pairs + [(each, None) for each in range(a, len(ours))] + [(None, each) for each in range(b, len(theirs))]


def _line(seen: Seen) -> str:
    return f"{seen.method} {seen.host}{seen.path}" + (" (preflight)" if seen.acrm is not None else "")


_WORDS = {
    "origin": "Origin",
    "acrm": "Access-Control-Request-Method",
    "acrh": "Access-Control-Request-Headers",
    "cookie": "Cookie",
}


def _fields_of_request(call: int, ours: Seen, theirs: Seen) -> Iterator[Difference]:
    for field in fields(Seen):
        a, b = getattr(ours, field.name), getattr(theirs, field.name)
        if field.name in _WORDS and a != b:
            what = f"{_WORDS[field.name]} of {_line(ours)}"
            yield Difference(what, call, _ABSENT if a is None else repr(a), _ABSENT if b is None else repr(b))


def _own_cookies(name: str, seen: Seen) -> Seen:
    """Only the cookies of the scenario itself: a `__Host-` cookie has Path=/ and meets every later scenario."""
    if seen.cookie is None:
        return seen
    own = [pair for pair in seen.cookie.split("; ") if pair.partition("=")[0].endswith(f"-{name}")]
    cookie = "; ".join(own) or None
    return Seen(seen.host, seen.method, seen.path, seen.origin, seen.acrm, seen.acrh, cookie)


def _console(ours: Sequence[Sequence[str]], theirs: Sequence[Sequence[str]]) -> Iterator[Difference]:
    for call in range(max(len(ours), len(theirs))):
        a, b = (tuple(side[call]) if call < len(side) else () for side in (ours, theirs))
        if a != b:
            yield Difference("console", call, _lines(a), _lines(b))


def _lines(lines: Sequence[str]) -> str:
    return "\n    ".join(["", *lines]) if lines else _ABSENT
