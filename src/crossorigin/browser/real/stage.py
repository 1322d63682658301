"""The page in which calls are played: what a server answers for it, what is still to play, what came out.

The browser only opens the page; the page fetches its work and posts the outcomes. So nothing but a URL has to be said
to a browser, and it is the same for all of them. There is no socket here: whoever serves the page's origin asks
`answer` first.
"""

from __future__ import annotations

import json
import queue
import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from importlib import resources
from typing import Any, Final, Literal

from crossorigin.browser.real.call import Call, Outcome

__all__ = ["Frame", "Played", "Stage", "StageReply", "Task"]

Frame = Literal["page", "sandboxed", "data"]
"""The page itself; a sandboxed srcdoc frame in it; a frame whose document is a data: URL. The last two are opaque."""

_BATCH: Final = 100
"""Tasks in one piece of work: enough that fetching it is nothing beside it, few enough that progress is seen."""


@dataclass(frozen=True, slots=True)
class Task:
    """Calls one after the other in one frame. The name is what it is known by in the console: no blank in it."""

    name: str
    calls: tuple[Call, ...]
    frame: Frame = "page"


@dataclass(frozen=True, slots=True)
class Played:
    """What became of a task: an outcome for each call, and the text of its error, "" where there was none.

    An error that begins with "threw: " was thrown by the call itself, before any request: wrong arguments. "body: "
    came while a readable body was read. "timeout: " is a call that did not end: its outcome says blocked, and it may
    still be under way.
    """

    name: str
    outcomes: tuple[Outcome, ...]
    errors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StageReply:
    """A response of the stage. `Cache-Control: no-store` goes with it."""

    status: int
    content_type: str
    body: bytes


class Stage:
    """One page. Its methods may be called from any thread."""

    def __init__(self, *, lanes: int = 6, settle: bool = False) -> None:
        """`lanes`: tasks at once. `settle`: after a blocked call wait until its reason is in the console."""
        self._document = _document({"role": "page", "lanes": lanes, "settle": settle})
        self._to_play: deque[Task] = deque()
        self._played: queue.SimpleQueue[list[Played]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._batches = 0

    def put(self, tasks: Iterable[Task]) -> None:
        """More to play."""
        with self._lock:
            self._to_play.extend(tasks)

    def clear(self) -> None:
        """Forget what was not yet fetched, and what came out of it."""
        with self._lock:
            self._to_play.clear()
        while not self._played.empty():
            self._played.get_nowait()

    def take(self, seconds: float) -> list[Played]:
        """What was played since: a batch, or an empty list when the time is up."""
        try:
            return self._played.get(timeout=seconds) if seconds > 0 else self._played.get_nowait()
        except queue.Empty:
            return []

    def batches(self) -> int:
        """How many batches the page has fetched so far; it logs the end of each by its number, from 1."""
        with self._lock:
            return self._batches

    def answer(self, method: str, path: str, body: bytes) -> StageReply | None:
        """The response to a request for the page's origin, None for what is not the stage's."""
        match method, path.partition("?")[0]:
            case "GET", "/page":
                return StageReply(200, "text/html; charset=utf-8", self._document)
            case "GET", "/todo":
                return StageReply(200, "application/json", self._batch())
            case "POST", "/done":
                self._played.put([_played(each) for each in json.loads(body)])
                return StageReply(204, "", b"")
            case "GET", "/settle" | "/favicon.ico":
                return StageReply(204, "", b"")
        return None

    def _batch(self) -> bytes:
        with self._lock:
            tasks = [asdict(self._to_play.popleft()) for _ in range(min(_BATCH, len(self._to_play)))]
            self._batches += bool(tasks)
            return json.dumps({"number": self._batches, "tasks": tasks}).encode()


def _document(settings: dict[str, Any]) -> bytes:
    script = resources.files(__package__).joinpath("page.js").read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>crossorigin</title>\n<body>\n'
        f'<script id="play">\n{script}</script>\n<script>play({json.dumps(settings)})</script>\n'
    ).encode()


def _played(done: dict[str, Any]) -> Played:
    records: list[dict[str, Any]] = done["records"]
    errors = tuple(str(record.pop("error", "")) for record in records)
    return Played(done["name"], tuple(map(_outcome, records)), errors)


def _outcome(record: dict[str, Any]) -> Outcome:
    headers = sorted((name.lower(), value) for name, value in record.pop("headers", ()))
    return Outcome(**record, headers=tuple(headers))
