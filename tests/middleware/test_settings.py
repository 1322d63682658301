"""From what stands between the parentheses, or in a configuration, to the policy in force."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crossorigin.middleware.notices import CORSWarning
from crossorigin.middleware.settings import Settings, policy_configured, policy_in_force, policy_of
from crossorigin.policy import LivePolicy, Policy, PolicyError, PolicyFileError
from crossorigin.policy.fields import FIELDS

APP = "https://app.example.com"
POLICY = Policy(allow_origins=[APP])


def test_a_policy_is_taken_as_it_is() -> None:
    live = LivePolicy(POLICY)
    assert policy_of(POLICY, {}) is POLICY
    assert policy_of(live, {}) is live
    assert policy_in_force(live) is policy_in_force(POLICY) is POLICY


def test_settings_make_an_equal_policy() -> None:
    assert policy_of(None, {"allow_origins": [APP], "allow_origin_regex": None}) == POLICY


def test_every_setting_of_a_policy_can_be_given() -> None:
    assert set(Settings.__annotations__) == {*FIELDS, "allow_origin_regex", "allow_private_network"}


def test_all_problems_come_at_once_the_regex_among_them() -> None:
    with pytest.raises(PolicyError) as raised:
        policy_of(None, {"allow_origin_regex": re.compile(r"https://(a|b)\.example"), "max_age": -1, "maxage": 1})
    assert sorted(problem.code for problem in raised.value.problems) == ["P118", "P501", "P603"]
    assert 'allow_origins = ["https://a.example", "https://b.example"]' in str(raised.value)


def test_a_regex_that_is_not_plain_is_refused_with_an_example() -> None:
    with pytest.raises(PolicyError, match=r"https://\*\.example\.com"):
        policy_of(None, {"allow_origin_regex": "(?i)h.+"})


def test_the_private_network_is_warned_of_only_where_it_was_asked_for() -> None:
    policy_of(None, {"allow_origins": [APP], "allow_private_network": False})
    with pytest.warns(CORSWarning, match="ignored") as warned:
        policy_of(None, {"allow_origins": [APP], "allow_private_network": True})
    assert len(warned) == 1


def test_wrong_ways() -> None:
    with pytest.raises(TypeError, match="not list; settings are given by name"):
        policy_of([APP], {})  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"settings beside it \(max_age\)"):
        policy_of(POLICY, {"max_age": 5})


def test_each_form_of_a_configuration(tmp_path: Path) -> None:
    file = tmp_path / "crossorigin.toml"
    file.write_text(f'[policy]\nallow_origins = ["{APP}"]\n')
    live = LivePolicy(POLICY)
    assert policy_configured(POLICY, "X") is POLICY
    assert policy_configured(live, "X") is live
    assert policy_configured({"allow_origins": [APP]}, "X") == POLICY
    assert policy_configured(file, "X") == POLICY
    assert policy_configured(str(file), "X") == POLICY


def test_what_is_wrong_in_a_configuration(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="P104"):
        policy_configured({"allow_origins": ["https://app.example.com/"]}, "X")
    with pytest.raises(PolicyFileError, match="cannot be read"):
        policy_configured(tmp_path / "none.toml", "X")
    with pytest.raises(TypeError, match=r"^X is a Policy, a LivePolicy, a dict .* and not list$"):
        policy_configured([APP], "X")
