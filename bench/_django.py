"""Django beside django-cors-headers."""

from __future__ import annotations

from typing import Any

from bench import _wsgi
from bench._cases import BARE, HEADERS, METHODS, OURS, PEER, Case, patterns
from bench._compare import Framework
from bench._flask import regexes
from django.conf import settings  # type: ignore[import-untyped]

__all__ = ["DJANGO"]


def view(_request: Any) -> Any:
    from django.http import HttpResponse  # type: ignore[import-untyped]  # noqa: PLC0415 - only with settings

    return HttpResponse(b"{}", content_type="application/json")


def configure() -> None:
    """Once for a process."""
    import django  # type: ignore[import-untyped]  # noqa: PLC0415 - after the settings
    from django.urls import path  # type: ignore[import-untyped]  # noqa: PLC0415 - after the settings

    settings.configure(
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        CORS_ALLOW_METHODS=METHODS,
        CORS_ALLOW_HEADERS=HEADERS,
        CORS_PREFLIGHT_MAX_AGE=600,
        SECRET_KEY="bench",
    )
    globals()["urlpatterns"] = [path("", view)]
    django.setup()


def apps(case: Case) -> dict[str, _wsgi.WSGIApp]:
    """Settings are of the process: each handler reads MIDDLEWARE when it is made, the peer the rest every time."""
    if not settings.configured:
        configure()
    from django.core.handlers.wsgi import WSGIHandler  # type: ignore[import-untyped]  # noqa: PLC0415 - only with settings

    settings.CORS_ALLOWED_ORIGINS = case.exact
    settings.CORS_ALLOWED_ORIGIN_REGEXES = regexes(case)
    settings.CROSSORIGIN = {
        "allow_origins": patterns(case), "allow_methods": METHODS, "allow_headers": HEADERS, "max_age": 600,
    }  # fmt: skip
    made: dict[str, _wsgi.WSGIApp] = {}
    for name, middleware in (
        (BARE, []),
        (OURS, ["crossorigin.middleware.django.CORSMiddleware"]),
        (PEER, ["corsheaders.middleware.CorsMiddleware"]),
    ):
        settings.MIDDLEWARE = middleware
        made[name] = WSGIHandler()
    return made


DJANGO = Framework("Django", "django-cors-headers", apps, _wsgi.request, _wsgi.timed, _wsgi.answer, has_targets=True)
