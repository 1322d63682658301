"""The header fields of one route: those that its target gets, and those that the browser gets back.

This runs twice per request. What depends on the route alone is made when the route is; most requests and responses have
nothing that is taken away, which one look at their names tells, and then nothing is gone through.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from crossorigin.proxy.cookies import rewrite_set_cookie
from crossorigin.proxy.forwarded import FORWARDED_NAMES, Forwarded
from crossorigin.proxy.heads import Header, RequestHead, ResponseHead
from crossorigin.proxy.location import LOCATION_STATUSES, Locations
from crossorigin.proxy.plan import Client
from crossorigin.proxy.route import Route

__all__ = ["Rewriting"]

_REDIRECTS: Final = frozenset({b"location", b"content-location", b"refresh"})
_COOKIES: Final = frozenset({b"set-cookie"})
_HOSTS: Final = frozenset({b"Host", b"host"})


class Rewriting:
    """What becomes of the header fields on a route. `locations` knows all targets of the proxy."""

    __slots__ = (
        "_added",
        "_dropped",
        "_forwarded",
        "_host",
        "_locations",
        "_origin",
        "_removed",
        "_unwanted",
        "_watched",
        "_written",
        "route",
    )

    def __init__(self, route: Route, forwarded: Forwarded, locations: Locations) -> None:
        self.route = route
        self._forwarded = forwarded
        self._locations = locations
        authority = route.target.authority.encode()
        self._host: Header | None = (b"Host", authority) if route.host_header == "target" else None
        self._origin = route.target.origin.encode() if route.origin_header == "target" else None
        self._added = list(route.set_request_headers)
        own = route.remove_request_headers | _names(self._added)
        self._dropped = own | forwarded.replaced | ({b"origin"} if self._origin else set())
        # A route's own word about X-Forwarded-For and the like stands against ours.
        self._unwanted = own & FORWARDED_NAMES
        self._written = list(route.set_response_headers)
        self._removed = route.remove_response_headers | _names(self._written)
        self._watched = (
            self._removed
            | (_REDIRECTS if route.rewrite_redirects else frozenset())
            | (_COOKIES if route.rewrite_cookies else frozenset())
        )

    def request(self, head: RequestHead, client: Client) -> list[Header]:
        """The end-to-end fields that the target gets, `Host` among them. A new list."""
        made = head.headers
        if self._dropped.isdisjoint(head.fields):
            made = made.copy()
        else:
            dropped = self._dropped
            made = [header for header in made if header[0].lower() not in dropped]
            if self._origin is not None and b"origin" in head.fields:
                made.append((b"Origin", self._origin))
        if self._host is not None:
            _set_host(made, self._host)
        elif b"host" not in head.fields:
            made.insert(0, (b"Host", self.route.target.authority.encode()))
        if self._unwanted:
            made += (each for each in self._forwarded.headers(head, client) if each[0].lower() not in self._unwanted)
        else:
            made += self._forwarded.headers(head, client)
        if self._added:
            made += self._added
        return made

    def response(self, head: ResponseHead, target: bytes, scheme: str) -> list[Header]:
        """The end-to-end fields that the browser gets.

        `target` is the path and query that it asked for, `scheme` the one by which it calls us.
        """
        headers = head.headers
        if not self._watched.isdisjoint(head.fields):
            headers = self._rewritten(head, target, is_secure=scheme == "https")
        return headers + self._written if self._written else headers

    def _rewritten(self, head: ResponseHead, target: bytes, *, is_secure: bool) -> list[Header]:
        watched = self._watched
        made: list[Header] = []
        for header in head.headers:
            lower = header[0].lower()
            if lower not in watched:
                made.append(header)
            elif lower not in self._removed:
                made.append((header[0], self._value(lower, header[1], head.status, target, is_secure=is_secure)))
        return made

    def _value(self, name: bytes, value: bytes, status: int, target: bytes, *, is_secure: bool) -> bytes:
        if name == b"set-cookie":
            prefixes = self.route.prefixes(target.partition(b"?")[0])
            return rewrite_set_cookie(value, prefixes, is_secure=is_secure)
        if name == b"refresh":
            return self._locations.refresh(value, self.route, target)
        if name == b"location" and status not in LOCATION_STATUSES:
            return value
        return self._locations.restore(value, self.route, target)


def _names(headers: Iterable[Header]) -> frozenset[bytes]:
    return frozenset(name.lower() for name, _ in headers)


def _set_host(headers: list[Header], host: Header) -> None:
    """Puts the Host in its place. Every client sends it first, and HTTP/1.0 may send none."""
    if headers and headers[0][0] in _HOSTS:
        headers[0] = host
        return
    for index, (name, _) in enumerate(headers):
        if name.lower() == b"host":
            headers[index] = host
            return
    headers.insert(0, host)
