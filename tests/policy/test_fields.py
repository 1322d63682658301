"""The names of the settings, and the nearest to one that is none."""

from __future__ import annotations

import pytest

from crossorigin.policy.fields import BOOLEANS, DEFAULTS, FIELDS, LISTS, NUMBERS, nearest


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("allow_origin", "allow_origins"),
        ("allowed-origins", "allow_origins"),
        ("ALLOW_HEADERS", "allow_headers"),
        ("origins", "allow_origins"),
        ("maxage", "max_age"),
        ("allow_credential", "allow_credentials"),
        ("dangerously_allow_null", "dangerously_allow_null_origin"),
        ("zzz", None),
        ("", None),
        ("x" * 1_000_000, None),
    ],
    ids=lambda name: str(name)[:20],
)
def test_nearest(name: str, expected: str | None) -> None:
    assert nearest(name) == expected


def test_among_others_and_strictly() -> None:
    assert nearest("polcy", ("policy", "proxy")) == "policy"
    assert nearest("vectors", cutoff=0.6) is None


def test_every_setting_is_of_one_kind_and_all_but_one_have_a_default() -> None:
    assert sorted(LISTS + NUMBERS + BOOLEANS) == sorted(FIELDS)
    assert set(FIELDS) - set(DEFAULTS) == {"allow_origins"}
