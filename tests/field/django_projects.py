"""Broken projects of Django, with django-cors-headers and with a middleware by hand."""

from __future__ import annotations

from tests.field.scenario import PUT_JSON, scenarios_on

from crossorigin.doctor.causes import CauseCode as C
from crossorigin.fetch.blocks import BlockCode as B

__all__ = ["DJANGO"]

_on = scenarios_on("django_sites", url="http://localhost:{port}/items/")

DJANGO = (
    _on(
        "django-cors-below",
        name="django-append-slash",
        cause=C.TRAILING_SLASH,
        why="APPEND_SLASH redirects, in a CommonMiddleware that stands above CorsMiddleware",
        url="http://localhost:{port}/items",
        wire="GET 301",
        block=B.ALLOW_ORIGIN_MISSING,
    ),
    _on(
        "django-cors-below",
        name="django-append-slash-put",
        cause=C.TRAILING_SLASH,
        why="CorsMiddleware answers the preflight, and APPEND_SLASH redirects what follows, above it",
        url="http://localhost:{port}/items",
        **PUT_JSON,
        wire="OPTIONS 200, PUT 301",
        block=B.ALLOW_ORIGIN_MISSING,
    ),
    _on(
        "django-setting-misspelt",
        cause=C.ORIGIN_NOT_ALLOWED,
        why="CORS_ALLOWED_ORIGIN without its S: CorsMiddleware runs with an empty list",
        also=frozenset({C.NO_CORS_CONFIGURED}),
        wire="GET 200",
        block=B.ALLOW_ORIGIN_MISSING,
    ),
    _on(
        "django-page-only",
        name="django-127",
        cause=C.ORIGIN_TWIN,
        why="allowed is localhost:3000, and the page was opened as 127.0.0.1:3000",
        origin="http://127.0.0.1:3000",
        **PUT_JSON,
        wire="OPTIONS 200",
        block=B.PREFLIGHT_ALLOW_ORIGIN_MISSING,
    ),
    _on(
        "django-page-only",
        name="django-no-credentials",
        cause=C.CREDENTIALS_NOT_ALLOWED,
        why="CORS_ALLOW_CREDENTIALS is not set",
        credentials="include",
        wire="GET 200",
        block=B.ALLOW_CREDENTIALS_MISSING,
    ),
    _on(
        "django-csrf",
        cause=C.FIREWALL,
        why="the CSRF check refuses the foreign origin before the view, which sets the header, is asked",
        also=frozenset({C.SOME_ANSWERS}),
        url="http://localhost:{port}/notes/",
        method="POST",
        headers=("Content-Type: application/x-www-form-urlencoded",),
        data="name=Ann",
        credentials="include",
        cookie="csrftoken=abcdefghijklmnopqrstuvwxyz012345; sessionid=s3cr3t",
        wire="POST 403",
        block=B.ALLOW_ORIGIN_MISSING,
    ),
    _on(
        "django-headers",
        cause=C.HEADER_NOT_ALLOWED,
        why="CORS_ALLOW_HEADERS replaced the default list, and Content-Type with it",
        **PUT_JSON,
        wire="OPTIONS 200",
        block=B.PREFLIGHT_HEADER,
    ),
    _on(
        "django-to-https",
        cause=C.TO_HTTPS,
        why="SECURE_SSL_REDIRECT sends the preflight to https, above CorsMiddleware",
        url="http://api.example.com/items/",
        names={"https://api.example.com": "django-page-only"},
        **PUT_JSON,
        wire="OPTIONS 301",
        block=B.PREFLIGHT_REDIRECT,
    ),
    _on(
        "django-login",
        cause=C.LOGIN,
        why="@login_required redirects to a login page, which CORS_URLS_REGEX leaves out",
        url="http://localhost:{port}/api/mine/",
        wire="GET 302, GET 200",
        block=B.ALLOW_ORIGIN_MISSING,
    ),
    _on(
        "django-rest-by-hand",
        cause=C.AUTHENTICATION,
        why="the middleware adds headers but answers no preflight, and IsAuthenticated refuses it",
        url="http://localhost:{port}/rest/",
        headers=("Authorization: Basic YW5uOnNlY3JldA==",),
        wire="OPTIONS 401",
        block=B.PREFLIGHT_STATUS,
    ),
)
