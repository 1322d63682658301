"""What is known of a request when it is over: for the log, and for whoever watches."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Record"]


@dataclass(frozen=True, slots=True)
class Record:
    """One request.

    `path` is what the client asked for, with its query; `route` the pattern that took it, "" for none, and `target` the
    URL that it went to, "" where it went nowhere. `status` is 0 where the client left before there was one. `seconds`
    is from its head to the end of its response, `sent` and `received` the bytes of the bodies to the client and from
    it. `why` is a sentence where something went wrong, else "".
    """

    method: str
    path: str
    route: str
    target: str
    status: int
    seconds: float
    sent: int
    received: int
    client: str
    why: str = ""
    is_upgrade: bool = False
