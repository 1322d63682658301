"""Where names lead in tests: `{"api.example.com:443": "127.0.0.1:8000"}` as the transports take it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from crossorigin.browser.options import Resolve

__all__ = ["leads_to", "parse_resolve"]

# host ":" port, an IPv6 address in brackets.
_PLACE: Final = re.compile(r"(\[[^\]]+\]|[^\[\]:/]+):([0-9]{1,5})")


def parse_resolve(resolve: Mapping[str, str]) -> tuple[Resolve, ...]:
    """The entries of a mapping from `host:port` to `address:port`.

    The connection to an https URL is over TLS there too, unless the value says that the server speaks plain HTTP:
    `"http://127.0.0.1:8000"`, which only a loopback address may. Raises ValueError that names the entry.
    """
    entries = []
    for place, target in resolve.items():
        plain = target.startswith("http://")
        source, goal = _PLACE.fullmatch(place), _PLACE.fullmatch(target.removeprefix("http://").rstrip("/"))
        if source is None or goal is None:
            raise ValueError(
                f"resolve: {place!r}: {target!r} is not a mapping from host:port to address:port: write it like "
                "{'api.example.com:443': '127.0.0.1:8000'}"
            )
        host, address = (match[1].removeprefix("[").removesuffix("]") for match in (source, goal))
        try:
            entries.append(Resolve(host, int(source[2]), address, to_port=int(goal[2]), plain=plain))
        except ValueError as error:
            raise ValueError(f"resolve: {place!r}: {target!r}: {error}") from None
    return tuple(entries)


def leads_to(entries: tuple[Resolve, ...], host: str, port: int) -> bool:
    """Whether one of the entries says where `host` (IPv6 in brackets or not) and `port` are."""
    return any(entry.applies_to(host.removeprefix("[").removesuffix("]"), port) for entry in entries)
