"""A network that gives the recorded answers of one call and no others, and the preflights that were remembered.

Where an engine asks for what was not recorded the fetch stops: nothing is made of an answer that nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterable

from crossorigin.doctor.recorded import RecordedCall, RecordedExchange
from crossorigin.fetch.request import Request
from crossorigin.fetch.wire import HTTPRequest, HTTPResponse, TransportFailure

__all__ = ["NotRecordedError", "Playback", "Remembered"]


class NotRecordedError(Exception):
    """An engine asked for something of which the recording holds no answer; the message is a sentence for people."""


class Playback:
    """A sender that answers from the recording, each recorded request once, in their order."""

    def __init__(self, call: RecordedCall, *, from_browser: bool = True) -> None:
        self._left = list(call.exchanges)
        self._from_browser = from_browser

    def send(self, request: HTTPRequest, /) -> HTTPResponse | TransportFailure:
        """The recorded answer. Raises NotRecordedError."""
        found = next((each for each in self._left if _is_the_same(each, request)), None)
        if found is None:
            raise NotRecordedError(f"The answer to {_named(request)} was not recorded.")
        self._left.remove(found)
        if found.failure is not None:
            return found.failure
        if found.response is None:
            raise NotRecordedError(f"The answer to {_named(request)} was not recorded.")
        if not self._from_browser:
            _ensure_same_origin_header(found, request)
        return found.response


def _is_the_same(recorded: RecordedExchange, request: HTTPRequest) -> bool:
    if recorded.url != request.url.stripped() or recorded.is_preflight != (request.role == "preflight"):
        return False
    if recorded.is_preflight:
        return recorded.asked_method == request.headers.get(b"Access-Control-Request-Method")
    return recorded.method == request.method


def _named(request: HTTPRequest) -> str:
    what = f"{request.method.decode('latin-1')} {request.url.stripped().href}"
    return f"the preflight {what}" if request.role == "preflight" else what


def _ensure_same_origin_header(recorded: RecordedExchange, request: HTTPRequest) -> None:
    """Refuse an answer to another Origin than the browser's, unless the server says the same to all.

    A server may well add its CORS headers only for a page that it knows, and say no to none.
    """
    sent, wanted = recorded.headers.get(b"Origin"), request.headers.get(b"Origin")
    response = recorded.response
    if wanted is None or sent == wanted or response is None:
        return
    vary = {name.strip().lower() for name in (response.headers.get(b"Vary") or b"").split(b",")}
    if not response.headers.contains(b"Access-Control-Allow-Origin") or vary & {b"origin", b"*"}:
        had = "had no Origin header" if sent is None else f"had Origin: {sent.decode('latin-1')}"
        page = wanted.decode("latin-1")
        raise NotRecordedError(
            f"The recorded {_named(request)} {had}, and the answer to a page of {page} may be another: ask again with "
            f"-H 'Origin: {page}'."
        )


class Remembered:
    """A preflight cache that covers every request that was answered without a recorded preflight before it."""

    def __init__(self, call: RecordedCall) -> None:
        self._answered = {
            (hop.actual.url, hop.actual.method)
            for hop in call.hops
            if hop.preflight is None and hop.actual is not None and (hop.actual.response or hop.actual.failure)
        }

    def __len__(self) -> int:
        return len(self._answered)

    def covers(self, request: Request, unsafe_names: Iterable[bytes], now: float) -> bool:  # noqa: ARG002
        """Whether the request went out by itself."""
        return (request.current_url.stripped(), request.method) in self._answered

    def store(
        self, request: Request, methods: Iterable[bytes], header_names: Iterable[bytes], max_age: int, now: float
    ) -> None:
        """Nothing is remembered beyond the recording."""

    def clear_entries(self, request: Request) -> None:
        """Nothing is forgotten either."""

    def clear(self) -> None:
        """Nothing is forgotten either."""
