"""What a check of settings gathers: the problems, and the settings as they are kept when there are none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from crossorigin.policy.fields import DEFAULTS
from crossorigin.policy.patterns import OriginPattern
from crossorigin.policy.problems import Problem, ProblemCode, quoted, shown

__all__ = ["Checked", "kept_value", "strings"]


@dataclass(slots=True)
class Checked:
    """What a check found: the problems in the order of the fields, the settings as kept, the patterns parsed."""

    python: bool = True
    problems: list[Problem] = field(default_factory=list)
    values: dict[str, tuple[str, ...] | int | bool | None] = field(default_factory=dict)
    patterns: list[OriginPattern] = field(default_factory=list)
    any_origin: bool = False
    null: bool = False

    def flag(self, name: str) -> bool:
        """A setting that is true or false."""
        return self.values.get(name) is True

    def list(self, name: str) -> tuple[str, ...]:
        """A setting that is a list."""
        value = self.values.get(name)
        return value if isinstance(value, tuple) else ()

    def add(
        self,
        code: ProblemCode,
        name: str,
        value: str | float | None,
        sentence: str,
        fix: str,
        *,
        position: int | None = None,
        index: int | None = None,
    ) -> None:
        """One more problem."""
        self.problems.append(Problem(code, name, value, position, sentence, fix, index))

    def setting(self, name: str, value: object) -> str:
        """A whole setting, as its source would write it: `True` in Python, `true` in a file."""
        if isinstance(value, bool):
            return f"{name} = {value if self.python else str(value).lower()}"
        if isinstance(value, (tuple, list)):
            return f"{name} = [{', '.join(map(quoted, value))}]"
        return f"{name} = {value}"


def strings(checked: Checked, fields: Mapping[str, object], name: str) -> list[tuple[int, str]] | None:
    """The strings of a list with their places; None where there is no list."""
    value = fields.get(name, DEFAULTS.get(name))
    if isinstance(value, str):
        _string_for_list(checked, name, value)
        return None
    if not isinstance(value, (list, tuple, set, frozenset)):
        if name == "allow_origins" and name not in fields:
            return []
        sentence = f"It is a list of strings, and not {type(value).__name__}."
        example = ["https://app.example.com"] if name == "allow_origins" else []
        checked.add(ProblemCode.WRONG_TYPE, name, kept_value(value), sentence, checked.setting(name, example))
        return None
    ordered = sorted(value, key=str) if isinstance(value, (set, frozenset)) else list(value)
    found = []
    for index, item in enumerate(ordered):
        if isinstance(item, str):
            # The text itself, also of an enumeration's member.
            found.append((index, str.__str__(item)))
            continue
        text = item.decode("latin-1") if isinstance(item, bytes) else str(item)
        sentence = f"An item of this list is a string, and not {type(item).__name__}."
        checked.add(ProblemCode.WRONG_TYPE, name, kept_value(item), sentence, quoted(text[:400]), index=index)
    return found


def _string_for_list(checked: Checked, name: str, value: str) -> None:
    words = value.replace(",", " ").replace(";", " ").split()[:64]
    sentence = (
        "A string is not a list of one: a library that takes it for one compares letters, "
        "and `https://app.example.co` is found in `https://app.example.com`."
        if name == "allow_origins"
        else "A string is not a list of one; write the list."
    )
    if len(words) > 1:
        sentence += " It has several values; split it where it is read."
    checked.add(ProblemCode.STRING_FOR_LIST, name, value, sentence, checked.setting(name, words))


def kept_value(value: object) -> str | float | None:
    """A value as a problem shows it: as it is where it is text or a number, otherwise as text."""
    return value if isinstance(value, (str, int, float)) or value is None else shown(value, 200)
