"""Heads for the fronts, written as they go over the wire."""

from __future__ import annotations

from crossorigin.proxy.heads import RequestHead, ResponseHead, read_request, read_response
from crossorigin.proxy.plan import Client
from crossorigin.proxy.route import Route
from crossorigin.proxy.target import parse_target

__all__ = ["CLIENT", "TLS_CLIENT", "asked", "responded", "route", "values"]

CLIENT = Client("127.0.0.1", 50000)
TLS_CLIENT = Client("127.0.0.1", 50000, "https")


def asked(target: str = "/", *lines: str, method: str = "GET", host: str | None = "localhost:3000") -> RequestHead:
    """The head of a request, with `lines` behind its Host."""
    first = [f"{method} {target} HTTP/1.1", *([] if host is None else [f"Host: {host}"]), *lines]
    if host is None:
        first[0] = first[0].replace("1.1", "1.0")
    return read_request("\r\n".join([*first, "", ""]).encode("latin-1"))


def responded(status: int, *lines: str) -> ResponseHead:
    """The head of a response."""
    return read_response("\r\n".join([f"HTTP/1.1 {status} Reason", *lines, "", ""]).encode("latin-1"))


def route(pattern: str, target: str = "http://localhost:8080", **settings: object) -> Route:
    """A route to a target that is written as a URL."""
    return Route(pattern, parse_target(target), **settings)  # type: ignore[arg-type]


def values(headers: list[tuple[bytes, bytes]], name: str) -> list[str]:
    """The values of all fields of a name, whatever its case."""
    return [value.decode("latin-1") for each, value in headers if each.lower() == name.lower().encode()]
