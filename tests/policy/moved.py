"""What the tests of moving over share."""

from __future__ import annotations

import tomllib

from crossorigin.policy import Policy
from crossorigin.policy.load import policies_from_dict
from crossorigin.policy.migrate import Migration

__all__ = ["allowed", "policy_of"]


def policy_of(migration: Migration) -> Policy:
    """The only policy, read back from its TOML."""
    assert len(migration.policies) == 1
    (policy,) = policies_from_dict(tomllib.loads(migration.to_toml())).values()
    return policy


def allowed(migration: Migration) -> list[str]:
    """Every origin that the findings name."""
    return [origin for finding in migration.findings for origin in finding.allowed]
