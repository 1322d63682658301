"""A policy for Quart applications.

    setup(app, allow_origins=["https://app.example.com"])

    @app.put("/articles")
    @cors(allow_origins=["https://admin.example.com"], allow_methods=["PUT"])
    async def write() -> str: ...

`setup` puts the policy around `app.asgi_app`: every response has the headers, that of an error that nobody handles
too, and no `before_request` gets to see a preflight. Quart's URL map says which view the method that a preflight names
would reach; the most specific policy counts, of: method of a class of views, view, innermost blueprint, application.
"""

from __future__ import annotations

from typing import Any, Unpack, cast

from quart import Quart
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RoutingException

from crossorigin.middleware.marks import cors, rule_of_endpoint
from crossorigin.middleware.messages import ASGIApp, Scope
from crossorigin.middleware.routed import RoutedCORS
from crossorigin.middleware.rules import Options, Rule, Rules
from crossorigin.middleware.settings import PolicySource

__all__ = ["cors", "setup"]


def setup(app: Quart, policy: PolicySource | None = None, **options: Unpack[Options]) -> None:
    """Put a policy around an application; without one, only what is marked with `cors` grants anything.

    The parameters are those of `crossorigin.middleware.asgi.CORSMiddleware`. Raises PolicyError for settings that are
    not sound, and RuntimeError for an application that has a policy already.
    """
    is_set_up = isinstance(app.asgi_app, RoutedCORS)
    if is_set_up:
        raise RuntimeError("this application has a policy already: call setup once, and mark views with cors(policy)")

    def find(scope: Scope, method: str) -> Rule | None:
        return _rule(app, scope, method)

    # As Quart's documentation puts middleware there.
    cast("Any", app).asgi_app = RoutedCORS(cast("ASGIApp", app.asgi_app), find, Rules(policy, options))


class _Asked:
    """What Quart's URL map asks of a request."""

    query_string = b""

    def __init__(self, scope: Scope, method: str) -> None:
        self.scheme: str = scope["scheme"]
        self.root_path: str = scope.get("root_path") or ""
        self.path: str = scope["path"].removeprefix(self.root_path)
        self.method = method or "GET"
        self.host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")


def _rule(app: Quart, scope: Scope, method: str) -> Rule | None:
    try:
        adapter = app.create_url_adapter(cast("Any", _Asked(scope, method)))
        endpoint: str = "" if adapter is None else adapter.match()[0]
    except (HTTPException, RoutingException):
        return None
    return rule_of_endpoint(app, endpoint, method)
