"""Which policy does a user mean, by what stands between parentheses or in the configuration of a framework?

That is a `Policy`, a `LivePolicy`, or the settings themselves: a policy's own, and what Starlette's middleware takes,
so that moving over is one changed import. A configuration can name a file as well.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from os import PathLike
from typing import Any, TypeAlias, TypedDict

from crossorigin.middleware.notices import CORSWarning
from crossorigin.policy import LivePolicy, Policy, PolicyError, Problem, ProblemCode, load_policy, policy_from_dict
from crossorigin.policy.policy import Strings
from crossorigin.policy.problems import quoted
from crossorigin.policy.repair import patterns_of_regex

__all__ = ["PolicySetting", "PolicySource", "Settings", "policy_configured", "policy_in_force", "policy_of"]

PolicySource: TypeAlias = Policy | LivePolicy
"""What can be asked for `compiled`, once for each request."""
PolicySetting: TypeAlias = PolicySource | Mapping[str, object] | str | PathLike[str]
"""A policy, its settings by name, or the path of a file that has one."""


class Settings(TypedDict, total=False):
    """The settings of `crossorigin.policy.Policy`, and those of Starlette's that it has no equal for."""

    allow_origins: Strings
    allow_methods: Strings
    allow_headers: Strings
    allow_credentials: bool
    expose_headers: Strings
    max_age: int | None
    preflight_status: int
    debug: bool
    refuse_disallowed_origins: bool
    dangerously_allow_insecure_origins_with_credentials: bool
    dangerously_allow_public_suffix_wildcards: bool
    dangerously_allow_null_origin: bool
    allow_origin_regex: None
    allow_private_network: bool


def policy_of(policy: PolicySource | None, settings: Mapping[str, Any]) -> PolicySource:
    """The policy that is given, or one made of the settings.

    Raises PolicyError with everything that is wrong with the settings, and TypeError for both or something else.
    """
    if policy is None:
        return _from_settings(dict(settings))
    if not isinstance(policy, (Policy, LivePolicy)):
        raise TypeError(
            f"a policy is a Policy or a LivePolicy, and not {type(policy).__name__}; "
            f'settings are given by name: allow_origins=["https://app.example.com"]'
        )
    if settings:
        raise TypeError(
            f"a policy and settings beside it ({', '.join(settings)}): put the settings into the policy, "
            "or leave the policy out"
        )
    return policy


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


def policy_in_force(source: PolicySource) -> Policy:
    """The policy of this moment. Ask once for each request."""
    return source.policy if isinstance(source, LivePolicy) else source


def _from_settings(settings: dict[str, Any]) -> Policy:
    regex = settings.pop("allow_origin_regex", None)
    if settings.pop("allow_private_network", False):
        warnings.warn(
            "allow_private_network is ignored: no browser asks for it any more. Chromium asks its user instead, before "
            "a page may call a machine of the local network.",
            CORSWarning,
            stacklevel=4,
        )
    settings.setdefault("allow_origins", [])
    if regex is None:
        return Policy(**settings)
    others = [each for each in Policy.validate(**settings) if each.code is not ProblemCode.NO_ORIGINS]
    raise PolicyError([_no_regex(str(getattr(regex, "pattern", regex))), *others])


def _no_regex(regex: str) -> Problem:
    meant = patterns_of_regex(regex) or ["https://*.example.com"]
    return Problem(
        ProblemCode.REGEX,
        "allow_origin_regex",
        regex[:400],
        None,
        "No regular expression is taken: each forgotten backslash or end mark lets strangers in. Patterns stand in "
        "allow_origins beside the exact origins: `https://*.example.com` for any subdomain, `http://localhost:*` for "
        "any port.",
        f"allow_origins = [{', '.join(map(quoted, meant))}]",
        None,
    )
