"""The engine on a real network: transports, and the loops that drive a fetch with them.

    with SyncTransport() as transport:
        result = run(fetch(request, UserAgent()), transport)

The names are imported when they are first used: an HTTP client is slow to import, and asyncio more so.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crossorigin.browser.async_transport import AsyncTransport
    from crossorigin.browser.drive import AsyncSender, Sender, run, run_async
    from crossorigin.browser.options import Resolve, TransportOptions
    from crossorigin.browser.transport import SyncTransport

__all__ = [
    "AsyncSender",
    "AsyncTransport",
    "Resolve",
    "Sender",
    "SyncTransport",
    "TransportOptions",
    "run",
    "run_async",
]

_HOMES = {
    "AsyncSender": "drive",
    "AsyncTransport": "async_transport",
    "Resolve": "options",
    "Sender": "drive",
    "SyncTransport": "transport",
    "TransportOptions": "options",
    "run": "drive",
    "run_async": "drive",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
