"""Commands, replies and events over a WebSocket."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from websockets.sync.server import Server, ServerConnection, serve

from crossorigin.browser.real import channel as module
from crossorigin.browser.real.channel import Channel, ChannelError, Json


@contextmanager
def peer(answer: Callable[[Json], list[Json]]) -> Iterator[str]:
    """A protocol's other end, by a function from a command to what is said then; an empty list closes."""

    def talk(connection: ServerConnection) -> None:
        for text in connection:
            said = answer(json.loads(text))
            for each in said:
                connection.send(json.dumps(each))
            if not said:
                return

    server: Server
    with serve(talk, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}/"
        server.shutdown()
        thread.join()


def ignore(_: Channel, event: Json) -> None:
    """Listen to nothing."""


def test_a_reply_goes_to_its_command() -> None:
    def answer(command: Json) -> list[Json]:
        return [{"id": 99, "result": {}}, {"id": command["id"], "result": {"sent": command}}]

    with peer(answer) as address, Channel(address, ignore) as channel:
        sent = channel.call("Some.method", {"a": 1}, "session")["sent"]
        assert sent == {"id": sent["id"], "method": "Some.method", "params": {"a": 1}, "sessionId": "session"}
        assert "sessionId" not in channel.call("Some.method", {})["sent"]


def test_events_come_in_order_and_may_send() -> None:
    events: queue.SimpleQueue[Json] = queue.SimpleQueue()

    def listen(channel: Channel, event: Json) -> None:
        if event["method"] == "first":
            channel.send("answered", {})
        events.put(event)

    def answer(command: Json) -> list[Json]:
        if command["method"] == "answered":
            return [{"method": "third", "params": {}}]
        return [{"method": "first"}, {"method": "second"}, {"id": command["id"], "result": {}}]

    with peer(answer) as address, Channel(address, listen) as channel:
        assert channel.call("begin", {}) == {}
        assert [events.get(timeout=60)["method"] for _ in range(3)] == ["first", "second", "third"]


@pytest.mark.parametrize(
    "refusal",
    [
        {"error": {"code": -32000, "message": "no such target"}},
        {"error": "invalid argument", "message": "no such target", "type": "error"},
    ],
    ids=["cdp", "bidi"],
)
def test_a_refusal(refusal: Json) -> None:
    with (
        peer(lambda command: [{"id": command["id"], **refusal}]) as address,
        Channel(address, ignore) as channel,
        pytest.raises(ChannelError, match=r"Some\.method was refused: .*no such target"),
    ):
        channel.call("Some.method", {})


def test_a_peer_that_leaves() -> None:
    with peer(lambda _: []) as address, Channel(address, ignore) as channel:
        with pytest.raises(ChannelError, match="refused: closed: the browser closed the connection"):
            channel.call("Some.method", {})
        with pytest.raises(ChannelError, match=r"the connection is gone, at Another\.method"):
            channel.call("Another.method", {})


def test_a_peer_that_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_REPLY_SECONDS", 0.05)
    with (
        peer(lambda _: [{"method": "event"}]) as address,
        Channel(address, ignore) as channel,
        pytest.raises(ChannelError, match=r"no answer to Some\.method within 0\.05 seconds"),
    ):
        channel.call("Some.method", {})
