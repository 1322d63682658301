"""The two loops that put a fetch on a network: what the engine yields is sent, what came back is told to the engine."""

from __future__ import annotations

from typing import Protocol, TypeVar

from crossorigin.fetch.params import Wire
from crossorigin.fetch.wire import HTTPRequest, HTTPResponse, TransportFailure

__all__ = ["AsyncSender", "Sender", "run", "run_async"]

R = TypeVar("R")


class Sender(Protocol):
    """Whatever answers requests: `SyncTransport`, or an application called in this process."""

    def send(self, request: HTTPRequest, /) -> HTTPResponse | TransportFailure:
        """The response to `request`, or why there was none."""
        ...


class AsyncSender(Protocol):
    """Whatever answers requests and has to be awaited."""

    async def send(self, request: HTTPRequest, /) -> HTTPResponse | TransportFailure:
        """The response to `request`, or why there was none."""
        ...


def run(fetch: Wire[R], transport: Sender) -> R:
    """Drive `fetch` to its end and return its result.

    Whatever is raised on the way, by the transport (KeyboardInterrupt too) or by the engine, passes through, and the
    generator is closed.
    """
    answer: HTTPResponse | TransportFailure | None = None
    try:
        while True:
            try:
                request = next(fetch) if answer is None else fetch.send(answer)
            except StopIteration as finished:
                result: R = finished.value
                return result
            answer = transport.send(request)
    finally:
        fetch.close()


async def run_async(fetch: Wire[R], transport: AsyncSender) -> R:
    """As `run`, with a transport that is awaited; cancellation passes through too."""
    answer: HTTPResponse | TransportFailure | None = None
    try:
        while True:
            try:
                request = next(fetch) if answer is None else fetch.send(answer)
            except StopIteration as finished:
                result: R = finished.value
                return result
            answer = await transport.send(request)
    finally:
        fetch.close()
