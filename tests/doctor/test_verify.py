"""A server that keeps a policy, and servers that break it in one way each: which probes tell."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from tests.policy.strategies import policies

from crossorigin.doctor.verify import Difference, verify
from crossorigin.fetch.wire import HTTPRequest, HTTPResponse, TransportFailure, TransportFailureKind
from crossorigin.policy import Policy, RequestFacts, decide
from crossorigin.policy.merge import merge
from crossorigin.web.headers import HeaderList
from crossorigin.web.url import URL, parse_url

APP = "https://app.example.com"
POLICY = Policy(
    allow_origins=[APP, "https://*.example.org"],
    allow_methods=["PUT"],
    allow_headers=["x-token"],
    allow_credentials=True,
    expose_headers=["etag"],
    max_age=600,
)


def url(text: str = "http://api.internal/users") -> URL:
    parsed = parse_url(text)
    assert parsed is not None
    return parsed


class Server:
    """Keeps a policy; `spoil` changes each answer, `sent` are the methods that came."""

    def __init__(
        self, policy: Policy, spoil: Callable[[HTTPRequest, HTTPResponse], HTTPResponse] | None = None
    ) -> None:
        self.policy = policy
        self.spoil = spoil
        self.sent: set[bytes] = set()

    def send(self, request: HTTPRequest, /) -> HTTPResponse | TransportFailure:
        self.sent.add(request.method)
        decision = decide(self.policy, RequestFacts.from_headers(request.method, request.headers))
        if decision.status is not None:
            answer = HTTPResponse(decision.status, HeaderList(decision.response_headers))
        else:
            own = [(b"vary", b"accept-encoding")]
            answer = HTTPResponse(404, HeaderList(merge(own, decision.headers, decision.vary)), b"hello")
        return answer if self.spoil is None else self.spoil(request, answer)


@settings(max_examples=50, deadline=None)
@given(policies())
def test_a_server_that_keeps_its_policy_agrees(policy: Policy) -> None:
    result = verify([url(), url("http://api.internal/404")], policy, Server(policy))
    assert result.differences == ()
    assert result.agrees
    assert result.probes > 20


def test_nothing_is_sent_that_could_change_anything() -> None:
    server = Server(POLICY)
    verify([url()], POLICY, server)
    assert server.sent == {b"GET", b"OPTIONS"}


def test_origins_of_the_servers_own_are_left_out() -> None:
    policy = Policy(allow_origins=["http://api.internal", APP])
    assert verify([url()], policy, Server(policy)).agrees


@pytest.mark.parametrize(
    ("change", "telling"),
    [
        ({"allow_origins": [APP]}, "expected allowed; got denied"),
        ({"allow_origins": [APP, "https://*.example.org", "http://app.example.com"]}, "another scheme"),
        ({"allow_origins": [APP, "https://*.example.org", "https://example.org"]}, "without a subdomain"),
        ({"allow_origins": [APP, "https://*.example.org", "https://app.example.com.evil.test"]}, "goes on after it"),
        ({"allow_origins": [APP, "https://*.example.org", "https://evil.test"]}, "https://evil.test (foreign)"),
        ({"allow_methods": []}, "method PUT: expected allowed; got denied"),
        ({"allow_methods": ["PUT", "PATCH"]}, "method PATCH: expected denied"),
        ({"allow_headers": ["x-token", "authorization"]}, "header authorization: expected denied"),
        ({"allow_headers": []}, "preflight from https://app.example.com: expected allowed"),
        ({"allow_credentials": False}, "GET with credentials: expected allowed; got denied"),
        ({"expose_headers": ["etag", "x-secret"]}, "response headers exposed: etag; got etag, x-secret"),
        ({"expose_headers": []}, "response headers exposed: etag; got none"),
        ({"max_age": 5}, "an answer to remember for 600 s; got 5 s"),
        ({"max_age": None}, "an answer to remember for 600 s; got 5 s"),
    ],
)
def test_another_policy_is_told_from_this_one(change: dict[str, object], telling: str) -> None:
    settings = {**POLICY.to_dict(), **change, "dangerously_allow_insecure_origins_with_credentials": True}
    other = Policy(**settings)  # type: ignore[arg-type]
    result = verify([url()], POLICY, Server(other))
    assert not result.agrees
    assert telling in "\n".join(map(str, result.differences))


def without(name: bytes, *, where: int | None = None) -> Callable[[HTTPRequest, HTTPResponse], HTTPResponse]:
    def spoil(request: HTTPRequest, answer: HTTPResponse) -> HTTPResponse:
        if where is not None and answer.status != where:
            return answer
        return HTTPResponse(answer.status, answer.headers.delete(name))

    return spoil


def plus(name: bytes, value: bytes) -> Callable[[HTTPRequest, HTTPResponse], HTTPResponse]:
    return lambda _, answer: HTTPResponse(answer.status, HeaderList([*answer.headers, (name, value)]))


def without_origin_no_vary(request: HTTPRequest, answer: HTTPResponse) -> HTTPResponse:
    return answer if request.headers.contains(b"origin") else HTTPResponse(200, answer.headers.delete(b"vary"))


def everything_listed(request: HTTPRequest, answer: HTTPResponse) -> HTTPResponse:
    if request.role != "preflight":
        return answer
    headers = answer.headers.set(b"access-control-allow-methods", b"PUT, DELETE")
    return HTTPResponse(answer.status, headers.set(b"access-control-allow-headers", b"x-token, x-other"))


@pytest.mark.parametrize(
    ("spoil", "telling"),
    [
        (
            without(b"access-control-allow-origin", where=404),
            "GET from https://app.example.com: expected allowed; got denied [B",
        ),
        (without(b"vary"), "expected Vary: Origin; got no Vary"),
        (without_origin_no_vary, "no Origin, the URL: expected Vary: Origin"),
        (plus(b"access-control-allow-origin", b"*"), "expected allowed; got denied [B"),
        (
            lambda _, answer: HTTPResponse(401, answer.headers),
            "preflight from https://app.example.com: expected allowed; got denied",
        ),
        (everything_listed, "expected methods of GET, HEAD, POST, PUT; got DELETE granted as well"),
        (everything_listed, "expected headers of x-token; got x-other granted as well"),
    ],
)
def test_a_spoilt_answer_is_found(spoil: Callable[[HTTPRequest, HTTPResponse], HTTPResponse], telling: str) -> None:
    result = verify([url()], POLICY, Server(POLICY, spoil))
    assert telling in "\n".join(map(str, result.differences))


def test_a_preflight_that_lets_the_call_through_is_found_though_nobody_could_read_the_answer() -> None:
    def let_through(request: HTTPRequest, answer: HTTPResponse) -> HTTPResponse:
        if request.role != "preflight":
            return answer
        granted = [
            (b"Access-Control-Allow-Origin", request.headers.get(b"Origin") or b""),
            (b"Access-Control-Allow-Methods", b"PUT"),
            (b"Access-Control-Allow-Headers", b"x-token"),
            (b"Access-Control-Max-Age", b"600"),
        ]
        return HTTPResponse(204, HeaderList(granted))

    found = "\n".join(map(str, verify([url()], POLICY, Server(POLICY, let_through)).differences))
    assert "preflight from https://evil.test (foreign): expected a preflight that is denied; got one that is" in found


def test_any_origin_may_be_said_by_repeating_it_with_vary_only() -> None:
    policy = Policy(allow_origins=["*"])

    def repeat(request: HTTPRequest, answer: HTTPResponse) -> HTTPResponse:
        origin = request.headers.get(b"origin")
        return answer if origin is None else HTTPResponse(200, HeaderList([(b"Access-Control-Allow-Origin", origin)]))

    result = verify([url()], policy, Server(policy, repeat))
    assert any("an origin without Vary" in str(difference) for difference in result.differences)

    def with_vary(request: HTTPRequest, answer: HTTPResponse) -> HTTPResponse:
        repeated = repeat(request, answer)
        return HTTPResponse(200, HeaderList([*repeated.headers, (b"Vary", b"Origin")]))

    found = verify([url()], policy, Server(policy, with_vary)).differences
    assert not [difference for difference in found if "Vary" in str(difference)]


def test_no_answer_is_no_difference() -> None:
    class Nobody:
        def send(self, request: HTTPRequest, /) -> HTTPResponse | TransportFailure:
            return TransportFailure(TransportFailureKind.REFUSED, "Nobody is at home.")

    result = verify([url()], POLICY, Nobody())
    assert result.failure == "Nobody is at home."
    assert not result.agrees
    assert (result.probes, result.differences) == (1, ())


def test_a_body_that_ends_early_has_said_enough() -> None:
    class Cut(Server):
        def send(self, request: HTTPRequest, /) -> HTTPResponse | TransportFailure:
            answer = super().send(request)
            assert isinstance(answer, HTTPResponse)
            return TransportFailure(TransportFailureKind.RESET, "It was cut.", answer)

    assert verify([url()], POLICY, Cut(POLICY)).agrees


def test_a_difference_is_one_line() -> None:
    assert str(Difference("GET", "allowed", "denied")) == "GET: expected allowed; got denied"
