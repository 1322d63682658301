"""What CORS adds to a request of Django and Flask: `crossorigin` beside django-cors-headers and flask-cors, in one run.

Every request is made anew, outside of what is timed; the bare application and the wrapped ones take turns; what counts
is the fastest round of each, as a ratio. "added" is the time with CORS less that of the same application without. The
targets are those of issue 3.
"""

from __future__ import annotations

import io
import logging
import random
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from django.conf import settings  # type: ignore[import-untyped]
from flask import Flask
from flask_cors import CORS as FLASK_CORS

from crossorigin.middleware.flask import CORS

__all__ = ["main"]

WSGIApp = Callable[[dict[str, Any], Callable[..., Any]], Any]
Origin = Callable[[], str] | str | None

ROUNDS, BATCH = 40, 50
APP = "https://app.example.com"
EVIL = "https://evil.example"
METHODS = ["GET", "POST", "PUT", "DELETE"]
HEADERS = ["authorization", "content-type", "x-requested-with", "accept"]
ASKED = "authorization,content-type,x-requested-with"
CHROME = {
    "HTTP_HOST": "api.example.com",
    "HTTP_CONNECTION": "keep-alive",
    "HTTP_SEC_CH_UA_PLATFORM": '"Linux"',
    "HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0",
    "HTTP_SEC_CH_UA": '"Chromium";v="140", "Not=A?Brand";v="24", "Google Chrome";v="140"',
    "HTTP_SEC_CH_UA_MOBILE": "?0",
    "HTTP_ACCEPT": "*/*",
    "HTTP_SEC_FETCH_SITE": "same-site",
    "HTTP_SEC_FETCH_MODE": "cors",
    "HTTP_SEC_FETCH_DEST": "empty",
    "HTTP_REFERER": "https://app.example.com/",
    "HTTP_ACCEPT_ENCODING": "gzip, deflate, br, zstd",
    "HTTP_ACCEPT_LANGUAGE": "en-GB,en;q=0.9",
}
EXACT = [f"https://{number:05d}.tenants.example" for number in range(10_000)]
SUFFIXES = [f"{chr(97 + number % 26)}{number}.example" for number in range(1000)]
BARE, OURS, PEER = "bare", "crossorigin", "peer"


class Case(NamedTuple):
    """A policy (origins, and domains of which all subdomains are allowed) and what is asked."""

    name: str
    exact: list[str]
    suffixes: list[str]
    origin: Origin
    method: str | None = None
    names: str = ASKED
    target: float | None = 0.2


ONE = [APP]
CASES = [
    Case("1   no Origin", ONE, [], None),
    Case("2   exact, 1", ONE, [], APP),
    Case("3   exact, of 10 000", EXACT, [], lambda: random.choice(EXACT)),
    Case("4a  pattern, 1", [], SUFFIXES[:1], f"https://a.{SUFFIXES[0]}"),
    Case("4b  pattern, of 1 000", [], SUFFIXES, lambda: f"https://a.{random.choice(SUFFIXES)}"),
    Case("5a  denied", ONE, [], EVIL),
    Case("6   preflight", ONE, [], APP, "PUT"),
    Case("7a  preflight, bad origin", ONE, [], EVIL, "PUT"),
    Case("7c  preflight, bad header", ONE, [], APP, "PUT", "authorization,x-evil"),
]
HOSTILE = [
    Case("8a  10 000 names", ONE, [], APP, "PUT", ",".join(f"x-{number}" for number in range(10_000)), 1.5),
    Case("8d  64 KiB of commas", ONE, [], APP, "PUT", "," * 65536, 1.5),
    Case("8g  Origin of 64 KiB", [], SUFFIXES, "https://" + "a." * 32768, "PUT", ASKED, 1.5),
]


def fresh(text: str) -> str:
    """The same text in a new object, as a server has it: nobody has hashed it yet."""
    return text.encode("latin-1").decode("latin-1")


def request(case: Case) -> dict[str, Any]:
    fields = {name: fresh(value) for name, value in CHROME.items()}
    origin = case.origin() if callable(case.origin) else case.origin
    if origin is not None:
        fields["HTTP_ORIGIN"] = fresh(origin)
    if case.method is not None:
        fields["HTTP_ACCESS_CONTROL_REQUEST_METHOD"] = fresh(case.method)
        fields["HTTP_ACCESS_CONTROL_REQUEST_HEADERS"] = fresh(case.names)
    return {
        "REQUEST_METHOD": "GET" if case.method is None else "OPTIONS",
        "SCRIPT_NAME": "", "PATH_INFO": "/", "QUERY_STRING": "", "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_NAME": "api.example.com", "SERVER_PORT": "443", "wsgi.url_scheme": "https", "wsgi.version": (1, 0),
        "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO(), "wsgi.multithread": False,
        "wsgi.multiprocess": False, "wsgi.run_once": False, **fields,
    }  # fmt: skip


def patterns(case: Case) -> list[str]:
    return [*case.exact, *(f"https://*.{each}" for each in case.suffixes)]


def regexes(case: Case) -> list[str]:
    return [rf"^https://[a-z.]+\.{each.replace('.', '[.]')}$" for each in case.suffixes]


def django_view(_request: Any) -> Any:
    from django.http import HttpResponse  # type: ignore[import-untyped]  # noqa: PLC0415 - only with settings

    return HttpResponse(b"{}", content_type="application/json")


def django_apps(case: Case) -> dict[str, WSGIApp]:
    """Settings are of the process: each handler reads MIDDLEWARE when it is made, the peer the rest every time."""
    from django.core.handlers.wsgi import WSGIHandler  # type: ignore[import-untyped]  # noqa: PLC0415 - only with settings

    settings.CORS_ALLOWED_ORIGINS = case.exact
    settings.CORS_ALLOWED_ORIGIN_REGEXES = regexes(case)
    settings.CROSSORIGIN = {
        "allow_origins": patterns(case), "allow_methods": METHODS, "allow_headers": HEADERS, "max_age": 600,
    }  # fmt: skip
    apps: dict[str, WSGIApp] = {}
    for name, middleware in (
        (BARE, []),
        (OURS, ["crossorigin.middleware.django.CORSMiddleware"]),
        (PEER, ["corsheaders.middleware.CorsMiddleware"]),
    ):
        settings.MIDDLEWARE = middleware
        apps[name] = WSGIHandler()
    return apps


def flask_app() -> Flask:
    app = Flask("bench")

    @app.route("/", methods=METHODS)
    def view() -> Any:
        return app.response_class(b"{}", content_type="application/json")

    return app


def flask_apps(case: Case) -> dict[str, WSGIApp]:
    bare, ours, peer = flask_app(), flask_app(), flask_app()
    CORS(ours, allow_origins=patterns(case), allow_methods=METHODS, allow_headers=HEADERS, max_age=600)
    FLASK_CORS(peer, origins=[*case.exact, *regexes(case)], methods=METHODS, allow_headers=HEADERS, max_age=600)
    return {BARE: bare, OURS: ours, PEER: peer}


def start_response(_status: str, _headers: list[tuple[str, str]], _exc_info: Any = None) -> None:
    pass


def timed(app: WSGIApp, requests: list[dict[str, Any]]) -> float:
    """Nanoseconds of this thread's processor for each request."""
    start = time.thread_time_ns()
    for each in requests:
        body = app(each, start_response)
        for _ in body:
            pass
        close = getattr(body, "close", None)
        if close is not None:
            close()
    return (time.thread_time_ns() - start) / len(requests)


def measure(case: Case, apps: dict[str, WSGIApp], rounds: int, batch: int) -> dict[str, float]:
    """The fastest round of each application, all of them in turn in every round."""
    best = dict.fromkeys(apps, float("inf"))
    for _ in range(rounds):
        for name, app in apps.items():
            best[name] = min(best[name], timed(app, [request(case) for _ in range(batch)]))
    return best


def verdict(ratio: float, target: float | None) -> str:
    return "" if target is None else f"  target {target:.2f}: {'held' if ratio <= target else 'MISSED'}"


def compare(framework: str, peer: str, apps_of: Callable[[Case], dict[str, WSGIApp]]) -> None:
    print(f"{framework + ', added by CORS':28}{'bare':>12}{OURS:>14}{peer:>21}   {OURS} / {peer}")
    sixth: dict[str, float] = {}
    for case in CASES:
        slow = len(case.exact) > 1 or len(case.suffixes) > 1
        best = measure(case, apps_of(case), 5 if slow else ROUNDS, 10 if slow else BATCH)
        ours, theirs = best[OURS] - best[BARE], best[PEER] - best[BARE]
        figures = f"{best[BARE] / 1000:9.2f} µs{ours / 1000:11.2f} µs{theirs / 1000:18.2f} µs"
        # Negative where the bare application takes longer over OPTIONS than an answer without it.
        print(f"{case.name:28}{figures}   {ours / theirs:8.3f}{verdict(ours / theirs, case.target)}")
        if case.name.startswith("6 "):
            sixth = best
    print("hostile preflights: the whole request, as a ratio to the same library's case 6")
    for case in HOSTILE:
        best = measure(case, {OURS: apps_of(case)[OURS]}, 20, 20) | measure(case, {PEER: apps_of(case)[PEER]}, 2, 1)
        mine, theirs = best[OURS] / sixth[OURS], best[PEER] / sixth[PEER]
        print(f"{case.name:28}{OURS} {mine:6.2f}   {peer} {theirs:9.1f}{verdict(mine, case.target)}")
    print()


def main() -> None:
    """Print the figures."""
    import django  # type: ignore[import-untyped]  # noqa: PLC0415 - after the settings
    from django.urls import path  # type: ignore[import-untyped]  # noqa: PLC0415 - after the settings

    logging.disable(logging.CRITICAL)
    random.seed(3)
    settings.configure(
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        CORS_ALLOW_METHODS=METHODS,
        CORS_ALLOW_HEADERS=HEADERS,
        CORS_PREFLIGHT_MAX_AGE=600,
        SECRET_KEY="bench",
    )
    globals()["urlpatterns"] = [path("", django_view)]
    django.setup()
    compare("Django", "django-cors-headers", django_apps)
    compare("Flask", "flask-cors", flask_apps)


if __name__ == "__main__":
    main()
