from __future__ import annotations

from typing import Any

import pytest

from crossorigin.browser.call import PageState, as_fields, hidden, page_client, readable
from crossorigin.browser.drive import run
from crossorigin.browser.errors import NoResponseError
from crossorigin.browser.script_calls import fetch as describe
from crossorigin.fetch import FetchResult, HTTPRequest, HTTPResponse, TransportFailure, TransportFailureKind, UserAgent
from crossorigin.fetch import fetch as engine
from crossorigin.web.headers import HeaderList
from crossorigin.web.origins import OpaqueOrigin

from .applications import ORIGIN, PAGE


class Canned:
    def __init__(self, answer: HTTPResponse | TransportFailure) -> None:
        self.answer = answer

    def send(self, _: HTTPRequest) -> HTTPResponse | TransportFailure:
        return self.answer


def result(answer: HTTPResponse | TransportFailure) -> FetchResult:
    call = describe(PageState(page_client(PAGE), "standard", 100), "/x")
    return run(engine(call.request, UserAgent()), Canned(answer))


def test_a_page() -> None:
    state = PageState(page_client(PAGE), "chromium", 100)
    assert (state.url, state.origin) == (PAGE, ORIGIN)
    assert repr(state) == f"<PageState {PAGE} of {ORIGIN} in chromium>"
    client = page_client(PAGE, referrer_policy="origin", upgrade_insecure_requests=True, embedder_policy="require-corp")
    assert (client.referrer_policy, client.upgrade_insecure_requests) == ("origin", True)
    assert client.embedder_policy == "require-corp"
    assert client.top_level_origin is None


def test_a_sandboxed_page() -> None:
    client = page_client(PAGE, sandboxed=True)
    assert isinstance(client.origin, OpaqueOrigin)
    assert client.top_level_origin is not None
    assert client.top_level_origin.serialize() == ORIGIN


@pytest.mark.parametrize("words", [{"url": "app.example.com"}, {"url": PAGE, "top": "/x"}, {"url": ""}])
def test_no_page(words: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="is not the URL of"):
        page_client(**words)


@pytest.mark.parametrize(
    ("headers", "fields"),
    [
        (None, []),
        ({"A": "b"}, [(b"A", b"b")]),
        ([("A", "é"), (b"A", b"c")], [(b"A", b"\xe9"), (b"A", b"c")]),
    ],
)
def test_headers(headers: Any, fields: Any) -> None:
    assert as_fields(headers) == fields


@pytest.mark.parametrize("headers", [{"A": "☃"}, {"☃": "a"}, {"A": 1}, {"A": None}])
def test_no_headers(headers: Any) -> None:
    with pytest.raises(TypeError, match="the header"):
        as_fields(headers)


def test_what_becomes_of_a_result() -> None:
    state = PageState(page_client(PAGE), "standard", 100)
    answered = result(HTTPResponse(200, HeaderList.of(("A", "b")), b"body"))
    seen = readable(state)(answered)
    assert (seen.type, seen.status, seen.content) == ("basic", 200, b"body")
    unseen = hidden(state)(answered)
    assert (unseen.type, unseen.status, unseen.content, unseen.url) == ("opaque", 0, b"", "")
    assert unseen.received_headers["a"] == "b"
    failed = result(TransportFailure(TransportFailureKind.RESET, "It broke."))
    for finish in (readable(state), hidden(state)):
        with pytest.raises(NoResponseError, match=r"It broke\."):
            finish(failed)
