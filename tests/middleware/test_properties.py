"""What holds for random policies and random requests, through the real ASGI and WSGI middleware."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, event, example, given, settings
from hypothesis import strategies as st
from tests.policy.strategies import METHODS, NAMES, origins, policies, wild_origins

from crossorigin.fetch import Client, HTTPRequest, HTTPResponse, Response, UserAgent, fetch, fetch_request
from crossorigin.middleware.asgi import CORSMiddleware as ForASGI
from crossorigin.middleware.wsgi import CORSMiddleware as ForWSGI
from crossorigin.policy import LivePolicy, Policy
from crossorigin.policy.merge import CORS_RESPONSE_HEADERS
from crossorigin.policy.observe import Counters
from crossorigin.web.headers import HeaderList
from crossorigin.web.origins import OriginSyntaxError, parse_origin

from .environ_client import call as call_wsgi
from .framework_cases import BODY, Answer

# Applications that set a header themselves are warned of it; here they do so on purpose.
pytestmark = pytest.mark.filterwarnings(
    "ignore:the application, or something inside:crossorigin.middleware.notices.CORSWarning"
)
SERVER = "https://api.example.test/users"
Field = tuple[bytes, bytes]

fields = st.lists(
    st.one_of(
        st.tuples(st.just(b"vary"), st.sampled_from([b"Accept", b"origin, Accept", b"*", b"", b"Accept ,"])),
        st.tuples(
            st.sampled_from([b"Vary", b"Access-Control-Allow-Origin", b"x-one", b"etag", b"date"]), st.just(b"v")
        ),
    ),
    max_size=4,
)
asked_names = st.one_of(
    st.none(),
    st.lists(st.sampled_from([*NAMES, "x-evil", "", " X-One ", "a" * 200]), max_size=4).map(", ".join),
)


@st.composite
def requests(draw: st.DrawFn) -> tuple[str, list[Field]]:
    """A method and headers as they can arrive in ASGI and in WSGI alike: one line of each, no control characters."""
    headers = [(b"host", draw(st.sampled_from([b"api.example.test", b"example.com", b"localhost:3000"])))]
    if draw(st.booleans()):
        headers.append((b"sec-fetch-site", draw(st.sampled_from([b"same-origin", b"same-site", b"cross-site"]))))
    page = draw(st.one_of(st.none(), wild_origins(), st.just(b"null"), st.just(b"https://example.com")))
    if page is not None:
        headers.append((b"origin", page.translate(None, b"\r\n\0")))
    method = draw(st.sampled_from(["OPTIONS", "OPTIONS", "GET", "PUT"]))
    if draw(st.booleans()):
        headers.append((b"access-control-request-method", draw(st.sampled_from(METHODS)).encode()))
    names = draw(asked_names)
    if names is not None:
        headers.append((b"access-control-request-headers", names.encode()))
    return method, headers


async def _receive() -> Any:
    raise AssertionError("nothing here reads the body")


def ask_asgi(middleware: ForASGI, method: str, headers: list[Field]) -> Answer:
    """As `in_process.call`, without an event loop: nothing here ever waits."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "scheme": "https", "path": "/", "headers": headers}
    coroutine: Any = middleware(scope, _receive, send)
    try:
        coroutine.send(None)
    except StopIteration:
        pass
    else:
        raise AssertionError("it waits for something")
    start, *bodies = sent
    text = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in start["headers"]]
    return Answer(start["status"], text, b"".join(message["body"] for message in bodies))


def for_asgi(policy: Any, own: list[Field], **options: Any) -> ForASGI:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": own})
        await send({"type": "http.response.body", "body": BODY})

    return ForASGI(app, policy, **options)


def for_wsgi(policy: Any, own: list[Field]) -> ForWSGI:
    def app(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [(name.decode("latin-1"), value.decode("latin-1")) for name, value in own])
        return [BODY]

    return ForWSGI(app, policy)


@settings(max_examples=300)
@given(policies(), requests(), fields)
def test_asgi_and_wsgi_agree(policy: Policy, request: tuple[str, list[Field]], own: list[Field]) -> None:
    method, headers = request
    asgi = ask_asgi(for_asgi(policy, own), method, headers)
    text = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
    wsgi = call_wsgi(for_wsgi(policy, own), method, "/", text)
    assert (asgi.status, asgi.body) == (wsgi.status, wsgi.body)
    without_length = [field for field in wsgi.headers if field[0] != "content-length"]
    assert [field for field in asgi.headers if field[0] != "content-length"] == without_length
    event(f"status {asgi.status}")


@settings(max_examples=300)
@given(policies(), st.lists(requests(), min_size=1, max_size=3), fields)
def test_all_ways_through_agree(policy: Policy, many: list[tuple[str, list[Field]]], own: list[Field]) -> None:
    """The short way, the one that is watched and the one with a live policy; whatever was kept from other requests."""
    live = LivePolicy(Policy(allow_origins=["https://elsewhere.example"]))
    ways = [for_asgi(policy, own), for_asgi(policy, own, observer=Counters()), for_asgi(live, own)]
    live.replace(policy)
    for method, headers in many:
        answers = [ask_asgi(way, method, headers) for way in ways]
        assert answers[1:] == answers[:1] * 2


@settings(max_examples=300)
@given(policies(), requests(), fields)
def test_no_header_that_nobody_wrote(policy: Policy, request: tuple[str, list[Field]], own: list[Field]) -> None:
    """No line break, nothing of the request but what the policy allows; Vary only ever grows; nothing else changes."""
    method, headers = request
    answer = ask_asgi(for_asgi(policy, own), method, headers)
    assert not any(set(name + value) & set("\r\n\0") for name, value in answer.headers)
    given_origin = dict(headers).get(b"origin")
    for name, value in answer.headers:
        if name == "access-control-allow-origin":
            assert value == "*" or (value.encode("latin-1") == given_origin and policy.compiled.allows(given_origin))
        elif name == "access-control-allow-headers":
            assert set(value.split(",")) <= set(policy.allow_headers)
        elif name == "access-control-allow-methods":
            assert set(value.split(",")) <= {"GET", "HEAD", "POST", *policy.allow_methods}
    if answer.body != BODY:
        return
    before = [value.lower() for name, value in text_of(own) if name.lower() == "vary"]
    after = ", ".join(value.lower() for name, value in answer.headers if name.lower() == "vary")
    kept = {member.strip() for value in before for member in value.split(",") if member.strip()}
    assert kept <= {member.strip() for member in after.split(",")}
    if not policy.compiled.any_origin:
        assert "*" in after or "origin" in {member.strip() for member in after.split(",")}
    ruled = CORS_RESPONSE_HEADERS | {b"vary"}
    assert [field for field in answer.headers if field[0].lower().encode() not in ruled] == text_of(
        [field for field in own if field[0].lower() not in ruled]
    )


def text_of(headers: list[Field]) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]


def browse(middleware: ForASGI, page: str, method: str, headers: list[Field], credentials: Any) -> bool:
    """Whether a browser that talks to the middleware lets script read."""

    def reply(request: HTTPRequest) -> HTTPResponse:
        lines = [(b"host", b"api.example.test"), *((name.lower(), value) for name, value in request.headers)]
        answer = ask_asgi(middleware, request.method.decode(), lines)
        text = HeaderList([(name.encode(), value.encode("latin-1")) for name, value in answer.headers])
        return HTTPResponse(answer.status, text, b"", answer.body)

    request = fetch_request(
        SERVER, Client(parse_origin(page)), method=method.encode(), headers=headers, credentials=credentials
    )
    engine = fetch(request, UserAgent())
    try:
        wire = next(engine)
        while True:
            wire = engine.send(reply(wire))
    except StopIteration as finished:
        return isinstance(finished.value.response, Response)


@settings(max_examples=400)
@given(
    policies(),
    st.one_of(origins(), st.just("null")),
    st.sampled_from(METHODS),
    st.lists(st.sampled_from([*NAMES, "x-evil"]), max_size=3, unique=True),
    st.booleans(),
    fields,
)
@example(Policy(allow_origins=["https://example.com"]), "https://example.com", "GET", [], False, [])
def test_the_policy_allows_exactly_when_script_can_read(
    policy: Policy, page: str, method: str, names: list[str], credentials: bool, own: list[Field]
) -> None:
    """The property that ties the house, through the real middleware, whatever the application sets itself."""
    try:
        parse_origin(page)
    except OriginSyntaxError:
        assume(False)
    headers = [(name.encode(), b"text/plain" if name == "accept" else b"value") for name in names]
    middleware = for_asgi(policy, own)
    readable = browse(middleware, page, method, headers, "include" if credentials else "omit")
    explained = policy.explain(
        page, method, [f"{name.decode()}: {value.decode()}" for name, value in headers], credentials=credentials
    )
    event(f"allowed {explained.allowed}")
    assert explained.allowed is readable
    # What was kept from the first time changes nothing the second time.
    assert browse(middleware, page, method, headers, "include" if credentials else "omit") is readable
