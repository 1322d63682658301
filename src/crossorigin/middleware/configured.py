"""A policy as people write it into the configuration of a framework."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike

from crossorigin.middleware.settings import PolicySource
from crossorigin.policy import LivePolicy, Policy, load_policy, policy_from_dict

__all__ = ["PolicySetting", "policy_configured"]

PolicySetting = Policy | LivePolicy | Mapping[str, object] | str | PathLike[str]
"""A policy, its settings by name, or the path of a file that has one."""


def policy_configured(value: object, name: str) -> PolicySource:
    """The policy that a configuration's value `name` stands for.

    Raises PolicyError with everything that is wrong with it, PolicyFileError or LookupError for a file without it, and
    TypeError for something else.
    """
    if isinstance(value, (Policy, LivePolicy)):
        return value
    if isinstance(value, Mapping):
        return policy_from_dict(value)
    if isinstance(value, (str, PathLike)):
        return load_policy(value)
    raise TypeError(
        f"{name} is a Policy, a LivePolicy, a dict of a policy's settings or the path of a crossorigin.toml, and not "
        f"{type(value).__name__}"
    )
