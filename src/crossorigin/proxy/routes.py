"""All routes: which one a path belongs to, and why.

Regular expressions come first, in their order, because only their author knows which is the narrower; then the longest
prefix wins. The order in which prefixes are written says nothing: that `/api` before `/api/v1/ws` swallows the second
surprised everybody who had to find out.

Paths are compared as they were sent, byte by byte, percent-encoded or not. What two servers decode differently must not
decide where a request goes, and so a path with dot segments is refused altogether: browsers resolve them before they
send, and what is left of them is somebody who tries to step out of a route.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from crossorigin.proxy.route import Route, RouteError

__all__ = ["Routes", "has_dot_segments"]

_ENCODED: Final = re.compile(rb"%(2e|2f|5c|3b)", flags=re.IGNORECASE)
_DECODED: Final = {b"2e": b".", b"2f": b"/", b"5c": b"/", b"3b": b";"}
_MAX_SHOWN: Final = 200
"""Characters of a path in an explanation, and routes of which one tells: an outsider chooses the one, nobody reads
more of the other."""
_MAX_ROUTES_SHOWN: Final = 50


class Routes:
    """The routes of a proxy; raises RouteError for two with the same pattern."""

    __slots__ = ("_prefixes", "_regexes", "all")

    def __init__(self, routes: Iterable[Route]) -> None:
        self.all = tuple(routes)
        self._regexes = tuple((route.expression.match, route) for route in self.all if route.expression is not None)
        patterns: dict[str | bytes, Route] = {}
        for route in self.all:
            key = route.fixed.own if route.fixed else route.pattern
            if (other := patterns.setdefault(key, route)) is not route:
                raise RouteError(f"The routes {other.pattern!r} and {route.pattern!r} are the same: remove one")
        prefixes = {key: route for key, route in patterns.items() if isinstance(key, bytes)}
        longest = sorted(prefixes, key=len, reverse=True)
        self._prefixes = tuple((own, own + b"/", prefixes[own]) for own in longest)

    def __iter__(self) -> Iterator[Route]:
        return iter(self.all)

    def find(self, path: bytes) -> Route | None:
        """The route of a path, which is without its query; None where there is none."""
        for match, route in self._regexes:
            if match(path):
                return route
        for own, with_slash, route in self._prefixes:
            if path.startswith(with_slash) or path == own:
                return route
        return None

    def explain(self, target: str) -> str:
        """Which route a path, with or without its query, belongs to, and why not to the others. Lines of text.

        A miss is what all other proxies are silent about (angular-cli#26717, #21751).
        """
        path = target.partition("?")[0].encode("utf-8", "surrogateescape")
        shown = _shown(path)
        if has_dot_segments(path):
            return f"{shown} has dot segments, and is refused: browsers resolve them before they send a path."
        found = self.find(path)
        head = (
            f"{shown} belongs to {found.pattern}, which goes to {found.target}." if found else f"No route has {shown}."
        )
        lines = [f"  {route.pattern}: {_why(route, path, found)}" for route in self.all[:_MAX_ROUTES_SHOWN]]
        if not lines:
            lines = ["  There are no routes."]
        if (more := len(self.all) - _MAX_ROUTES_SHOWN) > 0:
            lines.append(f"  … and {more} more")
        return "\n".join([head, *lines])


def has_dot_segments(path: bytes) -> bool:
    """Whether a path, without its query, has a segment "." or "..", in any spelling that some server takes for one.

    https://www.rfc-editor.org/rfc/rfc3986.html#section-5.2.4, and the spellings %2e, %2f and %5c, the backslash, and
    the path parameters that Java servers cut off ("..;x").
    """
    if b"/." not in path and b"%" not in path and b"\\" not in path:
        return False
    decoded = _ENCODED.sub(lambda found: _DECODED[found[1].lower()], path).replace(b"\\", b"/")
    return any(segment.partition(b";")[0] in {b".", b".."} for segment in decoded.split(b"/"))


def _why(route: Route, path: bytes, found: Route | None) -> str:
    """Why a route has a path, or has it not."""
    if route is found:
        return "matches"
    if route.expression is not None:
        return "matches, and comes later" if route.expression.match(path) else "does not match from the path's start"
    own = route.fixed.own if route.fixed else b""
    if not path.startswith(own):
        return _not_below(own, path)
    if path[len(own) :][:1] not in {b"", b"/"}:
        segment = path[own.rfind(b"/") + 1 :].partition(b"/")[0]
        return f"ends within the segment {_shown(segment)}, and a prefix ends where a segment does"
    if found is not None and found.is_regex:
        return "matches, but regular expressions come first"
    return "matches, but a longer prefix does too"


def _not_below(own: bytes, path: bytes) -> str:
    """Why a path does not begin with a prefix, with the difference that the eye misses."""
    if path.lower().startswith(own.lower()):
        return "differs in upper and lower case"
    return "the path does not begin with it"


def _shown(path: bytes) -> str:
    text = path[: _MAX_SHOWN + 1].decode("ascii", "backslashreplace")
    return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}…"
