"""A directory of built files as the application, with the fallback that single-page applications need.

A path that a page's own router knows, such as /orders/7, has no file; a navigation to it gets index.html. A script or a
picture that is missing is missing: index.html in its place would be a syntax error in the console, or nothing at all.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from mimetypes import MimeTypes
from pathlib import Path
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from crossorigin.proxy.answers import Page, serve_page
from crossorigin.proxy.plan import Application

__all__ = ["DirectoryError", "files"]

_INDEX: Final = "index.html"
# The system's own table is not read, so that the answer is the same on every machine.
_TYPES: Final = frozenset(MimeTypes().types_map[True]) - {".html", ".htm"}
_ASSETS: Final = _TYPES | {".avif", ".map", ".mjs", ".otf", ".ts", ".tsx", ".ttf", ".wasm", ".webp", ".woff", ".woff2"}
"""Endings of files that are no pages. /users/john.doe has none of them."""
_NOT_FOUND: Final = 404
_METHODS: Final = {"Allow": "GET, HEAD"}


class DirectoryError(ValueError):
    """A directory that cannot be served. One sentence that names it."""


def files(directory: str | Path) -> Application:
    """An ASGI application that serves the files of a directory; raises DirectoryError.

    Files whose path has a part that begins with a dot are not served, `.well-known` excepted, and symbolic links are
    not followed out of the directory. Browsers have to ask anew each time (`Cache-Control: no-cache`, with an ETag).
    """
    root = Path(directory)
    if not root.is_dir():
        raise DirectoryError(f"{str(root)!r} is no directory: build the application first, or name its URL")
    if not (root / _INDEX).is_file():
        raise DirectoryError(f"{str(root)!r} has no {_INDEX}: name the directory that the build wrote")
    static = StaticFiles(directory=root, html=True)

    async def application(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await static(scope, receive, send)
            return
        response = await _response(static, scope)
        response.headers["Cache-Control"] = "no-cache"
        await response(scope, receive, send)

    return application


async def _response(static: StaticFiles, scope: MutableMapping[str, Any]) -> Response:
    path = str(scope["path"])
    if scope["method"] not in {"GET", "HEAD"}:
        return _missing(scope, 405, f"Files are read, and {scope['method']} does not read.", _METHODS)
    if _is_hidden(path):
        return _missing(scope, 404, "There is no such file.")
    response = await _found(static, static.get_path(scope), scope)
    if response is None and _is_navigation(path, scope):
        response = await _found(static, _INDEX, scope)
    return response or _missing(scope, 404, f"There is no file {path[:200]} in the directory that is served.")


async def _found(static: StaticFiles, path: str, scope: MutableMapping[str, Any]) -> Response | None:
    try:
        response = await static.get_response(path, scope)
    except (HTTPException, OSError):
        # What cannot be read, and what has a name that no file can have, is not there.
        return None
    # A page 404.html would stand before the fallback; whoever has both has a single-page application.
    return None if response.status_code == _NOT_FOUND else response


def _is_hidden(path: str) -> bool:
    parts = path.replace("\\", "/").split("/")
    return any(part.startswith(".") and part != ".well-known" for part in parts)


def _is_navigation(path: str, scope: MutableMapping[str, Any]) -> bool:
    """Whether a page was asked for, and not a part of one."""
    suffix = Path(path).suffix.lower()
    accept = b",".join(value for name, value in scope["headers"] if name.lower() == b"accept")
    return suffix not in _ASSETS and b"text/html" in accept.lower()


def _missing(
    scope: MutableMapping[str, Any], status: int, sentence: str, headers: dict[str, str] | None = None
) -> Response:
    page = serve_page(Page(status, sentence), list(scope["headers"]))
    response = Response(page.body, status, headers)
    for name, value in page.headers:
        response.headers[name.decode()] = value.decode()
    return response
