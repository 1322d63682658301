"""The facts of a scope, and our own answers."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from crossorigin.middleware.messages import Message, deny_websocket, facts_of, framed, reply

VARY = (b"vary", b"Origin")


@pytest.mark.parametrize(
    ("scheme", "seen"), [("http", None), ("ws", None), ("https", b"https"), ("wss", b"wss"), (None, None)]
)
def test_plain_http_is_no_evidence_of_plain_http(scheme: str | None, seen: bytes | None) -> None:
    scope: dict[str, Any] = {"type": "http", "method": "GET", "headers": [(b"origin", b"x"), (b"host", b"h")]}
    if scheme is not None:
        scope["scheme"] = scheme
    facts = facts_of(scope)
    assert (facts.scheme, facts.origin, facts.host, facts.method) == (seen, b"x", b"h", b"GET")


def test_a_handshake_is_a_get() -> None:
    assert facts_of({"type": "websocket", "headers": []}).method == b"GET"


@pytest.mark.parametrize(
    ("status", "length"), [(204, []), (200, [(b"content-length", b"0")]), (403, [(b"content-length", b"0")])]
)
def test_an_answer_without_a_body_says_so_unless_its_status_does(status: int, length: list[Any]) -> None:
    assert framed(status, (VARY,)) == [VARY, *length]
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(reply(send, status, (VARY,)))
    assert sent == [
        {"type": "http.response.start", "status": status, "headers": [VARY, *length]},
        {"type": "http.response.body", "body": b""},
    ]


@pytest.mark.parametrize("extensions", [None, {}, {"websocket.http.response": {}}])
@pytest.mark.parametrize("first", ["websocket.connect", "websocket.disconnect"])
def test_a_handshake_is_turned_down_before_it_is_accepted(extensions: Any, first: str) -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": first}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(deny_websocket({"type": "websocket", "extensions": extensions}, receive, send))
    if first == "websocket.disconnect":
        assert sent == []
    elif extensions:
        assert [message["type"] for message in sent] == [
            "websocket.http.response.start",
            "websocket.http.response.body",
        ]
        assert sent[0]["status"] == 403
    else:
        assert sent == [{"type": "websocket.close", "code": 1008, "reason": ""}]
