"""The steps that deny: a closed set, each with its sentence."""

from __future__ import annotations

from crossorigin.policy.steps import STEP_SENTENCES, Step


def test_every_step_has_a_sentence() -> None:
    assert set(STEP_SENTENCES) == set(Step)
    assert all(sentence.endswith(".") for sentence in STEP_SENTENCES.values())


def test_names_are_fit_for_metrics() -> None:
    assert all(step.isascii() and step.replace("-", "").islower() for step in Step)
