"""Heads for the tests of the CORS fronts, written as they come over the wire."""

from __future__ import annotations

from crossorigin.proxy.heads import Header, RequestHead, ResponseHead, read_request, read_response
from crossorigin.proxy.plan import Client, Forward, Plan, Reply

__all__ = ["ALLOWED", "CLIENT", "forwarded", "pairs", "replied", "request", "response"]

ALLOWED = "http://localhost:3000"
CLIENT = Client("127.0.0.1", 50000)


def request(line: str, *fields: str, host: str = "localhost:3001", origin: str | None = ALLOWED) -> RequestHead:
    """A request such as "GET /users", from an allowed page unless it says otherwise."""
    lines = [f"{line} HTTP/1.1", f"Host: {host}", *([f"Origin: {origin}"] if origin is not None else []), *fields]
    return read_request("\r\n".join([*lines, "", ""]).encode("latin-1"))


def response(status: int, *fields: str) -> ResponseHead:
    return read_response("\r\n".join([f"HTTP/1.1 {status} X", *fields, "", ""]).encode("latin-1"))


def forwarded(plan: Plan | None) -> Forward:
    assert isinstance(plan, Forward), plan
    return plan


def replied(plan: Plan | None, status: int) -> Reply:
    assert isinstance(plan, Reply), plan
    assert plan.status == status, plan
    return plan


def pairs(headers: list[Header] | tuple[Header, ...]) -> dict[str, str]:
    """Names in lower case; none may be there twice."""
    found = {name.decode().lower(): value.decode("latin-1") for name, value in headers}
    assert len(found) == len(headers), headers
    return found
