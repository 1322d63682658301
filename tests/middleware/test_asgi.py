"""Raw ASGI: the shared cases to the last header, what is never touched, WebSockets, and Starlette's S1 to S13."""

from __future__ import annotations

import asyncio
import inspect
import threading
from typing import Any

import pytest
from tests.policy.conftest import DecisionCase

from crossorigin.middleware.asgi import CORSMiddleware
from crossorigin.middleware.messages import ASGIApp
from crossorigin.middleware.notices import CORSWarning
from crossorigin.policy import Kind, LivePolicy, Policy, PolicyError, Step, decide
from crossorigin.policy.lookup import AsyncOriginLookup, OriginLookup
from crossorigin.policy.observe import Counters

from .framework_cases import APP, BODY, EVIL, Fields, each_case, origin, preflight
from .in_process import Recorder, call, connect

OWN = "https://api.example.com"
POLICY = Policy(allow_origins=[APP], allow_methods=["PUT"], allow_headers=["x-token"])
pytestmark = pytest.mark.filterwarnings(
    "ignore:the application, or something inside:crossorigin.middleware.notices.CORSWarning"
)


def answering(recorder: Recorder, *, status: int = 200) -> ASGIApp:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            recorder.calls += 1
            await receive()
            await send({"type": "websocket.accept"})
            return
        headers = [(name.encode(), value.encode("latin-1")) for name, value in recorder.called()]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": BODY[:3], "more_body": True})
        await send({"type": "http.response.body", "body": BODY[3:]})

    return app


class Watching:
    """Remembers what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[Kind, Step | None, bytes | None]] = []

    def decided(self, kind: Kind, step: Step | None, origin: bytes | None) -> None:
        self.told.append((kind, step, origin))


class TestCases:
    """Each shared case, by every way through: nothing is added, left out or moved."""

    def check(self, case: DecisionCase, app_of: Any) -> None:
        recorder = Recorder()
        recorder.headers = [(name.decode(), value.decode("latin-1")) for name, value in case.app_headers or ()]
        app = app_of(answering(recorder))
        scheme = (case.facts.scheme or b"https").decode()
        answer = call(app, case.facts.method.decode(), "/", case.request_headers, scheme=scheme)
        expected = case.headers if case.final_headers is None else case.final_headers
        want: Fields = [(name.lower().decode(), value.decode("latin-1")) for name, value in expected]
        if case.status is None:
            assert (answer.status, answer.body, recorder.calls) == (200, BODY, 1)
        else:
            assert (answer.status, answer.body, recorder.calls) == (case.status, b"", 0)
            want += [] if case.status == 204 else [("content-length", "0")]
        assert answer.headers == want

    @each_case
    def test_plainly(self, case: DecisionCase) -> None:
        self.check(case, lambda app: CORSMiddleware(app, case.policy))

    @each_case
    def test_twice_because_the_second_request_finds_what_is_kept(self, case: DecisionCase) -> None:
        made: list[CORSMiddleware] = []

        def once(app: ASGIApp) -> CORSMiddleware:
            if not made:
                made.append(CORSMiddleware(app, case.policy))
            made[0].app = app
            return made[0]

        self.check(case, once)
        self.check(case, once)

    @each_case
    def test_watched(self, case: DecisionCase) -> None:
        watching = Watching()
        self.check(case, lambda app: CORSMiddleware(app, case.policy, observer=watching))
        decision = decide(case.policy, case.facts)
        if case.facts.origin_lines == 1:
            assert watching.told == [(decision.kind, decision.step, case.facts.origin)]

    @each_case
    def test_live(self, case: DecisionCase) -> None:
        live = LivePolicy(POLICY)

        def replaced(app: ASGIApp) -> CORSMiddleware:
            middleware = CORSMiddleware(app, live)
            live.replace(case.policy)
            return middleware

        self.check(case, replaced)

    @each_case
    def test_with_a_lookup_that_allows_nothing(self, case: DecisionCase) -> None:
        if case.policy.compiled.any_origin:
            with pytest.raises(ValueError, match="allows every origin"):
                CORSMiddleware(answering(Recorder()), case.policy, origin_lookup=lambda _origin: False)
        else:
            self.check(case, lambda app: CORSMiddleware(app, case.policy, origin_lookup=lambda _origin: False))


class TestUntouched:
    """What CORS has no business with passes as it is, the very same objects."""

    def run(self, scope: dict[str, Any], sent: list[Any], **options: Any) -> list[Any]:
        seen: list[Any] = []

        async def app(_scope: Any, _receive: Any, send: Any) -> None:
            assert _scope is scope
            for message in sent:
                await send(message)

        async def receive() -> Any:
            raise AssertionError("nobody asked")

        async def send(message: Any) -> None:
            seen.append(message)

        asyncio.run(_awaited(CORSMiddleware(app, POLICY, **options)(scope, receive, send)))
        return seen

    @pytest.mark.parametrize(
        "message",
        [
            {"type": "http.response.body", "body": b"x", "more_body": True},
            {"type": "http.response.trailers", "headers": [(b"vary", b"x")]},
            {"type": "http.response.pathsend", "path": "/file"},
            {"type": "http.response.zerocopysend", "file": 3},
            {"type": "http.response.early_hint", "links": [b"</a.css>"]},
            {"type": "http.response.debug", "info": {}},
        ],
        ids=lambda message: message["type"],
    )
    def test_messages(self, message: dict[str, Any]) -> None:
        scope = {"type": "http", "method": "GET", "headers": [(b"origin", APP.encode())]}
        (seen,) = self.run(scope, [message])
        assert seen is message

    @pytest.mark.parametrize("kind", ["lifespan", "something.new"])
    def test_other_scopes(self, kind: str) -> None:
        message = {"type": "lifespan.startup.complete", "headers": []}
        (seen,) = self.run({"type": kind}, [message])
        assert seen is message

    def test_the_message_is_copied_with_all_that_is_in_it(self) -> None:
        headers = [(b"content-type", b"text/plain")]
        message = {"type": "http.response.start", "status": 200, "headers": headers, "trailers": True}
        before = {**message, "headers": [*headers]}
        for _ in range(2):
            (seen,) = self.run({"type": "http", "method": "GET", "headers": [(b"origin", APP.encode())]}, [message])
            assert message == before
            assert seen == {**message, "headers": [*headers, *ALLOWED, *VARY]}
        assert message["headers"] is headers

    @pytest.mark.parametrize("headers", [None, (), iter(())], ids=["none", "empty", "iterator"])
    def test_headers_can_be_absent_or_any_iterable(self, headers: Any) -> None:
        message = {"type": "http.response.start", "status": 200}
        if headers is not None:
            message["headers"] = headers
        (seen,) = self.run({"type": "http", "method": "GET", "headers": []}, [message])
        assert seen["headers"] == VARY

    def test_an_iterator_loses_nothing(self) -> None:
        fields = [(b"a", b"1"), (b"Vary", b"Accept"), (b"b", b"2")]
        message = {"type": "http.response.start", "status": 200, "headers": iter(fields)}
        (seen,) = self.run({"type": "http", "method": "GET", "headers": []}, [message])
        assert seen["headers"] == [(b"a", b"1"), (b"Vary", b"Accept, Origin"), (b"b", b"2")]


ALLOWED = [(b"access-control-allow-origin", APP.encode())]
VARY = [(b"vary", b"Origin")]


async def _awaited(awaitable: Any) -> None:
    await awaitable


class TestErrors:
    """Exceptions reach the server; in the outermost layer they are answered first."""

    async def crash(self, scope: Any, receive: Any, send: Any) -> None:
        raise ValueError("on purpose")

    def test_in_a_part_the_exception_passes_unanswered(self) -> None:
        with pytest.raises(AssertionError):
            call(CORSMiddleware(self.crash, POLICY), "GET", "/", origin(APP))

    def test_around_the_whole_application_it_is_a_500_that_script_can_read(self) -> None:
        answer = call(CORSMiddleware(self.crash, POLICY, whole_app=True), "GET", "/", origin(APP))
        assert (answer.status, answer.origin, answer.get("vary")) == (500, APP, "Origin")
        assert answer.body == b"Internal Server Error"

    def test_and_it_still_reaches_the_server(self) -> None:
        async def send(message: Any) -> None: ...

        scope = {"type": "http", "method": "GET", "headers": []}
        with pytest.raises(ValueError, match="on purpose"):
            asyncio.run(_awaited(CORSMiddleware(self.crash, POLICY, whole_app=True)(scope, None, send)))  # type: ignore[arg-type]


class TestLookup:
    """Origins that the policy does not list; coroutine or not, one's own or bounded by hand."""

    @pytest.mark.parametrize("kind", ["async", "sync", "object", "AsyncOriginLookup", "OriginLookup"])
    def test_every_way_to_give_one(self, kind: str) -> None:
        asked: list[str] = []

        def ask(text: str) -> bool:
            asked.append(text)
            assert (threading.current_thread() is threading.main_thread()) == (kind in {"async", "AsyncOriginLookup"})
            return text == "https://tenant.example"

        async def ask_async(text: str) -> bool:
            return ask(text)

        class Tenants:
            async def __call__(self, text: str) -> bool:
                return await asyncio.to_thread(ask, text)

        lookup: Any = {
            "async": ask_async, "sync": ask, "object": Tenants(),
            "AsyncOriginLookup": AsyncOriginLookup(ask_async), "OriginLookup": OriginLookup(ask),
        }[kind]  # fmt: skip
        recorder = Recorder()
        app = CORSMiddleware(answering(recorder), POLICY, origin_lookup=lookup)
        for page, allowed in (("https://tenant.example", True), (EVIL, False), (APP, True)):
            answer = call(app, "GET", "/", origin(page))
            assert answer.origin == (page if allowed else None)
            answer = call(app, "OPTIONS", "/", preflight(page, "PUT", "x-token"))
            assert (answer.status, answer.origin) == ((204, page) if allowed else (403, None))
        assert connect(app, "/", "https://tenant.example") == 101
        assert connect(app, "/", EVIL) == 403
        assert asked == ["https://tenant.example", EVIL]

    def test_credentials_keep_insecure_origins_out(self) -> None:
        policy = Policy(allow_origins=[APP], allow_credentials=True)
        app = CORSMiddleware(answering(Recorder()), policy, origin_lookup=lambda _origin: True)
        assert call(app, "GET", "/", origin("http://plain.example")).origin is None
        assert call(app, "GET", "/", origin("https://safe.example")).origin == "https://safe.example"

    def test_no_function_is_refused(self) -> None:
        with pytest.raises(TypeError, match="function from an origin"):
            CORSMiddleware(answering(Recorder()), POLICY, origin_lookup="https://a.example")  # type: ignore[arg-type]


class TestWebSockets:
    """CORS does not protect them; the policy does, before the handshake is accepted."""

    @pytest.mark.parametrize(
        ("page", "status"),
        [(APP, 101), (OWN, 101), (None, 101), (EVIL, 403), ("null", 403), ("http://api.example.com", 403)],
    )
    def test_handshakes(self, page: str | None, status: int) -> None:
        recorder = Recorder()
        assert connect(CORSMiddleware(answering(recorder), POLICY), "/", page) == status
        assert recorder.calls == (status == 101)

    def test_behind_a_proxy_that_ends_tls(self) -> None:
        app = CORSMiddleware(answering(Recorder()), POLICY)
        assert connect(app, "/", OWN, scheme="ws") == 101
        assert connect(app, "/", EVIL, scheme="ws") == 403

    def test_ignored_on_demand(self) -> None:
        assert connect(CORSMiddleware(answering(Recorder()), POLICY, websocket_origins="ignore"), "/", EVIL) == 101

    def test_any_other_word_is_refused(self) -> None:
        with pytest.raises(ValueError, match='"enforce" or "ignore", and not \'off\''):
            CORSMiddleware(answering(Recorder()), POLICY, websocket_origins="off")  # type: ignore[arg-type]


def test_servers_take_it_for_asgi_3_and_every_call_works() -> None:
    app = CORSMiddleware(answering(Recorder()), POLICY)
    assert inspect.iscoroutinefunction(app.__call__)
    assert call(app.__call__, "GET", "/", origin(APP)).origin == APP


def test_an_observer_can_count() -> None:
    counters = Counters()
    app = CORSMiddleware(answering(Recorder()), POLICY, observer=counters)
    call(app, "GET", "/")
    call(app, "GET", "/", origin(APP))
    call(app, "GET", "/", [*origin(EVIL), *origin(APP)])
    call(app, "OPTIONS", "/", preflight(APP, "PATCH"))
    call(app, "OPTIONS", "/", origin(OWN))
    counted = {key: count for key, count in counters.snapshot().items() if count}
    assert counted == {
        "not-cors:allowed": 1, "actual:allowed": 1, "actual:origin-several": 1, "preflight:method": 1,
        "same-origin:allowed": 1,
    }  # fmt: skip


def test_a_live_policy_changes_between_two_requests() -> None:
    live = LivePolicy(POLICY)
    app = CORSMiddleware(answering(Recorder()), live)
    assert call(app, "OPTIONS", "/", preflight(EVIL, "GET")).status == 403
    live.replace(Policy(allow_origins=[EVIL]))
    assert call(app, "OPTIONS", "/", preflight(EVIL, "GET")).origin == EVIL
    assert call(app, "GET", "/", origin(APP)).origin is None


def test_a_flood_of_subdomains_leaves_memory_alone() -> None:
    app = CORSMiddleware(
        answering(Recorder()), Policy(allow_origins=["https://*.example.com"], allow_headers=["a", "b"])
    )
    for number in range(1500):
        page = f"https://x{number}.example.com"
        assert call(app, "GET", "/", origin(page)).origin == page
    assert len(app._prepared.ends) == 1024


class TestDefectsOfStarlette:
    """`reference/server.md`, S1 to S13, with the arguments of Starlette's own middleware."""

    def app(self, **settings: Any) -> CORSMiddleware:
        return CORSMiddleware(answering(Recorder()), **settings)

    def test_s1_an_unhandled_exception_carries_the_headers(self) -> None:
        TestErrors().test_around_the_whole_application_it_is_a_500_that_script_can_read()

    def test_s2_any_origin_with_credentials_is_refused(self) -> None:
        with pytest.raises(PolicyError, match="P401"):
            self.app(allow_origins=["*"], allow_credentials=True)

    def test_s3_a_string_is_refused_and_never_searched(self) -> None:
        with pytest.raises(PolicyError, match="P601"):
            self.app(allow_origins="https://app.example.com,https://b.com")

    @pytest.mark.parametrize(
        "text", ["https://a.com/", "https://a.com:443", "HTTPS://A.com", r"https://.*\.a\.com", "a.com"]
    )
    def test_s4_origins_that_could_never_match_are_refused(self, text: str) -> None:
        with pytest.raises(PolicyError):
            self.app(allow_origins=[text])

    def test_s5_a_denied_origin_learns_nothing(self) -> None:
        app = self.app(allow_origins=[APP], allow_credentials=True, allow_methods=["PUT"], max_age=600)
        assert call(app, "GET", "/", origin(EVIL)).cors == [("vary", "Origin")]
        answer = call(app, "OPTIONS", "/", preflight(EVIL, "PUT"))
        assert [name for name, _ in answer.cors] == ["vary"]

    def test_s6_when_debugging_the_status_is_ok_and_the_browser_names_the_header(self) -> None:
        app = self.app(allow_origins=[APP], allow_headers=["x-token"], debug=True)
        answer = call(app, "OPTIONS", "/", preflight(APP, "GET", "x-evil"))
        assert (answer.status, answer.get("access-control-allow-headers")) == (204, "x-token")

    def test_s7_safelisted_methods_need_no_leave_and_star_is_every_method(self) -> None:
        assert call(self.app(allow_origins=[APP]), "OPTIONS", "/", preflight(APP, "POST")).status == 204
        every = self.app(allow_origins=[APP], allow_methods=["*"])
        assert call(every, "OPTIONS", "/", preflight(APP, "PURGE")).get("access-control-allow-methods") == "*"
        with pytest.raises(PolicyError, match="P203"):
            self.app(allow_origins=[APP], allow_methods=["put"])

    def test_s8_numbers_and_exposed_names_that_do_nothing_are_refused(self) -> None:
        for settings in ({"max_age": -5}, {"max_age": 10**9}, {"expose_headers": ["*"], "allow_credentials": True}):
            with pytest.raises(PolicyError):
                self.app(allow_origins=[APP], **settings)

    def test_s9_private_network_access_fails_no_preflight(self) -> None:
        with pytest.warns(CORSWarning, match="allow_private_network is ignored"):
            app = self.app(allow_origins=[APP], allow_private_network=True)
        asked = [*preflight(APP, "PUT"), (b"access-control-request-private-network", b"true")]
        assert call(app, "OPTIONS", "/", asked).status == 403
        asked = [*preflight(APP, "GET"), (b"access-control-request-private-network", b"true")]
        assert call(app, "OPTIONS", "/", asked).status == 204
        self.app(allow_origins=[APP], allow_private_network=False, allow_origin_regex=None)

    def test_s10_every_line_counts_and_nothing_over_long_is_read_or_echoed(self) -> None:
        app = self.app(allow_origins=[APP], allow_headers=["x-token", "x-other"])
        lines = [*preflight(APP, "GET", "x-token"), (b"access-control-request-headers", b"x-evil")]
        assert call(app, "OPTIONS", "/", lines).status == 403
        lines[-1] = (b"access-control-request-headers", b" ,X-Other,")
        answer = call(app, "OPTIONS", "/", lines)
        assert answer.get("access-control-allow-headers") == "x-token,x-other"
        for text in ("x-token," * 8192, "," * 65536, "x-token" + " " * 65536):
            answer = call(app, "OPTIONS", "/", preflight(APP, "GET", text))
            assert (answer.status, answer.get("access-control-allow-headers")) == (403, None)

    def test_s11_a_websocket_of_a_strange_page_is_denied(self) -> None:
        assert connect(self.app(allow_origins=[APP]), "/", EVIL) == 403

    def test_s12_two_of_them_are_warned_of_and_nothing_doubles(self) -> None:
        inner = self.app(allow_origins=[APP])
        with pytest.warns(CORSWarning, match="second CORS middleware inside"):
            app = CORSMiddleware(inner, allow_origins=[APP])
        answer = call(app, "GET", "/", origin(APP))
        assert answer.cors == [("vary", "Origin"), ("access-control-allow-origin", APP)]

    def test_s13_origins_can_be_asked_for(self) -> None:
        TestLookup().test_every_way_to_give_one("async")


class TestSettings:
    """What stands between the parentheses."""

    def test_a_regex_is_refused_with_the_patterns_that_were_meant(self) -> None:
        with pytest.raises(PolicyError) as raised:
            CORSMiddleware(
                answering(Recorder()),
                allow_origin_regex=r"https://.*\.example\.com",  # type: ignore[arg-type]
                max_age=-1,
            )
        assert [problem.code for problem in raised.value.problems] == ["P118", "P501"]
        assert raised.value.problems[0].fix == 'allow_origins = ["https://*.example.com"]'

    def test_a_policy_and_settings_beside_it(self) -> None:
        with pytest.raises(TypeError, match=r"settings beside it \(allow_origins"):
            CORSMiddleware(answering(Recorder()), POLICY, allow_origins=[APP])

    def test_a_list_is_no_policy(self) -> None:
        with pytest.raises(TypeError, match="allow_origins="):
            CORSMiddleware(answering(Recorder()), [APP])  # type: ignore[arg-type]

    def test_there_are_no_default_origins(self) -> None:
        with pytest.raises(PolicyError, match="P101"):
            CORSMiddleware(answering(Recorder()))

    def test_replaced_headers_are_told_of_once(self) -> None:
        recorder = Recorder()
        recorder.headers = [("Access-Control-Allow-Origin", "*")]
        app = CORSMiddleware(answering(recorder), POLICY)
        with pytest.warns(CORSWarning, match="sets access-control-allow-origin itself") as warned:
            assert call(app, "GET", "/", origin(APP)).origin == APP
        assert len(warned) == 1
        assert call(app, "GET", "/", origin(EVIL)).origin is None
