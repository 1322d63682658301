"""What became of a WebSocket's opening handshake."""

from __future__ import annotations

from crossorigin.browser.script_headers import Headers
from crossorigin.fetch.response import FetchResult, InternalResponse
from crossorigin.fetch.trace import Exchange, Step

__all__ = ["Handshake"]

_SWITCHING_PROTOCOLS = 101


class Handshake:
    """The answer to a WebSocket's opening handshake: `accepted`, or refused with a `status`.

    Script is told neither status nor headers, only that the connection opened or closed.
    """

    __slots__ = ("_asked", "_expected", "_response", "result")

    def __init__(
        self, result: FetchResult, response: InternalResponse, asked: tuple[str, ...], expected: bytes
    ) -> None:
        self.result = result
        """How the fetch of the handshake ended, as the engine has it."""
        self._response = response
        self._asked = asked
        self._expected = expected

    @property
    def accepted(self) -> bool:
        """Whether the connection opened."""
        return self.refusal is None

    @property
    def refusal(self) -> str | None:
        """Why a browser would not open the connection, None when it would.

        RFC 6455, what the client checks: https://www.rfc-editor.org/rfc/rfc6455.html#section-4.1
        """
        headers = self._response.headers
        if self.status != _SWITCHING_PROTOCOLS:
            return f"the server answered with the status {self.status}, not 101"
        if (headers.get(b"Upgrade") or b"").lower() != b"websocket":
            return "the answer has no Upgrade: websocket"
        if "upgrade" not in [value.lower() for value in headers.get_decode_split(b"Connection") or []]:
            return "the answer has no Connection: Upgrade"
        if headers.get(b"Sec-WebSocket-Accept") != self._expected:
            return "the answer's Sec-WebSocket-Accept does not fit the key"
        if headers.contains(b"Sec-WebSocket-Protocol") and self.protocol not in self._asked:
            return f"the server chose the protocol {self.protocol!r:.100}, which was not offered"
        if self._asked and not headers.contains(b"Sec-WebSocket-Protocol"):
            return "protocols were offered, and the server chose none"
        return None

    @property
    def status(self) -> int:
        """The status of the answer: 101 where the server accepted."""
        return self._response.status

    @property
    def protocol(self) -> str:
        """The protocol that the server chose, empty for none."""
        return (self._response.headers.get(b"Sec-WebSocket-Protocol") or b"").decode("latin-1")

    @property
    def headers(self) -> Headers:
        """All headers of the answer, of which script sees none."""
        return Headers(self._response.headers)

    @property
    def exchange(self) -> Exchange:
        """The handshake as it went over the wire."""
        return self.result.exchanges[-1]

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every step of the standard that decided something."""
        return self.result.steps

    def __bool__(self) -> bool:
        return self.accepted

    def __repr__(self) -> str:
        return f"<Handshake {'accepted' if self.accepted else 'refused'}, status {self.status}>"
