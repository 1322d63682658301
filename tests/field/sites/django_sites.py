"""Django projects under its development server, each with settings that are wrong in one of the ways people know.

Settings belong to a process, so each project is a fork of this one, made when everything is imported; they end when it
does, whatever ends it.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
from typing import Any

import django  # type: ignore[import-untyped]
from django.conf import settings  # type: ignore[import-untyped]
from django.core import wsgi  # type: ignore[import-untyped]
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler  # type: ignore[import-untyped]
from django.http import HttpRequest, HttpResponse, JsonResponse  # type: ignore[import-untyped]
from tests.field.sites.given import sockets_of

PAGE = "http://localhost:3000"
CORS = "corsheaders.middleware.CorsMiddleware"
COMMON = "django.middleware.common.CommonMiddleware"
CSRF = "django.middleware.csrf.CsrfViewMiddleware"
SECURITY = "django.middleware.security.SecurityMiddleware"
SESSIONS = (
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
)


class ByHand:
    """The middleware that people write first: it adds headers to whatever is answered."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response: HttpResponse = self.get_response(request)
        response["Access-Control-Allow-Origin"] = PAGE
        response["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
        return response


SITES: dict[str, dict[str, Any]] = {
    "django-cors-below": {"MIDDLEWARE": [COMMON, CORS], "CORS_ALLOWED_ORIGINS": [PAGE]},
    "django-setting-misspelt": {"MIDDLEWARE": [CORS, COMMON], "CORS_ALLOWED_ORIGIN": [PAGE]},
    "django-page-only": {"MIDDLEWARE": [CORS, COMMON], "CORS_ALLOWED_ORIGINS": [PAGE]},
    "django-csrf": {"MIDDLEWARE": [CSRF, COMMON]},
    "django-headers": {
        "MIDDLEWARE": [CORS, COMMON],
        "CORS_ALLOWED_ORIGINS": [PAGE],
        "CORS_ALLOW_HEADERS": ["x-tenant"],
    },
    "django-to-https": {
        "MIDDLEWARE": [SECURITY, CORS, COMMON],
        "CORS_ALLOWED_ORIGINS": ["https://app.example.com", PAGE],
        "SECURE_SSL_REDIRECT": True,
    },
    "django-login": {
        "MIDDLEWARE": [CORS, *SESSIONS, COMMON],
        "CORS_ALLOWED_ORIGINS": [PAGE],
        "CORS_URLS_REGEX": r"^/api/",
        "SESSION_ENGINE": "django.contrib.sessions.backends.signed_cookies",
    },
    "django-rest-by-hand": {"MIDDLEWARE": [f"{__name__}.ByHand", COMMON]},
}


def items(request: HttpRequest) -> HttpResponse:
    """What every project serves."""
    return JsonResponse([{"id": 1}, {"id": 2}], safe=False)


def notes(request: HttpRequest) -> HttpResponse:
    """A view that allows its page by itself."""
    allowed = {"Access-Control-Allow-Origin": PAGE, "Access-Control-Allow-Credentials": "true", "Vary": "Origin"}
    return JsonResponse({}, headers=allowed)


def login_page(request: HttpRequest) -> HttpResponse:
    """Where login_required leads."""
    return HttpResponse("<!doctype html><title>Log in</title><form method=post></form>")


def _urls() -> tuple[Any, ...]:
    # Here, because these modules ask for the settings when they are imported.
    from django.contrib.auth import decorators  # type: ignore[import-untyped]
    from django.urls import path  # type: ignore[import-untyped]
    from rest_framework import authentication, permissions, response, views  # type: ignore[import-untyped]

    class Rest(views.APIView):  # type: ignore[misc]
        authentication_classes = (authentication.BasicAuthentication,)
        permission_classes = (permissions.IsAuthenticated,)

        def get(self, request: HttpRequest) -> HttpResponse:
            return response.Response([{"id": 1}])

    return (
        path("items/", items),
        path("notes/", notes),
        path("api/mine/", decorators.login_required(items)),
        path("accounts/login/", login_page),
        path("rest/", Rest.as_view()),
    )


def _serve(project: dict[str, Any], given: socket.socket) -> None:
    for name, value in project.items():
        setattr(settings, name, value)
    server = ThreadedWSGIServer(("127.0.0.1", 0), WSGIRequestHandler, bind_and_activate=False)
    server.socket = given
    server.server_name, server.server_port = "localhost", given.getsockname()[1]
    server.setup_environ()
    server.set_app(wsgi.get_wsgi_application())
    server.serve_forever()


def _end_with_parent(alive: int) -> None:
    """Wait for the other end of the pipe to be closed, which the parent does even when it is killed."""
    os.read(alive, 1)
    os._exit(0)


def main() -> None:
    """Fork a process for each project, and wait."""
    sockets = sockets_of(SITES)
    apps = ["django.contrib.contenttypes", "django.contrib.auth", "corsheaders", "rest_framework"]
    settings.configure(SECRET_KEY="a secret", ALLOWED_HOSTS=["*"], INSTALLED_APPS=apps)
    django.setup()
    settings.ROOT_URLCONF = _urls()
    alive, held = os.pipe()
    for name, project in SITES.items():
        if os.fork() == 0:
            os.close(held)
            for other in sockets.keys() - {name}:
                sockets[other].close()
            threading.Thread(target=_end_with_parent, args=(alive,), daemon=True).start()
            _serve(project, sockets[name])
    for each in sockets.values():
        each.close()
    signal.pause()


if __name__ == "__main__":
    main()
