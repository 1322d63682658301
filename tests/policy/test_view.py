"""A policy is what the functions beside it take it for."""

from __future__ import annotations

from crossorigin.policy import Policy
from crossorigin.policy.view import PolicyView


def test_a_policy_has_all_that_is_seen_of_it() -> None:
    policy = Policy(allow_origins=["*"])
    view: PolicyView = policy
    for name in (name for name in vars(PolicyView) if not name.startswith("_")):
        assert getattr(view, name) is getattr(policy, name)
