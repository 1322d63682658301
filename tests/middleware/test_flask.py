"""Flask: the shared cases, policies of views and blueprints, errors, and what its best library gets wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint, Flask, Response, abort, redirect, request
from flask.views import MethodView
from tests.middleware.environ_client import (
    APP,
    EVIL,
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
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from crossorigin.middleware.flask import CORS, cors
from crossorigin.middleware.marks import MARKS
from crossorigin.middleware.notices import CORSWarning
from crossorigin.policy import LivePolicy, Policy, PolicyError
from crossorigin.policy.observe import Counters

VIEW = "https://view.example.com"
PUT = "https://put.example.com"
BLUE = "https://blue.example.com"
INNER = "https://inner.example.com"
VARY = ("vary", "Origin")
VARY_PREFLIGHT = ("vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers")

ONE_VIEW = Policy(allow_origins=[VIEW], allow_methods=["PUT"])
ONE_METHOD = Policy(allow_origins=[PUT], allow_methods=["PUT"], allow_headers=["x-token"])

calls: list[str] = []
"""The views that were called, since somebody last cleared it."""
app_headers: list[tuple[str, str]] = []
"""What the catch-all view sets itself."""


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    calls.clear()
    app_headers.clear()
    yield
    app_headers.clear()


def plain(rest: str = "") -> Response:
    calls.append("plain")
    response = Response(b"body", content_type="text/plain")
    for name, value in app_headers:
        if name.lower() == "content-type":
            response.headers[name] = value
        else:
            response.headers.add(name, value)
    return response


ALL = ["GET", "POST", "PUT", "DELETE", "PURGE", "OPTIONS"]


def site() -> Flask:
    """An application with a view for each habit of Flask's that matters here."""
    app = Flask("site")
    app.add_url_rule("/any/", "any", plain, methods=ALL)
    app.add_url_rule("/any/<path:rest>", "rest", plain, methods=ALL)
    app.add_url_rule("/", "plain", plain)

    @app.route("/boom")
    def boom() -> Response:
        raise RuntimeError("boom")

    @app.route("/gone")
    def gone() -> Response:
        abort(410)

    @app.route("/away")
    def away() -> Any:
        return redirect("/")

    @app.route("/own", methods=["GET", "PUT"])
    @cors(ONE_VIEW)
    def own() -> str:
        calls.append("own")
        return "own"

    @app.route("/slash/")
    @cors(ONE_VIEW)
    def slash() -> str:
        return "slash"

    @app.get("/split")
    @cors(ONE_VIEW)
    def split_get() -> str:
        return "get"

    @app.put("/split")
    @cors(ONE_METHOD)
    def split_put() -> str:
        return "put"

    @app.route("/refusing")
    @cors(Policy(allow_origins=[VIEW], refuse_disallowed_origins=True))
    def refusing() -> str:
        calls.append("refusing")
        return "refusing"

    class Things(MethodView):
        decorators = [cors(ONE_VIEW)]  # noqa: RUF012 - as Flask has it

        def get(self) -> str:
            return "things"

        @cors(ONE_METHOD)
        def put(self) -> str:
            return "put"

    app.add_url_rule("/things", view_func=Things.as_view("things"))

    outer, inner = Blueprint("outer", __name__), Blueprint("inner", __name__)
    plain_one = Blueprint("plain_one", __name__)
    cors(outer, Policy(allow_origins=[BLUE]))
    cors(inner, Policy(allow_origins=[INNER]))
    for blueprint in (outer, inner, plain_one):
        blueprint.add_url_rule("/", "index", lambda: "index")
        blueprint.add_url_rule("/own", "own", cors(ONE_VIEW)(lambda: "own"))
    outer.register_blueprint(inner, url_prefix="/inner")
    outer.register_blueprint(plain_one, url_prefix="/plain")
    app.register_blueprint(outer, url_prefix="/outer")
    return app


@cache
def app() -> Flask:
    flask = site()
    CORS(flask, Policy(allow_origins=[APP]))
    return flask


def ask(method: str = "GET", path: str = "/", headers: Any = ()) -> Reply:
    return call(app(), method, path, headers)


@cache
def _case_app(policy: str) -> Flask:
    flask = site()
    CORS(flask, **DOCUMENT["policies"][policy])
    return flask


@each_case
@pytest.mark.parametrize("has_views", [False, True], ids=["no marks", "marks"])
@pytest.mark.filterwarnings("ignore:the application, or something inside")
def test_case(has_views: bool, case: DecisionCase, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shared cases, through the real application, with and without views that have policies of their own."""
    flask = _case_app(POLICY_NAMES[case.name])
    monkeypatch.setattr(MARKS, "are_there", has_views)
    monkeypatch.setattr(MARKS, "may_refuse", has_views)
    app_headers.extend((name.decode(), value.decode("latin-1")) for name, value in case.app_headers or ())
    reply = call(flask, case.facts.method.decode(), "/any/", request_fields(case))
    if case.status is None:
        assert ("Content-Length", "4") in reply.headers
        reply.headers.remove(("Content-Length", "4"))
    # Flask keeps a response's content-type first and its other headers in their order.
    expected = sorted(texts(case.final_headers or case.headers), key=lambda field: field[0] != "content-type")
    check_case(case, reply, calls, body=b"body", expected=expected)


class TestEveryResponse:
    """Around all of the application, so that script can read whatever Flask answers."""

    @pytest.mark.parametrize(
        ("path", "status"),
        [("/", 200), ("/absent", 404), ("/any", 308), ("/away", 302), ("/gone", 410), ("/boom", 500)],
    )
    def test_carries_the_headers(self, path: str, status: int) -> None:
        reply = ask("GET", path, [("Origin", APP)])
        assert (reply.status, reply.cors) == (status, [("access-control-allow-origin", APP), VARY])
        assert ask("GET", path, [("Origin", EVIL)]).cors == [VARY]
        assert ask("GET", path).cors == [VARY]

    def test_a_method_that_is_not_there(self) -> None:
        reply = ask("DELETE", "/", [("Origin", APP)])
        assert (reply.status, reply.origin) == (405, APP)

    def test_a_preflight_is_not_redirected_nor_hindered(self) -> None:
        flask = site()
        CORS(flask, allow_origins=[APP], allow_methods=["PUT"])

        @flask.before_request
        def no_entry() -> None:
            abort(401)

        assert call(flask, "OPTIONS", "/any", preflight(APP, "PUT")).status == 204
        reply = call(flask, "GET", "/any", [("Origin", APP)])
        assert (reply.status, reply.origin) == (401, APP)

    @pytest.mark.parametrize("is_first", [True, False])
    def test_the_order_of_after_request_is_of_no_matter(self, is_first: bool) -> None:
        flask = site()
        if is_first:
            CORS(flask, allow_origins=[APP])

        @flask.after_request
        def vary(response: Response) -> Response:
            response.headers["Vary"] = "Accept"
            return response

        if not is_first:
            CORS(flask, allow_origins=[APP])
        reply = call(flask, "GET", "/", [("Origin", APP)])
        assert reply.cors == [("vary", "Accept, Origin"), ("access-control-allow-origin", APP)]

    def test_a_stream_is_sent_as_it_comes(self) -> None:
        flask = Flask("stream")
        CORS(flask, allow_origins=[APP])
        sent: list[str] = []

        @flask.get("/")
        def stream() -> Response:
            def chunks() -> Iterator[bytes]:
                for number in range(2):
                    sent.append(f"chunk {number}")
                    yield b"data: %d\n\n" % number

            return Response(chunks(), content_type="text/event-stream")

        environ: dict[str, Any] = {}

        def capture(given: dict[str, Any], start_response: Any) -> Any:
            environ.update(given)
            start_response("200 OK", [])
            return []

        call(capture, "GET", "/", [("Origin", APP)])
        body = flask(environ, lambda status, headers, exc_info=None: lambda data: None)
        assert sent == []
        chunks = iter(body)
        assert (next(chunks), sent) == (b"data: 0\n\n", ["chunk 0"])
        assert [*chunks] == [b"data: 1\n\n"]
        body.close()  # type: ignore[attr-defined]

    def test_what_is_raised_to_the_server_is_raised(self) -> None:
        flask = site()
        flask.config["PROPAGATE_EXCEPTIONS"] = True
        CORS(flask, allow_origins=[APP])
        with pytest.raises(RuntimeError, match="boom"):
            call(flask, "GET", "/boom", [("Origin", APP)])

    def test_a_view_that_waits(self) -> None:
        async def view() -> str:
            await asyncio.sleep(0)
            return "waited"

        marked = cors(ONE_VIEW)(view)
        assert asyncio.run(marked()) == "waited"


class TestViews:
    """The most specific policy of what the router finds, for the method that is asked for."""

    @pytest.mark.parametrize("path", ["/own", "/slash/", "/slash", "/things", "/outer/own", "/outer/inner/own"])
    def test_the_views_own(self, path: str) -> None:
        assert ask("GET", path, [("Origin", VIEW)]).origin == VIEW
        for other in (APP, BLUE, INNER):
            assert ask("GET", path, [("Origin", other)]).cors == [VARY]
            assert ask("OPTIONS", path, preflight(other, "GET")).status == 403
        calls.clear()
        reply = ask("OPTIONS", path, preflight(VIEW, "GET"))
        granted = [("access-control-allow-origin", VIEW), ("access-control-allow-methods", "GET"), VARY_PREFLIGHT]
        assert (reply.status, reply.headers, calls) == (204, granted, [])

    @pytest.mark.parametrize(
        ("path", "origin"), [("/outer/", BLUE), ("/outer/inner/", INNER), ("/outer/plain/", BLUE), ("/", APP)]
    )
    def test_the_blueprints(self, path: str, origin: str) -> None:
        for each in (APP, BLUE, INNER):
            assert ask("GET", path, [("Origin", each)]).origin == (origin if each == origin else None)
            assert ask("OPTIONS", path, preflight(each, "GET")).status == (204 if each == origin else 403)

    @pytest.mark.parametrize("path", ["/split", "/things"])
    def test_the_method_asked_for(self, path: str) -> None:
        assert ask("OPTIONS", path, preflight(PUT, "PUT", "x-token")).origin == PUT
        assert ask("OPTIONS", path, preflight(VIEW, "PUT")).status == 403
        assert ask("OPTIONS", path, preflight(VIEW, "HEAD")).origin == VIEW
        assert ask("PUT", path, [("Origin", PUT)]).origin == PUT
        assert ask("GET", path, [("Origin", PUT)]).origin is None

    def test_a_method_that_the_path_does_not_have(self) -> None:
        reply = ask("DELETE", "/own", [("Origin", VIEW)])
        assert (reply.status, reply.origin) == (405, VIEW)
        assert ask("OPTIONS", "/own", preflight(APP, "DELETE")).status == 403

    def test_an_automatic_options(self) -> None:
        reply = ask("OPTIONS", "/own", [("Origin", VIEW)])
        assert (reply.status, reply.origin, calls) == (200, VIEW, [])

    def test_a_view_that_refuses(self) -> None:
        reply = ask("GET", "/refusing", [("Origin", APP)])
        assert (reply.status, reply.headers, calls) == (403, [("content-length", "0"), VARY], [])
        for allowed in (VIEW, "https://api.example.com"):
            assert ask("GET", "/refusing", [("Origin", allowed)]).status == 200
        assert ask("GET", "/refusing").status == 200

    def test_a_view_that_grants_nothing(self) -> None:
        flask = Flask("none")
        CORS(flask, Policy(allow_origins=[APP], refuse_disallowed_origins=True))
        flask.add_url_rule("/", "none", cors(None)(lambda: "none"))
        for page in (APP, EVIL):
            reply = call(flask, "GET", "/", [("Origin", page)])
            assert (reply.status, reply.cors) == (200, [])
        assert call(flask, "OPTIONS", "/", preflight(APP, "GET")).cors == []

    def test_live(self) -> None:
        live = LivePolicy(Policy(allow_origins=[APP]))
        flask = Flask("live")
        CORS(flask, live)
        flask.add_url_rule("/", "plain", plain)
        assert call(flask, "GET", "/", [("Origin", VIEW)]).origin is None
        live.replace({"allow_origins": [VIEW]})
        assert call(flask, "GET", "/", [("Origin", VIEW)]).origin == VIEW

    def test_a_mounted_application_is_under_the_policy_of_the_whole(self) -> None:
        outer, inner = site(), Flask("inner")
        inner.add_url_rule("/own", "inner_own", lambda: "inner")
        outer.wsgi_app = DispatcherMiddleware(outer.wsgi_app, {"/mounted": inner})  # type: ignore[method-assign]
        CORS(outer, allow_origins=[APP])
        reply = call(outer, "GET", "/mounted/own", [("Origin", APP)])
        assert (reply.body, reply.origin) == (b"inner", APP)

    def test_a_host_that_flask_does_not_trust(self) -> None:
        flask = site()
        flask.config["TRUSTED_HOSTS"] = ["api.example.com"]
        CORS(flask, allow_origins=[APP])
        reply = call(flask, "GET", "/own", [("Host", "evil.test"), ("Origin", APP)])
        assert (reply.status, reply.origin) == (400, APP)
        assert call(flask, "OPTIONS", "/own", [("Host", "evil.test"), *preflight(APP, "GET")]).status == 204


class TestExtension:
    """`CORS(app, ...)`, and how it is set up."""

    @pytest.mark.parametrize(
        "set_up",
        [
            lambda app: CORS(app, Policy(allow_origins=[APP])),
            lambda app: CORS(app, allow_origins=[APP]),
            CORS(policy=Policy(allow_origins=[APP])).init_app,
            lambda app: app.config.update(CROSSORIGIN={"allow_origins": [APP]}) or CORS(app),
            lambda app: app.config.update(CROSSORIGIN=Policy(allow_origins=[APP])) or CORS(app),
        ],
    )
    def test_each_form(self, set_up: Callable[[Flask], object]) -> None:
        flask = site()
        set_up(flask)
        assert call(flask, "GET", "/", [("Origin", APP)]).origin == APP

    def test_a_file(self, tmp_path: Path) -> None:
        file = tmp_path / "crossorigin.toml"
        file.write_text(f'[policy]\nallow_origins = ["{APP}"]\n')
        flask = site()
        flask.config["CROSSORIGIN"] = file
        CORS(flask)
        assert call(flask, "GET", "/", [("Origin", APP)]).origin == APP

    def test_wrong_usage(self) -> None:
        flask = site()
        with pytest.raises(TypeError, match="no policy is given"):
            CORS(flask)
        with pytest.raises(PolicyError, match="P601"):
            CORS(flask, allow_origins=APP)  # type: ignore[arg-type]
        CORS(flask, allow_origins=[APP])
        with pytest.raises(RuntimeError, match="CORS is set up twice for 'site'"):
            CORS(flask, allow_origins=[APP])
        with pytest.raises(TypeError, match="is no blueprint"):
            cors(ONE_VIEW, ONE_VIEW)  # type: ignore[call-overload]
        with pytest.raises(TypeError, match="needs the policy"):
            cors(Blueprint("b", __name__))  # type: ignore[call-overload]

    def test_a_lookup(self) -> None:
        flask = site()
        CORS(flask, Policy(allow_origins=[APP], allow_methods=["PUT"]), origin_lookup=lambda origin: origin == BLUE)
        assert call(flask, "GET", "/", [("Origin", BLUE)]).origin == BLUE
        assert call(flask, "OPTIONS", "/any/", preflight(BLUE, "PUT")).origin == BLUE
        assert call(flask, "GET", "/", [("Origin", EVIL)]).origin is None
        assert call(flask, "GET", "/own", [("Origin", BLUE)]).origin is None

    def test_an_observer_counts_each_decision(self) -> None:
        counters, flask = Counters(), site()
        CORS(flask, allow_origins=[APP], observer=counters)
        for origin in (APP, EVIL):
            call(flask, "GET", "/", [("Origin", origin)])
        call(flask, "GET", "/")
        call(flask, "OPTIONS", "/", preflight(EVIL, "PUT"))
        assert {key: count for key, count in counters.snapshot().items() if count} == {
            "not-cors:allowed": 1, "actual:allowed": 1, "actual:origin": 1, "preflight:origin": 1,
        }  # fmt: skip

    def test_a_layer_that_answers_later(self) -> None:
        """Without Flask's own request at hand the router is asked."""
        flask = site()

        def other(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
            start_response("200 OK", [])
            return [b"other"]

        flask.wsgi_app = other  # type: ignore[method-assign]
        CORS(flask, allow_origins=[APP])
        assert call(flask, "GET", "/own", [("Origin", VIEW)]).origin == VIEW
        assert call(flask, "GET", "/", [("Origin", APP)]).origin == APP


class TestDefectsOfFlaskCors:
    """../reference/server.md, section 2: F1 to F8, each as it is here."""

    def test_f1_a_wildcard_is_one_of_hosts(self) -> None:
        flask = site()
        CORS(flask, allow_origins=["https://*.a.com"], allow_credentials=True)
        origins = {each: call(flask, "GET", "/", [("Origin", each)]).origin for each in (
            "https://x.a.com", "https://xa.com", "https://xa.com.evil.com", "https://x.a.com.evil.com", "https://a.com",
        )}  # fmt: skip
        assert [each for each, got in origins.items() if got] == ["https://x.a.com"]
        with pytest.raises(PolicyError, match="P118"):
            CORS(site(), allow_origins=[r"https://.*\.a\.com"])

    def test_f2_nothing_is_allowed_by_default(self) -> None:
        with pytest.raises(TypeError, match="no policy is given"):
            CORS(site())
        with pytest.raises(PolicyError, match="P401"):
            CORS(site(), allow_origins=["*"], allow_credentials=True)

    def test_f3_vary_is_on_every_response(self) -> None:
        assert ask("GET", "/").cors == [VARY]
        assert ask("GET", "/", [("Origin", EVIL)]).cors == [VARY]

    @pytest.mark.parametrize("method", ["E", "T", "P", "T, P", "GET,PUT", "get", ""])
    def test_f4_a_method_is_a_whole_word(self, method: str) -> None:
        flask = site()
        CORS(flask, allow_origins=[APP], allow_methods=["GET", "PUT", "PATCH"])
        reply = call(flask, "OPTIONS", "/any/", preflight(APP, method))
        assert (reply.status, reply.cors) == (403, [VARY_PREFLIGHT])

    def test_f5_what_is_denied_is_denied_and_max_age_0_is_sent(self) -> None:
        flask = site()
        CORS(flask, allow_origins=[APP], allow_headers=["x-token"], max_age=0)
        assert call(flask, "OPTIONS", "/", preflight(APP, "GET", "x-evil")).status == 403
        fields = [*preflight(APP, "GET", "x-token"), ("Access-Control-Request-Private-Network", "true")]
        reply = call(flask, "OPTIONS", "/", fields)
        assert (reply.status, dict(reply.cors)["access-control-max-age"]) == (204, "0")
        assert "access-control-allow-private-network" not in dict(reply.headers)

    @pytest.mark.parametrize("path", ["//own", "/own/", "/OWN", "/o+wn", "/any/../own", "/./own", "/any/own"])
    def test_f6_a_path_is_only_what_the_router_makes_of_it(self, path: str) -> None:
        """As in CVE-2024-6839, 2024-6844, 2024-6866 and 2020-25032: no other path is under the view's policy."""
        flask = site()
        CORS(flask, allow_origins=[APP])

        @flask.after_request
        def told(response: Response) -> Response:
            response.headers["X-Endpoint"] = str(request.endpoint)
            return response

        reply = call(flask, "GET", path, [("Origin", VIEW)])
        is_own = dict(reply.headers)["X-Endpoint"] == "own" or reply.status == 308
        assert (reply.origin == VIEW) is is_own

    def test_f7_size_is_no_matter(self) -> None:
        for fields in (preflight(f"https://{'a' * 65536}", "GET"), preflight(APP, "GET", "," * 1_000_000)):
            reply = ask("OPTIONS", "/any/", fields)
            assert (reply.status, reply.cors) == (403, [VARY_PREFLIGHT])

    def test_f8_a_trailing_slash_is_a_problem(self) -> None:
        with pytest.raises(PolicyError, match=r'Write: "https://a\.com"'):
            CORS(site(), allow_origins=["https://a.com/"])

    def test_d10_two_values_are_none(self) -> None:
        flask = site()

        @flask.after_request
        def by_hand(response: Response) -> Response:
            response.headers["Access-Control-Allow-Origin"] = "*"
            return response

        CORS(flask, allow_origins=[APP])
        with pytest.warns(CORSWarning, match="sets access-control-allow-origin itself") as told:
            replies = [call(flask, "GET", "/", [("Origin", APP)]) for _ in range(2)]
        assert [reply.cors for reply in replies] == [[("access-control-allow-origin", APP), VARY]] * 2
        assert len(told) == 1
