"""What is known of a request when it is over: for the log, and for whoever watches."""

from __future__ import annotations

from dataclasses import dataclass

from crossorigin.proxy.heads import RequestHead
from crossorigin.proxy.plan import Client

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

    @classmethod
    def of(
        cls,
        head: RequestHead,
        client: Client,
        status: int,
        *,
        route: str = "",
        target: str = "",
        seconds: float = 0.0,
        sent: int = 0,
        received: int = 0,
        why: str = "",
        is_upgrade: bool = False,
    ) -> Record:
        """The record of the request with this head."""
        method, path = head.method.decode("ascii"), head.target.decode("latin-1")
        return cls(method, path, route, target, status, seconds, sent, received, client.address, why, is_upgrade)
