"""Policies from where people keep them: a dict, a TOML or JSON file, the environment.

    # crossorigin.toml                     # pyproject.toml
    [policy]                               [tool.crossorigin.policy]
    allow_origins = ["https://a.example"]  allow_origins = ["https://a.example"]

One policy is the table `policy`; several are `policies.NAME`. JSON has the same shape as `crossorigin.toml`.
Every problem of a file is found at once, each with its line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from os import PathLike
from typing import Any, Final

from crossorigin.policy.fields import FIELDS, nearest
from crossorigin.policy.policy import Policy
from crossorigin.policy.problems import PolicyError, Problem, ProblemCode
from crossorigin.policy.source import Source, read_source
from crossorigin.policy.validate import check

__all__ = [
    "ONLY",
    "PolicyFileError",
    "check_file",
    "load_policies",
    "load_policy",
    "policies_from_dict",
    "policy_from_dict",
]

ONLY: Final = "policy"
"""The name of the only policy of a file that has the table `policy`."""
_TABLES: Final = ("policy", "policies", "proxy")
"""What `crossorigin.toml` can have; `proxy` is the development proxy's."""


class PolicyFileError(ValueError):
    """A file that cannot be read as policies at all: not there, not TOML, none in it. One line that names the file."""


def _read(path: str | PathLike[str]) -> Source:
    return read_source(path, "policy", PolicyFileError)


def policy_from_dict(settings: Mapping[str, object]) -> Policy:
    """The policy of a mapping from settings to values, wherever it comes from; raises PolicyError."""
    fields: dict[str, Any] = {str(name): value for name, value in settings.items()}
    return Policy(**fields)


def policies_from_dict(tables: Mapping[str, object]) -> dict[str, Policy]:
    """The policies of a mapping of the shape of `crossorigin.toml`; raises PolicyError, PolicyFileError for none."""
    return _policies(Source(tables))


def load_policies(path: str | PathLike[str]) -> dict[str, Policy]:
    """The policies of a file by their names, the only one of a table `policy` under that name.

    Raises PolicyError with every problem of every policy, PolicyFileError for a file that has none.
    """
    return _policies(_read(path))


def load_policy(path: str | PathLike[str], name: str | None = None) -> Policy:
    """One policy of a file: the one called `name`, or the only one there is.

    Raises as `load_policies`, and LookupError for a name that is not there or that has to be given.
    """
    policies = load_policies(path)
    if name is not None and name in policies:
        return policies[name]
    if name is None and len(policies) == 1:
        return next(iter(policies.values()))
    have = ", ".join(sorted(policies))
    if name is None:
        raise LookupError(f"{path} has several policies, one of which has to be named: {have}")
    raise LookupError(f"{path} has no policy {name!r}; it has {have}")


def check_file(path: str | PathLike[str]) -> list[Problem]:
    """Everything that is wrong with the policies of a file; raises PolicyFileError for a file that has none."""
    return _check(_read(path))


def _policies(source: Source) -> dict[str, Policy]:
    problems = _check(source)
    if problems:
        raise PolicyError(problems)
    return {name: Policy(**settings) for name, _, settings in _found(source)}


def _found(source: Source) -> list[tuple[str, tuple[str, ...], Mapping[str, Any]]]:
    """Name, path and settings of every policy that is a table."""
    found: list[tuple[str, tuple[str, ...], Mapping[str, Any]]] = []
    only, several = source.tables.get("policy"), source.tables.get("policies")
    if isinstance(only, Mapping):
        found.append((ONLY, ("policy",), only))
    if isinstance(several, Mapping):
        found += [
            (name, ("policies", name), settings) for name, settings in several.items() if isinstance(settings, Mapping)
        ]
    return found


def _check(source: Source) -> list[Problem]:
    problems = _tables(source)
    found = _found(source)
    for name, path, settings in found:
        prefix = "" if path == ("policy",) else f"{name}."
        checked = check(settings, python=False)
        problems += [
            replace(
                problem,
                field=f"{prefix}{problem.field}",
                place=source.place(*path, problem.field, problem.index),
            )
            for problem in checked.problems
        ]
    if not found and not problems:
        where = source.name or "the mapping"
        raise PolicyFileError(f"{where} has no policy: write a table [{'.'.join((*source.way, 'policy'))}]")
    return problems


def _tables(source: Source) -> list[Problem]:
    """What is wrong around the policies."""
    problems = []
    for name, value in source.tables.items():
        if name not in _TABLES:
            near = nearest(name, _TABLES)
            hint = f"The nearest table is {near}." if near else f"The tables are {', '.join(_TABLES)}."
            if name in FIELDS:
                near, hint = "policy", "It is a setting of a policy, and stands outside of one."
            fix = f"[{near or 'policy'}]"
            problems.append(
                Problem(ProblemCode.UNKNOWN_FIELD, name[:80], None, None, hint, fix, place=source.place(name))
            )
        elif name != "proxy" and not isinstance(value, Mapping):
            sentence = f"It is a table, and not {type(value).__name__}."
            fix = "[policy]" if name == "policy" else "[policies.NAME]"
            problems.append(Problem(ProblemCode.WRONG_TYPE, name, None, None, sentence, fix, place=source.place(name)))
    several = source.tables.get("policies")
    if isinstance(several, Mapping):
        for name, value in several.items():
            if not isinstance(value, Mapping):
                sentence = f"A policy is a table of its own below `policies`, and not {type(value).__name__}."
                problems.append(
                    Problem(
                        ProblemCode.WRONG_TYPE,
                        f"policies.{name[:80]}",
                        None,
                        None,
                        sentence,
                        "[policies.NAME]",
                        place=source.place("policies", name),
                    )
                )
        if "policy" in source.tables:
            sentence = (
                "`[policy]` is for one and `[policies.NAME]` for several; with both nobody knows which one counts."
            )
            problems.append(
                Problem(
                    ProblemCode.POLICY_AND_POLICIES,
                    "policy",
                    None,
                    None,
                    sentence,
                    "[policies.default] in place of [policy]",
                    place=source.place("policy"),
                )
            )
    return problems
