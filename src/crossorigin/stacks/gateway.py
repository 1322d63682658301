"""What the gateways and clouds share: configurations of fields and lists, without code in them, written from paper.

None of them was run, so each takes the careful way wherever its documentation leaves a doubt. What cannot be said is
left out, and a limit names it; nothing wider is ever written in its place. JSON has no comments: there the description
of the policy and the limits stand in a second file, `README_NAME`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, Final

from crossorigin.policy.patterns import OriginPattern, parse_pattern
from crossorigin.policy.policy import Policy
from crossorigin.stacks import matching
from crossorigin.stacks.stack import File, Part, Rendered

__all__ = [
    "BROWSERS_MAX_AGE",
    "NO_LEAVE_NEEDED",
    "README_NAME",
    "WEB",
    "allowed_nobody",
    "block_list",
    "common_limits",
    "denied_preflights",
    "exactly",
    "indent",
    "json_files",
    "left_out",
    "methods_within",
    "other_status",
    "quote",
    "say_origins",
    "undocumented_preflights",
    "undocumented_vary",
    "whole_lists",
]

README_NAME: Final = "README-cors.txt"
"""Not README.txt, which a project may have already."""
BROWSERS_MAX_AGE: Final = 5
"""Seconds: what no Access-Control-Max-Age means, https://fetch.spec.whatwg.org/#cors-preflight-fetch-0

For stacks that send a number of their own where they are given none."""
NO_LEAVE_NEEDED: Final = "accept"
"""A header that needs no leave: what stands in a list that must not be empty, and grants nothing,
https://fetch.spec.whatwg.org/#cors-safelisted-request-header"""
WEB: Final = ("http", "https")
"""The schemes of origins that every cloud's documentation has examples of."""

_NULL: Final = "null"


def quote(text: str) -> str:
    """A string of YAML, TOML or JSON: JSON's double quotes and escapes are those of the other two."""
    return json.dumps(text)


def block_list(values: Iterable[str]) -> list[str]:
    """A list of YAML, an item a line."""
    return [f"- {quote(value)}" for value in values]


def indent(lines: Iterable[str], depth: int) -> list[str]:
    """Lines further to the right."""
    return [" " * depth + line for line in lines]


def say_origins(
    policy: Policy, say: Callable[[OriginPattern], Iterable[str]], *, null: str | None = None
) -> tuple[list[str], list[str]]:
    """What stands for the origins of a policy, once each, and the origins that nothing can be said for; not for `*`.

    `say` gives the values for one origin or pattern, none where there is no way to say it; `null` is the value for the
    origin `null`.
    """
    values: dict[str, None] = {}
    unsaid = []
    for text in policy.allow_origins:
        said = list(say(parse_pattern(text))) if text != _NULL else [null] if null is not None else []
        values.update(dict.fromkeys(said))
        if not said:
            unsaid.append(text)
    return list(values), unsaid


def exactly(pattern: OriginPattern) -> list[str]:
    """For `say_origins` where a list of origins is all that there is: the origin itself, and nothing for a pattern."""
    return [pattern.serialize()] if pattern.is_exact else []


def methods_within(policy: Policy, known: tuple[str, ...], title: str, why: str) -> tuple[list[str], list[str]]:
    """The granted methods for stacks that know some only, and the limits of it; for `*`, all that they know."""
    if "*" in policy.allow_methods:
        instead = f"allow_methods: {title} cannot say *: {why}. {', '.join(known)} are allowed in its place."
        return list(known), [instead]
    granted = matching.granted_methods(policy)
    unsaid = [each for each in granted if each not in known]
    return [each for each in granted if each in known], left_out("allow_methods", title, unsaid, why)


def left_out(field: str, title: str, names: Iterable[str], why: str) -> list[str]:
    """The limit for what a stack cannot say; none where it can say all."""
    listed = ", ".join(names)
    return [f"{field}: {title} cannot say {listed}: {why}. Left out, and so not allowed."] if listed else []


def allowed_nobody(title: str) -> str:
    """The limit where no origin of the policy is left."""
    return f"allow_origins: {title} can say none of the policy's origins, and so allows nobody."


def common_limits(policy: Policy, title: str) -> list[str]:
    """What none of them has."""
    limits = []
    if policy.debug:
        limits.append(f"debug: {title} has no such thing; the console does not name the culprit.")
    if policy.refuse_disallowed_origins:
        limits.append(
            f"refuse_disallowed_origins: {title} answers requests of origins that are not allowed as any other, "
            "without CORS headers; script cannot read the answers. Refuse them in the backend."
        )
    return limits


def denied_preflights(title: str) -> str:
    """The limit of those that say 200 to whatever is asked."""
    return (
        f"denied preflights: {title} answers them with the status of an allowed one, "
        "and leaves it to the browser to see that the leave is missing."
    )


def undocumented_preflights(title: str) -> str:
    """The limit where no documentation says what a preflight's answer looks like."""
    return (
        f"preflights: the documentation of {title} does not say which status they have, allowed or denied; "
        "browsers see by the headers what is denied."
    )


def undocumented_vary(policy: Policy, title: str) -> list[str]:
    """The limit where no documentation says whether caches are told."""
    if matching.any_origin(policy):
        return []
    return [
        f"Vary: the documentation of {title} does not say that it sends Vary: Origin. Look, before a cache keeps it."
    ]


def whole_lists(policy: Policy, title: str) -> list[str]:
    """The limit of those that send fixed lists."""
    if not (policy.allow_methods or policy.allow_headers):
        return []
    return [f"allowed preflights: {title} answers with all that the policy allows, not with what was asked for."]


def other_status(policy: Policy, title: str, status: int) -> list[str]:
    """The limit of those that answer every preflight with one status."""
    if policy.preflight_status == status:
        return []
    return [f"preflight_status: {title} answers {status} and not {policy.preflight_status}; to browsers the same."]


def json_files(
    policy: Policy, limits: list[str], name: str, value: Any, how: tuple[str, ...], parts: tuple[Part, ...] = ()
) -> Rendered:
    """A file of JSON, and beside it what cannot stand in it: the policy, the limits, and `how` to use it."""
    about = [*matching.describe(policy, limits), "", *how, ""]
    return Rendered(
        (
            File(name, "json", json.dumps(value, indent=2) + "\n", parts),
            File(README_NAME, "text", "\n".join(about)),
        ),
        tuple(limits),
    )
