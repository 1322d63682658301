"""What every stack of Python shares: values as its literals, and a policy as arguments.

In the style `own` the policy is taken as it is by this project's middleware, and nothing of it is lost. What is said of
other libraries was read in their sources and run.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

from crossorigin.policy.policy import Policy
from crossorigin.stacks import matching
from crossorigin.stacks.stack import File, Line, Part, Rendered

__all__ = [
    "AFTER_CREATION",
    "LIBRARY",
    "OURS",
    "OWN",
    "application",
    "arguments",
    "array",
    "imported",
    "library_limits",
    "literal",
    "regex",
    "settings",
]

OWN: Final = "own"
LIBRARY: Final = "library"
"""The two styles: this project's middleware, and the framework's usual one."""
AFTER_CREATION: Final = "right after your application, here app, is created"
OURS: Final = "crossorigin"
"""The package of the style `own`."""


def literal(value: object) -> str:
    """A value of a policy as Python writes it; texts are ASCII, and JSON's strings are Python's."""
    if isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, (list, tuple)):
        return array(value)
    return repr(value)


def array(texts: Iterable[str]) -> str:
    """Strings as a list."""
    return f"[{', '.join(map(literal, texts))}]"


def regex(expression: str) -> str:
    r"""An expression as a raw string; `$` would let a line break through at the end, and `\Z` does not."""
    return f'r"{expression.removesuffix("$")}\\Z"'


def arguments(policy: Policy, indent: str = "    ") -> list[str]:
    """The settings of a policy as arguments by name, one a line."""
    return [f"{indent}{name}={literal(value)}," for name, value in policy.to_dict().items()]


def settings(policy: Policy) -> list[str]:
    """The settings of a policy as the items of a dictionary, one a line."""
    return [f"    {literal(name)}: {literal(value)}," for name, value in policy.to_dict().items()]


def imported(*lines: str) -> Part:
    """What the code of the other parts needs."""
    return Part.of("among the imports of your application", lines)


def application(
    policy: Policy,
    limits: list[str],
    notes: Iterable[str],
    lines: Iterable[Line],
    *,
    library: str = "",
    name: str = "app.py",
) -> Rendered:
    """`app.py`: the lines below a comment that ends with the notes. `library` is what the framework needs for CORS."""
    head = [*(f"# {line}" for line in matching.describe(policy, limits)), "#", *(f"# {line}" for line in notes), ""]
    file = File.of(name, "python", [*head, *lines])
    return Rendered((file,), tuple(limits), f"pip install {library}" if library else "")


def library_limits(policy: Policy, library: str, status: int | None = None) -> list[str]:
    """What no usual library can say; `status` is the one that it gives to an allowed preflight."""
    limits = []
    if policy.debug:
        limits.append(f"debug: {library} does not answer so that the console names the culprit.")
    if policy.refuse_disallowed_origins:
        limits.append(
            f"refuse_disallowed_origins: {library} hands requests of origins that are not allowed on to the "
            "application; script cannot read the answers. Refuse them there."
        )
    if status is not None and status != policy.preflight_status:
        limits.append(f"preflight_status: {library} answers with {status}, not {policy.preflight_status}.")
    return limits
