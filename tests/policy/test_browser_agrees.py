"""The property that ties the house: a policy allows exactly when a browser, given these headers, lets script read."""

from __future__ import annotations

from typing import Any

from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from crossorigin.fetch import Client, HTTPRequest, HTTPResponse, Response, UserAgent, fetch, fetch_request
from crossorigin.policy import Policy, RequestFacts, decide
from crossorigin.policy.merge import merge
from crossorigin.web.headers import HeaderList
from crossorigin.web.origins import OriginSyntaxError, parse_origin

from .strategies import METHODS, NAMES, origins, policies

SERVER = "https://api.example.test/users"


def answer(policy: Policy, request: HTTPRequest) -> HTTPResponse:
    """What middleware does with a decision, in two lines."""
    facts = RequestFacts.from_headers(request.method, request.headers, scheme=b"https")
    decision = decide(policy, facts)
    if decision.status is not None:
        return HTTPResponse(decision.status, HeaderList(decision.response_headers))
    headers = merge([(b"content-type", b"text/plain"), (b"x-one", b"1")], decision.headers, decision.vary)
    return HTTPResponse(200, HeaderList(headers), b"", b"hello")


def call(
    policy: Policy, origin: str, method: str, headers: list[tuple[bytes, bytes]], credentials: Any
) -> tuple[bool, list[bytes]]:
    """Whether script can read, and the methods that went over the wire."""
    request = fetch_request(
        SERVER, Client(parse_origin(origin)), method=method.encode(), headers=headers, credentials=credentials
    )
    engine = fetch(request, UserAgent())
    sent = []
    try:
        wire = next(engine)
        while True:
            sent.append(wire.method)
            wire = engine.send(answer(policy, wire))
    except StopIteration as finished:
        return isinstance(finished.value.response, Response), sent


header_names = st.lists(st.sampled_from([*NAMES, "x-evil"]), max_size=3, unique=True)


@settings(max_examples=400)
@given(policies(), st.one_of(origins(), st.just("null")), st.sampled_from(METHODS), header_names, st.booleans())
@example(
    Policy(allow_origins=["https://example.com"], allow_headers=["*", "authorization"]),
    "https://example.com",
    "GET",
    ["authorization"],
    False,
)
def test_allowed_is_readable(policy: Policy, origin: str, method: str, names: list[str], credentials: bool) -> None:
    try:
        parse_origin(origin)
    except OriginSyntaxError:
        return  # no browser has it
    headers = [(name.encode(), b"text/plain" if name == "accept" else b"value") for name in names]
    readable, sent = call(policy, origin, method, headers, "include" if credentials else "omit")
    explained = policy.explain(
        origin, method, [f"{name.decode()}: {value.decode()}" for name, value in headers], credentials=credentials
    )
    event(f"allowed {explained.allowed}")
    assert explained.allowed is readable
    assert (b"OPTIONS" in sent) is (explained.preflight is not None)


@given(policies(), st.one_of(origins(), st.just("null")))
def test_a_plain_get_is_readable_when_the_decision_says_so(policy: Policy, origin: str) -> None:
    try:
        parse_origin(origin)
    except OriginSyntaxError:
        return
    decision = decide(policy, RequestFacts(method=b"GET", origin=origin.encode()))
    assert call(policy, origin, "GET", [], "omit")[0] is decision.allowed
