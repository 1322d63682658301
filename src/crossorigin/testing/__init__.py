"""Assertions about cross-origin calls, for any test runner; `crossorigin.pytest` adds fixtures to them.

    with assert_blocked("B230"):
        page.fetch("https://api.example.com/users/42", method="DELETE")

    response = page.fetch("https://api.example.com/users/42")
    assert_readable(response, "etag")

What is said of a call is a `with` around the call, what is said of its response a function that takes the response.
"""

from __future__ import annotations

from crossorigin.testing.attacks import Attack, attack_origins
from crossorigin.testing.calls import Allowed, Blocked, assert_allowed, assert_blocked
from crossorigin.testing.outcomes import (
    assert_not_preflighted,
    assert_not_readable,
    assert_preflighted,
    assert_readable,
)
from crossorigin.testing.safety import assert_not_readable_by

__all__ = [
    "Allowed",
    "Attack",
    "Blocked",
    "assert_allowed",
    "assert_blocked",
    "assert_not_preflighted",
    "assert_not_readable",
    "assert_not_readable_by",
    "assert_preflighted",
    "assert_readable",
    "attack_origins",
]
