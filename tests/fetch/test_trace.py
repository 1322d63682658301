"""The record of a fetch: every exchange on the wire, and every step that decided."""

from __future__ import annotations

from crossorigin.fetch import Exchange, fetch_request
from crossorigin.fetch.trace import Step, Trace

from .dialogue import ANY_ORIGIN, API, OWN, answer, broken, page, redirect, sent, talk


def test_a_step_judges_the_latest_exchange() -> None:
    trace = Trace()
    assert trace.add("concept-main-fetch", "note", "Before.").exchange is None
    request = sent(talk(fetch_request(OWN, page()), answer(200)))
    trace.exchanges.append(Exchange(request, answer(200)))
    step = trace.add("concept-cors-check", "pass", "After.", ("a", b"1"), ("b", None), header=b"X")
    assert step == Step("concept-cors-check", "pass", "After.", (("a", b"1"), ("b", None)), 0, b"X")
    assert [step.sentence for step in trace.steps] == ["Before.", "After."]


def test_a_whole_story() -> None:
    leave = answer(204, ANY_ORIGIN, ("Access-Control-Allow-Methods", "PUT"))
    lines = [redirect(API, status=307), leave, answer(200, ANY_ORIGIN)]
    result = talk(fetch_request(OWN, page(), method=b"PUT"), *lines)
    assert [(step.anchor, step.verdict, step.exchange) for step in result.steps] == [
        ("concept-main-fetch", "note", None),  # the page's own origin
        ("concept-http-redirect-fetch", "note", 0),  # redirected
        ("concept-main-fetch", "note", 0),  # another origin
        ("simple-method", "note", 0),  # PUT is not safelisted
        ("concept-cors-check", "pass", 1),
        ("cors-preflight-fetch-0", "pass", 1),  # status
        ("cors-preflight-fetch-0", "pass", 1),  # method
        ("cors-preflight-cache", "note", 1),
        ("concept-cors-check", "pass", 2),
    ]


def test_a_failure_is_recorded_with_its_request() -> None:
    result = talk(fetch_request(OWN, page()), broken())
    (exchange,) = result.exchanges
    assert (exchange.response, exchange.failure) == (None, broken())
    assert result.steps[-1].anchor == "concept-http-network-fetch"
