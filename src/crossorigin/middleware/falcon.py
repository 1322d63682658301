"""A policy for Falcon applications, WSGI and ASGI.

    app = wrap(falcon.asgi.App(), allow_origins=["https://app.example.com"])

    @cors(Policy(allow_origins=["https://admin.example.com"], allow_methods=["PUT"]))
    class Articles: ...

`wrap` stands outside of Falcon's own middleware, so that no authentication gets to see a preflight, and everything that
Falcon answers has the headers. Falcon's router says which resource and responder the method that a preflight names
would reach; the responder's policy counts, then the resource's, then that of `wrap`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar, Unpack, cast, overload
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import falcon
import falcon.asgi

from crossorigin.middleware.lookups import Lookup, SyncLookup, sync_lookup
from crossorigin.middleware.messages import ASGIApp, Scope
from crossorigin.middleware.routed import RoutedCORS
from crossorigin.middleware.rules import RULED_NAMES, Rule, WebSocketOrigins, marker, rule_of, ruled_fields
from crossorigin.middleware.rulings import facts_of_environ
from crossorigin.middleware.settings import PolicySource, Settings
from crossorigin.policy.observe import Observer

__all__ = ["cors", "wrap"]

Target = TypeVar("Target")


@overload
def wrap(  # type: ignore[overload-overlap]  # an asgi.App is an App, and stands first
    app: falcon.asgi.App[Any, Any],
    policy: PolicySource | None = None,
    *,
    origin_lookup: Lookup | None = None,
    observer: Observer | None = None,
    websocket_origins: WebSocketOrigins = "enforce",
    **settings: Unpack[Settings],
) -> RoutedCORS: ...
@overload
def wrap(
    app: falcon.App[Any, Any],
    policy: PolicySource | None = None,
    *,
    origin_lookup: Lookup | None = None,
    observer: Observer | None = None,
    websocket_origins: WebSocketOrigins = "enforce",
    **settings: Unpack[Settings],
) -> WSGIApplication: ...
def wrap(
    app: falcon.App[Any, Any],
    policy: PolicySource | None = None,
    *,
    origin_lookup: Lookup | None = None,
    observer: Observer | None = None,
    websocket_origins: WebSocketOrigins = "enforce",
    **settings: Unpack[Settings],
) -> RoutedCORS | WSGIApplication:
    """The application with a policy around it, for the server to run: ASGI for Falcon's ASGI, and else WSGI.

    The parameters are those of `crossorigin.middleware.asgi.CORSMiddleware`. Without a policy only what is marked with
    `cors` grants anything. Raises PolicyError with everything that is wrong with the settings.
    """
    if not isinstance(app, falcon.asgi.App):
        return _WSGI(app, Rule(policy, settings, origin_lookup=origin_lookup), observer)

    def find(scope: Scope, method: str) -> Rule | None:
        return _rule(app, scope["path"], method or "WEBSOCKET")

    return RoutedCORS(
        cast("ASGIApp", app),
        find,
        policy,
        origin_lookup=origin_lookup,
        observer=observer,
        websocket_origins=websocket_origins,
        **settings,
    )


def cors(
    policy: PolicySource | None = None, *, origin_lookup: Lookup | None = None, **settings: Unpack[Settings]
) -> Callable[[Target], Target]:
    """Mark a resource, its class or one of its responders with a policy of its own; `cors(None)` grants nothing."""
    return marker(Rule(policy, settings, origin_lookup=origin_lookup))


def _rule(app: falcon.App[Any, Any], path: str, method: str) -> Rule | None:
    if app.req_options.strip_url_path_trailing_slash and len(path) > 1:
        path = path.removesuffix("/")
    # Falcon has no public way to ask what a path leads to.
    found = app._router.find(path or "/")
    if found is None or found[0] is None:
        return None
    resource, responders = found[0], found[1]
    return rule_of(responders.get(method), resource)


class _WSGI:
    """PEP 3333, https://peps.python.org/pep-3333/; Falcon answers every exception itself."""

    def __init__(self, app: falcon.App[Any, Any], rule: Rule, observer: Observer | None) -> None:
        self._app = app
        self._default = rule
        self._observer = observer
        self._lookups: dict[Rule, Callable[[bytes], bool]] = {}
        self._lookup(rule)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        facts = facts_of_environ(environ, environ["REQUEST_METHOD"], environ["wsgi.url_scheme"])
        path = environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace")
        method = facts.request_method if facts.is_preflight and facts.request_method is not None else facts.method
        rule = _rule(self._app, path, method.decode("latin-1")) or self._default
        lookup = self._lookup(rule)
        granted = (
            lookup is not None
            and rule.source is not None
            and facts.origin is not None
            and not rule.source.compiled.allows(facts.origin)
            and lookup(facts.origin)
        )
        decision = rule.decide_now(facts, self._observer, granted=granted)
        if decision is None:
            return self._app(environ, start_response)
        if decision.status is not None:
            fields = [(name.decode(), value.decode("latin-1")) for name, value in decision.response_headers]
            length = [] if decision.status == 204 else [("content-length", "0")]
            start_response(falcon.code_to_http_status(decision.status), [*fields, *length])
            return []

        def start_with_cors(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            others = [field for field in headers if field[0].lower() not in RULED_NAMES]
            return start_response(status, [*others, *ruled_fields(headers, decision, rule)], exc_info)

        return self._app(environ, start_with_cors)

    def _lookup(self, rule: Rule) -> Callable[[bytes], bool] | None:
        if rule.source is None or rule.origin_lookup is None:
            return None
        lookup = self._lookups.get(rule)
        if lookup is None:
            lookup = self._lookups[rule] = sync_lookup(cast("SyncLookup", rule.origin_lookup), rule.source)
        return lookup
