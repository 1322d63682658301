"""An engine profile: what a user agent may decide for itself, as data.

`STANDARD` is the text of the Fetch standard with no implementation's choice made against it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["STANDARD", "Profile"]


@dataclass(frozen=True, slots=True)
class Profile:
    """The choices of one engine.

    `max_age_limit` is the "imposed limit" on a preflight cache entry's max-age in seconds, None for no limit
    (https://fetch.spec.whatwg.org/#cors-preflight-fetch-0).
    """

    name: str
    max_age_limit: int | None = None


STANDARD: Final = Profile("standard")
