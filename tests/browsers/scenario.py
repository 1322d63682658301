"""A scenario: pages, calls and answers as data, the same for a real browser and for the engine.

Everything that depends on the run (ports, the scenario's own path) is written as a place in braces, so that a scenario
is one JSON text that can be printed, shrunk and run again:

    {page}       the serialised origin of the page ("http://app.a.localhost:40001"), also inside an opaque frame
    {own} {port} {sibling} {foreign} {other}    the origins of the five hosts below, of the scenario's scheme
    {own.authority} ...                         the same without scheme and "//": "app.a.localhost:40001"
    {scheme}     the scenario's scheme
    {id}         the scenario's name, unique in a run, the first segment of every path: no two share a cache entry

What outlives a scenario in a browser is the scenario's own business: a cookie's default path is "/{id}", so it must not
say "Path=/"; no Strict-Transport-Security, no Clear-Site-Data. HTTP caches are kept out of it as far as a browser would
use them unasked: `fill` gives a 300, 301, 308 or 410 without Cache-Control a "no-store", because Chromium answers the
second call from its cache (WebKit: 301 and 410). What a scenario says itself (Cache-Control, ETag) the caches follow.
A 401 with WWW-Authenticate opens a dialog in Chromium and WebKit, where cookies are sent: the call ends by time limit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Literal

from crossorigin.browser.real.call import Call
from crossorigin.browser.real.stage import Frame

__all__ = ["HOSTS", "Answer", "Frame", "Host", "Reply", "Scenario", "Scheme", "phrase"]

Scheme = Literal["http", "https"]

Host = Literal["own", "port", "sibling", "foreign", "other"]
HOSTS: dict[Host, str] = {
    "own": "app.a.localhost",  # the page's own origin
    "port": "app.a.localhost",  # the same host on another port: same site
    "sibling": "api.a.localhost",  # another host of the same site
    "foreign": "api.b.localhost",  # another site
    "other": "api.c.localhost",  # a third site
}
"""`localhost` is no public suffix of the list, so by its default rule {a,b,c}.localhost are sites."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A response as raw header fields in order; `Content-Length` and nothing else is added by the server.

    Texts are latin-1; `body` is ASCII. A 1xx, 204 or 304 has neither body nor Content-Length.
    """

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: str = "body"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one URL answers: `preflights` one after the other (the last one again and again), all else `actual`.

    A preflight is OPTIONS with Access-Control-Request-Method.
    """

    actual: Reply = Reply()
    preflights: tuple[Reply, ...] = (Reply(204),)


@dataclass(frozen=True, slots=True)
class Scenario:
    """`calls` one after the other, in one frame of one page, each when the one before has ended.

    `answers` are by number: the answer of the URL `{host}/{id}/0` is `answers[0]`, whatever its host and query.
    """

    name: str
    calls: tuple[Call, ...]
    answers: tuple[Answer, ...] = (Answer(),)
    scheme: Scheme = "http"
    frame: Frame = "page"
    notes: tuple[str, ...] = field(default=(), compare=False)
    """Which dimensions the generator chose, for the reader of a difference."""


def phrase(status: int) -> bytes:
    """The words behind a status on the wire."""
    try:
        return HTTPStatus(status).phrase.encode()
    except ValueError:
        return b"Unknown"
