"""A policy as it stands in a framework's configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossorigin.middleware.configured import policy_configured
from crossorigin.policy import LivePolicy, Policy, PolicyError, PolicyFileError

POLICY = Policy(allow_origins=["https://app.example.com"])


def test_each_form(tmp_path: Path) -> None:
    file = tmp_path / "crossorigin.toml"
    file.write_text('[policy]\nallow_origins = ["https://app.example.com"]\n')
    live = LivePolicy(POLICY)
    assert policy_configured(POLICY, "X") is POLICY
    assert policy_configured(live, "X") is live
    assert policy_configured({"allow_origins": ["https://app.example.com"]}, "X") == POLICY
    assert policy_configured(file, "X") == POLICY
    assert policy_configured(str(file), "X") == POLICY


def test_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="P104"):
        policy_configured({"allow_origins": ["https://app.example.com/"]}, "X")
    with pytest.raises(PolicyFileError, match="cannot be read"):
        policy_configured(tmp_path / "none.toml", "X")
    with pytest.raises(TypeError, match=r"^X is a Policy, a LivePolicy, a dict .* and not list$"):
        policy_configured(["https://app.example.com"], "X")
