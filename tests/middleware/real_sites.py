"""The examples of the pages of `docs/` on real servers, and what the policy of each says of calls to it."""

from __future__ import annotations

from typing import NamedTuple

from .framework_cases import APP, EVIL
from .in_process import OTHER
from .real_examples import (
    AIOHTTP,
    ASGI,
    DJANGO_ASGI,
    DJANGO_WSGI,
    FALCON,
    FALCON_WSGI,
    FASTAPI,
    FLASK,
    FLASK_VIEWS,
    LITESTAR,
    QUART,
    REST,
    SANIC,
    TORNADO,
    WSGI,
)

__all__ = ["SITES", "Call", "Site"]

PARTNER = "https://partner.example.org"
WAREHOUSE = "https://warehouse.example.org"
PREVIEW = "https://7.preview.example.com"


class Call(NamedTuple):
    """A call of a page, whether script can read its answer, and the statuses that the server gives."""

    path: str
    origin: str
    arguments: tuple[str, ...]
    allowed: bool
    statuses: list[int]
    grant: str | None = None
    """Access-Control-Allow-Origin where that is not just the origin of who may read."""


class Site(NamedTuple):
    """A server with a page's example."""

    page: str
    command: list[str]
    files: dict[str, str]
    calls: list[Call]
    socket: str | None = None
    """The path of its WebSocket, which sends back what it gets."""
    refusal: int = 403
    """The status of a handshake that is denied."""


UVICORN = ["uvicorn", "--fd", "{fd}", "example:app"]
HYPERCORN = ["hypercorn", "--bind", "fd://{fd}", "example:app"]
GUNICORN = ["gunicorn", "--bind", "fd://{fd}", "--no-control-socket", "example:app"]
GRANIAN = ["granian", "--host", "127.0.0.1", "--port", "{port}", "--loop", "asyncio", "--interface"]
GRANIAN_ASGI, GRANIAN_WSGI = [*GRANIAN, "asgi", "example:app"], [*GRANIAN, "wsgi", "example:app"]
OWN = ["example", "{fd}"]

JSON_BODY = ("-X", "POST", "-H", "Content-Type: application/json", "-d", "{}")
PUT, PATCH, DELETE, OPTIONS = (("-X", method) for method in ("PUT", "PATCH", "DELETE", "OPTIONS"))
X_EVIL = ("-H", "x-evil: 1")
COOKIES = ("--credentials", "include")

ERROR_CALLS = [
    Call("/missing", APP, (), True, [404]),
    Call("/missing", EVIL, (), False, [404]),
    Call("/crash", APP, (), True, [500]),
    Call("/crash", EVIL, (), False, [500]),
]
ARTICLE_CALLS = [
    Call("/articles", APP, (), True, [200]),
    Call("/articles", EVIL, (), False, [200]),
    Call("/articles", OTHER, (), False, [200]),
    Call("/articles", "null", (), False, [200]),
    Call("/articles", OTHER, PUT, True, [204, 200]),
    Call("/articles", APP, PUT, False, [403]),
    Call("/articles", EVIL, PUT, False, [403]),
    Call("/articles", OTHER, (*PUT, *X_EVIL), False, [403]),
    Call("/articles", APP, X_EVIL, False, [403]),
    # Of a method without a handler the policy of the application speaks.
    Call("/articles", APP, DELETE, False, [403]),
    Call("/missing", APP, JSON_BODY, False, [403]),
    *ERROR_CALLS,
]
"""The pages with articles: APP reads, and OTHER writes one route."""

STATIC_CALLS = [
    Call("/static/hello.txt", APP, (), True, [200]),
    Call("/static/hello.txt", EVIL, (), False, [200]),
    Call("/static/hello.txt", APP, X_EVIL, False, [403]),
    Call("/static/none.txt", APP, (), True, [404]),
    Call("/static/none.txt", EVIL, (), False, [404]),
]

FASTAPI_CALLS = [
    Call("/users/2", APP, (), True, [200]),
    Call("/users/2", EVIL, (), False, [200]),
    Call("/users/2", APP, JSON_BODY, True, [204, 405]),
    Call("/users/2", EVIL, JSON_BODY, False, [403]),
    Call("/users/2", APP, PUT, False, [403]),
    Call("/users/2", APP, COOKIES, False, [200], grant=APP),
    Call("/users/x", APP, (), True, [422]),
    Call("/users/0", APP, (), True, [500]),
    Call("/users/0", EVIL, (), False, [500]),
    *ERROR_CALLS[:2],
]

FLASK_CALLS = [
    Call("/", APP, (), True, [200]),
    Call("/", EVIL, (), False, [200]),
    Call("/", APP, PUT, True, [204, 200]),
    Call("/", APP, JSON_BODY, True, [204, 200]),
    # The policy has DELETE, the application has not: script can read that.
    Call("/", APP, DELETE, True, [204, 405]),
    Call("/", APP, PATCH, False, [403]),
    Call("/", APP, X_EVIL, False, [403]),
    Call("/", EVIL, PUT, False, [403]),
    Call("/missing", APP, PUT, True, [204, 404]),
    *ERROR_CALLS,
]
FLASK_VIEW_CALLS = [
    Call("/stock", PARTNER, (), True, [200]),
    Call("/stock", APP, (), False, [200]),
    Call("/stock", EVIL, (), False, [200]),
    Call("/stock", PARTNER, PUT, True, [204, 200]),
    Call("/stock", APP, PUT, False, [403]),
    Call("/stock", PARTNER, (*PUT, *X_EVIL), False, [403]),
    Call("/orders", PARTNER, (), True, [200]),
    Call("/orders", APP, (), False, [200]),
    Call("/public/news", EVIL, (), True, [200], grant="*"),
    Call("/public/news", EVIL, COOKIES, False, [200], grant="*"),
    *ERROR_CALLS,
]

PLAIN_CALLS = [
    Call("/", APP, (), True, [200]),
    Call("/", EVIL, (), False, [200]),
    Call("/", APP, PUT, True, [204, 200]),
    Call("/", EVIL, PUT, False, [403]),
    Call("/", APP, DELETE, False, [403]),
    Call("/", APP, JSON_BODY, False, [403]),
    Call("/crash", APP, PUT, True, [204, 500]),
    *ERROR_CALLS[2:],
]

DJANGO_CALLS = [
    Call("/", APP, (), True, [200]),
    Call("/", APP, COOKIES, True, [200]),
    Call("/", PREVIEW, COOKIES, True, [200]),
    Call("/", EVIL, (), False, [200]),
    Call("/stock", PARTNER, (), True, [200]),
    Call("/stock", PARTNER, COOKIES, False, [200], grant=PARTNER),
    Call("/stock", APP, (), False, [200]),
    Call("/orders", PARTNER, PUT, False, [403]),
    Call("/orders", APP, PUT, False, [403]),
    # CORS lets the warehouse send and read; Django's CSRF check refuses, and script can read that.
    Call("/orders", WAREHOUSE, PUT, True, [204, 403]),
    Call("/written", APP, PUT, True, [204, 200]),
    Call("/written", APP, JSON_BODY, True, [204, 200]),
    Call("/written", APP, PATCH, False, [403]),
    Call("/written", APP, X_EVIL, False, [403]),
    Call("/written", EVIL, PUT, False, [403]),
    Call("/slash", APP, (), True, [301, 200]),
    *ERROR_CALLS,
]

GOOD, BAD = ("-H", "Authorization: Token good"), ("-H", "Authorization: Token bad")
REST_CALLS = [
    # Nobody asks a preflight who it is: the 401 and the 403 are those of the request behind it.
    Call("/account", APP, (), True, [401]),
    Call("/account", EVIL, (), False, [401]),
    Call("/account", APP, GOOD, True, [204, 200]),
    Call("/account", APP, BAD, True, [204, 401]),
    Call("/account", EVIL, GOOD, False, [403]),
    Call("/account", APP, (*PUT, *GOOD), True, [204, 200]),
    Call("/account", APP, (*DELETE, *GOOD), True, [204, 405]),
    Call("/account", APP, (*PATCH, *GOOD), False, [403]),
    Call("/account", APP, (*GOOD, *X_EVIL), False, [403]),
    # An OPTIONS that is no preflight is the framework's, and it asks who it is.
    Call("/account", APP, (*OPTIONS, *GOOD), True, [204, 200]),
    Call("/account", APP, OPTIONS, True, [204, 401]),
    Call("/account", EVIL, OPTIONS, False, [403]),
    Call("/session", APP, (), True, [403]),
    Call("/session", EVIL, (), False, [403]),
    Call("/partners", PARTNER, (), True, [401]),
    Call("/partners", PARTNER, (*PUT, *GOOD), True, [204, 200]),
    Call("/partners", APP, (), False, [401]),
    Call("/partners", APP, (*PUT, *GOOD), False, [403]),
    *ERROR_CALLS,
]

WSGI_CALLS = [*PLAIN_CALLS, *ERROR_CALLS[:2]]
WITH_STATIC = [*ARTICLE_CALLS, *STATIC_CALLS]
SITES = {
    "aiohttp": Site("aiohttp.md", OWN, AIOHTTP, ARTICLE_CALLS, "/socket"),
    "django on gunicorn": Site("django.md", GUNICORN, DJANGO_WSGI, DJANGO_CALLS),
    "django on uvicorn": Site("django.md", [*UVICORN, "--lifespan", "off"], DJANGO_ASGI, DJANGO_CALLS),
    "djangorestframework on gunicorn": Site("django.md", GUNICORN, REST, REST_CALLS),
    "falcon on hypercorn": Site("falcon.md", HYPERCORN, FALCON, ARTICLE_CALLS, "/socket"),
    "falcon on gunicorn": Site("falcon.md", GUNICORN, FALCON_WSGI, ARTICLE_CALLS),
    "fastapi on uvicorn": Site("fastapi.md", UVICORN, FASTAPI, FASTAPI_CALLS, "/socket"),
    "fastapi on hypercorn": Site("fastapi.md", HYPERCORN, FASTAPI, FASTAPI_CALLS, "/socket"),
    "fastapi on granian": Site("fastapi.md", GRANIAN_ASGI, FASTAPI, FASTAPI_CALLS, "/socket"),
    "flask on gunicorn": Site("flask.md", GUNICORN, FLASK_VIEWS, FLASK_VIEW_CALLS),
    "flask on granian": Site("flask.md", GRANIAN_WSGI, FLASK, FLASK_CALLS),
    "litestar on uvicorn": Site("litestar.md", UVICORN, LITESTAR, WITH_STATIC, "/socket"),
    "quart on hypercorn": Site("quart.md", HYPERCORN, QUART, ARTICLE_CALLS, "/socket"),
    "sanic": Site("sanic.md", OWN, SANIC, WITH_STATIC, "/socket"),
    "sanic on uvicorn": Site("sanic.md", UVICORN, SANIC, WITH_STATIC, "/socket", refusal=500),
    "tornado": Site("tornado.md", OWN, TORNADO, WITH_STATIC, "/chat"),
    "any ASGI application on granian": Site("middleware-asgi.md", GRANIAN_ASGI, ASGI, PLAIN_CALLS, "/socket"),
    "any ASGI application on uvicorn": Site("middleware-asgi.md", UVICORN, ASGI, PLAIN_CALLS, "/socket"),
    "any WSGI application on gunicorn": Site("middleware-wsgi.md", GUNICORN, WSGI, WSGI_CALLS),
    "any WSGI application on granian": Site("middleware-wsgi.md", GRANIAN_WSGI, WSGI, WSGI_CALLS),
}
