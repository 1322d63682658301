"""The connection scope that an ASGI application is called with.

https://asgi.readthedocs.io/en/latest/specs/www.html
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import unquote

from crossorigin.fetch.wire import HTTPRequest
from crossorigin.web.origins import DEFAULT_PORTS
from crossorigin.web.url import URL

__all__ = ["CLIENT_ADDRESS", "asgi_scope", "host_field"]

CLIENT_ADDRESS: Final = ("127.0.0.1", 50000)
"""Where every page is, as applications see it."""

_ASGI: Final = {"version": "3.0", "spec_version": "2.4"}


def host_field(url: URL) -> str:
    """The value of the Host header."""
    return f"{url.host}" if url.port is None else f"{url.host}:{url.port}"


def asgi_scope(request: HTTPRequest, state: dict[str, Any], *, websocket: bool = False) -> dict[str, Any]:
    """The scope for `request`; `state` is the one of the lifespan, of which every request gets a shallow copy."""
    url = request.url
    host = url.host or ""
    scope = {
        "type": "http",
        "asgi": _ASGI.copy(),
        "http_version": "1.1",
        "method": request.method.decode("ascii"),
        "scheme": url.scheme,
        "path": unquote(url.path) if "%" in url.path else url.path,
        "raw_path": url.path.encode("ascii"),
        "query_string": b"" if url.query is None else url.query.encode("ascii"),
        "root_path": "",
        "headers": [
            (b"host", host_field(url).encode("ascii")),
            *[(name.lower(), value) for name, value in request.headers],
        ],
        "client": CLIENT_ADDRESS,
        "server": (
            host.removeprefix("[").removesuffix("]"),
            DEFAULT_PORTS[url.scheme] if url.port is None else url.port,
        ),
        "extensions": {},
        "state": state.copy(),
    }  # fmt: skip
    if websocket:
        del scope["method"]
        asked = request.headers.get_decode_split(b"Sec-WebSocket-Protocol") or []
        scope |= {
            "type": "websocket",
            "scheme": "wss" if url.scheme == "https" else "ws",
            "subprotocols": asked,
            "extensions": {"websocket.http.response": {}},
        }
    return scope
