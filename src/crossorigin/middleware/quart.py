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

from collections.abc import Callable
from typing import Any, TypeVar, Unpack, cast

from quart import Quart
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RoutingException

from crossorigin.middleware.lookups import Lookup
from crossorigin.middleware.messages import ASGIApp, Scope
from crossorigin.middleware.routed import RoutedCORS
from crossorigin.middleware.rules import Rule, WebSocketOrigins, marker, rule_of
from crossorigin.middleware.settings import PolicySource, Settings
from crossorigin.policy.observe import Observer

__all__ = ["cors", "setup"]

Target = TypeVar("Target")


def setup(
    app: Quart,
    policy: PolicySource | None = None,
    *,
    origin_lookup: Lookup | None = None,
    observer: Observer | None = None,
    websocket_origins: WebSocketOrigins = "enforce",
    **settings: Unpack[Settings],
) -> None:
    """Put a policy around an application; without one, only what is marked with `cors` grants anything.

    Raises PolicyError for settings that are not sound, and RuntimeError for an application that has a policy already.
    """
    is_set_up = isinstance(app.asgi_app, RoutedCORS)
    if is_set_up:
        raise RuntimeError("this application has a policy already: call setup once, and mark views with cors(policy)")

    def find(scope: Scope, method: str) -> Rule | None:
        return _rule(app, scope, method)

    layer = RoutedCORS(
        cast("ASGIApp", app.asgi_app),
        find,
        policy,
        origin_lookup=origin_lookup,
        observer=observer,
        websocket_origins=websocket_origins,
        **settings,
    )
    # As Quart's documentation puts middleware there.
    cast("Any", app).asgi_app = layer


def cors(
    policy: PolicySource | None = None, *, origin_lookup: Lookup | None = None, **settings: Unpack[Settings]
) -> Callable[[Target], Target]:
    """Mark a view, a class of views, one of its methods or a blueprint with a policy of its own; None grants nothing.

    Needs `setup` on the application.
    """
    return marker(Rule(policy, settings, origin_lookup=origin_lookup))


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
    view: Any = app.view_functions.get(endpoint)
    targets: list[object] = []
    views = getattr(view, "view_class", None)
    if views is not None:
        targets = [getattr(views, method.lower(), None), views]
    blueprint = endpoint.rpartition(".")[0]
    targets.append(view)
    while blueprint:
        targets.append(app.blueprints.get(blueprint))
        blueprint = blueprint.rpartition(".")[0]
    return rule_of(*targets)
