"""The line to a browser's own protocol: a command gets its reply, an event goes to whoever listens.

CDP and WebDriver BiDi are the same here: JSON over a WebSocket, commands with an id, replies with that id.
"""

from __future__ import annotations

import itertools
import json
import queue
import threading
from collections.abc import Callable
from typing import Any, Final, Self

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

__all__ = ["Channel", "ChannelError", "Json"]

Json = dict[str, Any]

_OPEN_SECONDS: Final = 30
_REPLY_SECONDS: Final = 60
"""The first navigation of a fresh profile is the slowest command: seconds alone, more on a busy machine."""


class ChannelError(Exception):
    """A command that was refused, or not answered."""


class Channel:
    """A WebSocket to `address`; `on_event` is called with this and each event, in order, in a thread of its own.

    The replies to what was only sent are events to it as well: they have an "id" and no "method".

    `on_event` may `send`; it must not `call`, for it would wait for itself.
    """

    def __init__(self, address: str, on_event: Callable[[Channel, Json], None]) -> None:
        # No Origin: Firefox refuses pages. No proxy of the environment: the browser is on this machine. No limits: a
        # page's console may be long, and a ping is not answered while the browser is stopped by its own work.
        self._socket = connect(
            address,
            origin=None,
            proxy=None,
            compression=None,
            max_size=None,
            max_queue=None,
            ping_interval=None,
            open_timeout=_OPEN_SECONDS,
            close_timeout=1,
        )
        self._on_event = on_event
        self._ids = itertools.count(1)
        self._waiting: dict[int, queue.SimpleQueue[Json]] = {}
        self._reader = threading.Thread(target=self._read, name=f"reader of {address}", daemon=True)

    def __enter__(self) -> Self:
        self._socket.__enter__()
        self._reader.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()
        self._reader.join(_OPEN_SECONDS)

    def send(self, method: str, parameters: Json, session: str | None = None) -> int:
        """Send a command and wait for nothing. Gives its id."""
        number = next(self._ids)
        self._send(number, method, parameters, session)
        return number

    def call(self, method: str, parameters: Json, session: str | None = None) -> Json:
        """Send a command, and wait for its result. Raises ChannelError."""
        number = next(self._ids)
        reply: queue.SimpleQueue[Json] = queue.SimpleQueue()
        self._waiting[number] = reply
        try:
            self._send(number, method, parameters, session)
            answer = reply.get(timeout=_REPLY_SECONDS)
        except queue.Empty:
            raise ChannelError(f"no answer to {method} within {_REPLY_SECONDS} seconds") from None
        finally:
            del self._waiting[number]
        if "error" in answer:
            raise ChannelError(f"{method} was refused: {_reason(answer)}")
        result: Json = answer.get("result", {})
        return result

    def _send(self, number: int, method: str, parameters: Json, session: str | None) -> None:
        command: Json = {"id": number, "method": method, "params": parameters}
        if session is not None:
            command["sessionId"] = session
        try:
            self._socket.send(json.dumps(command))
        except (WebSocketException, OSError) as error:
            raise ChannelError(f"the connection is gone, at {method}: {error}") from error

    def _read(self) -> None:
        why = "the browser closed the connection"
        try:
            for text in self._socket:
                message = json.loads(text)
                waiting = self._waiting.get(message.get("id") or 0)
                if waiting is not None:
                    waiting.put(message)
                else:
                    self._on_event(self, message)
        except (WebSocketException, OSError, ChannelError) as error:
            why = str(error)
        finally:
            for waiting in list(self._waiting.values()):
                waiting.put({"error": "closed", "message": why})


def _reason(answer: Json) -> str:
    """What a refusal says: CDP {"error": {"message"}}, BiDi {"error": code, "message"}."""
    error = answer["error"]
    return str(error.get("message", error) if isinstance(error, dict) else f"{error}: {answer.get('message', '')}")
