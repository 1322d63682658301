"""A policy that can be replaced while the server runs: validate, then swap, or leave everything as it was."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import TypeAlias

from crossorigin.policy.compiled import CompiledPolicy
from crossorigin.policy.diff import PolicyDiff
from crossorigin.policy.load import policy_from_dict
from crossorigin.policy.policy import Policy

__all__ = ["LivePolicy", "OnChange"]

OnChange: TypeAlias = Callable[[Policy, PolicyDiff], None]
"""Called after a change, with the new policy and what it newly allows."""


class LivePolicy:
    """Holds the policy in force. Read `compiled` once per request, and answer all of that request by it."""

    __slots__ = ("_lock", "_on_change", "compiled", "policy")

    compiled: CompiledPolicy
    policy: Policy

    def __init__(self, policy: Policy, *, on_change: OnChange | None = None) -> None:
        self.policy = policy
        self.compiled = policy.compiled
        self._on_change = on_change
        self._lock = threading.Lock()

    def replace(self, new: Policy | Mapping[str, object]) -> PolicyDiff:
        """Put a new policy in force, and say what changed; a policy equal to the old one changes nothing.

        Raises PolicyError for settings that are not sound, and then the old policy stays in force.
        """
        policy = new if isinstance(new, Policy) else policy_from_dict(new)
        with self._lock:
            if policy == self.policy:
                return PolicyDiff()
            change = self.policy.diff(policy)
            # Two assignments, each atomic. Whoever reads `compiled` has a whole policy, the old or the new one.
            self.policy = policy
            self.compiled = policy.compiled
        if self._on_change is not None:
            self._on_change(policy, change)
        return change

    def __repr__(self) -> str:
        return f"LivePolicy({self.policy!r})"
