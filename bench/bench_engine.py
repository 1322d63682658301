"""How long the engine takes for one dialogue, in memory: a preflight and the request that it allows.

Printed as microseconds and as a ratio to parsing one response head of the same dialogue with h11, in the same run,
so that the figure means something on another machine.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import h11

from crossorigin.fetch import Client, HTTPResponse, Request, Response, UserAgent, fetch, fetch_request
from crossorigin.web.headers import HeaderList
from crossorigin.web.origins import parse_origin

__all__ = ["main"]

_PREFLIGHT = HTTPResponse(
    204,
    HeaderList.of(
        ("Access-Control-Allow-Origin", "https://app.example.com"),
        ("Access-Control-Allow-Methods", "GET, PUT"),
        ("Access-Control-Allow-Headers", "content-type, authorization"),
        ("Vary", "Origin"),
    ),
)
_ACTUAL = HTTPResponse(
    200,
    HeaderList.of(
        ("Content-Type", "application/json"),
        ("Access-Control-Allow-Origin", "https://app.example.com"),
        ("Access-Control-Expose-Headers", "etag"),
        ("ETag", '"1"'),
        ("Vary", "Origin"),
    ),
    b"{}",
)
_HEAD = b"HTTP/1.1 200 OK\r\n" + b"".join(b"%s: %s\r\n" % field for field in _ACTUAL.headers) + b"\r\n"


def _request() -> Request:
    return fetch_request(
        "https://api.example.com/users/42",
        Client(parse_origin("https://app.example.com")),
        method=b"PUT",
        headers=[(b"Content-Type", b"application/json"), (b"Authorization", b"Bearer abc")],
        body=b"{}",
    )


def _dialogue(request: Request) -> None:
    agent = UserAgent()
    engine = fetch(request, agent)
    next(engine)
    engine.send(_PREFLIGHT)
    try:
        engine.send(_ACTUAL)
    except StopIteration as finished:
        if isinstance(finished.value.response, Response):
            return
    raise RuntimeError("this dialogue is two exchanges and an answer that script may read")


def _parse_head() -> None:
    connection = h11.Connection(our_role=h11.CLIENT)
    connection.send(h11.Request(method="GET", target="/", headers=[("Host", "a")]))
    connection.receive_data(_HEAD)
    assert isinstance(connection.next_event(), h11.Response)


def _best(call: Callable[[], None], *, batch: int = 200, rounds: int = 25) -> float:
    """The fastest round, in microseconds a call."""
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        for _ in range(batch):
            call()
        best = min(best, time.perf_counter() - start)
    return best / batch * 1e6


def main() -> None:
    """Print the figures."""
    request = _request()
    _dialogue(request)
    dialogue = _best(lambda: _dialogue(request))
    whole = _best(lambda: _dialogue(_request()))
    head = _best(_parse_head)
    print(f"engine: preflight + actual          {dialogue:8.1f} µs   (target: under 150)")
    print(f"engine: with making the request     {whole:8.1f} µs")
    print(f"h11: one request and response head  {head:8.1f} µs   ratio engine / h11: {dialogue / head:.2f}")


if __name__ == "__main__":
    main()
