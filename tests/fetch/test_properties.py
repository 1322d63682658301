"""What holds for every request and every answer; each class states a rule.

The requests are made as script makes them, the answers are made of the CORS headers with values from their grammar
and from noise. An answer that never stops redirecting is cut off by the engine's own limit.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from crossorigin.fetch import (
    Body,
    FetchResult,
    HTTPRequest,
    HTTPResponse,
    NetworkError,
    Request,
    Response,
    TransportFailure,
    TransportFailureKind,
    UserAgent,
    fetch,
    fetch_request,
    potential_cors_request,
    xhr_request,
)
from crossorigin.fetch.data_url import forgiving_base64_decode
from crossorigin.fetch.request import serialize_request_origin
from crossorigin.web.anchors import ANCHORS
from crossorigin.web.headers import HeaderList

from .dialogue import API, ORIGIN, OWN, SIBLING, THIRD, Recorder, page, sandboxed

URLS = [OWN, API, SIBLING, THIRD, "https://page.example:8443/", f"{API}?q#f"]
NAMES = [
    "Access-Control-Allow-Origin",
    "Access-Control-Allow-Credentials",
    "Access-Control-Allow-Methods",
    "Access-Control-Allow-Headers",
    "Access-Control-Max-Age",
    "Access-Control-Expose-Headers",
    "Location",
    "Set-Cookie",
    "Set-Cookie2",
    "Content-Type",
    "X-Content-Type-Options",
    "Cross-Origin-Resource-Policy",
    "Referrer-Policy",
    "Timing-Allow-Origin",
    "X-One",
    "*",
]
TOKENS = [
    "*",
    "PUT",
    "GET",
    "patch",
    "x-one",
    "authorization",
    "content-type",
    "set-cookie",
    "null",
    "",
    "true",
    "nosniff",
]
noise = st.binary(max_size=24)
lists = st.lists(st.sampled_from(TOKENS), max_size=4).map(lambda members: ", ".join(members).encode())
grammar: dict[str, st.SearchStrategy[bytes]] = {
    "Access-Control-Allow-Origin": st.sampled_from([b"*", b"null", ORIGIN.encode(), b"https://api.other"]),
    "Access-Control-Allow-Credentials": st.sampled_from([b"true", b"false", b"TRUE"]),
    "Access-Control-Max-Age": st.one_of(
        st.integers().map(lambda number: str(number).encode()),
        st.integers(0, 6000).map(lambda zeros: b"0" * zeros + b"1"),
    ),
    "Location": st.one_of(
        st.sampled_from(
            [*URLS, "/x", "", "#", "?", "https://user@page.example/", "https://user@api.other/", "data:,x"]
        ),
        st.sampled_from(["//", "https://", "http://api.other/", "https://a..b/", "https://[::1]:99999/", "x:y"]),
    ).map(str.encode),
    "Content-Type": st.sampled_from([b"text/html", b"text/javascript", b"image/png", b'a/b;c="', b"text/css"]),
    "Cross-Origin-Resource-Policy": st.sampled_from([b"same-origin", b"same-site", b"cross-origin"]),
    "Referrer-Policy": st.sampled_from([b"no-referrer", b"unsafe-url", b"origin", b"later, origin"]),
}


@st.composite
def header_fields(draw: st.DrawFn) -> tuple[bytes, bytes]:
    name = draw(st.sampled_from(NAMES))
    value = draw(st.one_of(grammar.get(name, lists), lists, noise))
    return draw(st.sampled_from([name, name.lower(), name.upper()])).encode(), value


def responses() -> st.SearchStrategy[HTTPResponse]:
    statuses = st.one_of(
        st.sampled_from([200, 204, 301, 302, 303, 307, 308, 304, 401, 407, 421, 206]), st.integers(100, 999)
    )
    open_door = st.lists(
        st.sampled_from(
            [
                (b"Access-Control-Allow-Origin", ORIGIN.encode()),
                (b"Access-Control-Allow-Credentials", b"true"),
                (b"Access-Control-Allow-Methods", b"PUT, patch, DELETE"),
                (b"Access-Control-Allow-Headers", b"x-one, authorization, content-type"),
                (b"Access-Control-Expose-Headers", b"*, set-cookie"),
                (b"Set-Cookie", b"a=1"),
            ]
        ),
        unique=True,
    )
    fields = st.tuples(open_door, st.lists(header_fields(), max_size=6)).map(lambda pair: HeaderList(pair[0] + pair[1]))
    return st.builds(HTTPResponse, statuses, fields, st.binary(max_size=8))


def answers() -> st.SearchStrategy[HTTPResponse | TransportFailure]:
    failures = st.builds(TransportFailure, st.sampled_from(TransportFailureKind), st.just("It broke."))
    return st.one_of(responses(), responses(), responses(), responses(), failures)


clients = st.sampled_from(
    [
        page(),
        page(referrer_policy="unsafe-url"),
        page("http://page.example/", upgrade_insecure_requests=True),
        page(embedder_policy="require-corp"),
        page(embedder_policy="credentialless"),
        sandboxed(),
    ]
)
own_headers = st.lists(
    st.sampled_from(
        [
            (b"X-One", b"1"),
            (b"Authorization", b"Basic eA=="),
            (b"Content-Type", b"application/json"),
            (b"Accept", b"text/html"),
            (b"Range", b"bytes=0-"),
            (b"Cookie", b"a=1"),
        ]
    ),
    max_size=3,
)


@st.composite
def requests(draw: st.DrawFn) -> Request:
    client, target = draw(clients), draw(st.sampled_from([*URLS, "data:,x", "data:text/javascript;base64,eA"]))
    kind = draw(st.sampled_from(["fetch", "fetch", "fetch", "xhr", "element"]))
    if kind == "xhr":
        method, with_credentials, listeners = (
            draw(st.sampled_from([b"GET", b"POST", b"PUT"])),
            draw(st.booleans()),
            draw(st.booleans()),
        )
        return xhr_request(
            target,
            client,
            method=method,
            headers=draw(own_headers),
            body="x",
            with_credentials=with_credentials,
            upload_listeners=listeners,
        )
    if kind == "element":
        destination = draw(st.sampled_from(["image", "script", "style", "font"]))
        return potential_cors_request(
            target, client, destination, draw(st.sampled_from([None, "anonymous", "use-credentials"]))
        )
    method = draw(st.sampled_from([b"GET", b"HEAD", b"POST", b"PUT", b"DELETE", b"patch"]))
    mode = draw(st.sampled_from(["cors", "cors", "cors", "same-origin", "no-cors"]))
    init: dict[str, Any] = {
        "credentials": draw(st.sampled_from(["omit", "same-origin", "include"])),
        "redirect": draw(st.sampled_from(["follow", "follow", "follow", "error", "manual"])),
        "headers": draw(own_headers),
    }
    if mode == "no-cors" and method not in {b"GET", b"HEAD", b"POST"}:
        method = b"POST"
    if method not in {b"GET", b"HEAD"}:
        stream = mode != "no-cors" and draw(st.booleans())
        init |= {"body": Body(b"data", stream=stream), "duplex": "half"}
    return fetch_request(target, client, method=method, mode=mode, **init)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Story:
    """One fetch: what was asked for, and how it ended."""

    request: Request
    result: FetchResult


def run(request: Request, answer: Callable[[HTTPRequest], HTTPResponse | TransportFailure], agent: UserAgent) -> Story:
    engine = fetch(request, agent)
    try:
        sent = next(engine)
        while True:
            sent = engine.send(answer(sent))
    except StopIteration as stop:
        return Story(request, stop.value)


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """A fetch, or the second of two by one agent, whose cache then remembers."""
    agent = UserAgent(credentials=Recorder(), clock=lambda: 0.0)
    # After so many drawn answers the last one is repeated, so that loops are seen to their end.
    many = draw(st.lists(answers(), min_size=1, max_size=6))
    request = draw(requests())
    story = None
    for _ in range(draw(st.integers(1, 2))):
        left = list(many)
        story = run(request, lambda _sent, left=left: left.pop(0) if len(left) > 1 else left[0], agent)  # type: ignore[misc]
    assert story is not None
    return story


def looping(**headers: str) -> Story:
    """A redirect that leads to itself, for a request that asks for leave each time."""
    fields = {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": "PUT",
        "Access-Control-Max-Age": "0",
        "Location": "/x",
        **headers,
    }
    redirect = HTTPResponse(307, HeaderList.of(*fields.items()))
    leave = HTTPResponse(204, redirect.headers)
    misdirected = HTTPResponse(421, HeaderList())

    def answer(sent: HTTPRequest) -> HTTPResponse:
        if not sent.new_connection:
            return misdirected
        return leave if sent.role == "preflight" else redirect

    return run(fetch_request(API, page(), method=b"PUT"), answer, UserAgent())


EXAMPLES = settings(max_examples=200, deadline=None)


class TestTheEngineNeverRaises:
    """Whatever an answer holds, a fetch ends with a response or a network error, and leaves its request alone."""

    @EXAMPLES
    @given(stories())
    def test_it_ends(self, story: Story) -> None:
        assert isinstance(story.result, FetchResult)
        assert isinstance(story.result.response, Response | NetworkError)
        assert (len(story.request.url_list), story.request.redirect_count) == (1, 0)
        assert story.request.response_tainting == "basic"

    @EXAMPLES
    @given(
        st.integers(100, 999),
        st.lists(st.tuples(st.binary(max_size=40), st.binary(max_size=200)), max_size=40),
        requests(),
    )
    def test_on_noise(self, status: int, fields: list[tuple[bytes, bytes]], request: Request) -> None:
        response = HTTPResponse(status, HeaderList(fields), b"", b"\xff")
        assert run(request, lambda _: response, UserAgent()).result.response is not None

    @EXAMPLES
    @given(st.lists(st.one_of(st.binary(max_size=40), st.text(max_size=20).map(str.encode)), min_size=1, max_size=5))
    @example([b"https://" + b"a." * 50_000 + b"com/"])
    @example([b"https://user:" + b"@" * 10_000 + b"/"])
    @example([b"\0", b"\xff" * 1000])
    def test_on_any_location(self, locations: list[bytes]) -> None:
        left = [*locations]

        def answer(_: HTTPRequest) -> HTTPResponse:
            fields = [(b"Access-Control-Allow-Origin", b"*")]
            return HTTPResponse(302, HeaderList([*fields, (b"Location", left.pop(0) if left else b"x:")]))

        assert run(fetch_request(API, page()), answer, UserAgent()).result.response is not None


class TestAFailedCheckHidesEverything:
    """After a failed CORS check the outcome is a network error, and there is nothing to read in it."""

    @EXAMPLES
    @given(stories())
    def test_nothing_to_read(self, story: Story) -> None:
        failed = [step for step in story.result.steps if step.verdict == "fail"]
        assert bool(failed) == isinstance(story.result.response, NetworkError)
        if any(step.anchor == "concept-cors-check" for step in failed):
            assert isinstance(story.result.response, NetworkError)
            assert story.result.response.step.anchor == "concept-cors-check"
            assert not hasattr(story.result.response, "headers")
            assert not hasattr(story.result.response, "body")


class TestACORSResponseWasAllowed:
    """A response of type cors has an Access-Control-Allow-Origin that is the request's origin as it was serialized at
    the end, or `*` without credentials mode include; with include it has Access-Control-Allow-Credentials `true`."""

    @EXAMPLES
    @given(stories())
    def test_by_its_last_answer(self, story: Story) -> None:
        response = story.result.response
        if not isinstance(response, Response) or response.type != "cors":
            return
        last = story.result.exchanges[-1]
        assert last.response is not None
        allowed = last.response.headers.get(b"Access-Control-Allow-Origin")
        assert allowed is not None
        ended = Request(url_list=response.internal.url_list, client=story.request.client, origin=story.request.origin)
        include = story.request.credentials_mode == "include"
        if not (allowed == b"*" and not include):
            assert allowed == serialize_request_origin(ended).encode()
        if include:
            assert last.response.headers.get(b"Access-Control-Allow-Credentials") == b"true"
        assert last.request.headers.get(b"Origin") == serialize_request_origin(ended).encode()

    @EXAMPLES
    @given(stories())
    def test_nothing_of_another_origin_is_basic(self, story: Story) -> None:
        response = story.result.response
        if isinstance(response, Response) and response.type == "basic":
            origins = {url.origin for url in response.url_list if url.scheme != "data"}
            assert origins <= {story.request.origin}


class TestCookiesAreNotForScript:
    """No response shows Set-Cookie, and an opaque one shows nothing."""

    @EXAMPLES
    @given(stories())
    def test_never_shown(self, story: Story) -> None:
        response = story.result.response
        if isinstance(response, Response):
            shown = {name.lower() for name in response.headers.names()}
            assert shown.isdisjoint({b"set-cookie", b"set-cookie2"})
            if not response.is_readable:
                assert (response.status, response.status_message, response.headers, response.body) == (0, b"", (), None)


class TestAPreflightIsAnonymous:
    """A preflight is an OPTIONS request without body, Cookie and Authorization, and it comes right before what it asks
    leave for."""

    @EXAMPLES
    @given(stories())
    def test_no_credentials(self, story: Story) -> None:
        exchanges = story.result.exchanges
        for index, exchange in enumerate(exchanges):
            request = exchange.request
            if request.role != "preflight":
                continue
            names = {name.lower() for name in request.headers.names()}
            assert names.isdisjoint({b"cookie", b"authorization", b"content-length"})
            assert (request.method, request.body, request.include_credentials) == (b"OPTIONS", None, False)
            assert {b"accept", b"origin", b"access-control-request-method"} <= names
            if index + 1 < len(exchanges):
                following = exchanges[index + 1].request
                asked = request.headers.get(b"Access-Control-Request-Method")
                assert following.url == request.url
                assert following.role == "preflight" or following.method == asked

    @EXAMPLES
    @given(stories())
    def test_no_unsafe_request_goes_to_another_origin_without_leave(self, story: Story) -> None:
        # What an earlier fetch was allowed is remembered by the agent, and then the trace says so.
        for exchange in story.result.exchanges:
            request = exchange.request
            if request.role == "preflight" or request.headers.get(b"Origin") is None:
                continue
            if request.url.origin != story.request.origin and request.method in {b"PUT", b"DELETE", b"patch"}:
                asked = any(
                    other.request.role == "preflight" and other.request.url == request.url
                    for other in story.result.exchanges
                )
                assert asked or any("still remembered" in step.sentence for step in story.result.steps)

    @EXAMPLES
    @given(stories())
    def test_credentials_go_only_where_the_mode_says(self, story: Story) -> None:
        for exchange in story.result.exchanges:
            if exchange.request.headers.contains(b"Cookie"):
                assert exchange.request.include_credentials
                assert story.request.credentials_mode != "omit"
                if story.request.credentials_mode == "same-origin":
                    assert exchange.request.url.origin == story.request.origin


class TestTheTraceExplainsTheEnd:
    """Every failing step stands before the one in the network error, or is it; only a preflight's status may follow,
    because the standard judges it in one condition with the CORS check and the trace records both. Every step cites a
    section that exists, and an exchange that took place."""

    @EXAMPLES
    @given(stories())
    def test_failures(self, story: Story) -> None:
        steps = list(story.result.steps)
        failed = [index for index, step in enumerate(steps) if step.verdict == "fail"]
        if story.result.error is None:
            assert failed == []
            return
        at = next(index for index, step in enumerate(steps) if step is story.result.error.step)
        assert at in failed
        later = [steps[index] for index in failed if index > at]
        assert len(later) <= 1
        for step in later:
            assert steps[at].anchor == "concept-cors-check"
            assert step.anchor == "cors-preflight-fetch-0"
            assert step.compared[0][0] == "status"

    @EXAMPLES
    @given(stories())
    def test_citations(self, story: Story) -> None:
        for step in story.result.steps:
            assert step.anchor in ANCHORS
            assert step.verdict in {"pass", "fail", "note"}
            assert step.sentence
            assert step.exchange is None or step.exchange < len(story.result.exchanges)
        order = [step.exchange for step in story.result.steps if step.exchange is not None]
        assert order == sorted(order)


class TestAFetchIsFinite:
    """At most 21 requests and 21 preflights, each at most twice because of 421."""

    @EXAMPLES
    @given(stories())
    def test_number_of_requests(self, story: Story) -> None:
        wire = [exchange.request for exchange in story.result.exchanges]
        retries = sum(request.new_connection for request in wire)
        assert len(wire) <= 2 * 21 + retries
        assert retries <= 2 * 21
        assert sum(request.role != "preflight" for request in wire) <= 21 + retries

    def test_the_longest_there_is(self) -> None:
        wire = [exchange.request for exchange in looping().result.exchanges]
        assert len(wire) == 2 * 2 * 21
        assert sum(request.new_connection for request in wire) == 2 * 21


class TestBase64IsForgiving:
    """Whatever base64 encodes decodes to itself, with whitespace anywhere and with or without its padding; and what
    decodes is made of the alphabet."""

    @EXAMPLES
    @given(st.binary(max_size=60), st.lists(st.integers(0, 80), max_size=5), st.booleans())
    def test_round_trip(self, data: bytes, blanks: list[int], padded: bool) -> None:
        encoded = base64.b64encode(data)
        if not padded:
            encoded = encoded.rstrip(b"=")
        for at in blanks:
            encoded = encoded[:at] + b" \t\n\f\r"[at % 5 : at % 5 + 1] + encoded[at:]
        assert forgiving_base64_decode(encoded) == data

    @EXAMPLES
    @given(st.binary(max_size=12))
    def test_noise(self, data: bytes) -> None:
        decoded = forgiving_base64_decode(data)
        if decoded is not None:
            rest = data.translate(None, b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\t\n\f\r ")
            assert rest == b""
