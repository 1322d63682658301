"""A network that knows the recording and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from crossorigin.browser.drive import run
from crossorigin.doctor.playback import NotRecordedError, Playback, Remembered
from crossorigin.doctor.recorded import RecordedCall
from crossorigin.fetch import fetch
from crossorigin.fetch.profiles import CHROMIUM as PROFILE
from crossorigin.fetch.response import FetchResult
from crossorigin.fetch.wire import HTTPResponse, TransportFailure

from .hars import ALLOW, API, FIREFOX, FROM_PAGE, PAGE, PROXY, calls, entry, preflight

PUT = entry(method="PUT", sent=(*FROM_PAGE, ("content-type", "a/b"), ("x-token", "t")), got=ALLOW)


def call(*entries: Any, creator: str = FIREFOX) -> RecordedCall:
    (only,) = calls(*entries, creator=creator)
    return only


def played(recorded: RecordedCall, *, from_browser: bool = True) -> FetchResult:
    question = recorded.question(assume_cors=True)
    assert question is not None
    playback = Playback(recorded, from_browser=from_browser)
    return run(fetch(question.request(), question.agent(PROFILE)), playback)


class TestAnswers:
    """Each recorded request answers once, for what it was asked."""

    def test_in_order(self) -> None:
        result = played(call(PUT, preflight()))
        assert result.error is None
        assert [(each.request.role, each.response and each.response.status) for each in result.exchanges] == [
            ("preflight", 204),
            ("actual", 200),
        ]

    def test_a_redirect(self) -> None:
        first = entry(status=302, got=(*ALLOW, ("Location", "/other")))
        result = played(call(first, entry("https://api.example/other", got=ALLOW)))
        assert result.error is None
        assert [each.request.url.path for each in result.exchanges] == ["/users", "/other"]

    def test_the_engine_may_drop_a_fragment_and_the_recorder_too(self) -> None:
        assert played(call(entry(f"{API}#top", got=ALLOW))).error is None

    def test_a_failure_is_a_failure(self) -> None:
        result = played(call(entry(status=0, _error="net::ERR_CONNECTION_REFUSED"), creator=PROXY))
        assert result.error is not None
        assert isinstance(result.error.failure, TransportFailure)
        assert result.error.failure.kind.value == "refused"


class TestNotRecorded:
    """What nobody knows stops the fetch, and is no answer."""

    @pytest.mark.parametrize(
        ("entries", "sentence"),
        [
            ((PUT,), f"The answer to the preflight OPTIONS {API} was not recorded."),
            ((preflight(),), f"The answer to PUT {API} was not recorded."),
            # Script's own OPTIONS is no preflight for itself.
            ((entry(method="OPTIONS"),), f"The answer to the preflight OPTIONS {API} was not recorded."),
            ((entry(status=0),), f"The answer to GET {API} was not recorded."),
            (
                (entry(status=302, got=(*ALLOW, ("Location", "/other"))),),
                "The answer to GET https://api.example/other was not recorded.",
            ),
            ((PUT, preflight(status=0)), f"The answer to the preflight OPTIONS {API} was not recorded."),
        ],
    )
    def test_of(self, entries: tuple[Any, ...], sentence: str) -> None:
        with pytest.raises(NotRecordedError) as raised:
            played(call(*entries))
        assert str(raised.value) == sentence

    def test_asked_twice(self) -> None:
        recorded = call(entry(got=ALLOW))
        playback = Playback(recorded)
        question = recorded.question()
        assert question is not None
        fetching = fetch(question.request(), question.agent(PROFILE))
        request = next(fetching)
        assert isinstance(playback.send(request), HTTPResponse)
        with pytest.raises(NotRecordedError):
            playback.send(request)


class TestOrigin:
    """A person's request may have had another Origin than the browser's, and the server's answer depend on it."""

    @staticmethod
    def asked(sent: tuple[tuple[str, str], ...], got: tuple[tuple[str, str], ...]) -> FetchResult:
        return played(call(entry(sent=(*sent, ("Referer", f"{PAGE}/")), got=got), creator=PROXY), from_browser=False)

    def test_the_same(self) -> None:
        assert self.asked((("Origin", PAGE),), ()).error is not None

    @pytest.mark.parametrize(
        ("got", "allowed"),
        [
            ((("Access-Control-Allow-Origin", "*"),), True),
            ((("Access-Control-Allow-Origin", PAGE),), True),
            ((("Access-Control-Allow-Origin", "https://other.example"),), False),
        ],
    )
    def test_one_answer_to_all(self, got: tuple[tuple[str, str], ...], allowed: bool) -> None:
        assert (self.asked((), got).error is None) is allowed

    @pytest.mark.parametrize(
        "got",
        [
            (),
            (("Access-Control-Allow-Origin", PAGE), ("Vary", "Accept, origin")),
            (("Access-Control-Allow-Origin", PAGE), ("Vary", "*")),
        ],
    )
    def test_another_answer_perhaps(self, got: tuple[tuple[str, str], ...]) -> None:
        with pytest.raises(NotRecordedError) as raised:
            self.asked((), got)
        assert str(raised.value) == (
            f"The recorded GET {API} had no Origin header, and the answer to a page of {PAGE} may be another: ask "
            f"again with -H 'Origin: {PAGE}'."
        )

    def test_a_browsers_request_had_the_right_one(self) -> None:
        # What was loaded from the cache shows no Origin, and was judged all the same.
        recorded = call(entry(sent=(("Referer", f"{PAGE}/"), ("Sec-Fetch-Mode", "cors"))))
        result = played(recorded)
        assert result.error is not None


class TestRemembered:
    """What was answered without a preflight needed none, for whatever reason."""

    @pytest.mark.parametrize(
        ("entries", "covered"),
        [
            ((PUT,), True),
            ((PUT, preflight()), False),
            ((entry(method="PUT", status=0),), False),
            ((entry(method="PUT", status=0, _error="net::ERR_TIMED_OUT"),), True),
            ((preflight(),), False),
        ],
    )
    def test_of(self, entries: tuple[Any, ...], covered: bool) -> None:
        recorded = call(*entries)
        question = recorded.question()
        assert question is not None
        cache = Remembered(recorded)
        assert cache.covers(question.request(), [b"x-token"], 0.0) is covered
        assert len(cache) == covered

    def test_it_learns_and_forgets_nothing(self) -> None:
        recorded = call(PUT)
        question = recorded.question()
        assert question is not None
        request, cache = question.request(), Remembered(recorded)
        cache.clear()
        cache.clear_entries(request)
        cache.store(request, [b"PUT"], [], 5, 0.0)
        assert cache.covers(request, [], 0.0)
        assert len(cache) == 1
