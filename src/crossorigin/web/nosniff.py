"""`X-Content-Type-Options`: whether a response asks not to be sniffed."""

from __future__ import annotations

from crossorigin.web.headers import HeaderList

__all__ = ["determine_nosniff"]


def determine_nosniff(headers: HeaderList) -> bool:
    """Fetch, "determine nosniff": https://fetch.spec.whatwg.org/#determine-nosniff"""
    # 1. Get, decode, and split X-Content-Type-Options.
    values = headers.get_decode_split(b"X-Content-Type-Options")
    # 2. Absent is false.
    if values is None:
        return False
    # 3-4. The first member decides, in any case. No other letter becomes one of these seven in lower case: U+212A, the
    # one that does for "k", has no byte.
    return values[0].lower() == "nosniff"
