"""A route: which paths go to which target, and what becomes of them on the way.

There is one language of patterns, and it has two words. "/api" is a prefix that ends where a segment of the path ends:
it takes /api, /api/x and /api?x, and never /apikey or /api.ts, which a plain comparison of beginnings hands to the
backend (vitejs/vite#2169). "^/v[0-9]+/" is a regular expression, matched from the start of the path, without the query.
There are no globs: `/api/*` meant one thing in one tool and another in the next (angular-cli#26443).
"""

from __future__ import annotations

import re
from dataclasses import KW_ONLY, dataclass, field
from typing import Literal, NamedTuple, TypeAlias

from crossorigin.proxy.heads import Header
from crossorigin.proxy.plan import Limits
from crossorigin.proxy.target import Target

__all__ = ["HostHeader", "OriginHeader", "Prefixes", "Route", "RouteError"]

HostHeader: TypeAlias = Literal["target", "original"]
OriginHeader: TypeAlias = Literal["original", "target"]

_LIMITS = Limits()


class RouteError(ValueError):
    """A route that cannot be. One sentence, with the way out."""


class Prefixes(NamedTuple):
    """What stands in front of a path on our side, and what stands there on the target's; no slash at either's end.

    `is_reversible`: whether what follows both begins with a slash. A regular expression can end in the middle of a
    segment, and then no path of the target can be told to be one of ours.
    """

    own: bytes
    upstream: bytes
    is_reversible: bool = True

    def forward(self, target: bytes) -> bytes:
        """The target's path, and query, of one of ours."""
        path = self.upstream + target[len(self.own) :]
        return path if path[:1] == b"/" else b"/" + path

    def restore(self, path: bytes) -> bytes | None:
        """Our path, and query, of one of the target's; None for one that does not stand below its prefix."""
        upstream = self.upstream
        if not self.is_reversible or not path.startswith(upstream):
            return None
        rest = path[len(upstream) :]
        if rest[:1] not in {b"", b"/", b"?", b"#"}:
            return None
        restored = self.own + rest
        return restored if restored[:1] == b"/" else b"/" + restored


@dataclass(frozen=True, slots=True)
class Route:
    """Requests for `pattern` go to `target`.

    `strip_prefix` takes away what the pattern matched, `replace_prefix` puts another prefix in its place (behind a
    regular expression it may refer to groups as `\\1`); the target's own path comes in front of what is left.

    `host_header` is what the target is told as `Host`: its own authority, or what the browser called.
    `origin_header="target"` replaces `Origin` by the target's own origin. It defeats the backend's own check of who
    asks, which is all that keeps pages of other sites from its WebSockets, and is for backends that cannot be told
    otherwise. The two are separate because nobody guessed that `changeOrigin` changes `Host` (vitejs/vite#16557).

    Names in `remove_request_headers` and `remove_response_headers` are in lower case. Headers that are set replace
    those of the same name. `rewrite_redirects` maps Location, Content-Location and Refresh back; `rewrite_cookies` fits
    Set-Cookie to where the browser sees it. Raises RouteError for a pattern or a prefix that is none.
    """

    pattern: str
    target: Target
    _: KW_ONLY
    strip_prefix: bool = False
    replace_prefix: str | None = None
    host_header: HostHeader = "target"
    origin_header: OriginHeader = "original"
    set_request_headers: tuple[Header, ...] = ()
    remove_request_headers: frozenset[bytes] = frozenset()
    set_response_headers: tuple[Header, ...] = ()
    remove_response_headers: frozenset[bytes] = frozenset()
    rewrite_redirects: bool = True
    rewrite_cookies: bool = True
    websocket: bool = True
    limits: Limits = _LIMITS
    expression: re.Pattern[bytes] | None = field(init=False, repr=False, compare=False, default=None)
    """The compiled pattern of a regular expression."""
    fixed: Prefixes | None = field(init=False, repr=False, compare=False, default=None)
    """The prefixes of a route whose pattern is a prefix: they are the same for every path."""

    def __post_init__(self) -> None:
        if self.strip_prefix and self.replace_prefix is not None:
            raise RouteError(f"The route {self.pattern!r} strips its prefix and replaces it: choose one of the two")
        if self.pattern.startswith("^"):
            object.__setattr__(self, "expression", self._compiled())
        else:
            object.__setattr__(self, "fixed", self._prefixes())

    @property
    def is_regex(self) -> bool:
        """Whether the pattern is a regular expression."""
        return self.expression is not None

    def prefixes(self, path: bytes) -> Prefixes:
        """The prefixes for a path, without its query, that the route matches."""
        if self.fixed is not None:
            return self.fixed
        front = self.target.path.encode()
        if self.expression is None or not (self.strip_prefix or self.replace_prefix is not None):
            return Prefixes(b"", front)
        found = self.expression.match(path)
        if found is None:
            return Prefixes(b"", front)
        own = found[0].rstrip(b"/")
        replaced = found.expand(self.replace_prefix.encode()).rstrip(b"/") if self.replace_prefix else b""
        return Prefixes(own, front + replaced, path[len(own) :][:1] in {b"", b"/"})

    def upstream_path(self, target: bytes) -> bytes:
        """The path and query that the target is asked for, of those of a request that the route matches."""
        prefixes = self.fixed or self.prefixes(target.partition(b"?")[0])
        return prefixes.forward(target)

    def _compiled(self) -> re.Pattern[bytes]:
        try:
            expression = re.compile(self.pattern.encode())
            if self.replace_prefix is not None:
                # Only a match can be expanded, so the expression is given a way to match nothing.
                nothing = re.compile(b"%b|" % self.pattern.encode()).match(b"")
                if nothing is not None:
                    nothing.expand(self.replace_prefix.encode())
        except (re.error, IndexError) as error:
            raise RouteError(f"The route {self.pattern!r} is no regular expression: {error}") from None
        self._check_replacement()
        return expression

    def _prefixes(self) -> Prefixes:
        pattern = self.pattern
        if not pattern.startswith("/"):
            raise RouteError(f"The route {pattern!r} begins with no slash: write {'/' + pattern!r}")
        if not pattern.isascii() or set(pattern) & set("?# \\*"):
            raise RouteError(_why_no_prefix(pattern))
        self._check_replacement()
        own = pattern.rstrip("/").encode()
        replaced = b"" if self.strip_prefix else own
        if self.replace_prefix is not None:
            replaced = self.replace_prefix.rstrip("/").encode()
        return Prefixes(own, self.target.path.encode() + replaced)

    def _check_replacement(self) -> None:
        prefix = self.replace_prefix
        if prefix is None:
            return
        if prefix[:1] not in {"", "/", "\\"} or (prefix[:1] == "\\" and not self.pattern.startswith("^")):
            raise RouteError(f"The replacement {prefix!r} begins with no slash: write {'/' + prefix!r}")
        if not prefix.isascii() or set(prefix) & set("?# "):
            raise RouteError(f"The replacement {prefix!r} is no path: it is ASCII, without ?, # and blanks")


def _why_no_prefix(pattern: str) -> str:
    """Why a pattern that begins with a slash is no prefix of paths."""
    if "*" in pattern:
        front = pattern.partition("*")[0].rstrip("/") or "/"
        return (
            f"The route {pattern!r} has a *, and there are no wildcards: {front!r} takes everything below it, "
            "and a regular expression begins with ^"
        )
    if not pattern.isascii():
        from urllib.parse import quote  # noqa: PLC0415 - only a mistake pays for it

        return f"The route {pattern!r} is not in ASCII: write it as browsers send it, {quote(pattern)!r}"
    return f"The route {pattern!r} is no path: it has neither ?, #, \\ nor blanks"
