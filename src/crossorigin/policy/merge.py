"""Putting a decision's headers into a response's, as pure functions on header lists: for ASGI, WSGI and all others.

What the application set itself under the names that a policy rules over is replaced: two
`Access-Control-Allow-Origin` fields are one value to a browser, `https://a, https://a`, which equals no origin.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, TypeAlias

from crossorigin.policy.preflight import Header, Headers

__all__ = ["CORS_RESPONSE_HEADERS", "RULED_LENGTHS", "RULED_NAMES", "OnReplaced", "add_vary", "merge"]

CORS_RESPONSE_HEADERS: Final = frozenset(
    {
        b"access-control-allow-credentials",
        b"access-control-allow-headers",
        b"access-control-allow-methods",
        b"access-control-allow-origin",
        b"access-control-expose-headers",
        b"access-control-max-age",
    }
)
"""Lower case: the names whose values are the policy's alone."""
RULED_NAMES: Final = CORS_RESPONSE_HEADERS | {b"vary"}
"""The same, and the one that it adds to."""
RULED_LENGTHS: Final = frozenset(map(len, RULED_NAMES))
"""A response without a header name of one of these lengths has nothing to replace, and no Vary to add to. Comparing
lengths first saves lower-casing nearly every name of a response."""

OnReplaced: TypeAlias = Callable[[bytes, bytes], None]
"""Called with the name and value of a header that the application set and the policy replaced or removed."""

_VARY: Final = b"vary"


def merge(
    headers: Iterable[Header], cors: Headers, vary: tuple[bytes, ...], on_replaced: OnReplaced | None = None
) -> list[Header]:
    """A new list: the application's headers without its own CORS ones, then `cors`, with `vary` in its Vary.

    The list that came in is left alone: an application may send the same one again. `Vary` stays where it is and is
    only ever added to.
    """
    merged: list[Header] = []
    add = merged.append
    seen_vary = False
    for field in headers:
        name = field[0]
        if len(name) in RULED_LENGTHS:
            lower = name.lower()
            if lower in CORS_RESPONSE_HEADERS:
                if on_replaced is not None:
                    on_replaced(lower, field[1])
                continue
            if lower == _VARY:
                seen_vary = True
        add(field)
    merged += cors
    if not vary:
        return merged
    if seen_vary:
        return add_vary(merged, vary)
    add((_VARY, vary[0] if len(vary) == 1 else b", ".join(vary)))
    return merged


def add_vary(headers: Iterable[Header], names: Iterable[bytes]) -> list[Header]:
    """A new list whose Vary has all these names: none twice, in any case; `*` already says all there is.

    https://www.rfc-editor.org/rfc/rfc9110.html#section-12.5.5
    """
    merged = list(headers)
    places = [at for at, field in enumerate(merged) if field[0].lower() == _VARY]
    have = {member.strip(b" \t").lower() for at in places for member in merged[at][1].split(b",")}
    missing = [name for name in names if name.lower() not in have]
    if b"*" in have or not missing:
        return merged
    if not places:
        return [*merged, (_VARY, b", ".join(missing))]
    name, value = merged[places[-1]]
    value = value.rstrip(b" \t,")
    merged[places[-1]] = (name, b", ".join([value, *missing] if value else missing))
    return merged
