"""Applications that answer as they are told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

__all__ = ["ALLOW", "API", "ORIGIN", "PAGE", "answering", "careless"]

API = "https://api.example.com"
ORIGIN = "https://app.example.com"
PAGE = f"{ORIGIN}/dashboard"
ALLOW = ("Access-Control-Allow-Origin", ORIGIN)


def answering(*headers: tuple[str, str], status: str = "200 OK") -> Any:
    """A WSGI application that always answers the same."""

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response(status, [("Content-Type", "text/plain"), *headers])
        return [b"hello"]

    return app


def careless(lets_in: Any, *, credentials: bool = True) -> Any:
    """A WSGI application that sends back every origin for which `lets_in` is true."""

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        origin = environ.get("HTTP_ORIGIN", "")
        headers = [("Access-Control-Allow-Origin", origin)] if lets_in(origin) else []
        if headers and credentials:
            headers.append(("Access-Control-Allow-Credentials", "true"))
        headers.append(("Access-Control-Allow-Methods", "PUT"))
        start_response("200 OK", headers)
        return [b"hello"]

    return app
