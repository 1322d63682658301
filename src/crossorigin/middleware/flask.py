"""Flask: an extension around the whole application, a policy for each blueprint and view that wants its own.

    CORS(app, Policy(allow_origins=["https://app.example.com"]))

The extension wraps `app.wsgi_app`. So it sees every response there is, that of an unhandled exception too, after all
`after_request` functions, in whatever order they stand. Which view a request is for it asks of `app.url_map`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Unpack, overload
from urllib.parse import unquote, urlsplit

from flask import Blueprint, Flask
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import RequestRedirect

from crossorigin.middleware.lookups import SyncLookup
from crossorigin.middleware.marks import View, mark, rule_of_endpoint, wrapped
from crossorigin.middleware.rules import Rule, Rules
from crossorigin.middleware.settings import PolicySource, Settings, policy_configured, policy_of
from crossorigin.middleware.wsgi import Environ, RoutedCORS
from crossorigin.policy.observe import Observer

__all__ = ["CORS", "cors"]

_NAME: Final = "crossorigin"
_SETTING: Final = "CROSSORIGIN"
_ATTEMPTS: Final = 3
"""A redirect to a path with a slash, then a method that the path does not have."""


class CORS:
    """Answers preflights, and puts the policy's headers on all other responses of an application.

    - `policy`: a Policy, or a LivePolicy that can be replaced while the server runs. Without one its settings are given
      by name, or stand in `app.config["CROSSORIGIN"]`: any of these, a dict, or the path of a crossorigin.toml.
    - `origin_lookup`: asked about origins that the policy itself does not allow: a function, or an OriginLookup.
    - `observer`: told of each decision; see `crossorigin.policy.observe`.

    `CORS(app, ...)` is `CORS(...).init_app(app)`.
    """

    def __init__(
        self,
        app: Flask | None = None,
        policy: PolicySource | None = None,
        *,
        origin_lookup: SyncLookup | None = None,
        observer: Observer | None = None,
        **settings: Unpack[Settings],
    ) -> None:
        self._source = None if policy is None and not settings else policy_of(policy, settings)
        self._lookup = origin_lookup
        self._observer = observer
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> None:
        """Wrap an application. Raises RuntimeError for one that is wrapped already, PolicyError for a bad policy."""
        if _NAME in app.extensions:
            raise RuntimeError(f"CORS is set up twice for {app.name!r}: give views and blueprints their own with @cors")
        source = self._source
        if source is None:
            if app.config.get(_SETTING) is None:
                raise TypeError(f'no policy is given, and there is no app.config["{_SETTING}"]: CORS(app, Policy(...))')
            source = policy_configured(app.config[_SETTING], f'app.config["{_SETTING}"]')
        rules = Rules(source, {"origin_lookup": self._lookup, "observer": self._observer})

        def find(environ: Environ, method: str | None) -> Rule | None:
            return _rule(app, environ) if method is None else _resolved(app, environ, method)

        # Flask's own way: https://flask.palletsprojects.com/en/stable/api/#flask.Flask.wsgi_app
        app.wsgi_app = RoutedCORS(app.wsgi_app, find, rules)  # type: ignore[method-assign]
        app.extensions[_NAME] = self


@overload
def cors(target: PolicySource | None) -> Callable[[View], View]: ...
@overload
def cors(target: Blueprint, policy: PolicySource) -> None: ...
def cors(target: Blueprint | PolicySource | None, policy: PolicySource | None = None) -> Callable[[View], View] | None:
    """Give a view, or a blueprint, a policy of its own, in the place of the application's: the most specific counts.

        @app.put("/item")
        @cors(policy)
        def put_item(): ...

        cors(blueprint, policy)

    It stands below the route; in a class of views it is one of `decorators`, or stands on a method. `cors(None)` marks
    a view that grants nothing.
    """
    if isinstance(target, Blueprint):
        if policy is None:
            raise TypeError("cors(blueprint, policy) needs the policy")
        mark(target, Rule(policy, {}))
        return None
    if policy is not None:
        raise TypeError(f"cors(policy) for a view, or cors(blueprint, policy); {target!r} is no blueprint")
    rule = Rule(target, {})
    return lambda view: mark(wrapped(view), rule)


def _rule(app: Flask, environ: Environ) -> Rule | None:
    """The rule of the view that Flask found; of the one that stands there, where something else answered."""
    # https://werkzeug.palletsprojects.com/en/stable/wrappers/#werkzeug.wrappers.Request
    found = getattr(environ.get("werkzeug.request"), "url_rule", None)
    method = environ["REQUEST_METHOD"]
    return _resolved(app, environ, method) if found is None else rule_of_endpoint(app, found.endpoint, method)


def _resolved(app: Flask, environ: Environ, method: str) -> Rule | None:
    """The rule for this path and method: asked of the router, before it is asked for the view."""
    path: str | None = None
    try:
        # Not the application's own request: it is left to be made as it would have been.
        request = app.request_class(environ, populate_request=False)
        adapter = app.create_url_adapter(request)
    except HTTPException:
        return None
    if adapter is None:
        return None
    for _ in range(_ATTEMPTS):
        try:
            found, _arguments = adapter.match(path, method, return_rule=True)
        except RequestRedirect as redirect:
            path = unquote(urlsplit(redirect.new_url).path).removeprefix(adapter.script_name.rstrip("/"))
        except MethodNotAllowed as error:
            method = next(iter(error.valid_methods or ()), method)
        except HTTPException:
            break
        else:
            return rule_of_endpoint(app, found.endpoint, method)
    return None
