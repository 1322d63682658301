"""Reads a table of settings and gathers everything that is wrong with it, each with its place and the way out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias, TypeVar

from crossorigin.policy.fields import nearest
from crossorigin.policy.problems import shown

__all__ = ["Place", "SettingProblem", "SettingReader", "SettingsError"]

Place: TypeAlias = Callable[..., str]
"""From the keys that lead to a value to its file and line, "" for settings that come from no file."""

_Kind = TypeVar("_Kind")
_KINDS: Final[dict[type, str]] = {str: "a string", bool: "true or false", int: "a whole number"}
_MAX_SHOWN: Final = 80


@dataclass(frozen=True, slots=True)
class SettingProblem:
    """One thing that is wrong: the keys that lead to it, a sentence that names the value and the way out, its place."""

    setting: tuple[str, ...]
    sentence: str
    place: str = ""

    def __str__(self) -> str:
        name = ".".join(each if each.replace("_", "a").isalnum() else shown(each, _MAX_SHOWN) for each in self.setting)
        return f"{self.place}: {name}: {self.sentence}" if self.place else f"{name}: {self.sentence}"


class SettingsError(ValueError):
    """Settings that cannot be: `problems` has everything that is wrong with them, the message lists them all."""

    def __init__(self, problems: Iterable[SettingProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        count = len(self.problems)
        head = "the proxy's settings have a problem" if count == 1 else f"the proxy's settings have {count} problems"
        return "\n".join([f"{head}:", *(f"  {problem}" for problem in self.problems)])


class SettingReader:
    """One table: each question names a setting and gives its value, or the default where it is not there or wrong."""

    def __init__(
        self,
        table: Mapping[str, object],
        path: tuple[str, ...],
        place: Place,
        problems: list[SettingProblem],
    ) -> None:
        self.table = table
        self.path = path
        self._place = place
        self._problems = problems

    def wrong(self, name: str | None, sentence: str, index: int | None = None) -> None:
        """Notes what is wrong with a setting, with one item of its list, or with the whole table."""
        path = self.path if name is None else (*self.path, name)
        place = self._place(*path, *([] if index is None else [index]))
        self._problems.append(SettingProblem(path, sentence, place))

    def only(self, known: tuple[str, ...]) -> None:
        """Notes every setting that is none."""
        for name in self.table:
            if name not in known:
                near = nearest(name, known)
                hint = f"the nearest is {near}" if near else f"they are {', '.join(known)}"
                self.wrong(name[:_MAX_SHOWN], f"there is no such setting; {hint}.")

    def text(self, name: str, default: str) -> str:
        """A string."""
        return self._of(name, str, default)

    def optional(self, name: str) -> str | None:
        """A string, None where it is not there."""
        return self._of(name, str, "") if name in self.table else None

    def flag(self, name: str, *, default: bool) -> bool:
        """true or false."""
        return self._of(name, bool, default)

    def choice(self, name: str, choices: tuple[_Kind, ...], default: _Kind) -> _Kind:
        """One of a few words."""
        if name not in self.table:
            return default
        value = self.table[name]
        for choice in choices:
            if value == choice:
                return choice
        self.wrong(name, f"{shown(value, _MAX_SHOWN)} is not one of {', '.join(map(str, choices))}.")
        return default

    def whole(self, name: str, default: int, highest: int) -> int:
        """A whole number from 0 to `highest`."""
        value = self._of(name, int, default)
        if 0 <= value <= highest:
            return value
        self.wrong(name, f"{shown(value, _MAX_SHOWN)} is not from 0 to {highest}.")
        return default

    def seconds(self, name: str, default: float | None, *, zero_is_none: bool) -> float | None:
        """Seconds. 0 is without limit where `zero_is_none`."""
        if name not in self.table:
            return default
        value = self.table[name]
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
            self.wrong(name, f"{shown(value, _MAX_SHOWN)} is not a number of seconds.")
            return default
        return None if zero_is_none and not value else float(value)

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of strings."""
        value = self.table.get(name, [])
        if isinstance(value, str):
            self.wrong(name, f"it is a list: write [{shown(value, _MAX_SHOWN)}].")
            return ()
        if not isinstance(value, list | tuple):
            self.wrong(name, f"{shown(value, _MAX_SHOWN)} is not a list of strings.")
            return ()
        for index, item in enumerate(value):
            if not isinstance(item, str):
                self.wrong(name, f"{shown(item, _MAX_SHOWN)} is not a string.", index)
        return tuple(item for item in value if isinstance(item, str))

    def inner(self, name: str) -> SettingReader:
        """A table in the table, empty where it is not there."""
        value = self.table.get(name, {})
        if not isinstance(value, Mapping):
            self.wrong(name, f"{shown(value, _MAX_SHOWN)} is not a table.")
            value = {}
        return SettingReader(value, (*self.path, name), self._place, self._problems)

    def wrapped(self, name: str, inner: str) -> SettingReader:
        """A setting as the only one, `inner`, of a table, for settings that are one value or a table of several."""
        return SettingReader({inner: self.table[name]}, (*self.path, name), self._place, self._problems)

    def _of(self, name: str, kind: type[_Kind], default: _Kind) -> _Kind:
        value = self.table.get(name, default)
        if isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
            return value
        self.wrong(name, f"{shown(value, _MAX_SHOWN)} is not {_KINDS[kind]}.")
        return default
