"""Connections between exchanges: which are kept, which may serve again.

One exchange at a time has a connection to itself, over HTTP/2 too. The library's pool would multiplex, and there one
exchange that times out or is cut short takes the others on its connection with it: its read error is theirs. A
failure must be about the exchange that it is reported for, so whatever fails closes its connection and no other.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Final, Generic, Protocol, TypeVar

__all__ = ["KEEP_ALIVE", "Channel", "IdleChannels"]

KEEP_ALIVE: Final = 30.0
"""Seconds for which an idle connection is kept; servers commonly drop theirs after 60 or 75, a few after 5."""

_MAX_IDLE: Final = 32
"""Idle connections kept by one transport: some for each of the few hosts that one page talks to."""


class _Connection(Protocol):
    def is_available(self) -> bool: ...
    def has_expired(self) -> bool: ...


class _Stream(Protocol):
    def get_extra_info(self, info: str, /) -> object: ...


C = TypeVar("C", bound=_Connection)
S = TypeVar("S", bound=_Stream)


@dataclass(frozen=True, slots=True, eq=False)
class Channel(Generic[C, S]):
    """A connection as the HTTP library has it, over the stream of bytes that we watch."""

    origin: tuple[str, str, int]
    connection: C
    stream: S

    def is_clean(self) -> bool:
        """Whether the response that was just read left the connection ready for another."""
        return self.connection.is_available() and not self._has_leftovers()

    def is_fresh(self) -> bool:
        """Whether nothing happened to the connection while it was idle."""
        # Bytes that nobody asked for: the end of the connection, or what announces it (GOAWAY). Opening another
        # costs a handshake, while trusting this one may cost a response.
        return not self.connection.has_expired() and not self.stream.get_extra_info("is_readable")

    def _has_leftovers(self) -> bool:
        # A server that sends more than its Content-Length, or a body after HEAD, leaves bytes behind that the library
        # would take for the next response: one answer would be reported for another's request. The library keeps h11
        # to itself, so should it move, HTTP/1.1 connections stay usable: `is_readable` still catches what came late.
        h11_state = getattr(self.connection, "_h11_state", None)
        return h11_state is not None and bool(h11_state.trailing_data[0])


class IdleChannels(Generic[C, S]):
    """The channels that wait for another exchange, and those that wait to be closed.

    Nothing here closes one, because that may have to be awaited: what is dropped stays listed until `dropped` hands it
    to a caller who does, so that none is lost when that caller is cancelled before.
    """

    def __init__(self) -> None:
        self._idle: list[Channel[C, S]] = []
        self._dropped: list[Channel[C, S]] = []
        self._lock = threading.Lock()
        self._open = True

    def take(self, origin: tuple[str, str, int]) -> Channel[C, S] | None:
        """The latest channel to `origin` that nothing happened to, if any; those that something did are dropped."""
        with self._lock:
            self._dropped += [channel for channel in self._idle if not channel.is_fresh()]
            self._idle = [channel for channel in self._idle if channel not in self._dropped]
            fit = next((channel for channel in reversed(self._idle) if channel.origin == origin), None)
            if fit is not None:
                self._idle.remove(fit)
            return fit

    def keep(self, channel: Channel[C, S]) -> None:
        """Keep `channel` for later, in place of the oldest if there are too many."""
        with self._lock:
            self._idle.append(channel)
            surplus = max(0, len(self._idle) - (_MAX_IDLE if self._open else 0))
            self._dropped += self._idle[:surplus]
            del self._idle[:surplus]

    def drop(self, channel: Channel[C, S]) -> None:
        """Never use `channel` again."""
        with self._lock:
            self._dropped.append(channel)

    def close(self) -> None:
        """Drop every channel, and from now on every one that is to be kept."""
        with self._lock:
            self._open = False
            self._dropped += self._idle
            self._idle.clear()

    def dropped(self) -> list[Channel[C, S]]:
        """The channels that the caller has to close, each told of once."""
        with self._lock:
            dropped, self._dropped = self._dropped, []
            return dropped
