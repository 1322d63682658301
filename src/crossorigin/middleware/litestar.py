"""A policy for Litestar applications.

    app = setup(Litestar(route_handlers), allow_origins=["https://app.example.com"])

    @put("/articles", opt={"cors": Policy(allow_origins=["https://admin.example.com"], allow_methods=["PUT"])})
    async def write() -> str: ...

`opt` is Litestar's own place for such things: on a handler, a controller, a router or the application, and the closest
to the handler counts. `{"cors": None}` grants nothing. Which handler the method that a preflight names would reach,
Litestar's router says.
"""

from __future__ import annotations

from typing import Final, Unpack, cast

from litestar import Litestar
from litestar.exceptions import LitestarException
from litestar.types import ASGIApp as LitestarASGIApp
from litestar.types import Method
from litestar.utils.path import normalize_path

from crossorigin.middleware.messages import ASGIApp, Scope
from crossorigin.middleware.routed import RoutedCORS
from crossorigin.middleware.rules import Options, Rule, Rules
from crossorigin.middleware.settings import PolicySource

__all__ = ["OPT", "setup"]

OPT: Final = "cors"
"""The key of `opt`; its value is a Policy, a LivePolicy, or None."""


def setup(app: Litestar, policy: PolicySource | None = None, **options: Unpack[Options]) -> Litestar:
    """Put a policy around all that an application answers, errors and mounted applications included; the same object.

    The parameters are those of `crossorigin.middleware.asgi.CORSMiddleware`. Raises PolicyError for settings that are
    not sound, TypeError for an `opt` that is no policy, and RuntimeError for
    an application that has a policy already, Litestar's own `cors_config` included.
    """
    if app.cors_config is not None or isinstance(app.asgi_handler, RoutedCORS):
        raise RuntimeError("this application has a CORS policy already: call setup once, and leave cors_config out")
    routes = _Routes(app)
    for handler in app.asgi_router.route_handler_index.values():
        routes.rule_of(handler.opt)
    layer = RoutedCORS(cast("ASGIApp", app.asgi_handler), routes.find, Rules(policy, options))
    app.asgi_handler = cast("LitestarASGIApp", layer)
    return app


class _Routes:
    """From a handler's `opt` to its rule; each policy's made once."""

    def __init__(self, app: Litestar) -> None:
        self._app = app
        self._by_policy: dict[object, Rule] = {}

    def rule_of(self, opt: dict[str, object]) -> Rule | None:
        """The rule of a handler's `opt`, None without one. Raises TypeError for what is no policy."""
        if OPT not in opt:
            return None
        policy = opt[OPT]
        rule = self._by_policy.get(policy)
        if rule is None:
            rule = self._by_policy[policy] = Rule(cast("PolicySource | None", policy), {})
        return rule

    def find(self, scope: Scope, method: str) -> Rule | None:
        """Ask Litestar's router, as it will ask itself."""
        path: str = scope["path"]
        if root_path := scope.get("root_path", ""):
            path = path.split(root_path, maxsplit=1)[-1]
        asked = cast("Method", method) if method else None
        try:
            handler = self._app.asgi_router.handle_routing(path=normalize_path(path), method=asked)[1]
        except LitestarException:
            return None
        return self.rule_of(handler.opt)
