"""A policy from environment variables: `CROSSORIGIN_ALLOW_ORIGINS` and so on, one for each setting.

A list is its items with blanks or line ends between them, which none of them can have. It is not JSON and has no
commas: the comma that nobody split is how `https://app.example.co` came to be allowed elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from crossorigin.policy.fields import BOOLEANS, LISTS, NUMBERS, nearest
from crossorigin.policy.policy import Policy
from crossorigin.policy.problems import PolicyError, Problem, ProblemCode
from crossorigin.policy.validate import check

__all__ = ["PREFIX", "policy_from_environ"]

PREFIX: Final = "CROSSORIGIN_"
_TRUTH: Final = {"true": True, "false": False}
_NOT_IN_A_LIST: Final = ",;[]\"'"


def policy_from_environ(environ: Mapping[str, str], *, prefix: str = PREFIX) -> Policy:
    """The policy of the variables that begin with `prefix`; raises PolicyError with every problem of every variable.

    Give `os.environ`. A variable with the prefix and nearly the name of a setting is a problem: it was meant to be one.
    """
    settings: dict[str, Any] = {}
    problems: list[Problem] = []
    for variable, text in environ.items():
        if not variable.startswith(prefix):
            continue
        name = variable[len(prefix) :].lower()
        if name in LISTS:
            _list(settings, problems, variable, name, text)
        elif name in BOOLEANS:
            settings[name] = _TRUTH.get(text.strip().lower(), text)
        elif name in NUMBERS:
            stripped = text.strip()
            is_number = stripped.removeprefix("-").isdigit() and stripped.isascii() and len(stripped) < 20
            settings[name] = int(stripped) if is_number else text
        else:
            # Other programs may have variables of this prefix; what is near to a setting was meant to be it.
            near = nearest(name, cutoff=0.6)
            if near is not None:
                variable_meant = f"{prefix}{near.upper()}"
                sentence, fix = f"The nearest is {variable_meant}.", f"{variable_meant}=…"
                place = f"${variable[:80]}"
                problems.append(Problem(ProblemCode.UNKNOWN_FIELD, name[:80], None, None, sentence, fix, place=place))
    known = {problem.field for problem in problems}
    for problem in check(settings, python=False).problems:
        if problem.field not in known:
            variable = f"{prefix}{problem.field.upper()}"
            problems.append(replace(problem, place=f"${variable}", fix=_fix(problem, variable)))
    if problems:
        raise PolicyError(problems)
    return Policy(**settings)


def _list(settings: dict[str, Any], problems: list[Problem], variable: str, name: str, text: str) -> None:
    position = next((at for at, character in enumerate(text) if character in _NOT_IN_A_LIST), None)
    is_address = name == "allow_origins" and "://[" in text and not text.lstrip().startswith("[")
    if position is None or (is_address and not set(text) & set(",;\"'")):
        settings[name] = text.split()
        return
    words = "".join(" " if character in _NOT_IN_A_LIST else character for character in text).split()
    sentence = f"Between two items stands a blank or a line end; {text[position]!r} is neither, and no part of an item."
    fix = f"{variable}='{' '.join(words)[:400]}'"
    problems.append(Problem(ProblemCode.ENVIRONMENT_LIST, name, text, position, sentence, fix, place=f"${variable}"))


def _fix(problem: Problem, variable: str) -> str:
    """The fix as a shell or a `.env` file would write it: without brackets, quotes and commas."""
    if " = " not in problem.fix:
        return problem.fix.replace('", "', " ").strip('"') if problem.fix.startswith('"') else problem.fix
    value = problem.fix.partition(" = ")[2]
    for character in '[]",':
        value = value.replace(character, "")
    return f"{variable}='{value}'" if " " in value else f"{variable}={value}"
