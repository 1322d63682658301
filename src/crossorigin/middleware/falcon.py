"""A policy for Falcon applications, WSGI and ASGI.

    app = wrap(falcon.asgi.App(), allow_origins=["https://app.example.com"])

    @cors(Policy(allow_origins=["https://admin.example.com"], allow_methods=["PUT"]))
    class Articles: ...

`wrap` stands outside of Falcon's own middleware, so that no authentication gets to see a preflight, and everything that
Falcon answers has the headers. Falcon's router says which resource and responder the method that a preflight names
would reach; the responder's policy counts, then the resource's, then that of `wrap`.
"""

from __future__ import annotations

from typing import Any, Unpack, cast, overload
from wsgiref.types import WSGIApplication

import falcon
import falcon.asgi

from crossorigin.middleware import wsgi
from crossorigin.middleware.marks import cors, rule_of
from crossorigin.middleware.messages import ASGIApp, Scope
from crossorigin.middleware.routed import RoutedCORS
from crossorigin.middleware.rules import Options, Rule, Rules
from crossorigin.middleware.settings import PolicySource

__all__ = ["cors", "wrap"]


@overload
def wrap(  # type: ignore[overload-overlap]  # an asgi.App is an App, and stands first
    app: falcon.asgi.App[Any, Any], policy: PolicySource | None = None, **options: Unpack[Options]
) -> RoutedCORS: ...
@overload
def wrap(
    app: falcon.App[Any, Any], policy: PolicySource | None = None, **options: Unpack[Options]
) -> WSGIApplication: ...
def wrap(
    app: falcon.App[Any, Any], policy: PolicySource | None = None, **options: Unpack[Options]
) -> RoutedCORS | WSGIApplication:
    """The application with a policy around it, for the server to run: ASGI for Falcon's ASGI, and else WSGI.

    The parameters are those of `crossorigin.middleware.asgi.CORSMiddleware`. Without a policy only what is marked with
    `cors` grants anything. Raises PolicyError with everything that is wrong with the settings.
    """

    def find(scope: Scope, method: str) -> Rule | None:
        return _rule(app, scope["path"], method or "WEBSOCKET")

    def find_by_environ(environ: wsgi.Environ, method: str | None) -> Rule | None:
        path = environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace")
        return _rule(app, path, environ["REQUEST_METHOD"] if method is None else method)

    rules = Rules(policy, options)
    if isinstance(app, falcon.asgi.App):
        return RoutedCORS(cast("ASGIApp", app), find, rules)
    return wsgi.RoutedCORS(app, find_by_environ, rules)


def _rule(app: falcon.App[Any, Any], path: str, method: str) -> Rule | None:
    if app.req_options.strip_url_path_trailing_slash and len(path) > 1:
        path = path.removesuffix("/")
    # Falcon has no public way to ask what a path leads to.
    found = app._router.find(path or "/")
    if found is None or found[0] is None:
        return None
    resource, responders = found[0], found[1]
    return rule_of(responders.get(method), resource)
