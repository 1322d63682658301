"""Second probes: the few further questions to a server that tell two causes apart, all of them harmless.

Only GET and preflights are sent, without cookies and without a page's own headers, and never more than `MOST`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from crossorigin.browser.drive import Sender
from crossorigin.fetch.trace import Exchange
from crossorigin.fetch.wire import HTTPRequest, HTTPResponse, Role, TransportFailure
from crossorigin.web.headers import HeaderList
from crossorigin.web.url import URL

__all__ = ["MOST", "SecondProbes"]

MOST: Final = 6
"""Second probes of one diagnosis: each tells two causes apart, and nobody's log should fill with ours."""


class SecondProbes:
    """Asks, and remembers the answers; without a sender, or after `MOST` questions, there is no answer to anything."""

    def __init__(self, sender: Sender | None, known: Iterable[Exchange] = ()) -> None:
        """`known` are exchanges that have taken place already: what they answer is not asked again."""
        self._sender = sender
        self._known = list(known)
        self._answers: dict[HTTPRequest, HTTPResponse | None] = {}

    @property
    def are_possible(self) -> bool:
        """Whether anybody answers at all."""
        return self._sender is not None

    @property
    def count(self) -> int:
        """How many were sent."""
        return len(self._answers)

    def mark(self, answer: HTTPResponse) -> str:
        """What stands before an answer in a line of evidence: where nobody but us had asked for it, that it is so."""
        return "second probe: " if any(answer is each for each in self._answers.values()) else ""

    def get(self, url: URL, origin: str | None) -> HTTPResponse | None:
        """What a page of this origin gets for a GET without credentials; None where that cannot be known.

        An origin of None is a GET without Origin, as an element makes it.
        """
        wanted = None if origin is None else origin.encode()
        for exchange in self._known:
            request = exchange.request
            if request.method == b"GET" and request.url == url and request.headers.get(b"Origin") == wanted:
                return exchange.response
        return self._ask(_request(b"GET", url, origin, []))

    def preflight(self, url: URL, origin: str, method: bytes, names: Iterable[bytes] = ()) -> HTTPResponse | None:
        """The answer to a preflight; `names` are those of the headers to ask for, lower-case and sorted."""
        fields = [(b"Access-Control-Request-Method", method)]
        if joined := b",".join(names):
            fields.append((b"Access-Control-Request-Headers", joined))
        return self._ask(_request(b"OPTIONS", url, origin, fields))

    def _ask(self, request: HTTPRequest) -> HTTPResponse | None:
        if request not in self._answers:
            if self._sender is None or self.count >= MOST:
                return None
            answer = self._sender.send(request)
            self._answers[request] = answer.partial if isinstance(answer, TransportFailure) else answer
        return self._answers[request]


def _request(method: bytes, url: URL, origin: str | None, fields: list[tuple[bytes, bytes]]) -> HTTPRequest:
    common = [(b"Accept", b"*/*"), (b"Accept-Encoding", b"identity")]
    if origin is not None:
        common.append((b"Origin", origin.encode("ascii")))
    role: Role = "preflight" if method == b"OPTIONS" else "actual"
    return HTTPRequest(method, url, HeaderList(common + fields), None, role, include_credentials=False)
