"""How long a policy takes to decide, as calls of functions, beside Starlette's CORSMiddleware in the same run.

The middleware's own work (reading the scope, wrapping `send`) is not in these figures; that of Starlette is what it
does for the same: an in-process ASGI call with the middleware, less the same call without. Ratios are what to trust.
Fresh bytes for every call, so that no hash is warm: a server reads each request's headers anew.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any

from starlette.middleware.cors import CORSMiddleware

from crossorigin.policy import Policy, RequestFacts, decide

__all__ = ["main"]

APP = b"https://app.example.com"
METHODS = ["DELETE", "GET", "POST", "PUT"]
HEADERS = ["accept", "authorization", "content-type", "x-requested-with"]
NAMES = b"authorization,content-type,x-requested-with"
Message = MutableMapping[str, Any]
Call = Callable[[], object]


def _fresh(value: bytes) -> bytes:
    return bytes(bytearray(value))


def _best(make: Callable[[], Callable[[], object]], *, batch: int = 200, rounds: int = 41) -> float:
    """Nanoseconds of one call, the best of many rounds; what `make` returns is made outside of the clock."""
    best = float("inf")
    for _ in range(rounds):
        calls = [make() for _ in range(batch)]
        start = time.process_time_ns()
        for call in calls:
            call()
        best = min(best, (time.process_time_ns() - start) / batch)
    return best


async def _app(_scope: Message, _receive: object, send: Callable[[Message], Awaitable[None]]) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"ok"})


async def _receive() -> Message:
    return {"type": "http.request"}


async def _send(_message: Message) -> None:
    return None


def _request(app: Any, method: str, fields: Sequence[tuple[bytes, bytes]]) -> Call:
    common = [(b"host", b"api.example.com"), *((b"x-other-%d" % number, b"value") for number in range(11))]
    headers = [(_fresh(name), _fresh(value)) for name, value in [*common[:6], *fields, *common[6:]]]
    scope = {"type": "http", "method": method, "path": "/", "headers": headers}

    def call() -> None:
        try:
            app(scope, _receive, _send).send(None)
        except StopIteration:
            return

    return call


def _starlette(origins: list[str], method: str, fields: Sequence[tuple[bytes, bytes]], regex: str | None) -> float:
    app = CORSMiddleware(
        _app,
        allow_origins=origins,
        allow_methods=METHODS,
        allow_headers=HEADERS,
        max_age=600,
        allow_origin_regex=regex,
    )
    bare = _best(lambda: _request(_app, method, fields))
    return _best(lambda: _request(app, method, fields)) - bare


def _actual(policy: Policy, origin: bytes) -> float:
    actual = policy.compiled.actual

    def make() -> Call:
        sent = _fresh(origin)
        return lambda: actual(sent)

    return _best(make)


def _preflight(policy: Policy, origin: bytes, method: bytes, lines: list[bytes]) -> float:
    preflight = policy.compiled.preflight

    def make() -> Call:
        sent = _fresh(origin), _fresh(method), [_fresh(line) for line in lines]
        return lambda: preflight(*sent)

    return _best(make)


def _decide(policy: Policy, origin: bytes) -> float:
    def make() -> Call:
        facts = RequestFacts(method=b"GET", origin=_fresh(origin))
        return lambda: decide(policy, facts)

    return _best(make)


def _policy(origins: list[str]) -> Policy:
    return Policy(allow_origins=origins, allow_methods=METHODS, allow_headers=HEADERS, max_age=600)


def main() -> None:
    """Print the figures."""
    empty = _best(lambda: lambda: None)
    many = [f"https://app{number}.example.com" for number in range(10_000)]
    suffixes = [f"{number:x}x.example.org" for number in range(1000)]
    patterns = [f"https://*.{suffix}" for suffix in suffixes]
    regex = "|".join(rf"https://[a-z0-9-]+\.{suffix.replace('.', chr(92) + '.')}" for suffix in suffixes)
    started = time.process_time_ns()
    one, ten_thousand = _policy([APP.decode()]), _policy([*many, APP.decode()])
    built = (time.process_time_ns() - started) / 1e6
    thousand = _policy(patterns)
    pattern, evil = b"https://shop.3e7x.example.org", b"https://evil.example.net"
    origin = [(b"origin", APP)]
    asked = [*origin, (b"access-control-request-method", b"PUT"), (b"access-control-request-headers", NAMES)]
    rows = [
        ("exact, of 1", _actual(one, APP), _starlette([APP.decode()], "GET", origin, None)),
        (
            "exact, of 10 000",
            _actual(ten_thousand, many[7000].encode()),
            _starlette(many, "GET", [(b"origin", many[7000].encode())], None),
        ),
        ("pattern, of 1000", _actual(thousand, pattern), _starlette([], "GET", [(b"origin", pattern)], regex)),
        ("denied, of 1", _actual(one, evil), _starlette([APP.decode()], "GET", [(b"origin", evil)], None)),
        ("denied, of 10 000", _actual(ten_thousand, evil), _starlette(many, "GET", [(b"origin", evil)], None)),
        ("denied, of 1000 patterns", _actual(thousand, evil), _starlette([], "GET", [(b"origin", evil)], regex)),
        (
            "preflight, 3 names",
            _preflight(one, APP, b"PUT", [NAMES]),
            _starlette([APP.decode()], "OPTIONS", asked, None),
        ),
        ("preflight denied: origin", _preflight(one, evil, b"PUT", [NAMES]), None),
        ("preflight denied: method", _preflight(one, APP, b"PURGE", [NAMES]), None),
        ("preflight denied: header", _preflight(one, APP, b"PUT", [b"authorization,x-evil"]), None),
        (
            "64 KiB of names",
            _preflight(one, APP, b"PUT", [b",".join(b"x%d" % n for n in range(11_000))[:65_536]]),
            None,
        ),
        ("64 KiB of one allowed name", _preflight(one, APP, b"PUT", [(b"accept," * 9363)[:65_536]]), None),
        ("64 KiB of blanks", _preflight(one, APP, b"PUT", [b"accept" + b" " * 65_000 + b",accept"]), None),
        ("64 KiB of commas", _preflight(one, APP, b"PUT", [b"," * 65_536]), None),
        ("1024 empty lines", _preflight(one, APP, b"PUT", [b""] * 1024), None),
        ("64 KiB of method", _preflight(one, APP, b"P" * 65_536, [NAMES]), None),
        ("64 KiB of origin", _preflight(one, b"https://" + b"a" * 65_528, b"PUT", [NAMES]), None),
        ("64 KiB of origin, 1000 patterns", _actual(thousand, b"https://" + b"a." * 32_764), None),
        ("decide(), the readable one", _decide(one, APP), None),
    ]
    print(f"{'':34}{'policy':>9}{'starlette':>12}{'ratio':>8}   (ns; an empty call of {empty:.0f} ns taken off)")
    for name, ours, theirs in rows:
        net = ours - empty
        beside = "" if theirs is None else f"{theirs:12.0f}{net / theirs:8.3f}"
        print(f"{name:34}{net:9.0f}{beside}")
    print(f"a policy of 10 001 exact origins is built in {built:.1f} ms")


if __name__ == "__main__":
    main()
