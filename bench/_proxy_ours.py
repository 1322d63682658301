"""Our proxy as a process: python -m bench._proxy_ours development|cors asyncio|uvloop PORT TARGET

The development front has a route beside the one that is asked, and the application behind both: routing, the check of
Host, and X-Forwarded-*. The CORS front has a policy with an exact origin.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Final

from crossorigin.policy import Policy
from crossorigin.proxy.cors import CorsFront
from crossorigin.proxy.development import DevelopmentFront
from crossorigin.proxy.plan import Front
from crossorigin.proxy.route import Route
from crossorigin.proxy.server import ProxyServer
from crossorigin.proxy.target import parse_target

__all__ = ["ORIGIN", "front", "main"]

ORIGIN: Final = "http://localhost:5173"
"""The page that is allowed to ask through the CORS front."""


def front(kind: str, target: str) -> Front:
    """The front of a kind, before a target's URL."""
    behind = parse_target(target)
    if kind == "cors":
        policy = Policy(
            allow_origins=[ORIGIN],
            allow_methods=["GET", "POST", "PUT", "DELETE"],
            allow_headers=["authorization", "content-type"],
            expose_headers=["x-request-id"],
        )
        return CorsFront({"": behind}, policy)
    return DevelopmentFront([Route("/api", behind), Route("/api/socket", behind)], Route("/", behind))


async def _serve(kind: str, port: int, target: str) -> None:
    async with ProxyServer(front(kind, target), host="127.0.0.1", port=port):
        await asyncio.Event().wait()


def main() -> None:
    """Serve until it is ended."""
    kind, loop, port, target = sys.argv[1:]
    if loop == "uvloop":
        import uvloop  # noqa: PLC0415 - it may be missing

        uvloop.run(_serve(kind, int(port), target))
    else:
        asyncio.run(_serve(kind, int(port), target))


if __name__ == "__main__":
    main()
