"""Raw WSGI: the shared cases to the last header, and what PEP 3333 wants of everything in between."""

from __future__ import annotations

import io
import sys
import wsgiref.util
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from tests.policy.conftest import DecisionCase

from crossorigin.middleware.notices import CORSWarning
from crossorigin.middleware.wsgi import CORSMiddleware
from crossorigin.policy import LivePolicy, Policy, PolicyError
from crossorigin.policy.lookup import AsyncOriginLookup, OriginLookup
from crossorigin.policy.observe import Counters

from .environ_client import APP, EVIL, call, each_case, preflight, request_fields, texts

POLICY = Policy(allow_origins=[APP], allow_methods=["PUT"], allow_headers=["x-token"])
ORIGIN = [("Origin", APP)]
BODY = b"the body"
pytestmark = pytest.mark.filterwarnings(
    "ignore:the application, or something inside:crossorigin.middleware.notices.CORSWarning"
)


class App:
    """Answers with the headers that it was given, and notes that it was called."""

    def __init__(self, headers: Iterable[tuple[str, str]] = ()) -> None:
        self.headers = list(headers)
        self.calls: list[str] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        self.calls.append("plain")
        start_response("200 OK", self.headers)
        return [BODY]


@pytest.mark.parametrize("way", ["plain", "live", "watched", "lookup"])
@each_case
def test_case(case: DecisionCase, way: str) -> None:
    app = App((name.decode(), value.decode("latin-1")) for name, value in case.app_headers or ())
    before = [*app.headers]
    if way == "plain":
        middleware = CORSMiddleware(app, case.policy)
    elif way == "live":
        live = LivePolicy(POLICY)
        middleware = CORSMiddleware(app, live)
        live.replace(case.policy)
    elif way == "watched":
        middleware = CORSMiddleware(app, case.policy, observer=Counters())
    elif case.policy.compiled.any_origin:
        with pytest.raises(ValueError, match="allows every origin"):
            CORSMiddleware(app, case.policy, origin_lookup=lambda _origin: False)
        return
    else:
        middleware = CORSMiddleware(app, case.policy, origin_lookup=lambda _origin: False)
    scheme = (case.facts.scheme or b"https").decode()
    reply = call(middleware, case.facts.method.decode(), "/", request_fields(case), scheme=scheme)
    expected = texts(case.headers if case.final_headers is None else case.final_headers)
    if case.status is None:
        assert (reply.status, reply.body, app.calls) == (200, BODY, ["plain"])
        assert [(name.lower(), value) for name, value in reply.headers] == expected
    else:
        length = [] if case.status == 204 else [("content-length", "0")]
        assert (reply.status, reply.body, app.calls) == (case.status, b"", [])
        assert reply.headers == [*length, *expected]
    assert app.headers == before


class TestProtocol:
    """The iterable, `close`, `write` and `exc_info` are the application's and the server's own."""

    def run(self, app: Any, **options: Any) -> tuple[Any, list[Any], io.StringIO]:
        started: list[Any] = []
        errors = io.StringIO()

        def start_response(status: str, headers: Any, exc_info: Any = None) -> Any:
            if exc_info is not None and len(started) > 1:
                raise exc_info[1]
            started.append((status, headers, exc_info))
            return self.written.append

        self.written: list[bytes] = []
        environ = {"REQUEST_METHOD": "GET", "HTTP_ORIGIN": APP, "wsgi.url_scheme": "https", "wsgi.errors": errors,
                   "wsgi.file_wrapper": wsgiref.util.FileWrapper}  # fmt: skip
        return CORSMiddleware(app, POLICY, **options)(environ, start_response), started, errors

    @pytest.mark.parametrize("whole_app", [False, True])
    def test_the_body_is_the_very_same_object(self, whole_app: bool) -> None:
        for body in ([b"a", b"b"], wsgiref.util.FileWrapper(io.BytesIO(b"a"))):

            def app(_environ: Any, start: Any, body: Any = body) -> Any:
                start("200 OK", [])
                return body

            assert self.run(app, whole_app=whole_app)[0] is body

    def test_write_reaches_the_server(self) -> None:
        def app(_environ: Any, start: Any) -> list[bytes]:
            start("200 OK", [("Vary", "Accept")])(b"early")
            return []

        _, started, _ = self.run(app)
        assert self.written == [b"early"]
        assert started[0][1] == [("Vary", "Accept, Origin"), ("access-control-allow-origin", APP)]

    def test_exc_info_reaches_the_server_and_the_second_headers_count(self) -> None:
        def app(_environ: Any, start: Any) -> list[bytes]:
            start("200 OK", [])
            try:
                int("on purpose")
            except ValueError:
                start("503 Service Unavailable", [("X-Error", "1")], sys.exc_info())
            return [b"sorry"]

        _, started, _ = self.run(app)
        status, headers, exc_info = started[1]
        assert (status, isinstance(exc_info[1], ValueError)) == ("503 Service Unavailable", True)
        assert headers == [("X-Error", "1"), ("access-control-allow-origin", APP), ("vary", "Origin")]

    def test_nothing_is_asked_of_a_stream_before_the_server_asks(self) -> None:
        steps: list[str] = []

        class Stream:
            def __iter__(self) -> Iterator[bytes]:
                for number in range(3):
                    steps.append(f"made {number}")
                    yield b"%d" % number

            def close(self) -> None:
                steps.append("closed")

        def app(_environ: Any, start: Any) -> Stream:
            start("200 OK", [])
            return Stream()

        body, _, _ = self.run(app, whole_app=True)
        parts = iter(body)
        assert steps == []
        assert next(parts) == b"0"
        assert steps == ["made 0"]
        assert list(parts) == [b"1", b"2"]
        body.close()
        assert steps[-1] == "closed"

    def test_a_body_without_close(self) -> None:
        def app(_environ: Any, start: Any) -> Iterator[bytes]:
            start("200 OK", [])
            return map(bytes, [b"a"])

        body, _, _ = self.run(app, whole_app=True)
        body.close()
        assert list(body) == [b"a"]

    @pytest.mark.parametrize("where", ["call", "first step"])
    def test_around_the_whole_application_a_crash_is_a_500_that_script_can_read(self, where: str) -> None:
        def crash() -> Iterator[bytes]:
            yield b""
            raise ValueError("on purpose")

        def app(_environ: Any, start: Any) -> Iterable[bytes]:
            if where == "call":
                raise ValueError("on purpose")
            start("200 OK", [])
            return crash()

        body, started, errors = self.run(app, whole_app=True)
        assert b"".join(body) == b"Internal Server Error"
        status, headers, _ = started[-1]
        assert status == "500 Internal Server Error"
        assert headers[-2:] == [("access-control-allow-origin", APP), ("vary", "Origin")]
        assert "on purpose" in errors.getvalue()

    def test_what_is_half_sent_cannot_be_answered_any_more(self) -> None:
        def crash() -> Iterator[bytes]:
            yield b"half"
            raise ValueError("on purpose")

        def app(_environ: Any, start: Any) -> Iterable[bytes]:
            start("200 OK", [])
            return crash()

        body, _, _ = self.run(app, whole_app=True)
        with pytest.raises(ValueError, match="on purpose"):
            list(body)

    def test_in_a_part_the_exception_passes(self) -> None:
        def app(_environ: Any, _start: Any) -> list[bytes]:
            raise ValueError("on purpose")

        with pytest.raises(ValueError, match="on purpose"):
            self.run(app)


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_lookup(wrapped: bool) -> None:
    asked: list[str] = []

    def ask(text: str) -> bool:
        asked.append(text)
        return text == "https://tenant.example"

    app = CORSMiddleware(App(), POLICY, origin_lookup=OriginLookup(ask) if wrapped else ask)
    for page, allowed in (("https://tenant.example", True), (EVIL, False), (APP, True)):
        assert call(app, headers=[("Origin", page)]).origin == (page if allowed else None)
        assert call(app, "OPTIONS", headers=preflight(page, "PUT", "x-token")).origin == (page if allowed else None)
    assert asked == ["https://tenant.example", EVIL]


def test_what_can_only_be_awaited_is_refused() -> None:
    async def ask(_origin: str) -> bool:
        return True

    for lookup in (ask, AsyncOriginLookup(ask)):
        with pytest.raises(TypeError, match="cannot await"):
            CORSMiddleware(App(), POLICY, origin_lookup=lookup)  # type: ignore[arg-type]


def test_a_status_without_a_name() -> None:
    app = CORSMiddleware(App(), Policy(allow_origins=[APP], preflight_status=299))
    reply = call(app, "OPTIONS", headers=preflight(APP, "GET"))
    assert (reply.status, reply.headers[0]) == (299, ("content-length", "0"))


def test_settings_are_a_policys_own() -> None:
    app = CORSMiddleware(App(), allow_origins=[APP])
    assert call(app, headers=ORIGIN).origin == APP
    with pytest.raises(PolicyError, match="P101"):
        CORSMiddleware(App())


def test_replaced_headers_and_stacked_middleware_are_warned_of() -> None:
    app = CORSMiddleware(App([("Access-Control-Allow-Origin", "*")]), POLICY)
    with pytest.warns(CORSWarning, match="sets access-control-allow-origin itself"):
        assert call(app, headers=ORIGIN).origin == APP
    with pytest.warns(CORSWarning, match="second CORS middleware"):
        CORSMiddleware(app, POLICY)
