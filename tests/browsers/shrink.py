"""The smallest scenario that still shows a difference, and scenarios as JSON.

Greedy delta-debugging: of all ways to make the scenario smaller in one step, the first that still differs is taken,
the big steps first. A browser runs scenarios in batches, so a whole round of candidates is asked about at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TypeVar

from crossorigin.browser.real.call import Call

from .scenario import Answer, Reply, Scenario
from .scenario_json import as_json, from_json

__all__ = ["as_json", "from_json", "shrink"]

T = TypeVar("T")
_BATCH = 200
"""Candidates asked about at once: a browser plays them in a few seconds."""

_URL = re.compile(r"(?:\{(own|port|sibling|foreign|other)(\.authority)?\})?/\{id\}/(\d+)")
_PREFLIGHT = Answer().preflights[0]
_PLAIN = ("Access-Control-Allow-Origin", "*"), ("Cache-Control", "no-store")


def shrink(
    scenario: Scenario, still_differs: Callable[[Sequence[Scenario]], Sequence[bool]], *, rounds: int = 100
) -> Scenario:
    """The smallest scenario found in at most `rounds` rounds for which `still_differs` says True.

    `scenario` itself is taken to differ. Every candidate has a name of its own, so that no two share a URL, a cookie
    or a cache entry; what comes back has the name and the notes of `scenario`.
    """
    best, asked = scenario, 0
    while asked < rounds:
        taken, candidates = None, list(_smaller(best))
        for start in range(0, len(candidates), _BATCH):
            batch = candidates[start : start + _BATCH]
            named = [
                replace(each, name=f"{scenario.name}-r{asked}-{index}", notes=()) for index, each in enumerate(batch)
            ]
            verdicts = still_differs(named)
            asked += 1
            taken = next((each for each, differs in zip(batch, verdicts, strict=True) if differs), None)
            if taken is not None or asked == rounds:
                break
        if taken is None:
            break
        best = taken
    return replace(best, name=scenario.name, notes=scenario.notes)


def _smaller(scenario: Scenario) -> Iterator[Scenario]:
    """Every candidate of one step, without repetition, each smaller by its JSON, so that shrinking ends."""
    own = _size(scenario)
    seen = {own[1]}
    for candidate in _steps(scenario):
        size = _size(candidate)
        if size[1] not in seen and size < own:
            seen.add(size[1])
            yield candidate


def _size(scenario: Scenario) -> tuple[int, tuple[str, ...]]:
    """How long the JSON is, and what tells two of one length apart; by parts, of which most are as they were."""
    parts = (
        *map(_call_text, scenario.calls),
        *map(_answer_text, scenario.answers),
        as_json(Scenario("", (), (), scenario.scheme, scenario.frame)),
    )
    return sum(map(len, parts)), parts


@lru_cache(maxsize=4096)
def _call_text(call: Call) -> str:
    return as_json(Scenario("", (call,), ()))


@lru_cache(maxsize=4096)
def _answer_text(answer: Answer) -> str:
    return as_json(Scenario("", (), (answer,)))


def _steps(scenario: Scenario) -> Iterator[Scenario]:
    # Fewer calls, then fewer URLs, then each call and each answer, then the whole.
    if len(scenario.calls) > 1:
        for calls in _fewer(scenario.calls):
            if calls:
                yield replace(scenario, calls=calls)
    yield from _fewer_urls(scenario)
    for call in dict.fromkeys(scenario.calls):
        for simpler in _calls(call):
            # A cache is met by calls that stay alike, so equal calls change together first, and then each alone.
            yield replace(scenario, calls=tuple(simpler if each == call else each for each in scenario.calls))
    for index, call in enumerate(scenario.calls):
        for simpler in _calls(call):
            yield replace(scenario, calls=_with(scenario.calls, index, simpler))
    for change in _URL_CHANGES:
        yield replace(scenario, calls=tuple(replace(each, url=change(each.url)) for each in scenario.calls))
    for index, answer in enumerate(scenario.answers):
        for simple in _answers(answer):
            yield replace(scenario, answers=_with(scenario.answers, index, simple))
    yield replace(scenario, scheme="http")
    yield replace(scenario, frame="page")


def _fewer_urls(scenario: Scenario) -> Iterator[Scenario]:
    """Without one of the answers: what led to it leads to the next one, or is the end where there is none."""
    count = len(scenario.answers)
    if count == 1:
        return
    # A chain that is long for its own sake is as long in a circle.
    circle = replace(scenario.answers[0], actual=_led_to_itself(scenario.answers[0].actual))
    yield replace(scenario, answers=(circle,))
    size = count // 2
    while size > 1:
        for start in range(0, count - size, size):
            shorter = scenario
            for _ in range(size):
                shorter = _without_url(shorter, start, None)
            yield shorter
        size //= 2
    yield _without_end(scenario)
    for gone in range(count - 1):
        yield _without_url(scenario, gone, None)
        # The first URL of a chain and the last are not always on one host.
        successor = _host_of(scenario, gone + 1)
        if successor is not None:
            yield _without_url(scenario, gone, successor)


def _led_to_itself(reply: Reply) -> Reply:
    return replace(
        reply,
        headers=tuple((name, "/{id}/0" if name == "Location" else value) for name, value in reply.headers),
    )


def _without_url(scenario: Scenario, gone: int, host: str | None) -> Scenario:
    """Without answer `gone`, to which its successor moves up, on `host` if given."""

    def place(match: re.Match[str]) -> str:
        role, number = match[1], int(match[3])
        if role and number == gone and host is not None:
            role = host
        before = f"{{{role}{match[2] or ''}}}" if role else ""
        return f"{before}/{{id}}/{number - 1 if number > gone else number}"

    def text(value: str) -> str:
        return _URL.sub(place, value)

    def reply(before: Reply) -> Reply:
        headers = tuple((name, text(value) if name == "Location" else value) for name, value in before.headers)
        return replace(before, headers=headers)

    answers = scenario.answers[:gone] + scenario.answers[gone + 1 :]
    return replace(
        scenario,
        calls=tuple(replace(call, url=text(call.url)) for call in scenario.calls),
        answers=tuple(
            replace(answer, actual=reply(answer.actual), preflights=tuple(map(reply, answer.preflights)))
            for answer in answers
        ),
    )


def _without_end(scenario: Scenario) -> Scenario:
    """Without the last answer; a redirect to it becomes the end itself."""
    last = len(scenario.answers) - 1

    def reply(before: Reply) -> Reply:
        if not any(name == "Location" and last in _numbers(value) for name, value in before.headers):
            return before
        return replace(before, status=200, headers=tuple(pair for pair in before.headers if pair[0] != "Location"))

    return replace(
        scenario, answers=tuple(replace(answer, actual=reply(answer.actual)) for answer in scenario.answers[:last])
    )


def _host_of(scenario: Scenario, number: int) -> str | None:
    """The host by which something leads to the answer of this number."""
    texts = [call.url for call in scenario.calls]
    texts += [value for answer in scenario.answers for name, value in answer.actual.headers if name == "Location"]
    for text in texts:
        for match in _URL.finditer(text):
            if int(match[3]) == number and match[1]:
                return match[1]
    return None


def _numbers(text: str) -> set[int]:
    return {int(match[3]) for match in _URL.finditer(text)}


_URL_CHANGES: tuple[Callable[[str], str], ...] = (
    lambda url: url.partition("#")[0].partition("?")[0],
    lambda url: re.sub(r"^\{\w+\}", "{foreign}", url),
    lambda url: re.sub(r"^\{\w+\}", "{own}", url),
)


def _calls(call: Call) -> Iterator[Call]:
    yield Call(url=call.url)
    for change in _URL_CHANGES:
        yield replace(call, url=change(call.url))
    yield replace(call, api="fetch", upload_listeners=False)
    yield replace(call, upload_listeners=False)
    yield replace(call, method="GET", body=None)
    yield replace(call, method="PUT")
    yield replace(call, body=None)
    yield replace(call, mode="cors")
    yield replace(call, credentials="same-origin")
    yield replace(call, redirect="follow")
    for headers in _fewer(call.headers):
        yield replace(call, headers=headers)
    for index, (name, _) in enumerate(call.headers):
        for value in ("", "1"):
            yield replace(call, headers=_with(call.headers, index, (name, value)))
        if name != "X":
            yield replace(call, headers=_with(call.headers, index, ("X", "1")))
    for index, (name, value) in enumerate(call.headers):
        for shorter in _shorter(value):
            yield replace(call, headers=_with(call.headers, index, (name, shorter)))


def _answers(answer: Answer) -> Iterator[Answer]:
    if len(answer.preflights) > 1:
        for preflights in _fewer(answer.preflights):
            if preflights:
                yield replace(answer, preflights=preflights)
    yield Answer(answer.actual)
    for index, preflight in enumerate(answer.preflights):
        for simpler in _replies(preflight, _PREFLIGHT):
            yield replace(answer, preflights=_with(answer.preflights, index, simpler))
    for simpler in _replies(answer.actual, Reply()):
        yield replace(answer, actual=simpler)


def _replies(reply: Reply, default: Reply) -> Iterator[Reply]:
    yield default
    yield replace(default, headers=_PLAIN)
    yield replace(reply, status=default.status, body=default.body)
    # The plain status, for a preflight too: it is the shorter text.
    yield replace(reply, status=200)
    yield replace(reply, body=default.body)
    yield replace(reply, body="")
    for headers in _fewer(reply.headers):
        # The engine has no HTTP cache, so no shrinking may bring the browser's into play.
        if ("Cache-Control", "no-store") in headers or ("Cache-Control", "no-store") not in reply.headers:
            yield replace(reply, headers=headers)
    for index, (name, value) in enumerate(reply.headers):
        for simple in ("*", "{page}", "true", *_members(value)):
            if name.startswith("Access-Control-") and value != simple:
                yield replace(reply, headers=_with(reply.headers, index, (name, simple)))


def _members(value: str) -> Iterator[str]:
    """A list without some of its members."""
    members = value.split(",")
    if len(members) > 1:
        yield from (",".join(kept).strip() for kept in _fewer(tuple(members)))


def _shorter(value: str) -> Iterator[str]:
    half = len(value) // 2
    if half:
        yield from (value[:half], value[half:], value[1:], value[:-1])


def _fewer(items: tuple[T, ...]) -> Iterator[tuple[T, ...]]:
    """Without all, without halves, without each."""
    if not items:
        return
    yield ()
    size = len(items) // 2
    while size:
        for start in range(0, len(items), size):
            yield items[:start] + items[start + size :]
        size //= 2


def _with(items: tuple[T, ...], index: int, item: T) -> tuple[T, ...]:
    return (*items[:index], item, *items[index + 1 :])
