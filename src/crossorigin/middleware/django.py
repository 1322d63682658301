"""Django: a middleware for the top of MIDDLEWARE, a policy for each view that wants its own, system checks.

    # settings.py
    CROSSORIGIN = {"allow_origins": ["https://app.example.com"]}
    MIDDLEWARE = ["crossorigin.middleware.django.CORSMiddleware", ...]
    INSTALLED_APPS = ["crossorigin.middleware.django.CORSConfig", ...]       # for the system checks

Django hands every exception on as a response, so that the outermost middleware sees all there is: 404, 500, redirects
of APPEND_SLASH, refusals by the middleware below. Nothing here reads the settings when it is imported, so that
settings.py itself can import it.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Awaitable, Callable
from typing import Any, Final, cast

from asgiref.sync import async_to_sync, iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.apps import AppConfig  # type: ignore[import-untyped]
from django.conf import settings  # type: ignore[import-untyped]
from django.core import checks  # type: ignore[import-untyped]
from django.core.exceptions import ImproperlyConfigured  # type: ignore[import-untyped]
from django.http import HttpResponse  # type: ignore[import-untyped]
from django.urls import Resolver404, get_resolver, resolve  # type: ignore[import-untyped]
from django.utils.decorators import method_decorator  # type: ignore[import-untyped]
from django.utils.module_loading import import_string  # type: ignore[import-untyped]

from crossorigin.middleware.answers import ASKED_METHOD, ORIGIN, Answers, Fields, merge_text
from crossorigin.middleware.lookups import is_coroutine_function, secure_only
from crossorigin.middleware.marks import MARKS, View, mark, rule_of_view, wrapped
from crossorigin.middleware.notices import CORSWarning
from crossorigin.middleware.rules import Rule
from crossorigin.middleware.settings import PolicySetting, PolicySource, policy_configured, policy_in_force
from crossorigin.policy import PolicyError, PolicyFileError
from crossorigin.policy.lookup import AsyncOriginLookup, OriginLookup
from crossorigin.policy.merge import RULED_LENGTHS
from crossorigin.policy.observe import Observer
from crossorigin.policy.patterns import ANY_PORT, parse_pattern

__all__ = ["CORSConfig", "CORSMiddleware", "check_settings", "cors", "csrf_trusted_origins"]

_SETTING: Final = "CROSSORIGIN"
_LOOKUP: Final = "CROSSORIGIN_ORIGIN_LOOKUP"
_OBSERVER: Final = "CROSSORIGIN_OBSERVER"


class CORSMiddleware:
    """Answers preflights, and puts the policy's headers on all other responses. The first entry of MIDDLEWARE.

    Settings, read once, when the server starts:

    - `CROSSORIGIN`: a Policy, a LivePolicy, a dict of a policy's settings, or the path of a crossorigin.toml.
    - `CROSSORIGIN_ORIGIN_LOOKUP`: asked about origins that this policy does not allow: a function or a coroutine
      function, an OriginLookup or AsyncOriginLookup, or the dotted path of one. It may ask the database.
    - `CROSSORIGIN_OBSERVER`: told of each decision, or the dotted path of one; see `crossorigin.policy.observe`.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[Any], Any]) -> None:
        self.get_response = get_response
        self._is_async = iscoroutinefunction(get_response)
        if self._is_async:
            markcoroutinefunction(cast("Any", self))
        try:
            self._source = _policy_of_settings()
        except (PolicyError, PolicyFileError, LookupError, TypeError) as error:
            raise ImproperlyConfigured(f"{_SETTING}: {error}") from error
        self._rule = Rule(self._source, {})
        self._observer: Observer | None = _imported(_OBSERVER)
        self._lookup: Callable[[bytes], Any] | None = None
        if (lookup := _imported(_LOOKUP)) is not None:
            if not callable(lookup) and not isinstance(lookup, (OriginLookup, AsyncOriginLookup)):
                raise ImproperlyConfigured(f"{_LOOKUP} is a function from an origin to True or False, not {lookup!r}")
            self._lookup = (_async_lookup if self._is_async else _sync_lookup)(lookup, self._source)
        self._has_views = False

    def __call__(self, request: Any) -> Any:
        """https://docs.djangoproject.com/en/5.2/topics/http/middleware/#asynchronous-support"""
        if self._is_async:
            return self._call_async(request)
        origin = request.META.get(ORIGIN)
        if origin is None:
            return self._finish(request, self.get_response(request), None)
        granted = self._lookup is not None and self._asks(origin) and self._lookup(origin.encode("latin-1", "replace"))
        answer = self._answer(request, granted=granted)
        if answer is not None:
            return answer
        return self._finish(request, self.get_response(request), origin, granted=granted)

    async def _call_async(self, request: Any) -> Any:
        origin = request.META.get(ORIGIN)
        if origin is None:
            return self._finish(request, await self.get_response(request), None)
        granted = (
            self._lookup is not None and self._asks(origin) and await self._lookup(origin.encode("latin-1", "replace"))
        )
        answer = self._answer(request, granted=granted)
        if answer is not None:
            return answer
        return self._finish(request, await self.get_response(request), origin, granted=granted)

    def _asks(self, origin: str) -> bool:
        return not self._source.compiled.allows(origin.encode("latin-1", "replace"))

    def _answer(self, request: Any, *, granted: bool) -> Any:
        """Our own answer to a request that has `Origin`, None where the application is to answer."""
        if not self._has_views:
            # Views get their policies when they are imported, and the router imports them all.
            _ = get_resolver().url_patterns
            self._has_views = True
        meta, method = request.META, request.method
        asked = meta.get(ASKED_METHOD) if method == "OPTIONS" else None
        if asked is None and not (MARKS.may_refuse or self._source.compiled.refuses):
            return None
        rule = self._resolved(request, method if asked is None else asked) if MARKS.are_there else self._rule
        answers = rule.now
        if answers is None:
            return None
        granted = granted and rule is self._rule
        own = answers.own_answer(meta, method, request.scheme, granted=granted)
        if own is None:
            return None
        self._observe(request, answers, granted=granted)
        return _response(*own)

    def _resolved(self, request: Any, method: str) -> Rule:
        """The rule for this path and method: asked of the router, before it is asked for the view."""
        path = request.path_info
        urlconf = getattr(request, "urlconf", None)
        try:
            found = resolve(path, urlconf)
        except Resolver404:
            # The redirect to the path with a slash is the view's that stands there.
            if not settings.APPEND_SLASH or path.endswith("/"):
                return self._rule
            try:
                found = resolve(f"{path}/", urlconf)
            except Resolver404:
                return self._rule
        return rule_of_view(found.func, method) or self._rule

    def _finish(self, request: Any, response: Any, origin: str | None, *, granted: bool = False) -> Any:
        """The response with the headers of the policy that rules over its view."""
        rule = self._rule
        if MARKS.are_there:
            match, method = request.resolver_match, request.method
            rule = self._resolved(request, method) if match is None else rule_of_view(match.func, method) or rule
            granted = granted and rule is self._rule
        answers = rule.now
        if answers is None:
            return response
        fields = answers.actual(origin, granted=granted)
        headers = response.headers
        if any(len(name) in RULED_LENGTHS for name in headers):
            # All in their new order; what the application set itself is taken out of its own.
            fields = tuple(merge_text(headers.items(), fields, rule.on_replaced))
            for name in list(headers):
                del headers[name]
        for name, value in fields:
            headers[name] = value
        self._observe(request, answers, granted=granted)
        return response

    def _observe(self, request: Any, answers: Answers, *, granted: bool) -> None:
        if self._observer is not None:
            answers.observe(self._observer, request.META, request.method, request.scheme, granted=granted)


def cors(policy: PolicySource | None) -> Callable[[View], View]:
    """Give a view a policy of its own, in the place of that of the settings: a function, or a class of views.

    On a method of a class (`get`, `put`, ...) it holds for that method. `crossorigin.middleware.django.CORSMiddleware`
    reads it; decorators that stand above have to use `functools.wraps`, as all of Django's do. `cors(None)` marks what
    grants nothing.
    """
    rule = Rule(policy, {})

    def decorate(view: View) -> View:
        if inspect.isclass(view):
            return cast("View", method_decorator(decorate, name="dispatch")(view))
        return mark(wrapped(view), rule)

    return decorate


def csrf_trusted_origins(policy: PolicySetting) -> list[str]:
    """The value of CSRF_TRUSTED_ORIGINS that lets the same pages post forms as may call: takes what CROSSORIGIN takes.

    Django has no pattern for any port, for any origin or for `null`: they are left out, with a warning. And its
    `https://*.example.com` covers `https://example.com` as well.
    """
    trusted: list[str] = []
    left_out: list[str] = []
    for origin in policy_in_force(policy_configured(policy, "policy")).allow_origins:
        is_expressible = origin not in {"*", "null"} and parse_pattern(origin).port != ANY_PORT
        (trusted if is_expressible else left_out).append(origin)
    if left_out:
        warnings.warn(
            f"CSRF_TRUSTED_ORIGINS cannot express {', '.join(left_out)}: pages of these origins fail Django's CSRF "
            "check. List their origins one by one.",
            CORSWarning,
            stacklevel=2,
        )
    return trusted


class CORSConfig(AppConfig):  # type: ignore[misc]
    """An entry of INSTALLED_APPS that brings the system checks, before any server starts."""

    name = "crossorigin.middleware.django"
    label = "crossorigin"
    verbose_name = "crossorigin"


@checks.register(checks.Tags.security)  # type: ignore[untyped-decorator]
def check_settings(app_configs: object, **kwargs: object) -> list[Any]:  # noqa: ARG001 - how Django calls it
    """Django's system checks: every problem of the policy under its own code, and what is wrong with MIDDLEWARE."""
    found: list[Any] = []
    names = list(settings.MIDDLEWARE)
    ours = f"{CORSMiddleware.__module__}.{CORSMiddleware.__qualname__}"
    is_there = ours in names
    if is_there or hasattr(settings, _SETTING):
        found += _check_policy()
    if is_there:
        found += _check_order(names, ours)
    elif hasattr(settings, _SETTING) or MARKS.are_there:
        hint = f'Write: MIDDLEWARE = ["{ours}", ...]'
        found.append(checks.Warning(f"{ours} is not in MIDDLEWARE, so no policy counts.", hint, id="crossorigin.W003"))
    return found


def _check_policy() -> list[Any]:
    try:
        _policy_of_settings()
    except PolicyError as error:
        return [checks.Error(str(each), f"Write: {each.fix}", id=f"crossorigin.{each.code}") for each in error.problems]
    except (PolicyFileError, LookupError, TypeError) as error:
        return [checks.Error(f"{_SETTING}: {error}", id="crossorigin.E001")]
    return []


def _check_order(names: list[str], ours: str) -> list[Any]:
    found: list[Any] = []
    above = [name for name in names[: names.index(ours)] if name.startswith("django.")]
    if above:
        found.append(
            checks.Warning(
                f"{', '.join(above)} above {ours}: what they answer themselves, a redirect or a refusal, has no CORS "
                "headers, and preflights do not get past them.",
                f"Put {ours} first in MIDDLEWARE.",
                id="crossorigin.W001",
            )
        )
    others = [name for name in names if name == "corsheaders.middleware.CorsMiddleware"]
    if others or names.count(ours) > 1:
        found.append(
            checks.Warning(
                f"There is a second CORS middleware in MIDDLEWARE ({(others or [ours])[0]}). Only the outer one "
                "counts: it answers the preflights and replaces the headers.",
                "Remove one of them.",
                id="crossorigin.W002",
            )
        )
    return found


def _policy_of_settings() -> PolicySource:
    if not hasattr(settings, _SETTING):
        raise TypeError(f'there is no {_SETTING} in the settings: {_SETTING} = {{"allow_origins": ["https://..."]}}')
    return policy_configured(getattr(settings, _SETTING), _SETTING)


def _imported(setting: str) -> Any:
    value = getattr(settings, setting, None)
    return import_string(value) if isinstance(value, str) else value


def _sync_lookup(lookup: Any, source: PolicySource) -> Callable[[bytes], bool]:
    """Asked in the request's own thread, whose database connection Django opens and closes."""
    if isinstance(lookup, AsyncOriginLookup):
        return cast("Callable[[bytes], bool]", async_to_sync(lookup.allows))
    if isinstance(lookup, OriginLookup):
        return lookup.allows
    ask = async_to_sync(lookup) if is_coroutine_function(lookup) else lookup
    return OriginLookup(cast("Any", ask), timeout=None, secure_only=secure_only(source)).allows


def _async_lookup(lookup: Any, source: PolicySource) -> Callable[[bytes], Awaitable[bool]]:
    """A plain function is asked where Django allows the database to be asked, and never in the event loop."""
    if isinstance(lookup, AsyncOriginLookup):
        return lookup.allows
    if isinstance(lookup, OriginLookup):
        return cast("Callable[[bytes], Awaitable[bool]]", sync_to_async(lookup.allows))
    ask = lookup if is_coroutine_function(lookup) else sync_to_async(lookup)
    return AsyncOriginLookup(cast("Any", ask), secure_only=secure_only(source)).allows


def _response(status: int, fields: Fields) -> Any:
    """An answer of our own: exactly these headers, and no line in Django's log of refused requests."""
    response = HttpResponse(status=status)
    headers = response.headers
    del headers["content-type"]
    if status != 204:
        headers["content-length"] = "0"
    for name, value in fields:
        headers[name] = value
    # Django's own way to say it, though undocumented; where it is gone there is a line more.
    response._has_been_logged = True
    return response
