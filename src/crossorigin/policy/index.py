"""The compiled lookup: is this origin one of those that the patterns stand for?

Theory. A request's origin is untrusted bytes. It is never parsed: it is compared. First its length, because a hash or
a search of 64 KiB is work that an attacker orders; then one set of exact origins. Wildcards come last, by their tails:

    https://*.example.com       tail  .example.com        scheme  https://
    https://*.example.com:8443  tail  .example.com:8443   scheme  https://
    http://localhost:*          the origin without its port, in a second set; the port checked by itself
    https://*.example.com:*     tail  .example.com of the origin without its port

The tails lie in one dictionary. An origin has as many tails as it has dots, and only those with as many dots as some
pattern are looked up: mostly one or two, whether there is one pattern or a thousand. What stands between the scheme
and the tail must be labels, by their characters; that is what keeps `https://evil.com/.example.com` out.

The tempting alternative is a tree over the reversed host; the one of jub0bs/cors allowed `https://barfoo.com` when it
was told of `foo.com` and `bar.com` (GHSA-vhxv-fg4m-p2w8). The other one is a regular expression, and a single origin
of 64 KiB kept one busy for 0.3 s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, TypeAlias

from crossorigin.policy.patterns import ANY_PORT, MAX_HOST, MAX_SCHEME, OriginPattern

__all__ = ["MAX_ORIGIN", "MEMO_SIZE", "Allows", "compile_index", "longest_origin"]

Allows: TypeAlias = Callable[[bytes], bool]
"""Whether an origin, as it came in the request, is allowed."""

MAX_ORIGIN: Final = MAX_SCHEME + len("://") + MAX_HOST + len(":65535")
"""Bytes of the longest origin of all. That of a policy is mostly far shorter, and nothing longer is looked at."""

MEMO_SIZE: Final = 1024
"""Origins allowed by a wildcard that are remembered: 1024 of at most 326 bytes, a third of a MiB. Denials are never
remembered, so that a flood of made-up origins finds nothing to fill; one of made-up subdomains empties it at worst."""

_LONGEST_PORT: Final = len(":65535")
_LABEL: Final = b"abcdefghijklmnopqrstuvwxyz0123456789-_."
_DEFAULT_PORTS: Final = {b"ftp": b"21", b"http": b"80", b"https": b"443", b"ws": b"80", b"wss": b"443"}

# Tail → scheme with `://` → the longest origin that this pattern stands for.
_Tails: TypeAlias = dict[bytes, dict[bytes, int]]


def longest_origin(patterns: Iterable[OriginPattern]) -> int:
    """Bytes of the longest origin that any of the patterns stands for; 0 for none."""
    return max(map(_longest, patterns), default=0)


def compile_index(patterns: Iterable[OriginPattern], *, null: bool = False) -> Allows:
    """A function that says whether an origin is one of the patterns', in the same time for one or for thousands.

    `null` adds the origin `null`.
    """
    patterns = list(patterns)
    exact = frozenset(pattern.serialize().encode("ascii") for pattern in patterns if pattern.is_exact)
    if null:
        exact |= {b"null"}
    longest = max(longest_origin(patterns), len(b"null") if null else 0)
    wildcards = [pattern for pattern in patterns if not pattern.is_exact]
    if not wildcards:

        def allows_exactly(origin: bytes) -> bool:
            return len(origin) <= longest and origin in exact

        return allows_exactly

    matches = _compile_wildcards(wildcards)
    memo: set[bytes] = set()

    def allows(origin: bytes) -> bool:
        if len(origin) > longest:
            return False
        if origin in exact or origin in memo:
            return True
        if not matches(origin):
            return False
        if len(memo) >= MEMO_SIZE:
            memo.clear()
        memo.add(origin)
        return True

    return allows


def _longest(pattern: OriginPattern) -> int:
    port = _LONGEST_PORT if pattern.port == ANY_PORT else 0 if pattern.port is None else len(f":{pattern.port}")
    host = MAX_HOST if pattern.any_subdomain else len(pattern.host)
    return len(pattern.scheme) + len("://") + host + port


def _compile_wildcards(patterns: list[OriginPattern]) -> Allows:
    """For patterns that have a wildcard; origins are of bounded length."""
    fixed = _compile_tails([pattern for pattern in patterns if pattern.any_subdomain and pattern.port != ANY_PORT])
    any_port = [pattern for pattern in patterns if pattern.port == ANY_PORT]
    if not any_port:
        return fixed
    hosts = frozenset(
        f"{pattern.scheme}://{pattern.host}".encode("ascii") for pattern in any_port if not pattern.any_subdomain
    )
    tails = _compile_tails([pattern for pattern in any_port if pattern.any_subdomain])

    def matches(origin: bytes) -> bool:
        if fixed(origin):
            return True
        bare = _without_port(origin)
        return bare in hosts or tails(bare)

    return matches


def _without_port(origin: bytes) -> bytes:
    """The origin without its port; as it is when what follows the last colon is no port that a browser would send."""
    bare, _, port = origin.rpartition(b":")
    if not port.isdigit() or len(port) > 5 or (port[0] == 0x30 and port != b"0") or int(port) > 65535:
        return origin
    return origin if _DEFAULT_PORTS.get(bare.partition(b"://")[0]) == port else bare


def _compile_tails(patterns: list[OriginPattern]) -> Allows:
    tails: _Tails = {}
    for pattern in patterns:
        port = "" if pattern.port in {None, ANY_PORT} else f":{pattern.port}"
        # Any port is no part of the bare origin that will be looked up.
        longest = len(pattern.scheme) + len("://") + MAX_HOST + len(port)
        tails.setdefault(f".{pattern.host}{port}".encode("ascii"), {})[f"{pattern.scheme}://".encode("ascii")] = longest
    # How many dots to step back for the first tail, then for each further one.
    depths = sorted({tail.count(b".") for tail in tails})
    steps = tuple(later - earlier for earlier, later in zip([0, *depths], depths, strict=False))

    def matches(origin: bytes) -> bool:
        at = len(origin)
        for step in steps:
            while step:  # one dot back for each
                at = origin.rfind(b".", 0, at)
                if at == -1:
                    return False
                step -= 1  # noqa: PLW2901 - counted down
            schemes = tails.get(origin[at:])
            if schemes is not None:
                start = origin.find(b"://") + 3
                # Before the tail stand labels, one at least: with a dot put before and the tail's own dot behind them,
                # an empty one anywhere shows as two dots in a row.
                labels = b"." + origin[start : at + 1]
                if (
                    len(origin) <= schemes.get(origin[:start], 0)
                    and not labels.translate(None, _LABEL)
                    and b".." not in labels
                ):
                    return True
        return False

    return matches
