"""The shared decision cases through real frameworks: requests byte by byte, responses header by header."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterable
from dataclasses import dataclass, replace

import pytest
from tests.policy.conftest import DOCUMENT, DecisionCase

from crossorigin.policy import decide
from crossorigin.policy.merge import RULED_NAMES

APP = "https://app.example.com"
EVIL = "https://evil.test"
BODY = b"the body"
VARY_PREFLIGHT = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"

CASES = [DecisionCase(case) for case in DOCUMENT["cases"]]
each_case = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])

Fields = list[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    """A response; header names in lower case."""

    status: int
    headers: Fields
    body: bytes = b""

    @property
    def cors(self) -> Fields:
        """The headers that a policy rules over, Vary included."""
        return [field for field in self.headers if field[0].encode() in RULED_NAMES]

    @property
    def others(self) -> set[str]:
        """The names of all other headers."""
        return {name for name, _ in self.headers} - {name for name, _ in self.cors}

    def get(self, name: str) -> str | None:
        """The value of a header that is there at most once."""
        values = [value for each, value in self.headers if each == name]
        assert len(values) <= 1, values
        return values[0] if values else None

    @property
    def origin(self) -> str | None:
        """Access-Control-Allow-Origin."""
        return self.get("access-control-allow-origin")


def ask(port: int, method: str, target: str, headers: Iterable[tuple[bytes, bytes]] = ()) -> Answer:
    """One HTTP/1.1 request over loopback, exactly these headers, and Host where it has none."""
    lines = [*headers]
    if not any(name.lower() == b"host" for name, _ in lines):
        lines.insert(0, (b"host", b"api.example.com"))
    request = b"%b %b HTTP/1.1\r\n" % (method.encode(), target.encode())
    request += b"".join(b"%b: %b\r\n" % line for line in [*lines, (b"connection", b"close")]) + b"\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(request)
        response = http.client.HTTPResponse(connection, method=method)
        response.begin()
        body = b"" if response.status == 101 else response.read()
        fields = [(name.lower(), value) for name, value in response.getheaders()]
        response.close()
        return Answer(response.status, fields, body)


def origin(value: str, *more: tuple[str, str]) -> list[tuple[bytes, bytes]]:
    """Request headers with this Origin."""
    return [(name.encode(), text.encode()) for name, text in (("Origin", value), *more)]


def preflight(value: str, method: str, names: str = "") -> list[tuple[bytes, bytes]]:
    """The headers of a preflight."""
    more = [("Access-Control-Request-Method", method)]
    if names:
        more.append(("Access-Control-Request-Headers", names))
    return origin(value, *more)


HANDSHAKE = [
    (b"Upgrade", b"websocket"),
    (b"Connection", b"Upgrade"),
    (b"Sec-WebSocket-Version", b"13"),
    (b"Sec-WebSocket-Key", b"dGhlIHNhbXBsZSBub25jZQ=="),
]


def needs_tls(case: DecisionCase) -> bool:
    """Whether a case says something else where the scheme is not known, as on a server without TLS."""
    return decide(case.policy, replace(case.facts, scheme=None)).kind != case.kind


def check(
    case: DecisionCase, answer: Answer, calls: int, own: set[str], framework: set[str], *, joins: bool = False
) -> None:
    """Exact headers, body unchanged, and the application called exactly where it should be.

    `own` are the other header names of an answer without the application, `framework` of one with it.
    `joins` is for a framework that makes one line of the application's several Vary.
    """
    expected = case.headers if case.final_headers is None else case.final_headers
    want = [(name.lower().decode(), value.decode("latin-1")) for name, value in expected if name.lower() in RULED_NAMES]
    if joins:
        names = dict.fromkeys(name for name, _ in want)
        want = [(name, ", ".join(value for each, value in want if each == name)) for name in names]
    assert answer.cors == want, (answer.cors, want)
    if case.status is not None:
        assert (answer.status, answer.body, calls) == (case.status, b"", 0)
        assert not answer.others - own, answer
    else:
        sent = {name.decode() for name, _ in case.app_headers or ()}
        assert (answer.status, calls) == (200, 1), answer
        assert answer.body == (b"" if case.facts.method == b"HEAD" else BODY)
        assert not answer.others - (framework | sent), answer


def app_headers(case: DecisionCase) -> Fields:
    """What the application sets itself."""
    return [(name.decode(), value.decode("latin-1")) for name, value in case.app_headers or ()]
