"""The environ that a WSGI application is called with: https://peps.python.org/pep-3333/#environ-variables"""

from __future__ import annotations

import io
import sys
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from crossorigin.browser.asgi_scope import CLIENT_ADDRESS, host_field
from crossorigin.fetch.wire import HTTPRequest
from crossorigin.web.origins import DEFAULT_PORTS

__all__ = ["wsgi_environ"]

_WITHOUT_HTTP: Final = {"CONTENT_TYPE", "CONTENT_LENGTH"}


def wsgi_environ(request: HTTPRequest, *, multithread: bool) -> dict[str, Any]:
    """The environ for `request`. Text is bytes, each as one character, as the specification has it."""
    url = request.url
    body = request.body or b""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method.decode("ascii"),
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(url.path).decode("latin-1"),
        "QUERY_STRING": url.query or "",
        "REQUEST_URI": url.path if url.query is None else f"{url.path}?{url.query}",
        "SERVER_NAME": (url.host or "").removeprefix("[").removesuffix("]"),
        "SERVER_PORT": str(DEFAULT_PORTS[url.scheme] if url.port is None else url.port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": CLIENT_ADDRESS[0],
        "HTTP_HOST": host_field(url),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": url.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": multithread,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        # The input ends where the body does, also where no length was told: it may be read to its end.
        "wsgi.input_terminated": True,
    }
    for name, value in request.headers:
        key = name.decode("ascii").upper().replace("-", "_")
        key = key if key in _WITHOUT_HTTP else f"HTTP_{key}"
        text = value.decode("latin-1")
        # Several fields of a name are one variable; cookies have a separator of their own.
        before = environ.get(key)
        environ[key] = text if before is None else f"{before}{'; ' if key == 'HTTP_COOKIE' else ','}{text}"
    return environ
