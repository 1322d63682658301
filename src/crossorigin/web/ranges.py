"""The one form of a `Range` value that browsers send: `bytes=0-499`, `bytes=500-`, `bytes=-500`."""

from __future__ import annotations

from typing import Final

from crossorigin.web.infra import HTTP_TAB_OR_SPACE

__all__ = ["parse_single_range"]

_DIGITS: Final = b"0123456789"
_MAX_DIGITS: Final = 640
"""Python refuses to make a number of more digits than this, when its limit is set as low as it goes (4300 if not set).

No resource has a byte at such a position: more digits are failure, which is stricter than the standard. A value that
could be CORS-safelisted has 128 bytes, so safelisting does not feel it.
"""


def parse_single_range(value: bytes, *, allow_whitespace: bool) -> tuple[int | None, int | None] | None:
    """Fetch, "parse a single range header value": https://fetch.spec.whatwg.org/#simple-range-header-value

    None is failure; otherwise start and end, of which one can be None.
    """
    blank = HTTP_TAB_OR_SPACE if allow_whitespace else b""
    # 1-3. It starts with `bytes`, in this case.
    if not value.startswith(b"bytes"):
        return None
    # 4-6. Then comes `=`, perhaps after blanks.
    rest = _skip(value[5:], blank)
    if not rest.startswith(b"="):
        return None
    # 7-10. The digits of the start, perhaps none, perhaps among blanks.
    rest = _skip(rest[1:], blank)
    start, rest = _collect_digits(rest)
    rest = _skip(rest, blank)
    # 11-12. A hyphen.
    if not rest.startswith(b"-"):
        return None
    # 13-15. The digits of the end, perhaps none.
    end, rest = _collect_digits(_skip(rest[1:], blank))
    # 16. Nothing may follow. 17. One of the two must be there.
    if rest or not (start or end) or max(len(start), len(end)) > _MAX_DIGITS:
        return None
    first, last = int(start) if start else None, int(end) if end else None
    # 18. The start is not after the end.
    if first is not None and last is not None and first > last:
        return None
    # 19. Both.
    return first, last


def _skip(value: bytes, blank: bytes) -> bytes:
    return value.lstrip(blank) if blank else value


def _collect_digits(value: bytes) -> tuple[bytes, bytes]:
    rest = value.lstrip(_DIGITS)
    return value[: len(value) - len(rest)], rest
