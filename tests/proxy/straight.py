"""The least front that there can be, to ask the engine alone: by path to a target, and everything handed on as it is.

As a program it serves what its arguments name, `PATH=URL` each, and says on its first line where it listens.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping

from crossorigin.proxy.heads import RequestHead, ResponseHead
from crossorigin.proxy.plan import Client, Failure, Forward, Limits, Plan, Reply
from crossorigin.proxy.server import ProxyServer, run
from crossorigin.proxy.target import parse_target

__all__ = ["Straight"]


class Straight:
    """A front with a target for each path, "/" among them; the longest path that takes a request has it."""

    def __init__(self, routes: Mapping[str, str], limits: Limits | None = None) -> None:
        self._routes = [(path.encode(), parse_target(url)) for path, url in routes.items()]
        self._routes.sort(key=lambda route: -len(route[0]))
        self._limits = limits or Limits()

    def plan(self, head: RequestHead, client: Client) -> Plan:
        """As `Front`."""
        path = head.target.partition(b"?")[0]
        for prefix, target in self._routes:
            if path == prefix or path.startswith(prefix.rstrip(b"/") + b"/"):
                host = target.authority.encode()
                headers = [(name, host if name.lower() == b"host" else value) for name, value in head.headers]
                return Forward(
                    target, head.method, head.target, headers, _headers, self._limits, prefix.decode(), may_upgrade=True
                )
        return Reply(404, body=b"no route")

    def failed(self, head: RequestHead, client: Client, failure: Failure, route: str) -> Reply:
        """As `Front`."""
        return Reply(failure.status, ((b"Content-Type", b"text/plain"),), failure.cause.encode(), failure.cause)

    def rejected(self, status: int, sentence: str) -> Reply:
        """As `Front`."""
        return Reply(status, ((b"Content-Type", b"text/plain"),), sentence.encode(), sentence)


def _headers(head: ResponseHead) -> list[tuple[bytes, bytes]]:
    return head.headers


async def _main(routes: Mapping[str, str]) -> None:
    async with ProxyServer(Straight(routes), port=0) as server:
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    run(_main(dict(each.split("=", 1) for each in sys.argv[1:])))
