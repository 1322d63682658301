"""Where a target sends the browser, as the browser has to be sent: the reverse of a route.

A redirect to the target's own origin would lead the browser out of the proxy and into the cross-origin call that the
proxy is there to avoid; other proxies forget 303 and 201 and never put the prefix back (http-party/node-http-proxy#914,
#318, chimurai/http-proxy-middleware#138). What names the proxy itself is left alone, as nginx leaves it: a backend
that knows the front end's address ("http://localhost:3000/welcome" after a login) means just that page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import urljoin

from crossorigin.proxy.route import Prefixes, Route

__all__ = ["LOCATION_STATUSES", "Locations"]

LOCATION_STATUSES: Final = frozenset({201, 202, 301, 302, 303, 307, 308})
"""The statuses whose `Location` is one: https://www.rfc-editor.org/rfc/rfc9110.html#section-10.2.2

202 is not among the RFC's, and is what services with long jobs answer, with the place to ask again.
"""

_LOOPBACK: Final = frozenset({b"localhost", b"127.0.0.1", b"[::1]", b"0.0.0.0", b"[::]"})
_DEFAULT_PORTS: Final = {b"http": b"80", b"https": b"443"}
# HTML, "shared declarative refresh steps": a time, then ; or , or a blank, then perhaps "url=" and a quote.
# https://html.spec.whatwg.org/multipage/document-lifecycle.html#shared-declarative-refresh-steps
_REFRESH: Final = re.compile(rb"(\s*[0-9.]+\s*[;,\s]\s*(?:url\s*=\s*)?['\"]?)([^'\"]*)(.*)", re.IGNORECASE | re.DOTALL)
_AFTER_AUTHORITY: Final = re.compile(rb"[/?#\\]")
_SCHEME: Final = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*:")


class Locations:
    """Knows all targets of a proxy, the application's among them, and maps their URLs to ours."""

    __slots__ = ("_by_authority",)

    def __init__(self, routes: Iterable[Route]) -> None:
        self._by_authority: dict[bytes, list[Route]] = {}
        for route in routes:
            authority = _authority(route.target.scheme.encode(), route.target.authority.encode())
            self._by_authority.setdefault(authority, []).append(route)
        for there in self._by_authority.values():
            # Behind one origin, the route that reaches deepest is the one that was meant.
            there.sort(key=lambda route: len(route.fixed.upstream) if route.fixed else 0, reverse=True)

    def restore(self, value: bytes, route: Route, target: bytes) -> bytes:
        """The URL reference of a target's response, as the browser has to see it.

        `route` is the one that the request took, and `target` the path and query that the browser asked for.
        """
        prefixes = route.prefixes(target.partition(b"?")[0])
        if value[:1] in {b"/", b"\\"} and value[1:2] not in {b"/", b"\\"}:
            return value if value[:1] == b"\\" else self._path(value, route, prefixes)
        scheme, separator, rest = value.partition(b"//")
        if separator and scheme.lower() in {b"", b"http:", b"https:"}:
            return self._absolute(value, scheme[:-1].lower() or route.target.scheme.encode(), rest, route, prefixes)
        if not value or value[:1] in {b"#", b"\\", b"/"} or _SCHEME.match(value) or not value.isascii():
            return value
        return self._relative(value, route, prefixes, target)

    def refresh(self, value: bytes, route: Route, target: bytes) -> bytes:
        """The same of the URL in a `Refresh` header."""
        found = _REFRESH.fullmatch(value)
        if found is None or not found[2]:
            return value
        return found[1] + self.restore(found[2], route, target) + found[3]

    def _absolute(self, value: bytes, scheme: bytes, rest: bytes, route: Route, prefixes: Prefixes) -> bytes:
        end = _AFTER_AUTHORITY.search(rest)
        authority = rest[: end.start()] if end else rest
        # Either scheme: behind X-Forwarded-Proto a backend writes ours in front of its own name.
        there = self._by_authority.get(_authority(scheme, authority))
        if there is None:
            return value
        path = rest[len(authority) :]
        path = path if path[:1] in {b"/", b"\\"} else b"/" + path
        if any(route.target is each.target for each in there):
            return self._path(path, route, prefixes)
        return _reached(path, there) or value

    def _path(self, path: bytes, route: Route, prefixes: Prefixes) -> bytes:
        """A path of the target of the route that was taken."""
        restored = prefixes.restore(path)
        if restored is None:
            target = route.target
            there = self._by_authority.get(_authority(target.scheme.encode(), target.authority.encode()), [])
            restored = _reached(path, there) or path
        # "//host" and "/\host" are no paths: https://url.spec.whatwg.org/#url-serializing does the same.
        return b"/." + restored if restored[1:2] in {b"/", b"\\"} else restored

    def _relative(self, value: bytes, route: Route, prefixes: Prefixes, target: bytes) -> bytes:
        """A reference that is relative to the path: it means another one only where the two sides resolve it apart."""
        if prefixes.own == prefixes.upstream:
            return value
        try:
            meant, seen = _joined(prefixes.forward(target), value), _joined(target, value)
        except ValueError:
            return value
        restored = self._path(meant, route, prefixes)
        return value if restored == seen else restored


def _joined(base: bytes, reference: bytes) -> bytes:
    """The path and query that a relative reference leads to: https://www.rfc-editor.org/rfc/rfc3986.html#section-5.2"""
    # Without a host urljoin() forgets the first slash of what climbs above the root.
    joined = urljoin(f"http://host{base.decode('latin-1')}", reference.decode("ascii"))
    return joined.removeprefix("http://host").encode("latin-1")


def _reached(path: bytes, there: Iterable[Route]) -> bytes | None:
    """Our path for a target's, by the first of its routes that reaches it."""
    for route in there:
        prefixes = route.fixed
        if prefixes is None and not route.strip_prefix and route.replace_prefix is None:
            prefixes = Prefixes(b"", route.target.path.encode())
        if prefixes is not None and (restored := prefixes.restore(path)) is not None:
            return restored
    return None


def _authority(scheme: bytes, authority: bytes) -> bytes:
    """Host and port in one spelling: lower case, the port always there, and one name for all of loopback's."""
    host, colon, port = authority.lower().rpartition(b":")
    if not colon or b"]" in port:
        host, port = authority.lower(), b""
    port = port or _DEFAULT_PORTS[scheme]
    if port in {b"80", b"443"}:
        port = b""
    return (b"localhost" if host in _LOOPBACK else host) + b":" + port
