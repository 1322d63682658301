"""Applications that answer, and those that do everything else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from crossorigin.browser.app_response import AppOptions
from crossorigin.browser.application_errors import InvalidResponseError
from crossorigin.browser.asgi_call import ASGICall, ClientGoneError
from crossorigin.fetch.wire import HTTPRequest, HTTPResponse, TransportFailure, TransportFailureKind

from .applications import ASGI, OPTIONS, QUIET, ask, body, says, start


def call(
    app: ASGI,
    request: HTTPRequest | None = None,
    options: AppOptions = OPTIONS,
    enough: Callable[[bytes], bool] | None = None,
) -> HTTPResponse | TransportFailure:
    return asyncio.run(ASGICall("the app", request or ask(), options, enough).run(app, {}))


def answered(app: ASGI, **words: Any) -> HTTPResponse:
    answer = call(app, **words)
    assert isinstance(answer, HTTPResponse), answer
    return answer


def failed(app: ASGI, **words: Any) -> TransportFailure:
    answer = call(app, **words)
    assert isinstance(answer, TransportFailure), answer
    return answer


def test_an_answer_in_pieces() -> None:
    app = says(start(201, ("a", "b")), body(b"one ", more=True), body(b"two", more=True), body())
    answer = answered(app)
    assert (answer.status, answer.headers, answer.body) == (201, ((b"a", b"b"),), b"one two")


@pytest.mark.parametrize("size", [0, 1, 64 * 1024, 64 * 1024 + 1, 200_000])
def test_a_request_body_comes_in_pieces(size: int) -> None:
    sizes = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        more = True
        while more:
            message = await receive()
            assert message["type"] == "http.request"
            sizes.append(len(message["body"]))
            more = message["more_body"]
        await send(start())
        await send(body())

    answered(app, request=ask(method=b"POST", body=b"x" * size))
    assert sum(sizes) == size
    assert max(sizes) <= 64 * 1024


def test_the_page_leaves_when_it_has_its_answer() -> None:
    heard = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()

        async def listen() -> None:
            heard.append(await receive())

        listening = asyncio.create_task(listen())
        await send(start())
        assert heard == []
        await send(body())
        await listening
        heard.append(await receive())

    answered(app)
    assert heard == [{"type": "http.disconnect"}] * 2


def test_what_it_does_afterwards_ends_too() -> None:
    done = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(start())
        await send(body(b"sent"))
        await asyncio.sleep(0.01)
        done.append(True)

    assert answered(app).body == b"sent"
    assert done == [True]


INVALID: dict[str, tuple[list[dict[str, Any]], str]] = {
    "no message at all": ([], "the app ended without sending a response"),
    "no end": ([start()], "ended in the middle of its response"),
    "more promised": ([start(), body(b"a", more=True)], "ended in the middle of its response"),
    "body first": ([body(b"a")], "sent a body before status and headers"),
    "two starts": ([start(), start()], "started a second response"),
    "after the end": ([start(), body(), body()], "after the end of its response"),
    "bad status": ([start("200 OK")], "sent the status '200 OK'"),
    "text as headers": ([{"type": "http.response.start", "status": 200, "headers": [("a", "b")]}], "pair of bytes"),
    "no status": ([{"type": "http.response.start"}], "sent the status None"),
    "injection": ([start(200, ("a", "b\r\nc: d"))], "inject headers"),
    "text as body": ([start(), body("text")], "not bytes"),
    "unknown message": ([{"type": "http.response.trailers"}], "the message 'http.response.trailers'"),
    "no message type": ([{}], "the message 'None'"),
    "too much": ([start(200, ("content-length", "1")), body(b"ab")], "more than its Content-Length"),
    "too little": ([start(200, ("content-length", "3")), body(b"ab")], "fewer than its Content-Length"),
}


@pytest.mark.parametrize("case", INVALID)
def test_invalid_responses_say_what_was_done(case: str) -> None:
    messages, said = INVALID[case]
    with pytest.raises(InvalidResponseError, match=said):
        call(says(*messages))


@pytest.mark.parametrize("case", INVALID)
def test_invalid_responses_as_a_server_has_them(case: str) -> None:
    answer = call(says(*INVALID[case][0]), options=QUIET)
    if case == "after the end":
        assert isinstance(answer, HTTPResponse)
        assert answer.status == 200
    elif case in {"no end", "more promised", "two starts", "text as body", "too much", "too little"}:
        assert isinstance(answer, TransportFailure)
        assert answer.kind is TransportFailureKind.RESET
        assert answer.partial is not None
    else:
        assert isinstance(answer, HTTPResponse)
        assert answer.status == 500


def test_a_fault_that_the_application_swallows_is_told_all_the_same() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        try:
            await send(start(0))
        except InvalidResponseError:
            await send(start(500))
            await send(body())

    with pytest.raises(InvalidResponseError, match="status 0"):
        call(app)
    assert answered(app, options=QUIET).status == 500


class TestCrashes:
    """The application's own exception, where the caller wants it."""

    @staticmethod
    def crashing(*messages: dict[str, Any]) -> ASGI:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            for message in messages:
                await send(message)
            raise ZeroDivisionError("its own")

        return app

    @pytest.mark.parametrize("messages", [[], [start()], [start(), body()]], ids=["before", "within", "after"])
    def test_raised(self, messages: list[dict[str, Any]]) -> None:
        with pytest.raises(ZeroDivisionError, match="its own"):
            call(self.crashing(*messages))

    def test_not_raised(self) -> None:
        assert answered(self.crashing(), options=QUIET).status == 500
        assert failed(self.crashing(start()), options=QUIET).kind is TransportFailureKind.RESET
        assert answered(self.crashing(start(), body()), options=QUIET).status == 200


class TestTime:
    """An application that never answers, or never ends, is bounded."""

    def test_it_hangs(self) -> None:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            await asyncio.Event().wait()

        failure = failed(app)
        assert failure.kind is TransportFailureKind.TIMEOUT
        assert failure.detail == "the app sent no response within 0.3 s."

    def test_it_hangs_in_its_body(self) -> None:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            await send(start())
            await send(body(b"abc", more=True))
            await asyncio.Event().wait()

        failure = failed(app)
        assert failure.detail == "the app sent no end of its response, after 3 bytes of body, within 0.3 s."
        assert failure.partial is not None
        assert failure.partial.body == b"abc"

    def test_it_hangs_after_its_response(self) -> None:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            await send(start())
            await send(body(b"abc"))
            await asyncio.Event().wait()

        assert answered(app).body == b"abc"

    def test_it_raises_on_being_cancelled(self) -> None:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            try:
                await asyncio.Event().wait()
            finally:
                raise RuntimeError("late")

        assert failed(app).kind is TransportFailureKind.TIMEOUT

    def test_it_will_not_be_cancelled(self) -> None:
        stop = False

        async def app(scope: Any, receive: Any, send: Any) -> None:
            while not stop:
                try:
                    await asyncio.sleep(0.01)
                except asyncio.CancelledError:
                    continue

        async def main() -> HTTPResponse | TransportFailure:
            nonlocal stop
            try:
                return await ASGICall("the app", ask(), OPTIONS).run(app, {})
            finally:
                stop = True

        answer = asyncio.run(main())
        assert isinstance(answer, TransportFailure)

    def test_it_sends_nothing_forever(self) -> None:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            await send(start())
            while True:
                await send(body(more=True))

        assert failed(app).kind is TransportFailureKind.TIMEOUT

    def test_the_caller_is_cancelled(self) -> None:
        ended = []

        async def app(scope: Any, receive: Any, send: Any) -> None:
            try:
                await asyncio.Event().wait()
            finally:
                ended.append(True)

        async def main() -> None:
            task = asyncio.create_task(ASGICall("the app", ask(), OPTIONS).run(app, {}))
            await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await asyncio.sleep(0)

        asyncio.run(main())
        assert ended == [True]


class TestEndlessBodies:
    """A body that does not end is cut at the limit, and the application told that nobody listens."""

    @staticmethod
    def endless(swallows: bool) -> tuple[ASGI, list[BaseException]]:
        raised: list[BaseException] = []

        async def app(scope: Any, receive: Any, send: Any) -> None:
            await send(start())
            while True:
                try:
                    await send(body(b"x" * 100, more=True))
                except ClientGoneError as error:
                    raised.append(error)
                    if not swallows:
                        raise

        return app, raised

    @pytest.mark.parametrize("swallows", [False, True])
    def test_too_large(self, swallows: bool) -> None:
        app, raised = self.endless(swallows)
        failure = failed(app)
        assert failure.kind is TransportFailureKind.TOO_LARGE
        assert failure.detail == "the app sent a body longer than the limit of 1000 bytes."
        assert raised

    def test_enough(self) -> None:
        app, raised = self.endless(swallows=False)
        assert answered(app, enough=lambda content: len(content) >= 300).body == b"x" * 300
        assert len(raised) == 1
