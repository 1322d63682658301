"""Other answers of the server that failed, to the same page: whether CORS is known there at all, and gives leave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

from crossorigin.doctor.diagnosis.answers import allows, granted, sign_of, speaks_cors, status_line
from crossorigin.doctor.diagnosis.caches import fresh_answer
from crossorigin.doctor.diagnosis.case import Case
from crossorigin.doctor.words import shortened
from crossorigin.fetch.trace import Exchange
from crossorigin.fetch.wire import HTTPResponse
from crossorigin.web.statuses import is_ok_status
from crossorigin.web.url import URL, parse_url

__all__ = ["Sibling", "by_origin", "sibling"]


_REFUSED: Final = frozenset({400, 403})
"""What a server answers that will not have a caller, whoever they are."""


@dataclass(frozen=True, slots=True)
class Sibling:
    """What another answer of the same server says of CORS: leave for this origin, or no more than a sign of it."""

    evidence: str
    is_preflight: bool
    is_probe: bool
    gives_leave: bool


def sibling(case: Case, failing: Exchange, *, asks: bool = True) -> Sibling | None:
    """The first other answer with leave for this origin, or else with any sign of CORS; None where there is neither.

    Where `asks`, the server is asked for others than those that are known.
    """
    signs = None
    answers = chain(_known_answers(case, failing), _asked_answers(case, failing) if asks else ())
    for said, answer, is_preflight in answers:
        is_probe = case.second.mark(answer) != ""
        if allows(answer, case.origin):
            shown = f"{said} {granted(answer)}"
            return Sibling(case.second.mark(answer) + shown, is_preflight, is_probe, gives_leave=True)
        if signs is None and speaks_cors(answer):
            shown = f"{said} {status_line(answer)}, and {sign_of(answer)}"
            signs = Sibling(case.second.mark(answer) + shown, is_preflight, is_probe, gives_leave=False)
    return signs


def by_origin(case: Case, failing: Exchange, answer: HTTPResponse) -> str | None:
    """The evidence that a call is refused for its Origin: the same GET without one is not. None where it is not so."""
    if answer.status not in _REFUSED or failing.request.method not in {b"GET", b"OPTIONS"}:
        return None
    if failing.request.headers.get(b"Origin") == b"null":
        return None
    plain = case.second.get(failing.request.url, None)
    if plain is None or not is_ok_status(plain.status):
        return None
    said = f"{case.second.mark(plain)}GET without Origin was answered {status_line(plain)}"
    return f"{said}: it is the origin that is refused"


def _known_answers(case: Case, failing: Exchange) -> Iterator[tuple[str, HTTPResponse, bool]]:
    """Other answers to this origin in the dialogue: how they are told, what they were, whether to a preflight."""
    url = failing.request.url
    for exchange in case.result.exchanges:
        request, response = exchange.request, exchange.response
        of_it = request.url.origin == url.origin and request.headers.get(b"Origin") == case.origin.encode()
        if of_it and response is not None and response is not failing.response:
            said = f"{request.method.decode('latin-1')} {shortened(request.url.href)} was answered"
            yield said, response, request.role == "preflight"


def _asked_answers(case: Case, failing: Exchange) -> Iterator[tuple[str, HTTPResponse, bool]]:
    url, method = failing.request.url, case.question.method
    fresh = fresh_answer(case)
    if fresh is not None:
        yield "under a URL that no cache knows it was answered", fresh, False
    if case.preflight is None:
        probe = case.second.preflight(url, case.origin, method, case.header_names)
        if probe is not None:
            yield f"a preflight for {method.decode('latin-1')} was answered", probe, True
    for other in _above(url):
        probe = case.second.get(other, case.origin)
        if probe is not None:
            yield f"GET {shortened(other.href)} was answered", probe, False


def _above(url: URL) -> Iterator[URL]:
    """The path above, as collections have it (`/items` of `/items/7`), and the root."""
    above = url.path.rstrip("/").rpartition("/")[0]
    for path in dict.fromkeys([above or "/", "/"]):
        found = parse_url(path, url)
        # `/items` of `//items/7` would be a URL of another host.
        if found is not None and found.origin == url.origin and found.path != url.path:
            yield found
