"""Scenarios by the thousand, each made again alone from its seed and index.

A random mess fails at the first check and tests nothing. So a scenario starts as a random question with the answers
that a correct server gives, and then none to three things go wrong; about half of the scenarios end well. Some have a
second and a third call, for the preflight cache and for cookies.

What is left out of a table of values, and why, stands at the table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from crossorigin.browser.real.call import Call

from .draft import DOMAINS, Draft, asks_preflight, pick, right_answers
from .mutations import expose, mutate, set_cookies
from .request_values import REQUEST_HEADERS
from .scenario import HOSTS, Frame, Host, Scenario, Scheme
from .values import BODIES, MAX_AGE, METHODS

__all__ = ["correct_scenario", "scenario", "scenarios"]

_SCHEMES: dict[Scheme, int] = {"http": 4, "https": 1}
_FRAMES: dict[Frame, int] = {"page": 16, "sandboxed": 2, "data": 2}
_TARGETS: dict[Host, int] = {"own": 3, "port": 4, "sibling": 5, "foreign": 14, "other": 2}
_HOPS = {0: 270, 1: 70, 2: 36, 3: 14, 20: 2, 21: 2}
_REDIRECTS = {301: 2, 302: 3, 303: 3, 307: 4, 308: 2}
_USUAL_HEADERS = ("custom", "authorization", "authorization and custom", "content-type: json")
_MUTATIONS = {0: 24, 1: 40, 2: 18, 3: 6}


def scenarios(seed: int, count: int) -> Iterator[Scenario]:
    """The first `count` scenarios of `seed`."""
    return (scenario(seed, index) for index in range(count))


def scenario(seed: int, index: int) -> Scenario:
    """The scenario `s{seed}-{index}`, the same in every run and on every machine."""
    draft = _correct(seed, index)
    rng = draft.rng
    if rng.random() < 0.5:
        expose(draft)
    kind = pick(rng, {"one call": 60, "preflight cache": 25, "cookies": 15})
    if kind == "preflight cache" and any(asks_preflight(draft, at) for at in range(len(draft.roles))):
        _mutate(draft)
        _ask_again(draft)
    elif kind == "cookies":
        _mutate(draft)
        _with_cookies(draft)
    else:
        _mutate(draft)
    return draft.scenario()


def correct_scenario(seed: int, index: int) -> Scenario:
    """What `scenario(seed, index)` starts from: one call, and a server that does everything right."""
    return _correct(seed, index).scenario()


def _correct(seed: int, index: int) -> Draft:
    # Random hashes a text by SHA-512, not by the hash that differs from process to process.
    draft = _question(Random(f"crossorigin/{seed}/{index}"), f"s{seed}-{index}")
    right_answers(draft)
    return draft


def _mutate(draft: Draft) -> None:
    for _ in range(pick(draft.rng, _MUTATIONS)):
        mutate(draft)


def _question(rng: Random, name: str) -> Draft:
    """A frame, a call, and a chain of hosts that it will be redirected along."""
    scheme, frame, target, hops = pick(rng, _SCHEMES), pick(rng, _FRAMES), pick(rng, _TARGETS), pick(rng, _HOPS)
    roles = [target]
    statuses = [pick(rng, _REDIRECTS) for _ in range(hops)]
    for _ in statuses:
        roles.append(rng.choice((roles[-1], *HOSTS)))
    draft = Draft(name, rng, scheme, frame, [], roles, statuses)
    for dimension, label in (("scheme", scheme), ("frame", frame), ("target", target), ("hops", hops)):
        draft.note(dimension, label)
    for status, before, after in zip(statuses, roles, roles[1:], strict=False):
        draft.note("redirect status", status)
        draft.note("redirect", _relation(before, after))
    ending = rng.choice(("", "", "", "?query", "#fragment"))
    draft.calls.append(_call(draft, f"{{{target}}}/{{id}}/0{ending}"))
    return draft


def _relation(before: Host, after: Host) -> str:
    if before == after:
        return "same origin"
    if after == "own":
        return "back to the page's origin"
    return "same site" if DOMAINS[before] == DOMAINS[after] else "cross-site"


def _call(draft: Draft, url: str) -> Call:
    rng = draft.rng
    method = pick(rng, METHODS)
    headers = _headers(draft)
    body = rng.choice(BODIES) if method.upper() not in {"GET", "HEAD", "TRACE"} and rng.random() < 0.6 else None
    if rng.random() < 0.25:
        _note_method(draft, method, body)
        credentials, upload = rng.choice(("same-origin", "include")), rng.random() < 0.25
        draft.note("api", "xhr with upload listeners" if upload else "xhr")
        draft.note("withCredentials", credentials == "include")
        return Call(
            url=url,
            api="xhr",
            method=method,
            headers=headers,
            body=body,
            credentials="include" if credentials == "include" else "same-origin",
            upload_listeners=upload,
        )
    mode = pick(rng, {"cors": 88, "no-cors": 9, "same-origin": 4})
    credentials = pick(rng, {"omit": 15, "same-origin": 35, "include": 50})
    if mode == "no-cors" and rng.random() < 0.9 and method not in {"GET", "HEAD", "POST"}:
        method, body = "GET", None
    _note_method(draft, method, body)
    for dimension, label in (("api", "fetch"), ("mode", mode), ("credentials", credentials)):
        draft.note(dimension, label)
    return Call(
        url=url,
        method=method,
        headers=headers,
        body=body,
        mode="cors" if mode == "cors" else "no-cors" if mode == "no-cors" else "same-origin",
        credentials="omit" if credentials == "omit" else "include" if credentials == "include" else "same-origin",
    )


def _note_method(draft: Draft, method: str, body: str | None) -> None:
    draft.note("method", method)
    draft.note("body", "none" if body is None else repr(body))


def _headers(draft: Draft) -> tuple[tuple[str, str], ...]:
    """None, one of the lists, or two of them one after the other."""
    number = pick(draft.rng, {0: 28, 1: 60, 2: 12})
    headers: tuple[tuple[str, str], ...] = ()
    for _ in range(number):
        label = draft.rng.choice(_USUAL_HEADERS if draft.rng.random() < 0.3 else list(REQUEST_HEADERS))
        headers += REQUEST_HEADERS[label]
        draft.note("request headers", label)
    if not number:
        draft.note("request headers", "none")
    return headers


def _ask_again(draft: Draft) -> None:
    """One or two more calls like the first, of which some are not quite like it, and a server that changes its mind."""
    rng = draft.rng
    label = rng.choice(list(MAX_AGE))
    for index in range(len(draft.answers)):
        draft.set_preflight(index, "Access-Control-Max-Age", MAX_AGE[label])
    draft.note("max-age", label)
    if rng.random() < 0.25:
        _change_answers(draft)
    for _ in range(rng.choice((1, 1, 2))):
        draft.calls.append(_changed(draft, draft.calls[-1]))


def _change_answers(draft: Draft) -> None:
    """The same preflights first, and others after them, or the other way round."""
    rng = draft.rng
    before = [answer.preflights for answer in draft.answers]
    mutate(draft)
    first = rng.random() < 0.5
    for index, answer in enumerate(draft.answers):
        old, new = before[index], answer.preflights
        if old != new:
            draft.answers[index] = replace(answer, preflights=(*old, *new) if first else (*new, *old))
            draft.note("preflights", "change their answer" if first else "come right")


def _changed(draft: Draft, call: Call) -> Call:
    rng = draft.rng
    what = pick(
        rng,
        {"nothing": 8, "method": 3, "header added": 3, "headers gone": 2, "credentials": 4, "query": 1, "fragment": 1},
    )
    draft.note("asked again with another", what)
    if what == "method":
        return replace(call, method=rng.choice(("GET", "HEAD", "PUT", "DELETE", "PATCH", "put")), body=None)
    if what == "header added":
        added = rng.choice((("X-Added", "1"), ("Authorization", "Bearer y"), ("Content-Type", "application/json")))
        return replace(call, headers=(*call.headers, added))
    if what == "headers gone":
        return replace(call, headers=())
    if what == "credentials":
        return replace(call, credentials="same-origin" if call.credentials == "include" else "include")
    if what in {"query", "fragment"}:
        mark = "?again" if what == "query" else "#again"
        return replace(call, url=call.url.partition("?")[0].partition("#")[0] + mark)
    return call


def _with_cookies(draft: Draft) -> None:
    """Cookies set somewhere on the way of the first call, and seen, or not, on that of the second."""
    rng = draft.rng
    call = draft.calls[0]
    if call.credentials == "omit" and rng.random() < 0.8:
        call = draft.calls[0] = replace(call, credentials="include")
    set_cookies(draft, rng.randrange(len(draft.answers)))
    again = rng.choice(("include", "include", "include", "same-origin", "omit"))
    if call.api == "xhr" and again == "omit":
        again = "include"
    draft.note("credentials with a cookie", again)
    follow = replace(
        call, credentials="include" if again == "include" else "omit" if again == "omit" else "same-origin"
    )
    draft.calls.append(follow)
