"""A plain 500 for what nobody answered, and the exception for the server."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from crossorigin.middleware.errors import AnswerErrors
from crossorigin.middleware.messages import Message, Send

START: Message = {"type": "http.response.start", "status": 200, "headers": []}
BODY: Message = {"type": "http.response.body", "body": b"x"}


def run(kind: str, *messages: Message) -> list[Message]:
    """Send these, then fail."""
    sent: list[Message] = []

    async def app(scope: Any, receive: Any, send: Send) -> None:
        for message in messages:
            await send(message)
        raise ValueError("on purpose")

    async def receive() -> Message:
        return {}

    async def send(message: Message) -> None:
        sent.append(message)

    with pytest.raises(ValueError, match="on purpose"):
        asyncio.run(AnswerErrors(app)({"type": kind}, receive, send))
    return sent


def test_an_exception_before_anything_is_sent_is_a_500() -> None:
    start, body = run("http")
    assert start["status"] == 500
    assert start["headers"] == [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"21")]
    assert body["body"] == b"Internal Server Error"


def test_what_is_begun_is_left() -> None:
    assert run("http", START, BODY) == [START, BODY]


def test_a_hint_begins_nothing() -> None:
    hint: Message = {"type": "http.response.early_hint", "links": []}
    assert [message["type"] for message in run("http", hint)] == [
        "http.response.early_hint", "http.response.start", "http.response.body",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["websocket", "lifespan"])
def test_only_http_is_answered(kind: str) -> None:
    assert run(kind) == []
