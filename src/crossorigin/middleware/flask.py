"""Flask: an extension around the whole application, a policy for each blueprint and view that wants its own.

    CORS(app, Policy(allow_origins=["https://app.example.com"]))

The extension wraps `app.wsgi_app`. So it sees every response there is, that of an unhandled exception too, after all
`after_request` functions, in whatever order they stand. Which view a request is for it asks of `app.url_map`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, Final, Unpack, overload
from urllib.parse import unquote, urlsplit

from flask import Blueprint, Flask
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import RequestRedirect, Rule

from crossorigin.middleware.configured import policy_configured
from crossorigin.middleware.lookups import SyncLookup, sync_lookup
from crossorigin.middleware.notices import replaced_headers
from crossorigin.middleware.rulings import RULED_LENGTHS, Answers, Fields, Ruling, facts_of_environ, merge_text, observe
from crossorigin.middleware.settings import PolicySource, Settings, policy_of
from crossorigin.middleware.views import MARKS, View, mark, put_mark, ruling_of, ruling_of_view
from crossorigin.policy.observe import Observer

__all__ = ["CORS", "cors"]

_NAME: Final = "crossorigin"
_SETTING: Final = "CROSSORIGIN"
_ORIGIN: Final = "HTTP_ORIGIN"
_METHOD: Final = "HTTP_ACCESS_CONTROL_REQUEST_METHOD"
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
        lookup = None if self._lookup is None else sync_lookup(self._lookup, source)
        app.extensions[_NAME] = self
        # Flask's own way: https://flask.palletsprojects.com/en/stable/api/#flask.Flask.wsgi_app
        app.wsgi_app = _Layer(app, Ruling(source), lookup, self._observer)  # type: ignore[method-assign]


@overload
def cors(target: PolicySource) -> Callable[[View], View]: ...
@overload
def cors(target: Blueprint, policy: PolicySource) -> None: ...
def cors(target: Blueprint | PolicySource, policy: PolicySource | None = None) -> Callable[[View], View] | None:
    """Give a view, or a blueprint, a policy of its own, in the place of the application's: the most specific counts.

        @app.put("/item")
        @cors(policy)
        def put_item(): ...

        cors(blueprint, policy)

    It stands below the route; in a class of views it is one of `decorators`, or stands on a method.
    """
    if isinstance(target, Blueprint):
        if policy is None:
            raise TypeError("cors(blueprint, policy) needs the policy")
        put_mark(target, policy)
        return None
    if policy is not None:
        raise TypeError(f"cors(policy) for a view, or cors(blueprint, policy); {target!r} is no blueprint")
    source = policy_of(target, {})
    return lambda view: mark(view, source)


class _Layer:
    """The WSGI application around Flask's: https://peps.python.org/pep-3333/"""

    def __init__(
        self, app: Flask, ruling: Ruling, lookup: Callable[[bytes], bool] | None, observer: Observer | None
    ) -> None:
        self._app = app
        self._inner = app.wsgi_app
        self._ruling = ruling
        self._lookup = lookup
        self._observer = observer
        self._on_replaced = replaced_headers()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        origin: str | None = environ.get(_ORIGIN)
        granted = False
        if origin is not None:
            if self._lookup is not None and not self._ruling.now.allows(origin):
                granted = self._lookup(origin.encode("latin-1", "replace"))
            if environ["REQUEST_METHOD"] == "OPTIONS" or MARKS.may_refuse or self._ruling.source.compiled.refuses:
                own = self._answer(environ, granted=granted)
                if own is not None:
                    return _send(start_response, *own)

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            headers = self._headers(environ, headers, origin, granted=granted)
            return start_response(status, headers) if exc_info is None else start_response(status, headers, exc_info)

        return self._inner(environ, start)

    def _answer(self, environ: dict[str, Any], *, granted: bool) -> tuple[int, Fields] | None:
        """Our own answer to a request that has `Origin`, None where the application is to answer."""
        method, scheme = environ["REQUEST_METHOD"], environ["wsgi.url_scheme"]
        is_preflight = method == "OPTIONS" and _METHOD in environ
        ruling = self._ruling
        if MARKS.are_there:
            ruling = self._resolved(environ, environ[_METHOD] if is_preflight else method)
        granted = granted and ruling is self._ruling
        answers = ruling.now
        decide = answers.preflight if is_preflight else answers.refusal
        own = decide(environ, scheme, granted=granted)
        if own is not None:
            self._observe(environ, answers, granted=granted)
        return own

    def _headers(
        self, environ: dict[str, Any], headers: list[tuple[str, str]], origin: str | None, *, granted: bool
    ) -> list[tuple[str, str]]:
        """The headers of the application's response, and those of the policy that rules over its view."""
        ruling = self._ruling
        if MARKS.are_there:
            ruling = self._ruling_of_request(environ)
            granted = granted and ruling is self._ruling
        answers = ruling.now
        fields = answers.actual(origin, granted=granted)
        if self._observer is not None:
            self._observe(environ, answers, granted=granted)
        for name, _ in headers:
            if len(name) in RULED_LENGTHS:
                return merge_text(headers, fields, self._on_replaced)
        return [*headers, *fields]

    def _ruling_of_request(self, environ: dict[str, Any]) -> Ruling:
        """The policy of the view that Flask found; of the one that stands there, where something else answered."""
        # https://werkzeug.palletsprojects.com/en/stable/wrappers/#werkzeug.wrappers.Request
        rule = getattr(environ.get("werkzeug.request"), "url_rule", None)
        method = environ["REQUEST_METHOD"]
        return self._resolved(environ, method) if rule is None else self._ruling_of_rule(rule, method)

    def _resolved(self, environ: dict[str, Any], method: str) -> Ruling:
        """The policy for this path and method: asked of the router, before it is asked for the view."""
        path: str | None = None
        try:
            # Not the application's own request: it is left to be made as it would have been.
            request = self._app.request_class(environ, populate_request=False)
            adapter = self._app.create_url_adapter(request)
        except HTTPException:
            return self._ruling
        if adapter is None:
            return self._ruling
        for _ in range(_ATTEMPTS):
            try:
                rule, _arguments = adapter.match(path, method, return_rule=True)
            except RequestRedirect as redirect:
                path = unquote(urlsplit(redirect.new_url).path).removeprefix(adapter.script_name.rstrip("/"))
            except MethodNotAllowed as error:
                method = next(iter(error.valid_methods or ()), method)
            except HTTPException:
                break
            else:
                return self._ruling_of_rule(rule, method)
        return self._ruling

    def _ruling_of_rule(self, rule: Rule, method: str) -> Ruling:
        """That of the view, then of the blueprint that it is in, then of the one which that is in, then ours."""
        found = ruling_of_view(self._app.view_functions.get(rule.endpoint), method)
        name: str = rule.endpoint
        while found is None and "." in name:
            name = name.rpartition(".")[0]
            found = ruling_of(self._app.blueprints.get(name))
        return found or self._ruling

    def _observe(self, environ: dict[str, Any], answers: Answers, *, granted: bool) -> None:
        if self._observer is not None:
            facts = facts_of_environ(environ, environ["REQUEST_METHOD"], environ["wsgi.url_scheme"])
            observe(self._observer, answers, facts, granted=granted)


def _send(start_response: Callable[..., Any], status: int, fields: Fields) -> list[bytes]:
    """Answer without the application, without a body."""
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "OK"
    length = () if status == 204 else (("content-length", "0"),)
    start_response(f"{status} {phrase}", [*length, *fields])
    return []
