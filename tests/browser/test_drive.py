from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator

import pytest

from crossorigin.browser.drive import run, run_async
from crossorigin.fetch.wire import HTTPRequest, HTTPResponse, TransportFailure
from crossorigin.web.headers import HeaderList
from crossorigin.web.url import parse_url

Fetch = Generator[HTTPRequest, HTTPResponse | TransportFailure, list[int]]
Drive = Callable[[Fetch, "Echo"], list[int]]


class Echo:
    """Answers each request with a status one higher than the last; or raises."""

    def __init__(self, *, error: BaseException | None = None) -> None:
        self.status = 200
        self.error = error

    def send(self, _: HTTPRequest) -> HTTPResponse:
        if self.error is not None:
            raise self.error
        self.status += 1
        return HTTPResponse(self.status, HeaderList())


class AsyncEcho:
    def __init__(self, echo: Echo) -> None:
        self.echo = echo

    async def send(self, request: HTTPRequest) -> HTTPResponse:
        return self.echo.send(request)


def _run_async(fetch: Fetch, echo: Echo) -> list[int]:
    return asyncio.run(run_async(fetch, AsyncEcho(echo)))


@pytest.fixture(params=[run, _run_async], ids=["sync", "async"])
def drive(request: pytest.FixtureRequest) -> Drive:
    chosen: Drive = request.param
    return chosen


class Engine:
    """A fetch of so many requests that notes whether it was closed."""

    def __init__(self, requests: int, *, error: Exception | None = None) -> None:
        self.closed = False
        self.requests = requests
        self.error = error

    def fetch(self) -> Fetch:
        url = parse_url("http://example.com/")
        assert url is not None
        statuses = []
        try:
            for _ in range(self.requests):
                answer = yield HTTPRequest(b"GET", url, HeaderList(), None, "actual", False)
                assert isinstance(answer, HTTPResponse)
                statuses.append(answer.status)
            if self.error is not None:
                raise self.error
        finally:
            self.closed = True
        return statuses


@pytest.mark.parametrize("requests", [0, 1, 3])
def test_every_request_is_answered_and_the_result_returned(drive: Drive, requests: int) -> None:
    engine = Engine(requests)
    assert drive(engine.fetch(), Echo()) == [201, 202, 203][:requests]
    assert engine.closed


@pytest.mark.parametrize("error", [OSError("broken"), KeyboardInterrupt()])
def test_an_error_of_the_transport_passes_and_closes_the_engine(drive: Drive, error: BaseException) -> None:
    engine = Engine(1)
    with pytest.raises(type(error)):
        drive(engine.fetch(), Echo(error=error))
    assert engine.closed


def test_a_stray_stop_iteration_of_the_transport_is_no_result() -> None:
    engine = Engine(1)
    with pytest.raises(StopIteration):
        run(engine.fetch(), Echo(error=StopIteration([200])))
    assert engine.closed


def test_an_error_of_the_engine_passes(drive: Drive) -> None:
    engine = Engine(1, error=LookupError("no such step"))
    with pytest.raises(LookupError, match="no such step"):
        drive(engine.fetch(), Echo())
    assert engine.closed
