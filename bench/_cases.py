"""The policies and requests of `bench_frameworks.py`, and whether an answer is what the policy says."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from typing import NamedTuple

__all__ = ["BARE", "CASES", "HEADERS", "HOSTILE", "METHODS", "OURS", "PEER", "Case", "fields", "grants", "patterns"]

Origin = Callable[[], str] | str | None

BARE, OURS, PEER = "bare", "crossorigin", "peer"
APP = "https://app.example.com"
EVIL = "https://evil.example"
METHODS = ["GET", "POST", "PUT", "DELETE"]
HEADERS = ["authorization", "content-type", "x-requested-with", "accept"]
ASKED = "authorization,content-type,x-requested-with"
CHROME = {
    "host": "api.example.com",
    "connection": "keep-alive",
    "sec-ch-ua-platform": '"Linux"',
    "user-agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0",
    "sec-ch-ua": '"Chromium";v="140", "Not=A?Brand";v="24", "Google Chrome";v="140"',
    "sec-ch-ua-mobile": "?0",
    "accept": "*/*",
    "sec-fetch-site": "same-site",
    "sec-fetch-mode": "cors",
    "sec-fetch-dest": "empty",
    "referer": "https://app.example.com/",
    "accept-encoding": "gzip, deflate, br, zstd",
    "accept-language": "en-GB,en;q=0.9",
}
EXACT = [f"https://{number:05d}.tenants.example" for number in range(10_000)]
SUFFIXES = [f"{chr(97 + number % 26)}{number}.example" for number in range(1000)]


class Case(NamedTuple):
    """A policy (origins, and domains of which all subdomains are allowed), what is asked, and the answer."""

    name: str
    exact: list[str]
    suffixes: list[str]
    origin: Origin
    granted: bool
    method: str | None = None
    names: str = ASKED
    target: float = 0.2

    @property
    def number(self) -> str:
        """By which a framework says that its peer has none."""
        return self.name.split()[0]

    @property
    def is_large(self) -> bool:
        """Whether a peer may take its time."""
        return len(self.exact) > 1 or len(self.suffixes) > 1


ONE = [APP]
CASES = [
    Case("1   no Origin", ONE, [], None, granted=False),
    Case("2   exact, 1", ONE, [], APP, granted=True),
    Case("3   exact, of 10 000", EXACT, [], lambda: random.choice(EXACT), granted=True),
    Case("4a  pattern, 1", [], SUFFIXES[:1], f"https://a.{SUFFIXES[0]}", granted=True),
    Case("4b  pattern, of 1 000", [], SUFFIXES, lambda: f"https://a.{random.choice(SUFFIXES)}", granted=True),
    Case("5a  denied", ONE, [], EVIL, granted=False),
    Case("6   preflight", ONE, [], APP, granted=True, method="PUT"),
    Case("7a  preflight, bad origin", ONE, [], EVIL, granted=False, method="PUT"),
    Case("7c  preflight, bad header", ONE, [], APP, granted=False, method="PUT", names="authorization,x-evil"),
]
NAMES = ",".join(f"x-{number}" for number in range(10_000))
LONG = "https://" + "a." * 32768
HOSTILE = [
    Case("8a  10 000 names", ONE, [], APP, granted=False, method="PUT", names=NAMES, target=1.5),
    Case("8d  64 KiB of commas", ONE, [], APP, granted=False, method="PUT", names="," * 65536, target=1.5),
    Case("8g  Origin of 64 KiB", [], SUFFIXES, LONG, granted=False, method="PUT", target=1.5),
]


def patterns(case: Case) -> list[str]:
    """The origins of a policy of ours."""
    return [*case.exact, *(f"https://*.{each}" for each in case.suffixes)]


def fields(case: Case) -> dict[str, str]:
    """The headers of a new request, in new objects, as a server has them: nobody has hashed one yet."""
    sent = dict(CHROME)
    origin = case.origin() if callable(case.origin) else case.origin
    if origin is not None:
        sent["origin"] = origin
    if case.method is not None:
        sent["access-control-request-method"] = case.method
        sent["access-control-request-headers"] = case.names
    return {name: value.encode("latin-1").decode("latin-1") for name, value in sent.items()}


def grants(case: Case, answer: Iterable[tuple[str, str]]) -> bool:
    """What a browser makes of the headers of an answer."""
    got = {name.lower(): {item.strip().lower() for item in value.split(",")} for name, value in answer}
    if case.method is None:
        return "access-control-allow-origin" in got
    asked = {name for name in case.names.split(",") if name}
    return (
        "access-control-allow-origin" in got
        and case.method.lower() in got.get("access-control-allow-methods", ())
        and asked <= got.get("access-control-allow-headers", set())
    )
