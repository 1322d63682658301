from __future__ import annotations

import asyncio
from typing import Any

import pytest

from crossorigin.browser.application_errors import InvalidResponseError
from crossorigin.browser.asgi_websocket import ASGIHandshake, accept_value, is_handshake
from crossorigin.fetch.wire import HTTPResponse, TransportFailure, TransportFailureKind

from .applications import OPTIONS, QUIET, ask

KEY = "dGhlIHNhbXBsZSBub25jZQ=="


def test_the_example_of_rfc_6455() -> None:
    assert accept_value(KEY.encode()) == b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="


def test_what_is_a_handshake() -> None:
    assert is_handshake(ask("https://a.test/", ("upgrade", "WebSocket")))
    assert not is_handshake(ask("https://a.test/", ("Upgrade", "h2c")))
    assert not is_handshake(ask())


def shake(*messages: dict[str, Any], heard: list[Any] | None = None, options: Any = OPTIONS) -> Any:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "websocket"
        assert await receive() == {"type": "websocket.connect"}
        for message in messages:
            await send(message)
        if heard is not None:
            heard.append(await receive())

    request = ask("https://a.test/", ("Upgrade", "websocket"), ("Sec-WebSocket-Key", KEY))
    return asyncio.run(ASGIHandshake("the app", request, options).run(app, {}))


def test_accepted() -> None:
    heard: list[Any] = []
    answer = shake(
        {"type": "websocket.accept", "subprotocol": "chat", "headers": [(b"x-a", b"b")]},
        {"type": "websocket.send", "text": "hello"},
        {"type": "websocket.close"},
        heard=heard,
    )
    assert isinstance(answer, HTTPResponse)
    assert answer.status == 101
    assert answer.headers.get(b"Sec-WebSocket-Accept") == b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    assert answer.headers.get(b"Sec-WebSocket-Protocol") == b"chat"
    assert answer.headers.get(b"X-A") == b"b"
    assert heard == [{"type": "websocket.disconnect", "code": 1001, "reason": ""}]


def test_closed() -> None:
    assert shake({"type": "websocket.close"}).status == 403


def test_a_response_of_its_own() -> None:
    answer = shake(
        {"type": "websocket.http.response.start", "status": 401, "headers": [(b"www-authenticate", b"Basic")]},
        {"type": "websocket.http.response.body", "body": b"no", "more_body": True},
        {"type": "websocket.http.response.body"},
    )
    assert (answer.status, answer.body) == (401, b"no")


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        ([], "ended without sending a response"),
        ([{"type": "websocket.send", "text": "early"}], "none that answers a handshake"),
        ([{"type": "http.response.start", "status": 200}], "none that answers a handshake"),
        ([{"type": "websocket.accept"}, {"type": "websocket.accept"}], "none that answers a handshake"),
        ([{"type": "websocket.accept", "headers": [(b"a", b"\n")]}], "inject headers"),
    ],
)
def test_invalid(messages: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(InvalidResponseError, match=said):
        shake(*messages)
    answer = shake(*messages, options=QUIET)
    assert isinstance(answer, HTTPResponse)
    assert answer.status == (101 if len(messages) == 2 else 500)


def test_it_never_answers() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.Event().wait()

    answer = asyncio.run(ASGIHandshake("the app", ask(), OPTIONS).run(app, {}))
    assert isinstance(answer, TransportFailure)
    assert answer.kind is TransportFailureKind.TIMEOUT


def test_it_never_notices_the_end() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "websocket.accept"})
        while True:
            await send({"type": "websocket.send", "text": "x"})

    answer = asyncio.run(ASGIHandshake("the app", ask(), OPTIONS).run(app, {}))
    assert isinstance(answer, HTTPResponse)
    assert answer.status == 101
