"""The settings of a policy by name: what type each has and what it is when nobody says anything."""

from __future__ import annotations

from typing import Final

__all__ = ["BOOLEANS", "DEFAULTS", "FIELDS", "LISTS", "NUMBERS", "nearest"]

LISTS: Final = ("allow_origins", "allow_methods", "allow_headers", "expose_headers")
NUMBERS: Final = ("max_age", "preflight_status")
BOOLEANS: Final = (
    "allow_credentials",
    "debug",
    "refuse_disallowed_origins",
    "dangerously_allow_insecure_origins_with_credentials",
    "dangerously_allow_public_suffix_wildcards",
    "dangerously_allow_null_origin",
)
FIELDS: Final = (
    "allow_origins",
    "allow_methods",
    "allow_headers",
    "allow_credentials",
    "expose_headers",
    "max_age",
    "preflight_status",
    "debug",
    "refuse_disallowed_origins",
    "dangerously_allow_insecure_origins_with_credentials",
    "dangerously_allow_public_suffix_wildcards",
    "dangerously_allow_null_origin",
)
"""Every setting, in the order in which they are written."""

DEFAULTS: Final[dict[str, tuple[str, ...] | int | bool | None]] = {
    "allow_methods": (),
    "allow_headers": (),
    "allow_credentials": False,
    "expose_headers": (),
    "max_age": None,
    "preflight_status": 204,
    "debug": False,
    "refuse_disallowed_origins": False,
    "dangerously_allow_insecure_origins_with_credentials": False,
    "dangerously_allow_public_suffix_wildcards": False,
    "dangerously_allow_null_origin": False,
}
"""What a setting is when it is left out. There are no default origins."""


def nearest(name: str, known: tuple[str, ...] = FIELDS, *, cutoff: float = 0.5) -> str | None:
    """The name that somebody who wrote `name` probably meant; None where none is near (`cutoff` 1 is the same)."""
    from difflib import get_close_matches  # noqa: PLC0415 - only a mistake pays for it

    near = get_close_matches(name[:80].lower().replace("-", "_"), known, n=1, cutoff=cutoff)
    return near[0] if near else None
