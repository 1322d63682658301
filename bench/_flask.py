"""Flask beside flask-cors."""

from __future__ import annotations

from typing import Any

from bench import _wsgi
from bench._cases import BARE, HEADERS, METHODS, OURS, PEER, Case, patterns
from bench._compare import Framework
from flask import Flask
from flask_cors import CORS as FLASK_CORS

from crossorigin.middleware.flask import CORS

__all__ = ["FLASK", "regexes"]


def regexes(case: Case) -> list[str]:
    """The patterns of a policy, as people write them by hand."""
    return [rf"^https://[a-z.]+\.{each.replace('.', '[.]')}$" for each in case.suffixes]


def app() -> Flask:
    """The application without CORS."""
    made = Flask(__name__)

    @made.route("/", methods=METHODS)
    def view() -> Any:
        return made.response_class(b"{}", content_type="application/json")

    return made


def apps(case: Case) -> dict[str, _wsgi.WSGIApp]:
    """The three."""
    bare, ours, peer = app(), app(), app()
    CORS(ours, allow_origins=patterns(case), allow_methods=METHODS, allow_headers=HEADERS, max_age=600)
    FLASK_CORS(peer, origins=[*case.exact, *regexes(case)], methods=METHODS, allow_headers=HEADERS, max_age=600)
    return {BARE: bare, OURS: ours, PEER: peer}


FLASK = Framework("Flask", "flask-cors", apps, _wsgi.request, _wsgi.timed, _wsgi.answer, has_targets=True)
