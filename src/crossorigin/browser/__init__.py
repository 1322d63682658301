"""A browser in Python: pages that fetch under CORS from applications in this process, or over a real network.

    with Browser(apps={"https://api.example.com": app}) as browser:
        page = browser.page("https://app.example.com/dashboard")
        response = page.fetch("https://api.example.com/users/42")   # raises CORSError where a browser blocks

Below it the engine's own doors: transports, and the loops that drive a fetch with them.

    with SyncTransport() as transport:
        result = run(fetch(request, UserAgent()), transport)

The names are imported when they are first used: an HTTP client is slow to import, and asyncio more so.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crossorigin.browser.application_errors import (
        ApplicationError,
        InvalidResponseError,
        LifespanError,
        NotMountedError,
    )
    from crossorigin.browser.async_browser import AsyncBrowser, AsyncPage
    from crossorigin.browser.async_transport import AsyncTransport
    from crossorigin.browser.clock import Clock
    from crossorigin.browser.codings import BodyError
    from crossorigin.browser.cookie import Cookie
    from crossorigin.browser.cookies import Cookies, RefusedCookieError
    from crossorigin.browser.drive import AsyncSender, Sender, run, run_async
    from crossorigin.browser.errors import CORSError, FetchError, MixedContentError, NoResponseError
    from crossorigin.browser.form_data import File
    from crossorigin.browser.options import Resolve, TransportOptions
    from crossorigin.browser.response import Response
    from crossorigin.browser.script_headers import Headers
    from crossorigin.browser.sync_browser import Browser, Page
    from crossorigin.browser.transport import SyncTransport
    from crossorigin.browser.websocket import Handshake

__all__ = [
    "ApplicationError",
    "AsyncBrowser",
    "AsyncPage",
    "AsyncSender",
    "AsyncTransport",
    "BodyError",
    "Browser",
    "CORSError",
    "Clock",
    "Cookie",
    "Cookies",
    "FetchError",
    "File",
    "Handshake",
    "Headers",
    "InvalidResponseError",
    "LifespanError",
    "MixedContentError",
    "NoResponseError",
    "NotMountedError",
    "Page",
    "RefusedCookieError",
    "Resolve",
    "Response",
    "Sender",
    "SyncTransport",
    "TransportOptions",
    "run",
    "run_async",
]

_HOMES = {
    "ApplicationError": "application_errors",
    "AsyncBrowser": "async_browser",
    "AsyncPage": "async_browser",
    "AsyncSender": "drive",
    "AsyncTransport": "async_transport",
    "BodyError": "codings",
    "Browser": "sync_browser",
    "CORSError": "errors",
    "Clock": "clock",
    "Cookie": "cookie",
    "Cookies": "cookies",
    "FetchError": "errors",
    "File": "form_data",
    "Handshake": "websocket",
    "Headers": "script_headers",
    "InvalidResponseError": "application_errors",
    "LifespanError": "application_errors",
    "MixedContentError": "errors",
    "NoResponseError": "errors",
    "NotMountedError": "application_errors",
    "Page": "sync_browser",
    "RefusedCookieError": "cookies",
    "Resolve": "options",
    "Response": "response",
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
