"""Every way not to do as predicted, in its exact words."""

from __future__ import annotations

import pytest

from crossorigin.browser.real.browser import ConsoleMessage
from crossorigin.browser.real.call import Outcome
from crossorigin.browser.real.proxy import PassedRequest
from crossorigin.doctor.differences import console_differences, outcome_differences, request_differences

from .conftest import JSON, answer, report

BLOCKED = Outcome(blocked=True)
CORS = Outcome(blocked=False, type="cors", status=200, headers=(("x-a", "1"),))
OTHER = Outcome(blocked=False, type="basic", status=404, headers=(("x-b", "1"),))


@pytest.mark.parametrize(
    ("ours", "theirs", "error", "words"),
    [
        (BLOCKED, BLOCKED, "TypeError: Failed to fetch", []),
        (CORS, CORS, "", []),
        (CORS, Outcome(blocked=False, type="cors", status=200, headers=(("x-a", "2"),), body="other"), "", []),
        (CORS, BLOCKED, "TypeError: no", ["predicted not blocked (cors, status 200), really blocked"]),
        (BLOCKED, CORS, "", ["predicted blocked, really not blocked (cors, status 200)"]),
        (
            CORS,
            OTHER,
            "",
            [
                "the response's type: predicted cors, really basic",
                "the response's status: predicted 200, really 404",
                "the header x-a: predicted readable, really not",
                "the header x-b: predicted not readable, really readable",
            ],
        ),
        (BLOCKED, BLOCKED, "timeout: no end", ["the call did not end for real: no end"]),
        (BLOCKED, BLOCKED, "threw: TypeError", ["the call itself threw for real: TypeError"]),
        (CORS, CORS, "body: TypeError", ["the body could not be read to its end for real: TypeError"]),
    ],
)
def test_outcomes(ours: Outcome, theirs: Outcome, error: str, words: list[str]) -> None:
    assert list(outcome_differences(ours, theirs, error)) == words


PAGE = "http://app.example"
URL = "http://api.example/x"
PREFLIGHT = PassedRequest(
    "OPTIONS",
    URL,
    (
        ("origin", PAGE),
        ("access-control-request-method", "PUT"),
        ("Access-Control-Request-Headers", "content-type"),
        ("User-Agent", "x"),
    ),
)
ACTUAL = PassedRequest("PUT", URL, (("Origin", PAGE), ("Cookie", "own=1")))


class TestRequests:
    """Those in the open."""

    def words(self, *real: PassedRequest, url: str = URL) -> list[str]:
        allow = ("Access-Control-Allow-Origin", PAGE)
        granted = answer(204, allow, ("Access-Control-Allow-Methods", "PUT"), ("Access-Control-Allow-Headers", "*"))
        found = report(granted, answer(200, allow), url=url, origin=PAGE, **JSON)
        return list(request_differences(found.main, real))

    def test_as_predicted(self) -> None:
        assert self.words(PREFLIGHT, ACTUAL) == []

    def test_over_tls_there_is_nothing_to_compare(self) -> None:
        assert self.words(url="https://api.example/x") == []

    def test_what_is_missing_or_too_much_is_told_once(self) -> None:
        assert self.words() == [f"request 1: predicted OPTIONS {URL}, really no request"]
        assert self.words(PREFLIGHT) == [f"request 2: predicted PUT {URL}, really no request"]
        assert self.words(ACTUAL, ACTUAL) == [f"request 1: predicted OPTIONS {URL}, really PUT {URL}"]
        assert self.words(PREFLIGHT, ACTUAL, ACTUAL) == [f"request 3: predicted no request, really PUT {URL}"]

    def test_fields(self) -> None:
        bare = PassedRequest("OPTIONS", URL, (("Origin", "null"), ("Access-Control-Request-Method", "PUT")))
        assert self.words(bare, ACTUAL) == [
            f"Origin of request 1 (OPTIONS {URL}): predicted '{PAGE}', really 'null'",
            f"Access-Control-Request-Headers of request 1 (OPTIONS {URL}): predicted 'content-type', really none",
        ]


def say(*texts: str) -> list[ConsoleMessage]:
    return [ConsoleMessage(text) for text in texts]


class TestConsole:
    """Byte for byte, as far as it is told."""

    @pytest.mark.parametrize("line", ["GET https://a/ net::ERR_FAILED", "GET https://a/ net::ERR_FAILED 200 (OK)"])
    def test_chromiums_network_line(self, line: str) -> None:
        assert list(console_differences("chromium", [line], say("Failed to load resource: net::ERR_FAILED"))) == []
        assert list(console_differences("chromium", [line], say("Failed to load resource: net::ERR_ABORTED"))) == [
            (
                "line 1 of the console: predicted 'Failed to load resource: net::ERR_FAILED', really 'Failed to load "
                "resource: net::ERR_ABORTED'"
            )
        ]

    def test_a_status_is_no_business_of_cors(self) -> None:
        status = say("Failed to load resource: the server responded with a status of 404 (Not Found)")
        assert list(console_differences("chromium", [], status)) == []

    def test_webkits_inspector_is_not_heard(self) -> None:
        lines = ["a", "b", "Failed to load resource: why"]
        assert list(console_differences("webkit", lines, say("a", "b"))) == []
        assert len(list(console_differences("firefox", lines, say("a", "b")))) == 1

    def test_warnings_may_be_told_or_not(self) -> None:
        assert list(console_differences("firefox", ["a"], say("soon", "a"), ["soon"])) == []
        assert list(console_differences("firefox", ["a"], say("a"), ["soon"])) == []

    def test_every_byte_counts(self) -> None:
        assert list(console_differences("firefox", ["a"], say("a ", "b"))) == [
            "line 1 of the console: predicted 'a', really 'a '",
            "line 2 of the console: predicted none, really 'b'",
        ]
