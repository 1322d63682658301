"""Bytes of a request for people and for logs: nothing that ends a line, steers a terminal, or goes on for ever."""

from __future__ import annotations

from typing import Final

__all__ = ["SHOWN", "escape"]

SHOWN: Final = 64
"""Bytes of a value that are shown. A log line that an attacker writes is his to choose (CVE-2024-1681, flask-cors)."""


def escape(value: bytes, limit: int = SHOWN) -> str:
    """Printable ASCII as it is, every other byte escaped, three dots where it was cut."""
    text = value[:limit].decode("latin-1").encode("unicode_escape").decode("ascii")
    return f"{text}..." if len(value) > limit else text
