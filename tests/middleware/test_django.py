"""Django, as WSGI and as ASGI: the shared cases, policies of views, errors, checks, and D1 to D10."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

import pytest
from asgiref.sync import AsyncToSync, SyncToAsync, iscoroutinefunction
from django.conf import settings  # type: ignore[import-untyped]
from django.core.checks import run_checks  # type: ignore[import-untyped]
from django.core.exceptions import ImproperlyConfigured  # type: ignore[import-untyped]
from django.core.handlers.asgi import ASGIHandler  # type: ignore[import-untyped]
from django.core.handlers.wsgi import WSGIHandler  # type: ignore[import-untyped]
from django.http import HttpResponse  # type: ignore[import-untyped]
from django.test.client import AsyncRequestFactory  # type: ignore[import-untyped]
from django.test.utils import override_settings  # type: ignore[import-untyped]
from tests.middleware import django_site
from tests.middleware.django_site import LIVE, OURS, PUT, VIEW, app_headers, calls
from tests.middleware.environ_client import (
    APP,
    EVIL,
    JOINED,
    POLICY_NAMES,
    Reply,
    call,
    check_case,
    each_case,
    preflight,
    request_fields,
    texts,
)
from tests.policy.conftest import DOCUMENT, DecisionCase

from crossorigin.middleware.django import CORSMiddleware, check_settings, cors, csrf_trusted_origins
from crossorigin.middleware.marks import MARKS
from crossorigin.middleware.notices import CORSWarning
from crossorigin.policy import LivePolicy, Policy
from crossorigin.policy.lookup import AsyncOriginLookup, OriginLookup
from crossorigin.policy.observe import Counters

COMMON = "django.middleware.common.CommonMiddleware"
CSRF = "django.middleware.csrf.CsrfViewMiddleware"
STACK = [OURS, COMMON, CSRF]
VARY = ("vary", "Origin")
VARY_PREFLIGHT = ("vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers")

Fields = Sequence[tuple[str, str]]
Asker = Callable[..., Reply]


async def _ask_asgi(app: Any, method: str, path: str, headers: Fields) -> Reply:
    lines = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
    if not any(name == b"host" for name, _ in lines):
        lines.append((b"host", b"api.example.com"))
    scope = {
        "type": "http", "http_version": "1.1", "method": method, "path": path, "raw_path": path.encode(),
        "query_string": b"", "scheme": "https", "headers": lines, "server": ("api.example.com", 443), "root_path": "",
    }  # fmt: skip
    sent: list[dict[str, Any]] = []
    is_over = asyncio.Event()
    is_asked = False

    async def receive() -> dict[str, Any]:
        nonlocal is_asked
        if is_asked:
            await is_over.wait()
            return {"type": "http.disconnect"}
        is_asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    fields = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in sent[0]["headers"]]
    return Reply(sent[0]["status"], fields, b"".join(message.get("body", b"") for message in sent[1:]))


def ask_wsgi(method: str = "GET", path: str = "/", headers: Fields = ()) -> Reply:
    return call(WSGIHandler(), method, path, headers)


def ask_asgi(method: str = "GET", path: str = "/", headers: Fields = ()) -> Reply:
    return asyncio.run(_ask_asgi(ASGIHandler(), method, path, headers))


@pytest.fixture(params=[ask_wsgi, ask_asgi], ids=["wsgi", "asgi"])
def ask(request: pytest.FixtureRequest) -> Asker:
    """Both ways of Django's; a handler is made for each request, and reads the settings of the test."""
    asker: Asker = request.param
    return asker


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    calls.clear()
    app_headers.clear()
    with override_settings(MIDDLEWARE=STACK, ROOT_URLCONF=django_site.__name__):
        yield
    app_headers.clear()


@cache
def _case_handler(policy: str, kind: Any) -> Any:
    with override_settings(CROSSORIGIN=DOCUMENT["policies"][policy], MIDDLEWARE=[OURS]):
        return kind()


@each_case
@pytest.mark.parametrize("has_views", [False, True], ids=["no marks", "marks"])
@pytest.mark.parametrize("kind", [WSGIHandler, ASGIHandler])
@pytest.mark.filterwarnings("ignore:the application, or something inside")
def test_case(kind: Any, has_views: bool, case: DecisionCase, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shared cases, through the real handlers, with and without views that have policies of their own."""
    monkeypatch.setattr(MARKS, "are_there", has_views)
    monkeypatch.setattr(MARKS, "may_refuse", has_views)
    app_headers.extend((name.decode(), value.decode("latin-1")) for name, value in case.app_headers or ())
    app = _case_handler(POLICY_NAMES[case.name], kind)
    method, fields = case.facts.method.decode(), request_fields(case)
    if kind is WSGIHandler:
        reply = call(app, method, "/any/", fields)
    else:
        reply = asyncio.run(_ask_asgi(app, method, "/any/", fields))
    expected: dict[str, str] = {}
    for name, value in texts(case.final_headers or case.headers):
        # Django's responses have each name once.
        expected[name] = f"{expected[name]}, {value}" if name in expected else value
    check_case(case, reply, calls, body=b"body", expected=list(expected.items()))


def test_the_cases_that_are_left_out() -> None:
    assert JOINED == ["preflight, 17 lines"]


class TestEveryResponse:
    """Outermost, so that script can read whatever Django answers."""

    @pytest.mark.parametrize(("path", "status"), [("/", 200), ("/absent", 404), ("/any", 301), ("/boom", 500)])
    def test_carries_the_headers(self, ask: Asker, path: str, status: int) -> None:
        reply = ask("GET", path, [("Origin", APP)])
        assert (reply.status, reply.cors) == (status, [("access-control-allow-origin", APP), VARY])
        assert ask("GET", path, [("Origin", EVIL)]).cors == [VARY]
        assert ask("GET", path).cors == [VARY]

    def test_a_refused_form_post(self, ask: Asker) -> None:
        reply = ask("POST", "/", [("Origin", APP)])
        assert (reply.status, reply.cors, calls) == (403, [("access-control-allow-origin", APP), VARY], [])

    def test_a_preflight_is_not_redirected(self, ask: Asker) -> None:
        with override_settings(CROSSORIGIN={"allow_origins": [APP], "allow_methods": ["PUT"]}):
            reply = ask("OPTIONS", "/any", preflight(APP, "PUT"))
        assert (reply.status, reply.cors[0]) == (204, ("access-control-allow-origin", APP))

    def test_a_stream_is_sent_as_it_comes(self) -> None:
        app = WSGIHandler()
        environ: dict[str, Any] = {}

        def capture(given: dict[str, Any], start_response: Any) -> Any:
            environ.update(given)
            return []

        with pytest.raises(IndexError):
            call(capture, "GET", "/stream", [("Origin", APP)])
        chunks = iter(app(environ, lambda status, headers, exc_info=None: None))
        assert calls == []
        assert next(chunks) == b"one "
        assert calls == ["first chunk"]
        assert [*chunks] == [b"two"]

    def test_server_sent_events(self) -> None:
        reply = ask_asgi("GET", "/events", [("Origin", APP)])
        assert (reply.origin, reply.body) == (APP, b"data: 0\n\ndata: 1\n\ndata: 2\n\n")

    def test_no_line_in_the_log_for_a_denied_preflight(self, ask: Asker, caplog: pytest.LogCaptureFixture) -> None:
        assert ask("OPTIONS", "/", preflight(EVIL, "PUT")).status == 403
        assert caplog.records == []


class TestViews:
    """The policy of the view that the router finds, for the method that is asked for."""

    @pytest.mark.parametrize("path", ["/own", "/own-async", "/things", "/async-things", "/slash", "/shared-view"])
    def test_the_views_own(self, ask: Asker, path: str) -> None:
        assert ask("GET", path, [("Origin", VIEW)]).origin == VIEW
        assert ask("GET", path, [("Origin", APP)]).cors == [VARY]
        assert ask("OPTIONS", path, preflight(APP, "GET")).status == 403
        granted = [("access-control-allow-origin", VIEW), ("access-control-allow-methods", "GET"), VARY_PREFLIGHT]
        calls.clear()
        reply = ask("OPTIONS", path, preflight(VIEW, "GET"))
        assert (reply.status, reply.headers, calls) == (204, granted, [])

    def test_what_grants_nothing(self, ask: Asker) -> None:
        for page in (APP, VIEW):
            assert ask("GET", "/none", [("Origin", page)]).cors == []
            assert ask("OPTIONS", "/none", preflight(page, "GET")).cors == []

    def test_the_same_function_elsewhere(self, ask: Asker) -> None:
        assert ask("GET", "/shared", [("Origin", APP)]).origin == APP
        assert ask("GET", "/shared", [("Origin", VIEW)]).origin is None

    def test_the_method_asked_for(self, ask: Asker) -> None:
        reply = ask("OPTIONS", "/things", preflight(PUT, "PUT", "x-token"))
        assert (reply.status, reply.origin) == (204, PUT)
        assert ask("OPTIONS", "/things", preflight(VIEW, "PUT")).status == 403
        assert ask("OPTIONS", "/things", preflight(PUT, "GET")).status == 403
        assert ask("OPTIONS", "/things", preflight(VIEW, "HEAD")).status == 204

    def test_the_methods_response(self, ask: Asker) -> None:
        with override_settings(MIDDLEWARE=[OURS]):
            assert ask("PUT", "/things", [("Origin", PUT)]).origin == PUT
            assert ask("PUT", "/things", [("Origin", VIEW)]).origin is None

    @pytest.mark.parametrize("path", ["//own", "/own/", "/OWN", "/own%2F", "/./own", "/any/../own"])
    def test_a_path_is_only_what_the_router_makes_of_it(self, ask: Asker, path: str) -> None:
        reply = ask("GET", path, [("Origin", VIEW)])
        assert (reply.origin, calls) == (None, ["plain"] if path.startswith("/any/") else [])

    def test_a_view_that_refuses(self, ask: Asker) -> None:
        reply = ask("GET", "/refusing", [("Origin", APP)])
        assert (reply.status, reply.headers, calls) == (403, [("content-length", "0"), VARY], [])
        assert ask("GET", "/refusing", [("Origin", VIEW)]).status == 200
        assert ask("GET", "/refusing", [("Origin", "https://api.example.com")]).status == 200
        assert ask("GET", "/refusing").status == 200
        assert calls == ["refusing"] * 3

    def test_a_view_within_an_application_that_refuses(self, ask: Asker) -> None:
        with override_settings(CROSSORIGIN={"allow_origins": [APP], "refuse_disallowed_origins": True}):
            assert ask("GET", "/own", [("Origin", VIEW)]).origin == VIEW
            assert ask("GET", "/own", [("Origin", APP)]).status == 200
            assert ask("GET", "/", [("Origin", VIEW)]).status == 403

    def test_live(self, ask: Asker) -> None:
        before = LIVE.policy
        try:
            assert ask("GET", "/live", [("Origin", VIEW)]).origin == VIEW
            LIVE.replace(Policy(allow_origins=[PUT]))
            assert ask("GET", "/live", [("Origin", VIEW)]).origin is None
            assert ask("GET", "/live", [("Origin", PUT)]).origin == PUT
        finally:
            LIVE.replace(before)

    def test_a_path_where_nothing_is(self, ask: Asker) -> None:
        assert ask("OPTIONS", "/nowhere", preflight(APP, "GET")).status == 204


class TestAsync:
    """Under ASGI nothing is handed to a thread, and nobody waits for one."""

    def test_no_thread_is_asked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        async def view(request: Any) -> HttpResponse:
            return HttpResponse(b"body")

        def fails(*args: object, **kwargs: object) -> None:
            raise AssertionError("a thread was asked")

        middleware = CORSMiddleware(view)
        assert iscoroutinefunction(middleware)
        monkeypatch.setattr(SyncToAsync, "__call__", fails)
        monkeypatch.setattr(AsyncToSync, "__call__", fails)
        for request in (
            AsyncRequestFactory().get("/own", headers={"Origin": VIEW}),
            AsyncRequestFactory().options("/own", headers=dict(preflight(VIEW, "PUT"))),
        ):
            response = asyncio.run(middleware(request))
            assert response.headers["Access-Control-Allow-Origin"] == VIEW

    def test_a_decorator_without_its_policy(self) -> None:
        def view(request: Any) -> None: ...

        with pytest.raises(TypeError, match="a policy is a Policy or a LivePolicy, and not function"):
            cors(view)  # type: ignore[arg-type]


class TestSettings:
    """Every form of CROSSORIGIN; what is wrong stops the server before it starts."""

    def test_live(self, ask: Asker) -> None:
        live = LivePolicy(Policy(allow_origins=[APP]))
        with override_settings(CROSSORIGIN=live):
            assert ask("GET", "/", [("Origin", VIEW)]).origin is None
            live.replace({"allow_origins": [VIEW]})
            assert ask("GET", "/", [("Origin", VIEW)]).origin == VIEW

    @pytest.mark.parametrize(
        ("value", "message"),
        [({"allow_origins": "https://a.com"}, "P601"), (3, "and not int"), ("none.toml", "none.toml cannot be read")],
    )
    def test_wrong(self, value: object, message: str) -> None:
        with override_settings(CROSSORIGIN=value), pytest.raises(ImproperlyConfigured, match=message):
            WSGIHandler()

    def test_missing(self) -> None:
        with override_settings():
            del settings.CROSSORIGIN
            with pytest.raises(ImproperlyConfigured, match="there is no CROSSORIGIN"):
                WSGIHandler()
            assert found() == ["crossorigin.E001"]

    def test_an_observer_counts_each_decision(self, ask: Asker) -> None:
        counters = Counters()
        with override_settings(CROSSORIGIN_OBSERVER=counters):
            ask("GET", "/")
            ask("GET", "/", [("Origin", APP)])
            ask("GET", "/", [("Origin", EVIL)])
            ask("OPTIONS", "/", preflight(EVIL, "PUT"))
            ask("GET", "/refusing", [("Origin", EVIL)])
        assert {key: count for key, count in counters.snapshot().items() if count} == {
            "not-cors:allowed": 1, "actual:allowed": 1, "actual:origin": 2, "preflight:origin": 1,
        }  # fmt: skip


def asks_the_database(origin: str) -> bool:
    from django.db import connection  # type: ignore[import-untyped]

    with connection.cursor() as cursor:
        cursor.execute("select %s", [origin])
        answer = bool(cursor.fetchone()[0] == VIEW)
    connection.close()
    return answer


async def waits(origin: str) -> bool:
    await asyncio.sleep(0)
    return origin == VIEW


class TestLookup:
    """Origins that the policy does not list."""

    @pytest.mark.parametrize(
        "make",
        [
            lambda: asks_the_database,
            lambda: waits,
            lambda: OriginLookup(lambda origin: origin == VIEW),
            lambda: AsyncOriginLookup(waits),
            lambda: f"{__name__}.asks_the_database",
        ],
        ids=["function", "coroutine function", "OriginLookup", "AsyncOriginLookup", "path"],
    )
    def test_each_form(self, ask: Asker, make: Callable[[], Any]) -> None:
        settings = {"allow_origins": [APP], "allow_credentials": True, "allow_methods": ["PUT"]}
        with override_settings(CROSSORIGIN=settings, CROSSORIGIN_ORIGIN_LOOKUP=make()):
            granted = [("access-control-allow-origin", VIEW), ("access-control-allow-credentials", "true"), VARY]
            assert ask("GET", "/", [("Origin", VIEW)]).cors == granted
            assert ask("OPTIONS", "/", preflight(VIEW, "PUT")).status == 204
            assert ask("OPTIONS", "/", preflight(VIEW, "DELETE")).status == 403
            assert ask("GET", "/", [("Origin", EVIL)]).cors == [VARY]
            assert ask("GET", "/own", [("Origin", APP)]).cors == [VARY]

    def test_what_is_no_lookup(self) -> None:
        with (
            override_settings(CROSSORIGIN_ORIGIN_LOOKUP=[VIEW]),
            pytest.raises(ImproperlyConfigured, match="CROSSORIGIN_ORIGIN_LOOKUP is a function"),
        ):
            WSGIHandler()

    def test_it_fails_closed(self, ask: Asker) -> None:
        def fails(origin: str) -> bool:
            raise RuntimeError("no database")

        with override_settings(CROSSORIGIN_ORIGIN_LOOKUP=fails):
            reply = ask("GET", "/", [("Origin", VIEW)])
        assert (reply.status, reply.cors) == (200, [VARY])


def found(**settings: Any) -> list[str]:
    with override_settings(**settings):
        return [message.id for message in check_settings(None)]


class TestChecks:
    """`manage.py check`."""

    def test_sound(self) -> None:
        assert found() == []
        assert [message for message in run_checks(tags=["security"]) if message.id.startswith("crossorigin.")] == []

    def test_every_problem_under_its_code(self) -> None:
        wrong = {"allow_origins": ["https://a.com/", "HTTPS://B.com"], "max_age": -1, "alow_headers": []}
        assert found(CROSSORIGIN=wrong) == [f"crossorigin.P{code}" for code in (104, 106, 501, 603)]
        with override_settings(CROSSORIGIN=wrong):
            assert check_settings(None)[0].hint == 'Write: "https://a.com"'

    def test_no_policy(self) -> None:
        assert found(CROSSORIGIN=None) == ["crossorigin.E001"]
        assert found(CROSSORIGIN="none.toml") == ["crossorigin.E001"]

    @pytest.mark.parametrize("above", [COMMON, CSRF, "django.contrib.auth.middleware.AuthenticationMiddleware"])
    def test_what_stands_above(self, above: str) -> None:
        assert found(MIDDLEWARE=[above, OURS]) == ["crossorigin.W001"]
        assert found(MIDDLEWARE=["prometheus.Before", OURS, above]) == []

    def test_a_second_one(self) -> None:
        assert found(MIDDLEWARE=[OURS, "corsheaders.middleware.CorsMiddleware"]) == ["crossorigin.W002"]
        assert found(MIDDLEWARE=[OURS, OURS]) == ["crossorigin.W002"]

    def test_none(self) -> None:
        assert found(MIDDLEWARE=[COMMON]) == ["crossorigin.W003"]


class TestCsrfTrustedOrigins:
    """The same pages may post forms."""

    def test_what_django_can_express(self) -> None:
        assert csrf_trusted_origins({"allow_origins": [APP, "https://*.example.org:8443"]}) == [
            "https://*.example.org:8443", APP,
        ]  # fmt: skip
        with pytest.warns(CORSWarning, match=r"cannot express http://localhost:\*"):
            assert csrf_trusted_origins(Policy(allow_origins=[APP, "http://localhost:*"])) == [APP]
        with pytest.warns(CORSWarning, match=r"cannot express \*:"):
            assert csrf_trusted_origins({"allow_origins": ["*"]}) == []

    def test_a_post_gets_past_djangos_check_of_the_origin(self, ask: Asker) -> None:
        token = "a" * 32
        fields = [("Origin", APP), ("Cookie", f"csrftoken={token}"), ("X-CSRFToken", token)]
        assert ask("POST", "/", fields).status == 403
        with override_settings(CSRF_TRUSTED_ORIGINS=csrf_trusted_origins({"allow_origins": [APP]})):
            assert ask("POST", "/", fields).status == 200
            assert ask("POST", "/", [("Origin", EVIL), *fields[1:]]).status == 403


class TestDefectsOfDjangoCorsHeaders:
    """../reference/server.md, section 2: D1 to D10, each as it is here."""

    def test_d1_any_origin_with_credentials_is_refused(self) -> None:
        anybody = {"allow_origins": ["*"], "allow_credentials": True}
        assert found(CROSSORIGIN=anybody) == ["crossorigin.P401"]
        with override_settings(CROSSORIGIN=anybody), pytest.raises(ImproperlyConfigured, match="P401"):
            WSGIHandler()

    def test_d2_a_pattern_ends_where_it_ends(self, ask: Asker) -> None:
        with override_settings(CROSSORIGIN={"allow_origins": ["https://*.a.com"], "allow_credentials": True}):
            assert ask("GET", "/", [("Origin", "https://x.a.com")]).origin == "https://x.a.com"
            assert ask("GET", "/", [("Origin", "https://x.a.com.evil.com")]).origin is None
        assert found(CROSSORIGIN={"allow_origins": [r"https://.*\.a\.com"]}) == ["crossorigin.P118"]

    @pytest.mark.parametrize(
        ("wrong", "code"),
        [
            ({"allow_origins": ["https://a.com:443"]}, "P107"),
            ({"allow_origins": ["https://a.com:99999"]}, "P108"),
            ({"allow_origins": ["HTTPS://A.com"]}, "P106"),
            ({"allow_origins": ["https://user@a.com"]}, "P114"),
            ({"allow_origins": ["https://a b.com"]}, "P115"),
            ({"allow_origins": ["http://a.com"], "allow_credentials": True}, "P405"),
            ({"allow_origins": [APP], "alow_methods": []}, "P603"),
            ({"allow_origins": [APP], "allow_headers": ["x token"]}, "P301"),
            ({"allow_origins": [APP], "allow_methods": "GET"}, "P601"),
            ({"allow_origins": [APP], "max_age": 1_000_000_000}, "P502"),
        ],
    )
    def test_d3_the_checks_find(self, wrong: dict[str, Any], code: str) -> None:
        assert found(CROSSORIGIN=wrong) == [f"crossorigin.{code}"]

    @pytest.mark.parametrize("raw", [f"{APP}/evil#x", f"{APP}?x", f"{APP}:443", f"{APP} ", APP.upper(), "null"])
    def test_d4_nothing_but_an_allowed_origin_is_sent_back(self, ask: Asker, raw: str) -> None:
        assert ask("GET", "/", [("Origin", raw)]).cors == [VARY]

    def test_d5_no_origin_is_parsed_for_a_request(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with override_settings(CROSSORIGIN={"allow_origins": [f"https://{n}.example" for n in range(1000)]}):
            app = WSGIHandler()
        import urllib.parse

        monkeypatch.setattr(urllib.parse, "urlsplit", None)
        assert call(app, "GET", "/own", [("Origin", "https://7.example")]).status == 200
        assert call(app, "GET", "/any/", [("Origin", "https://7.example")]).origin == "https://7.example"

    def test_d6_a_lookup_may_ask_the_database_under_asgi(self) -> None:
        with override_settings(CROSSORIGIN_ORIGIN_LOOKUP=asks_the_database):
            assert ask_asgi("GET", "/", [("Origin", VIEW)]).origin == VIEW
            assert ask_asgi("GET", "/", [("Origin", EVIL)]).status == 200

    def test_d7_a_lookup_grants_an_origin_and_nothing_else(self, ask: Asker) -> None:
        with override_settings(CROSSORIGIN_ORIGIN_LOOKUP=lambda origin: True):
            assert ask("GET", "/", [("Origin", "null")]).origin is None
            assert ask("OPTIONS", "/", preflight(VIEW, "DELETE")).status == 403
            assert ask("GET", "/own", [("Origin", EVIL)]).origin is None

    def test_d8_a_preflight_is_answered_as_it_is_asked(self, ask: Asker) -> None:
        lists = {"allow_methods": ["PUT", "PATCH"], "allow_headers": ["a", "b"]}
        settings = {"allow_origins": [APP], "max_age": 0, **lists}
        with override_settings(CROSSORIGIN=settings):
            for denied in (preflight(APP, "DELETE"), preflight(APP, "PUT", "x-evil"), preflight(EVIL, "PUT")):
                reply = ask("OPTIONS", "/", denied)
                assert (reply.status, reply.cors) == (403, [VARY_PREFLIGHT])
            assert ask("OPTIONS", "/", preflight(APP, "PUT", "a")).cors == [
                ("access-control-allow-origin", APP),
                ("access-control-allow-methods", "PUT"),
                ("access-control-allow-headers", "a"),
                ("access-control-max-age", "0"),
                VARY_PREFLIGHT,
            ]
            calls.clear()
            assert ask("OPTIONS", "/", [("Origin", APP)]).cors == [("access-control-allow-origin", APP), VARY]
            assert calls == ["plain"]

    def test_d9_a_view_has_its_own_policy(self, ask: Asker) -> None:
        assert ask("GET", "/own", [("Origin", VIEW)]).origin == VIEW
        assert ask("GET", "/", [("Origin", VIEW)]).origin is None

    def test_d10_a_header_that_is_there_already_is_replaced_and_told_of_once(self, ask: Asker) -> None:
        app_headers.append(("Access-Control-Allow-Origin", "*"))
        with pytest.warns(CORSWarning, match="sets access-control-allow-origin itself") as told:
            assert ask("GET", "/", [("Origin", APP)]).cors == [("access-control-allow-origin", APP), VARY]
        assert len(told) == 1
