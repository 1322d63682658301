"""A scenario under construction, and what a correct server would answer to it.

What is right is worked out here from the question alone: the origin at each hop (null once a redirect tainted it), the
method and the header names that a preflight will ask for. The tests run every unmutated draft through the engine.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import TypeVar

from crossorigin.browser.real.call import Call
from crossorigin.web.forbidden import is_forbidden_request_header
from crossorigin.web.headers import HeaderList, normalize
from crossorigin.web.methods import is_cors_safelisted_method, normalize_method
from crossorigin.web.safelists import cors_unsafe_request_header_names

from .scenario import Answer, Frame, Host, Reply, Scenario, Scheme
from .values import Fields

__all__ = ["DOMAINS", "Draft", "Right", "asks_preflight", "pick", "right_answers", "set_fields", "unsafe_names"]

T = TypeVar("T")

NO_STORE = ("Cache-Control", "no-store")
DOMAINS: dict[Host, str] = {
    "own": "a.localhost",
    "port": "a.localhost",
    "sibling": "a.localhost",
    "foreign": "b.localhost",
    "other": "c.localhost",
}
_BODY_HEADERS = {"content-encoding", "content-language", "content-location", "content-type"}


@dataclass(frozen=True, slots=True)
class Right:
    """What is right at one URL: the request's origin there, its method, and its CORS-unsafe header names."""

    origin: str
    method: str
    names: tuple[str, ...]


@dataclass(slots=True)
class Draft:
    """Mutable while it is built; `roles`, `rights` and `answers` go along the redirect chain, one for each URL."""

    name: str
    rng: Random
    scheme: Scheme
    frame: Frame
    calls: list[Call]
    roles: list[Host]
    statuses: list[int]
    """Of the redirects: one less than roles."""
    rights: list[Right] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def note(self, dimension: str, label: object) -> None:
        """Say what was chosen."""
        text = f"{dimension}: {label}"
        if text not in self.notes:
            self.notes.append(text)

    def set_actual(self, index: int, header: str, values: Fields) -> None:
        """Give the response of URL `index` these fields instead of those it has under that name."""
        answer = self.answers[index]
        self.answers[index] = replace(answer, actual=set_fields(answer.actual, header, values))

    def set_preflight(self, index: int, header: str, values: Fields) -> None:
        """Give every preflight response of URL `index` these fields instead of those it has under that name."""
        answer = self.answers[index]
        preflights = tuple(set_fields(reply, header, values) for reply in answer.preflights)
        self.answers[index] = replace(answer, preflights=preflights)

    def scenario(self) -> Scenario:
        """The scenario as it stands now."""
        return Scenario(
            self.name, tuple(self.calls), tuple(self.answers), self.scheme, self.frame, notes=tuple(self.notes)
        )


def pick(rng: Random, weights: dict[T, int]) -> T:
    """One key, as often as its weight says."""
    return rng.choices(list(weights), list(weights.values()))[0]


def set_fields(reply: Reply, header: str, values: Fields) -> Reply:
    """`reply` with the fields `values` under `header`, in the place of any that it has."""
    kept = tuple(pair for pair in reply.headers if pair[0].lower() != header.lower())
    return replace(reply, headers=(*kept, *((header, value) for value in values)))


def unsafe_names(call: Call, headers: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """The CORS-unsafe request-header names of `call` with `headers`; an XMLHttpRequest combines repeated ones."""
    listed = HeaderList.of(*((name, normalize(value.encode("latin-1")).decode("latin-1")) for name, value in headers))
    if call.api == "xhr":
        listed = listed.sort_and_combine()
    return tuple(name.decode("latin-1") for name in cors_unsafe_request_header_names(listed))


def asks_preflight(draft: Draft, index: int) -> bool:
    """Whether the first call sends a preflight to URL `index`, as far as the question decides."""
    call, right = draft.calls[0], draft.rights[index]
    crossed = draft.frame != "page" or any(role != "own" for role in draft.roles[: index + 1])
    upload = call.api == "xhr" and call.upload_listeners
    unsafe = upload or bool(right.names) or not is_cors_safelisted_method(right.method.encode("latin-1"))
    return crossed and unsafe and call.mode == "cors"


def right_answers(draft: Draft) -> None:
    """Fill in `rights` and `answers` for the first call, with everything allowed that it needs."""
    call, rng = draft.calls[0], draft.rng
    style = pick(rng, {"exact": 5, "generous": 2, "any": 3})
    draft.note("server", style)
    method = normalize_method(call.method.encode("latin-1")).decode("latin-1")
    headers = _sent_headers(call)
    for index, role in enumerate(draft.roles):
        right = Right(_origin(draft, index), method, unsafe_names(call, headers))
        draft.rights.append(right)
        last = index == len(draft.statuses)
        reply = _allow_origin(Reply(headers=(NO_STORE,)), call, right, style)
        actual = reply if last else replace(reply, status=draft.statuses[index], body="")
        if not last:
            location = f"{{{draft.roles[index + 1]}}}/{{id}}/{index + 1}"
            actual = replace(actual, headers=(*actual.headers, ("Location", location)))
            method, headers = _redirected(draft.statuses[index], method, headers, same=role == draft.roles[index + 1])
        preflight = _allow_request(replace(reply, status=rng.choice((200, 204, 204)), body=""), call, right, style)
        draft.answers.append(Answer(actual, (preflight,)))


def _sent_headers(call: Call) -> list[tuple[str, str]]:
    """The headers that script may set, and the Content-Type that a text brings along."""
    headers = [
        (name, value)
        for name, value in call.headers
        if not is_forbidden_request_header(name.encode("latin-1"), value.encode("latin-1"))
    ]
    if call.body is not None and all(name.lower() != "content-type" for name, _ in headers):
        headers.append(("Content-Type", "text/plain;charset=UTF-8"))
    return headers


def _allow_origin(reply: Reply, call: Call, right: Right, style: str) -> Reply:
    include = call.credentials == "include"
    reply = set_fields(
        reply, "Access-Control-Allow-Origin", ("*",) if style == "any" and not include else (right.origin,)
    )
    return set_fields(reply, "Access-Control-Allow-Credentials", ("true",)) if include or style == "generous" else reply


def _allow_request(reply: Reply, call: Call, right: Right, style: str) -> Reply:
    safelisted = is_cors_safelisted_method(right.method.encode("latin-1"))
    methods, names = right.method, ", ".join(right.names)
    if style == "any" and call.credentials != "include":
        methods, names = "*", "*, Authorization" if "authorization" in right.names else "*"
    elif style == "generous":
        methods, names = f"GET, PUT, DELETE, {methods}", ", ".join(["X-Requested-With", *right.names])
    elif safelisted:
        methods = ""
    if methods:
        reply = set_fields(reply, "Access-Control-Allow-Methods", (methods,))
    return set_fields(reply, "Access-Control-Allow-Headers", (names,)) if names else reply


def _origin(draft: Draft, index: int) -> str:
    """The request's origin at URL `index`, as it must be allowed: the redirect-taint, over roles instead of URLs."""
    if draft.frame != "page":
        return "null"
    roles = draft.roles[: index + 1]
    # Neither the next URL nor the page has the origin of the one that redirected.
    tainted = any(before not in {after, "own"} for before, after in itertools.pairwise(roles))
    return "null" if tainted else "{page}"


def _redirected(
    status: int, method: str, headers: list[tuple[str, str]], *, same: bool
) -> tuple[str, list[tuple[str, str]]]:
    """Method and headers after a redirect, as HTTP-redirect fetch changes them."""
    if (status in {301, 302} and method == "POST") or (status == 303 and method not in {"GET", "HEAD"}):
        method = "GET"
        headers = [pair for pair in headers if pair[0].lower() not in _BODY_HEADERS]
    if not same:
        headers = [pair for pair in headers if pair[0].lower() != "authorization"]
    return method, headers
