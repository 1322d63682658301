"""Console text that somebody pasted, read back into facts: the tables of `fetch.console` run the other way.

The end of a message tells the most and is what people paste when they paste a part, so the reason is looked for first
and the sentence around it afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from crossorigin.doctor.pasted_text import Found, Pasted, Pattern, Places
from crossorigin.fetch.blocks import BlockCode
from crossorigin.fetch.console import CATALOGUES, Message
from crossorigin.fetch.console.chromium import NET_ERRORS
from crossorigin.fetch.console.chromium_messages import PREFLIGHT
from crossorigin.fetch.console.messages import RESPONSE_CODE
from crossorigin.web.url import parse_url

__all__ = ["LONGEST", "PastedTooLongError", "Recognised", "recognise"]

LONGEST: Final = 256 * 1024
"""A console that is longer than this was not copied to ask about one call."""

_MOST: Final = 100
"""Different messages that are told apart; nobody reads more."""

_SHORT: Final = 26
"""Reasons with fewer characters than this are ordinary English and count only inside their sentence."""

_PREFLIGHT_CODE: Final = {response: preflight for preflight, response in RESPONSE_CODE.items()}
_ENTITIES: Final = {
    "amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "#39": "'", "#x27": "'", "#34": '"', "nbsp": " ",
    "lsquo": "'", "rsquo": "'", "#8216": "'", "#8217": "'", "ldquo": '"', "rdquo": '"', "#8220": '"', "#8221": '"',
}  # fmt: skip
_ENTITY: Final = re.compile(f"&({'|'.join(_ENTITIES)});")
_NET_ERROR: Final = re.compile(r"net::(ERR_[A-Z0-9_]{1,60}(?:\.[A-Za-z]{1,60})?)(?:\s{1,8}(\d{3})\b)?")
_NET_CODES: Final = {error: (code,) for code, error in NET_ERRORS.items()} | {
    "ERR_RESPONSE_HEADERS_MULTIPLE_LOCATION": (BlockCode.LOCATION_UNPARSABLE,),
    "ERR_BLOCKED_BY_RESPONSE.NotSameSite": (BlockCode.CROSS_ORIGIN_RESOURCE_POLICY,),
}
_NOT_THE_NETWORK: Final = frozenset(
    {
        "ERR_FAILED",
        "ERR_ABORTED",
        "ERR_BLOCKED_BY_CLIENT",
        "ERR_BLOCKED_BY_CSP",
        "ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS",
        "ERR_BLOCKED_BY_ORB",
    }
)
"""Errors that are none of the standard's steps and no failure of the network either."""

_NAME: Final = re.compile(r"\bk?(Preflight|)([A-Z][A-Za-z]{8,60})\d?\b")
"""An identifier; whether there is a message of that name is looked up."""
_METHOD: Final = re.compile(r"[A-Z]{3,16}")
_LONGEST_URL: Final = 4096


class PastedTooLongError(ValueError):
    """The text is longer than `LONGEST`; the message is a sentence for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """One message: who printed it, which steps it can stand for, and whatever else the text held.

    `name` is the message's in its engine's table (`fetch.console`), `when` which versions print it, empty for
    today's. `codes` has the likeliest first and is empty for a message that is none of the standard's. `bare` says
    that the message tells that a call failed and nothing of why. `text` is the matched text as it stood, in one line.
    """

    engine: str
    name: str
    text: str
    codes: tuple[BlockCode, ...] = ()
    when: str = ""
    bare: bool = False
    url: str | None = None
    first_url: str | None = None
    origin: str | None = None
    kind: str | None = None
    method: str | None = None
    header: str | None = None
    value: str | None = None
    status: int | None = None
    target: str | None = None
    space: str | None = None


_AFTER_REDIRECT: Final = frozenset({"CORSAllowOriginNotMatchingOrigin", "CORSPreflightDidNotSucceed3"})
_FACTS: Final = ("url", "first_url", "origin", "kind", "method", "header", "value", "status", "target", "space")


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A message in the squashed text, before the sentence around it is read."""

    start: int
    end: int
    engine: str
    message: Message
    places: Places


def recognise(text: str) -> tuple[Recognised, ...]:
    """Every browser message about CORS in `text`, in the order in which they first stand there.

    Takes any engine's words of any generation, with line breaks, quoting, bent or straight quotation marks and HTML
    entities, as a part or as a whole; the lines of one block become one message, and repetitions are merged. Messages
    that carry no reason are told only when there is none that does. Nothing recognised is an empty tuple; raises
    PastedTooLongError for a text longer than `LONGEST`.
    """
    if len(text) > LONGEST:
        raise PastedTooLongError(
            f"the text has {len(text):,} characters, and {LONGEST:,} are read at most: paste the red lines alone"
        )
    text = _ENTITY.sub(lambda entity: _ENTITIES[entity[1]], text)
    pasted = Pasted(text)
    found = _merged(_paired(_read(pasted, candidate) for candidate in _candidates(pasted)))
    found = _without_echoes(found, _network_lines(text))
    reasons = [each for each in found if not each.bare]
    if reasons:
        return tuple(reasons)
    return tuple(_merged([*found, *_named(text)]) or _merged([*_network_lines(text), *_bare(text)]))


@cache
def _patterns(engine: str) -> tuple[tuple[Message, Pattern], ...]:
    """An engine's sentences that stand on their own, ready to be looked for."""
    catalogue = CATALOGUES[engine]
    alone = [each for each in catalogue.bare if "access control checks" in each.text or "Same Origin" in each.text]
    return tuple((message, Pattern(message.text)) for message in (*catalogue.reasons, *alone))


@cache
def _shells(engine: str) -> tuple[tuple[Message, Pattern, Pattern], ...]:
    """An engine's sentences around a reason: what stands before it, and what after."""
    return tuple(
        (shell, Pattern(before), Pattern(after))
        for shell in CATALOGUES[engine].shells
        for before, _, after in [shell.text.partition("{reason}")]
    )


@cache
def _tails(engine: str) -> tuple[Pattern, ...]:
    return tuple(Pattern(tail) for tail in CATALOGUES[engine].tails)


def _candidates(pasted: Pasted) -> list[_Candidate]:
    """Reasons, and sentences around a reason that nobody knows, in order and none inside another."""
    found = [
        _Candidate(each.start, each.end, engine, message, each.places)
        for engine in CATALOGUES
        for message, pattern in _patterns(engine)
        for each in pattern.find(pasted)
        if len(pattern.text) > _SHORT or _in_shell(pasted, engine, each.start)
    ]
    kept = _outermost(found)
    shells = [
        _Candidate(each.start, each.end, engine, shell, each.places)
        for engine in ("chromium", "firefox")
        for shell, before, _ in _shells(engine)
        if len(before.text) > 2 * _SHORT and not shell.when
        for each in before.find(pasted)
    ]
    # A sentence whose reason was found ends where the reason begins.
    ends = {_reason_start(pasted, candidate) for candidate in kept}
    return _outermost([*kept, *(shell for shell in shells if shell.end not in ends)])


def _reason_start(pasted: Pasted, candidate: _Candidate) -> int:
    before = Pattern(PREFLIGHT).ending_at(pasted, candidate.start) if candidate.engine == "chromium" else None
    return candidate.start if before is None else before.start


def _in_shell(pasted: Pasted, engine: str, start: int) -> bool:
    ends = [before.literals[-1] for _, before, _ in _shells(engine)]
    return pasted.folded.endswith(("reason:" if engine == "firefox" else ends[0], *ends), 0, start)


def _outermost(candidates: Iterable[_Candidate]) -> list[_Candidate]:
    """Without those that lie inside another; of two that begin together the longer one stays."""
    kept: list[_Candidate] = []
    for each in sorted(candidates, key=lambda each: (each.start, -each.end)):
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
    return kept


def _read(pasted: Pasted, candidate: _Candidate) -> Recognised:
    """The message with the sentence around it and what stands after it."""
    start, end, places = candidate.start, candidate.end, dict(candidate.places)
    message = candidate.message
    codes = message.codes
    is_shell = "{reason}" in message.text
    if not is_shell:
        start = _reason_start(pasted, candidate)
        if start != candidate.start:
            codes = tuple(_PREFLIGHT_CODE.get(code, code) for code in codes)
        before = _before(pasted, candidate.engine, start)
        after = _after(pasted, candidate.engine, end)
        # What the reason itself says of a place is said first.
        places = before.places | after.places | places
        start, end = before.start, after.end
    read = Recognised(
        engine=candidate.engine,
        name=message.name,
        text=pasted.words(start, end),
        codes=codes,
        when=message.when,
        bare=message in CATALOGUES[candidate.engine].bare and not is_shell,
    )
    return _with_places(read, places)


def _before(pasted: Pasted, engine: str, end: int) -> Found:
    """The sentence that leads up to a reason, the one around that one too."""
    found = Found(end, end, {})
    for _ in range(2):
        for _, before, _ in _shells(engine):
            each = before.ending_at(pasted, found.start)
            if each is not None and each.start < found.start:
                found = Found(each.start, end, each.places | found.places)
                break
    return found


def _after(pasted: Pasted, engine: str, end: int) -> Found:
    """What closes the sentence around a reason, and the sentences that some versions add."""
    found = Found(end, end, {})
    for _, _, after in _shells(engine):
        each = after.starting_at(pasted, end) if after.text else None
        if each is not None and each.end > found.end:
            found = each
    for _ in range(3):
        for tail in _tails(engine):
            each = tail.starting_at(pasted, found.end)
            if each is not None:
                found = Found(end, each.end, found.places | each.places)
    return found


def _with_places(read: Recognised, places: Places) -> Recognised:
    status = places.get("status", "")
    method = places.get("method")
    return replace(
        read,
        url=_url(places.get("url")),
        first_url=_url(places.get("first_url")),
        origin=places.get("origin") or None,
        kind=places.get("kind"),
        method=method or None,
        header=places.get("header") or None,
        value=places.get("value"),
        status=int(status) if status.isascii() and status.isdigit() else None,
        target=_url(places.get("target")),
        space=places.get("space"),
    )


def _url(text: str | None) -> str | None:
    """The URL as it stands in the text, or None for something that is none."""
    text = None if text is None else text.strip("'\"\u2018\u2019")
    return text if text and parse_url(text) is not None else None


def _merged(found: Iterable[Recognised]) -> list[Recognised]:
    """Each message once: those that say the same, or of which one says less than the other."""
    kept: list[Recognised] = []
    seen: set[Recognised] = set()
    for each in found:
        key = replace(each, text="")
        if key in seen:
            continue
        seen.add(key)
        for index, other in enumerate(kept):
            if _agree(each, other):
                kept[index] = _union(other, each)
                break
        else:
            kept.append(each)
        if len(kept) >= _MOST:
            break
    return kept


def _agree(one: Recognised, other: Recognised) -> bool:
    """Whether one message can be the other, told twice."""
    same = (one.engine, one.name, one.codes, one.bare) == (other.engine, other.name, other.codes, other.bare)
    return same and all(
        getattr(one, fact) is None or getattr(other, fact) is None or getattr(one, fact) == getattr(other, fact)
        for fact in _FACTS
    )


def _paired(found: Iterable[Recognised]) -> Iterator[Recognised]:
    """WebKit's reason and its URL stand in two lines, in this order; they are one message."""
    reason: Recognised | None = None
    line: Recognised | None = None
    for each in found:
        if each.engine != "webkit" or (each.url is not None and not each.bare):
            yield each
        elif each.bare and reason is not None:
            yield _union(reason, each)
            reason = None
        elif each.bare:
            line = each
        elif line is not None:
            # The first line was not copied; the inspector's line has the reason too, and comes last.
            yield _union(each, line)
            line = None
        else:
            if reason is not None:
                yield reason
            reason = each
    yield from (each for each in (reason, line) if each is not None)


def _union(one: Recognised, other: Recognised) -> Recognised:
    facts = {fact: getattr(other, fact) for fact in _FACTS if getattr(one, fact) is None}
    # The inspector's third line of WebKit only repeats the first.
    longer = other.text if one.text in other.text and one.engine != "webkit" else one.text
    return replace(one, text=longer, **facts)


def _without_echoes(found: list[Recognised], network: list[Recognised]) -> list[Recognised]:
    """Without Firefox's second line for the request behind a failed preflight; Chromium's network line adds to its own.

    That second line says which of the two answers failed: there is a request behind a preflight only.
    """
    echoed = {each.url for each in found if each.name == "CORSDidNotSucceed2"}
    told = {each.url for each in found if each.engine == "firefox" and each.name != "CORSDidNotSucceed2"}
    kept = [each for each in found if each.name != "CORSDidNotSucceed2" or each.url not in told]
    # A redirected preflight is judged once more, and that reason is beside the point.
    redirected = {each.url for each in kept if each.name == "CORSExternalRedirectNotAllowed"}
    kept = [each for each in kept if each.name not in _AFTER_REDIRECT or each.url not in redirected]
    return [_with_network_line(_after_echo(each, echoed), network) for each in kept]


def _after_echo(each: Recognised, echoed: set[str | None]) -> Recognised:
    redirect = each.status is not None and 300 <= each.status < 400
    if each.engine != "firefox" or each.url not in echoed or redirect or each.name == "CORSDidNotSucceed2":
        return each
    preflight = set(RESPONSE_CODE)
    return replace(each, codes=tuple(sorted(each.codes, key=lambda code: code not in preflight)))


def _with_network_line(each: Recognised, network: list[Recognised]) -> Recognised:
    if each.engine != "chromium" or each.url is None:
        return each
    line = next((line for line in network if line.url == each.url), None)
    if line is None:
        return each
    return replace(each, method=each.method or line.method, status=each.status or line.status)


def _network_lines(text: str) -> list[Recognised]:
    """Chromium's `GET https://… net::ERR_FAILED 200 (OK)`, whichever of it is there."""
    return _merged(_network_line(text, match) for match in _NET_ERROR.finditer(text))


def _network_line(text: str, match: re.Match[str]) -> Recognised:
    words = text[max(0, match.start() - _LONGEST_URL) : match.start()].rsplit(None, 2)
    url = _url(words[-1]) if words and "://" in words[-1] else None
    method = words[-2] if url is not None and len(words) > 1 and _METHOD.fullmatch(words[-2]) else None
    return Recognised(
        engine="chromium",
        name="NetworkLine",
        text=" ".join(filter(None, [method, url, match[0]])),
        codes=() if match[1] in _NOT_THE_NETWORK else _NET_CODES.get(match[1], (BlockCode.NO_RESPONSE,)),
        bare=True,
        url=url,
        method=method,
        value=match[1],
        status=int(match[2]) if match[2] else None,
    )


def _named(text: str) -> Iterator[Recognised]:
    """Messages by name: a category of Firefox's console, a `corsError` of the DevTools protocol."""
    for match in _NAME.finditer(text):
        prefix, name = match[1], match[2]
        for engine in ("chromium", "firefox"):
            names = _names(engine)
            message = names.get(prefix + name) or names.get(name)
            if message is not None:
                check = prefix == "Preflight" and prefix + name not in names
                codes = tuple(_PREFLIGHT_CODE.get(code, code) for code in message.codes) if check else message.codes
                yield Recognised(engine=engine, name=message.name, text=match[0], codes=codes, when=message.when)


@cache
def _names(engine: str) -> dict[str, Message]:
    """Message by name, without the digit that says how often Firefox has reworded it."""
    return {message.name.rstrip("0123456789"): message for message in reversed(CATALOGUES[engine].reasons)}


@cache
def _bare_phrases() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """What script sees of a block, word for word: engine, name, and the words."""
    phrases = [
        (engine, message.name, message.text.rstrip("."))
        for engine, catalogue in CATALOGUES.items()
        for message in catalogue.bare
        if "{" not in message.text
    ]
    phrases.append(("axios", "NetworkError", "Network Error"))
    return tuple(
        (engine, name, re.compile(r"(?<!\w)" + r"\s{1,8}".join(map(re.escape, words.split())) + r"(?!\w)"))
        for engine, name, words in phrases
    )


def _bare(text: str) -> Iterator[Recognised]:
    for engine, name, phrase in _bare_phrases():
        match = phrase.search(text)
        if match is not None:
            yield Recognised(engine=engine, name=name, text=" ".join(match[0].split()), bare=True)
