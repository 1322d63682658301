"""An engine profile: what a user agent may decide for itself, and that its words and its data say the same."""

from __future__ import annotations

import dataclasses

import pytest

from crossorigin.fetch import ENGINES, STANDARD, Profile
from crossorigin.web.safelists import STANDARD_SAFELIST

DESCRIPTION = {"name", "title", "browsers", "versions", "proven_on", "deviations"}
EVERY = {field.name for field in dataclasses.fields(Profile)} - DESCRIPTION


def test_the_standard_makes_no_choice() -> None:
    described = {name: getattr(STANDARD, name) for name in ("name", "title", "browsers", "versions")}
    assert Profile(**described) == STANDARD
    assert STANDARD.max_age_limit is None
    assert STANDARD.request_safelist is STANDARD_SAFELIST


def test_a_profile_is_a_value() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        STANDARD.max_age_limit = 5  # type: ignore[misc]


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)
class TestDeclared:
    """No engine differs from the standard without a word, and no word stands there without a difference."""

    def test_every_difference_is_declared(self, engine: Profile) -> None:
        differs = {name for name in EVERY if getattr(engine, name) != getattr(STANDARD, name)}
        assert {name for deviation in engine.deviations for name in deviation.fields} == differs

    def test_every_deviation_says_all(self, engine: Profile) -> None:
        assert len({deviation.topic for deviation in engine.deviations}) == len(engine.deviations)
        for deviation in engine.deviations:
            texts = (deviation.topic, deviation.standard, deviation.engine, deviation.evidence)
            assert all(text and text == text.strip() and not text.endswith(".") for text in texts), deviation
            assert deviation.standard != deviation.engine

    def test_it_says_what_it_describes(self, engine: Profile) -> None:
        assert engine.title
        assert engine.browsers
        assert any(character.isdigit() for character in engine.versions)
        assert any(character.isdigit() for character in engine.proven_on)

    def test_a_preflight_is_judged_by_everything(self, engine: Profile) -> None:
        checks = engine.preflight_checks
        assert len(set(checks)) == len(checks)
        assert set(checks) - {"location", "redirect"} == set(STANDARD.preflight_checks)
        # What is judged has been parsed.
        assert checks.index("methods-syntax") < checks.index("method")
        assert checks.index("header-names-syntax") < checks.index("header-names")
