"""Statuses: four small sets that the algorithms ask about."""

from __future__ import annotations

from typing import Final

__all__ = ["is_null_body_status", "is_ok_status", "is_range_status", "is_redirect_status"]

_NULL_BODY: Final = frozenset({101, 103, 204, 205, 304})
_REDIRECT: Final = frozenset({301, 302, 303, 307, 308})
_RANGE: Final = frozenset({206, 416})


def is_ok_status(status: int) -> bool:
    """Fetch, "ok status", 200 to 299: https://fetch.spec.whatwg.org/#ok-status"""
    return 200 <= status <= 299


def is_null_body_status(status: int) -> bool:
    """Fetch, "null body status": https://fetch.spec.whatwg.org/#null-body-status"""
    return status in _NULL_BODY


def is_redirect_status(status: int) -> bool:
    """Fetch, "redirect status": https://fetch.spec.whatwg.org/#redirect-status"""
    return status in _REDIRECT


def is_range_status(status: int) -> bool:
    """Fetch, "range status": https://fetch.spec.whatwg.org/#range-status"""
    return status in _RANGE
