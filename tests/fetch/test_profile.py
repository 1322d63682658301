"""An engine profile: what a user agent may decide for itself."""

from __future__ import annotations

import dataclasses

import pytest

from crossorigin.fetch import STANDARD, Profile


def test_the_standard_imposes_no_limit() -> None:
    assert Profile("standard") == STANDARD
    assert STANDARD.max_age_limit is None


def test_a_profile_is_a_value() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        STANDARD.max_age_limit = 5  # type: ignore[misc]
