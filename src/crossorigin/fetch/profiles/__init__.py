"""The engines that people use, each as the Fetch standard with its declared deviations."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from crossorigin.fetch.profile import STANDARD, Profile
from crossorigin.fetch.profiles.chromium import CHROMIUM
from crossorigin.fetch.profiles.firefox import FIREFOX
from crossorigin.fetch.profiles.webkit import WEBKIT

__all__ = ["CHROMIUM", "ENGINES", "FIREFOX", "PROFILES", "STANDARD", "WEBKIT"]

ENGINES: Final[tuple[Profile, ...]] = (CHROMIUM, FIREFOX, WEBKIT)
PROFILES: Final = MappingProxyType({profile.name: profile for profile in (STANDARD, *ENGINES)})
"""By name, the standard first."""
