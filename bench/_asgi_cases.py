"""The cases that `bench_asgi.py` times and `bench_instructions.py` counts: applications, policies and requests.

Each request is made anew, of fresh bytes, as a server has them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, MutableMapping
from typing import Any, NamedTuple

from starlette.middleware.cors import CORSMiddleware as StarletteMiddleware

from crossorigin.middleware.asgi import CORSMiddleware

__all__ = [
    "CASES",
    "HEADERS",
    "HOSTILE",
    "METHODS",
    "SUFFIXES",
    "App",
    "Case",
    "bare",
    "get",
    "ours",
    "serve",
    "starlettes",
]

App = Callable[[Any, Any, Any], Any]
Field = tuple[bytes, bytes]

ORIGIN = b"https://app.example.com"
METHODS = ["GET", "POST", "PUT", "DELETE"]
HEADERS = ["authorization", "content-type", "x-requested-with", "accept"]
ASKED = b"authorization,content-type,x-requested-with"
LENGTH = 65536
SHARED: dict[str, Any] = {"allow_methods": METHODS, "allow_headers": HEADERS, "max_age": 600}
CHROME: list[Field] = [
    (b"host", b"api.example.com"),
    (b"connection", b"keep-alive"),
    (b"sec-ch-ua-platform", b'"Linux"'),
    (
        b"user-agent",
        b"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36",
    ),
    (b"sec-ch-ua", b'"Chromium";v="140", "Not=A?Brand";v="24", "Google Chrome";v="140"'),
    (b"sec-ch-ua-mobile", b"?0"),
    (b"accept", b"*/*"),
    (b"origin", ORIGIN),
    (b"sec-fetch-site", b"same-site"),
    (b"sec-fetch-mode", b"cors"),
    (b"sec-fetch-dest", b"empty"),
    (b"referer", b"https://app.example.com/"),
    (b"accept-encoding", b"gzip, deflate, br, zstd"),
    (b"accept-language", b"en-GB,en;q=0.9"),
]
EXACT = [f"https://{number:05d}.tenants.example" for number in range(10_000)]
SUFFIXES = [f"{chr(97 + number % 26)}{number}.example" for number in range(1000)]

BELOW = [f"https://a.{suffix}" for suffix in SUFFIXES]


class Case(NamedTuple):
    """A policy (origins and domains of which all subdomains are allowed) and a way to make a request."""

    name: str
    exact: list[str]
    suffixes: list[str]
    request: Callable[[], dict[str, Any]]
    target: float | None = None
    """Added, as a ratio to what Starlette adds; for the hostile ones the whole request, as a ratio to case 6."""


def fresh(value: bytes) -> bytes:
    """The same bytes in a new object, as a server has them: nobody has hashed it yet."""
    return bytes(bytearray(value))


def scope(method: str, fields: list[Field]) -> dict[str, Any]:
    headers = [(fresh(name), fresh(value)) for name, value in fields]
    return {
        "type": "http", "method": method, "path": "/", "scheme": "https", "headers": headers, "query_string": b"",
    }  # fmt: skip


def get(origin: Callable[[], bytes] | bytes | None) -> Callable[[], dict[str, Any]]:
    def make() -> dict[str, Any]:
        value = origin() if callable(origin) else origin
        fields = [(name, old if name != b"origin" else value) for name, old in CHROME]
        return scope("GET", [(name, value) for name, value in fields if value is not None])

    return make


def preflight(*lines: bytes, method: bytes = b"PUT", origin: bytes = ORIGIN) -> Callable[[], dict[str, Any]]:
    fields = [(name, value if name != b"origin" else origin) for name, value in CHROME]
    fields[7:7] = [(b"access-control-request-method", method)]
    fields += [(b"access-control-request-headers", line) for line in lines]
    return lambda: scope("OPTIONS", fields)


def one_of(origins: list[str]) -> Callable[[], bytes]:
    return lambda: random.choice(origins).encode()


ONE = [ORIGIN.decode()]
CASES = [
    Case("1   no Origin", ONE, [], get(None), 0.20),
    Case("2   exact, 1", ONE, [], get(ORIGIN), 0.20),
    Case("3   exact, of 10 000", EXACT, [], get(one_of(EXACT)), 0.06),
    Case("4b  pattern, of 1 000", [], SUFFIXES, get(one_of(BELOW)), 0.08),
    Case("5a  denied", ONE, [], get(b"https://evil.example"), 0.24),
    Case("6   preflight", ONE, [], preflight(ASKED), 0.20),
    Case("7a  preflight, bad origin", ONE, [], preflight(ASKED, origin=b"https://evil.example"), 0.20),
    Case("7b  preflight, bad method", ONE, [], preflight(ASKED, method=b"PURGE"), 0.20),
    Case("7c  preflight, bad header", ONE, [], preflight(b"authorization,x-evil"), 0.26),
]
HOSTILE = [
    Case("8a  10 000 names", ONE, [], preflight(b",".join(b"x-%d" % number for number in range(10_000))), 1.5),
    Case("8b  one name, 64 KiB of it", ONE, [], preflight((b"accept," * LENGTH)[:LENGTH]), 1.5),
    Case("8c  64 KiB of blanks", ONE, [], preflight(b"accept," + b" " * LENGTH + b"authorization"), 1.5),
    Case("8d  64 KiB of commas", ONE, [], preflight(b"," * LENGTH), 1.5),
    Case("8e  1024 empty lines", ONE, [], preflight(*[b""] * 1024), 3.5),
    Case("8f  Origin of 64 KiB", ONE, [], preflight(ASKED, origin=b"https://" + b"a" * LENGTH), 1.5),
    Case(
        "8g  the same, 1 000 patterns", [], SUFFIXES, preflight(ASKED, origin=b"https://" + b"a." * (LENGTH // 2)), 1.5
    ),
]


async def bare(_scope: Any, _receive: Any, send: Any) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"{}"})


def ours(case: Case) -> App:
    return CORSMiddleware(bare, allow_origins=[*case.exact, *(f"https://*.{each}" for each in case.suffixes)], **SHARED)


def starlettes(case: Case) -> App:
    # One alternative for each pattern; that none shares a beginning with the next is how such a list comes about.
    regex = "|".join(f"https://.*[.]{each.replace('.', '[.]')}" for each in case.suffixes) or None
    return StarletteMiddleware(bare, allow_origins=case.exact, allow_origin_regex=regex, **SHARED)


async def receive() -> dict[str, Any]:
    return {"type": "http.request", "body": b""}


async def send(message: MutableMapping[str, Any]) -> None:
    pass


def serve(app: App, requests: list[dict[str, Any]]) -> None:
    """Send each of them to the application; nothing in here ever waits, so no event loop runs."""
    for request in requests:
        try:
            app(request, receive, send).send(None)
        except StopIteration:
            continue
        raise RuntimeError("this application waits for something")
