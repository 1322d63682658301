"""Sanic, by its ASGI side, beside sanic-ext, of which nothing but HTTP with CORS is switched on."""

from __future__ import annotations

import itertools
import re
from typing import Any

from bench import _asgi
from bench._cases import BARE, HEADERS, METHODS, OURS, PEER, Case, patterns
from bench._compare import Framework
from bench._flask import regexes
from sanic import HTTPResponse, Request, Sanic
from sanic_ext import Extend
from sanic_ext.extensions.http.extension import HTTPExtension

from crossorigin.middleware.sanic import setup

__all__ = ["SANIC"]

_NUMBERS = itertools.count()


def app() -> Sanic[Any, Any]:
    """The application without CORS."""
    made = Sanic(f"bench-{next(_NUMBERS)}", configure_logging=False)
    made.config.AUTO_EXTEND = False
    made.config.MOTD = False
    # It rewrites classes of the process, so once; no application here uses what it takes out.
    made.config.TOUCHUP = made.name == "bench-0"

    @made.route("/", methods=METHODS)
    async def view(_request: Request[Any, Any]) -> HTTPResponse:
        return HTTPResponse(b"{}", content_type="application/json")

    return made


def apps(case: Case) -> dict[str, Any]:
    """The three, started."""
    bare, ours, peer = app(), app(), app()
    setup(ours, allow_origins=patterns(case), allow_methods=METHODS, allow_headers=HEADERS, max_age=600)
    peer.config.CORS_ORIGINS = [*case.exact, *map(re.compile, regexes(case))]
    peer.config.CORS_ALLOW_HEADERS = HEADERS
    peer.config.CORS_METHODS = METHODS
    peer.config.CORS_MAX_AGE = 600
    Extend(peer, extensions=[HTTPExtension], built_in_extensions=False)
    made = {BARE: bare, OURS: ours, PEER: peer}
    for each in made.values():
        _asgi.start(each)
    return made


SANIC = Framework("Sanic", "sanic-ext", apps, _asgi.request, _asgi.timed, _asgi.answer)
