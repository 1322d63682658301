"""A Django site with a view for each habit of Django's that matters here; its settings, and its URLs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import django  # type: ignore[import-untyped]
from django.conf import settings  # type: ignore[import-untyped]

from crossorigin.policy import LivePolicy, Policy

OURS = "crossorigin.middleware.django.CORSMiddleware"
APP = "https://app.example.com"
VIEW = "https://view.example.com"
PUT = "https://put.example.com"

if not settings.configured:
    settings.configure(
        ALLOWED_HOSTS=["*"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        INSTALLED_APPS=["crossorigin.middleware.django.CORSConfig"],
        LOGGING_CONFIG=None,
        MIDDLEWARE=[OURS],
        ROOT_URLCONF=__name__,
        SECRET_KEY="a test's",
        CROSSORIGIN={"allow_origins": [APP]},
    )
    django.setup()

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse  # type: ignore[import-untyped]  # noqa: E402
from django.urls import path, re_path  # type: ignore[import-untyped]  # noqa: E402
from django.utils.decorators import method_decorator  # type: ignore[import-untyped]  # noqa: E402
from django.views import View  # type: ignore[import-untyped]  # noqa: E402
from django.views.decorators.csrf import csrf_exempt  # type: ignore[import-untyped]  # noqa: E402

from crossorigin.middleware.django import cors  # noqa: E402

calls: list[str] = []
"""The views that were called, since somebody last cleared it."""
app_headers: list[tuple[str, str]] = []
"""What the catch-all view sets itself."""

ONE_VIEW = Policy(allow_origins=[VIEW], allow_methods=["PUT"])
ONE_METHOD = Policy(allow_origins=[PUT], allow_methods=["PUT"], allow_headers=["x-token"])
LIVE = LivePolicy(Policy(allow_origins=[VIEW]))


def plain(request: HttpRequest) -> HttpResponse:
    calls.append("plain")
    response = HttpResponse(b"body", content_type="text/plain")
    for name, value in app_headers:
        response[name] = f"{response[name]}, {value}" if name.lower() == "vary" and name in response else value
    return response


def boom(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("boom")


def stream(request: HttpRequest) -> StreamingHttpResponse:
    def chunks() -> Iterator[bytes]:
        calls.append("first chunk")
        yield b"one "
        calls.append("second chunk")
        yield b"two"

    return StreamingHttpResponse(chunks())


async def events(request: HttpRequest) -> StreamingHttpResponse:
    async def chunks() -> AsyncIterator[bytes]:
        for number in range(3):
            await asyncio.sleep(0)
            yield b"data: %d\n\n" % number

    return StreamingHttpResponse(chunks(), content_type="text/event-stream")


@cors(ONE_VIEW)
def own(request: HttpRequest) -> HttpResponse:
    calls.append("own")
    return HttpResponse(b"own")


@csrf_exempt  # type: ignore[untyped-decorator]
@cors(ONE_VIEW)
async def own_async(request: HttpRequest) -> HttpResponse:
    calls.append("own_async")
    return HttpResponse(b"own")


@cors(Policy(allow_origins=[VIEW], refuse_disallowed_origins=True))
def refusing(request: HttpRequest) -> HttpResponse:
    calls.append("refusing")
    return HttpResponse(b"refusing")


@cors(LIVE)
def live(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"live")


@method_decorator(cors(ONE_VIEW), name="dispatch")
class Things(View):  # type: ignore[misc]
    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(b"things")

    @cors(ONE_METHOD)
    def put(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(b"put")


@cors(ONE_VIEW)
class AsyncThings(View):  # type: ignore[misc]
    async def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(b"things")


def shared(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(b"shared")


urlpatterns = [
    path("", plain),
    path("boom", boom),
    path("stream", stream),
    path("events", events),
    path("own", own),
    path("own-async", own_async),
    path("refusing", refusing),
    path("live", live),
    path("things/<int:number>/", lambda request, number: Things.as_view()(request)),
    path("things", Things.as_view()),
    path("async-things", AsyncThings.as_view()),
    path("slash/", own),
    path("shared", shared),
    path("none", cors(None)(shared)),
    path("shared-view", cors(ONE_VIEW)(shared)),
    re_path("^any/.*$", plain),
]
