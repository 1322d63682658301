"""The origins from which an attacker would try: what a check that is a little wrong takes for one of its own.

Each way of checking wrongly has its kind. A comparison of the end lets `https://notexample.com` in, one of the
beginning `https://example.com.evil.example`, a pattern with an unescaped dot `https://appxexample.com`, and so on. None
of them proves anything alone: what is proved is that a page of that origin reads the response.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from crossorigin.web.origins import DEFAULT_PORTS, TupleOrigin
from crossorigin.web.sites import public_suffix, registrable_domain
from crossorigin.web.url import parse_url

__all__ = ["DANGERS", "Attack", "attack_origins"]

DANGERS: Final[dict[str, str]] = {
    "any": "it answers any origin with leave: every web site reads this",
    "null": "null is trusted: every web site can make a sandboxed frame, whose origin is null",
    "suffix": "only the end of the name is compared: anybody can register a name that ends so",
    "prefix": "only the beginning of the name is compared: anybody can have a name that begins so",
    "dot": "a dot stands for any letter: anybody can register the name with another one in its place",
    "inside": "the name is looked for anywhere in the origin: anybody can have a name that contains it",
    "special": "a character after the name passes for its end: browsers send such origins",
    "http": "the scheme is not compared: whoever is in the network on the way can put a page there",
    "subdomain": "other subdomains are trusted: one that is taken over, or has a hole, reads this",
    "port": "the port is not compared: any other service on that host reads this",
    "neighbour": "a name beside it under the same public suffix is trusted: anybody can register one",
    "loopback": "localhost is trusted: whatever runs on the user's machine reads this",
    "loopback-prefix": "what begins with localhost is trusted: anybody can have a name that begins so",
}
"""Kind → why it is dangerous that such an origin is let in."""

_LABEL: Final = "crossorigin-test"
"""What a policy does not hold by chance."""
_OTHER_PORT: Final = 41337


@dataclass(frozen=True, slots=True)
class Attack:
    """An origin to try; `null` is tried from a sandboxed page."""

    origin: str
    kind: str

    @property
    def danger(self) -> str:
        """Why it is dangerous that this origin is let in."""
        return DANGERS[self.kind]


def attack_origins(attacker: str, trusted: Iterable[str] = ()) -> list[Attack]:
    """What a page of `attacker` could try against a server that trusts these origins; each origin once.

    Raises ValueError for what is no origin.
    """
    own = _tuple_origin(attacker)
    known = [_tuple_origin(origin) for origin in trusted]
    seen = {origin.serialize() for origin in known}
    found = []
    for kind, text in _candidates(own, known):
        origin = text if text == "null" else _emitted(text)
        if origin is not None and origin not in seen:
            seen.add(origin)
            found.append(Attack(origin, kind))
    return found


def _candidates(attacker: TupleOrigin, trusted: list[TupleOrigin]) -> Iterator[tuple[str, str]]:
    evil = str(attacker.host)
    yield "any", attacker.serialize()
    yield "any", f"https://{_LABEL}.{evil}"
    yield "null", "null"
    for origin in trusted:
        yield from _variants(origin, evil)
    for host in ("localhost", "127.0.0.1"):
        yield "loopback", f"http://{host}"
        yield "loopback", f"http://{host}:3000"
        yield "loopback-prefix", f"https://{host}.{evil}"


def _variants(origin: TupleOrigin, evil: str) -> Iterator[tuple[str, str]]:
    host = str(origin.host)
    port = "" if origin.port in {None, DEFAULT_PORTS.get(origin.scheme)} else f":{origin.port}"
    domain = registrable_domain(host)
    for name in dict.fromkeys([host, domain or host]):
        # Only a name that can be registered is anybody's; one below the same domain takes a hole in that.
        yield ("suffix" if name == domain else "subdomain"), f"https://not{name}{port}"
        yield "prefix", f"https://{name}.{evil}{port}"
        yield "special", f"https://{name}_.{evil}{port}"
        yield "inside", f"https://x-{name}-y.{evil}{port}"
        yield "subdomain", f"{origin.scheme}://{_LABEL}.{name}{port}"
    if domain is not None:
        yield "inside", f"https://{domain[1:]}{port}"
        if (suffix := public_suffix(host)) is not None:
            yield "neighbour", f"https://{_LABEL}.{suffix}{port}"
        for at, character in enumerate(host):
            if character == ".":
                other = f"{host[:at]}x{host[at + 1 :]}"
                yield ("subdomain" if registrable_domain(other) == domain else "dot"), f"https://{other}{port}"
    if origin.scheme == "https":
        yield "http", f"http://{host}{port}"
    yield "port", f"{origin.scheme}://{host}:{_OTHER_PORT}"


def _tuple_origin(text: str) -> TupleOrigin:
    url = parse_url(text)
    if url is None or not isinstance(url.origin, TupleOrigin) or url.origin.serialize() != text.removesuffix("/"):
        raise ValueError(f"{text!r} is not an origin: write scheme and host alone, such as 'https://evil.example'")
    return url.origin


def _emitted(text: str) -> str | None:
    """The origin of a page there, None where no browser can have one."""
    url = parse_url(text)
    return None if url is None or not isinstance(url.origin, TupleOrigin) else url.origin.serialize()
