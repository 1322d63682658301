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
_STRANGE: Final = ord(" ")
_SEEN: Final = bytes(byte if byte in _LABEL else _STRANGE for byte in range(256))
"""A table for `translate`: what no label is made of becomes a blank. To delete what labels are made of takes longer."""
_DEFAULT_PORTS: Final = {b"ftp": b"21", b"http": b"80", b"https": b"443", b"ws": b"80", b"wss": b"443"}

# Tail → each scheme with `://`, and the longest origin that this pattern stands for.
_Tails: TypeAlias = dict[bytes, tuple[tuple[bytes, int], ...]]


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
    by_tail: dict[bytes, dict[bytes, int]] = {}
    for pattern in patterns:
        port = "" if pattern.port in {None, ANY_PORT} else f":{pattern.port}"
        # Any port is no part of the bare origin that will be looked up.
        longest = len(pattern.scheme) + len("://") + MAX_HOST + len(port)
        tail, start = f".{pattern.host}{port}".encode("ascii"), f"{pattern.scheme}://".encode("ascii")
        by_tail.setdefault(tail, {})[start] = longest
    tails: _Tails = {tail: tuple(starts.items()) for tail, starts in by_tail.items()}
    depths = sorted({tail.count(b".") for tail in tails})

    def matches(origin: bytes) -> bool:
        for depth in depths:
            # The tail begins at the dot that has so many, itself included, from there to the end.
            parts = origin.rsplit(b".", depth)
            if len(parts) <= depth:
                return False
            at = len(parts[0])
            for start, longest in tails.get(origin[at:], ()):
                # What stands before the tail are labels, one at least, none of them empty.
                labels = origin[len(start) : at]
                if (
                    origin.startswith(start)
                    and len(origin) <= longest
                    and _STRANGE not in labels.translate(_SEEN)
                    and b"" not in labels.split(b".")
                ):
                    return True
        return False

    return matches
