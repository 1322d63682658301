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

from crossorigin.middleware.configured import PolicySetting, policy_configured
from crossorigin.middleware.notices import CORSWarning, replaced_headers
from crossorigin.middleware.rulings import RULED_LENGTHS, Answers, Fields, Ruling, facts_of_environ, merge_text, observe
from crossorigin.middleware.settings import PolicySource, policy_in_force, policy_of
from crossorigin.middleware.views import MARKS, View, mark, ruling_of_view
from crossorigin.policy import LivePolicy, PolicyError, PolicyFileError
from crossorigin.policy.lookup import AsyncOriginLookup, OriginLookup
from crossorigin.policy.observe import Observer
from crossorigin.policy.patterns import ANY_PORT, parse_pattern

__all__ = ["CORSConfig", "CORSMiddleware", "check_settings", "cors", "csrf_trusted_origins"]

_SETTING: Final = "CROSSORIGIN"
_LOOKUP: Final = "CROSSORIGIN_ORIGIN_LOOKUP"
_OBSERVER: Final = "CROSSORIGIN_OBSERVER"
_ORIGIN: Final = "HTTP_ORIGIN"
_METHOD: Final = "HTTP_ACCESS_CONTROL_REQUEST_METHOD"


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
            self._ruling = Ruling(_policy_of_settings())
        except (PolicyError, PolicyFileError, LookupError, TypeError) as error:
            raise ImproperlyConfigured(f"{_SETTING}: {error}") from error
        self._observer: Observer | None = _imported(_OBSERVER)
        self._lookup: Callable[[bytes], Any] | None = None
        if (lookup := _imported(_LOOKUP)) is not None:
            if not callable(lookup) and not isinstance(lookup, (OriginLookup, AsyncOriginLookup)):
                raise ImproperlyConfigured(f"{_LOOKUP} is a function from an origin to True or False, not {lookup!r}")
            self._lookup = _async_lookup(lookup, self._ruling) if self._is_async else _sync_lookup(lookup, self._ruling)
        self._on_replaced = replaced_headers()
        self._has_views = False

    def __call__(self, request: Any) -> Any:
        """https://docs.djangoproject.com/en/5.2/topics/http/middleware/#asynchronous-support"""
        if self._is_async:
            return self._call_async(request)
        origin = request.META.get(_ORIGIN)
        if origin is None:
            return self._finish(request, self.get_response(request), None)
        granted = self._lookup is not None and self._asks(origin) and self._lookup(origin.encode("latin-1", "replace"))
        answer = self._answer(request, granted=granted)
        if answer is not None:
            return answer
        return self._finish(request, self.get_response(request), origin, granted=granted)

    async def _call_async(self, request: Any) -> Any:
        origin = request.META.get(_ORIGIN)
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
        return not self._ruling.now.allows(origin)

    def _answer(self, request: Any, *, granted: bool) -> Any:
        """Our own answer to a request that has `Origin`, None where the application is to answer."""
        if not self._has_views:
            # Views get their policies when they are imported, and the router imports them all.
            _ = get_resolver().url_patterns
            self._has_views = True
        meta = request.META
        if request.method == "OPTIONS" and _METHOD in meta:
            ruling = self._resolved(request, meta[_METHOD]) if MARKS.are_there else self._ruling
            granted = granted and ruling is self._ruling
            answers = ruling.now
            own = answers.preflight(meta, request.scheme, granted=granted)
        elif MARKS.may_refuse or self._ruling.source.compiled.refuses:
            ruling = self._resolved(request, request.method)
            granted = granted and ruling is self._ruling
            answers = ruling.now
            own = answers.refusal(meta, request.scheme, granted=granted)
        else:
            return None
        if own is None:
            return None
        self._observe(request, answers, granted=granted)
        return _response(*own)

    def _resolved(self, request: Any, method: str) -> Ruling:
        """The policy for this path and method: asked of the router, before it is asked for the view."""
        path = request.path_info
        urlconf = getattr(request, "urlconf", None)
        try:
            found = resolve(path, urlconf)
        except Resolver404:
            # The redirect to the path with a slash is the view's that stands there.
            if not settings.APPEND_SLASH or path.endswith("/"):
                return self._ruling
            try:
                found = resolve(f"{path}/", urlconf)
            except Resolver404:
                return self._ruling
        return ruling_of_view(found.func, method) or self._ruling

    def _finish(self, request: Any, response: Any, origin: str | None, *, granted: bool = False) -> Any:
        """The response with the headers of the policy that rules over its view."""
        ruling = self._ruling
        if MARKS.are_there:
            match = request.resolver_match
            if match is None:
                ruling = self._resolved(request, request.method)
            else:
                ruling = ruling_of_view(match.func, request.method) or ruling
            granted = granted and ruling is self._ruling
        answers = ruling.now
        fields = answers.actual(origin, granted=granted)
        headers = response.headers
        for name in headers:
            if len(name) in RULED_LENGTHS:
                fields = self._merged(headers, fields)
                break
        for name, value in fields:
            headers[name] = value
        if self._observer is not None:
            self._observe(request, answers, granted=granted)
        return response

    def _merged(self, headers: Any, fields: Fields) -> Fields:
        """All headers in their new order; what the application set itself is taken out of its own."""
        merged = merge_text(headers.items(), fields, self._on_replaced)
        for name in list(headers):
            del headers[name]
        return tuple(merged)

    def _observe(self, request: Any, answers: Answers, *, granted: bool) -> None:
        if self._observer is not None:
            facts = facts_of_environ(request.META, request.method, request.scheme)
            observe(self._observer, answers, facts, granted=granted)


def cors(policy: PolicySource) -> Callable[[View], View]:
    """Give a view a policy of its own, in the place of that of the settings: a function, or a class of views.

    On a method of a class (`get`, `put`, ...) it holds for that method. `crossorigin.middleware.django.CORSMiddleware`
    reads it; decorators that stand above have to use `functools.wraps`, as all of Django's do.
    """

    source = policy_of(policy, {})

    def decorate(view: View) -> View:
        if inspect.isclass(view):
            return cast("View", method_decorator(cors(source), name="dispatch")(view))
        return mark(view, source)

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


def _sync_lookup(lookup: Any, ruling: Ruling) -> Callable[[bytes], bool]:
    """Asked in the request's own thread, whose database connection Django opens and closes."""
    if isinstance(lookup, AsyncOriginLookup):
        return cast("Callable[[bytes], bool]", async_to_sync(lookup.allows))
    if isinstance(lookup, OriginLookup):
        return lookup.allows
    ask = async_to_sync(lookup) if _waits(lookup) else lookup
    return OriginLookup(cast("Any", ask), timeout=None, secure_only=_secure_only(ruling)).allows


def _async_lookup(lookup: Any, ruling: Ruling) -> Callable[[bytes], Awaitable[bool]]:
    """A plain function is asked where Django allows the database to be asked, and never in the event loop."""
    if isinstance(lookup, AsyncOriginLookup):
        return lookup.allows
    if isinstance(lookup, OriginLookup):
        return cast("Callable[[bytes], Awaitable[bool]]", sync_to_async(lookup.allows))
    ask = lookup if _waits(lookup) else sync_to_async(lookup)
    return AsyncOriginLookup(cast("Any", ask), secure_only=_secure_only(ruling)).allows


def _waits(lookup: Any) -> bool:
    return iscoroutinefunction(lookup) or iscoroutinefunction(getattr(lookup, "__call__", None))  # noqa: B004 - not whether it can be called


def _secure_only(ruling: Ruling) -> bool:
    source = ruling.source
    if isinstance(source, LivePolicy):
        return True
    return source.allow_credentials and not source.dangerously_allow_insecure_origins_with_credentials


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
