"""Which redirects make a request a GET."""

from __future__ import annotations

__all__ = ["redirect_becomes_get"]


def redirect_becomes_get(status: int, method: bytes, crosses_origins: bool) -> bool:  # noqa: FBT001 - a profile's field
    """The condition of step 12 of https://fetch.spec.whatwg.org/#concept-http-redirect-fetch

    `crosses_origins`, whether the new URL is of another origin, counts in engines only.
    """
    del crosses_origins
    return (status in {301, 302} and method == b"POST") or (status == 303 and method not in {b"GET", b"HEAD"})
