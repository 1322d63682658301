"""A configuration in JSON or YAML as values that know their lines.

JSON is read by the standard library, YAML by PyYAML's safe loader, and neither makes anything but plain values: what a
tag stands for (`!Ref`, `!Sub` of CloudFormation) is an `Unknown`. YAML can refer to one part from many; what that comes
to is counted, and refused beyond what people write.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from crossorigin.policy.migrate import MigrationError

__all__ = ["Object", "Unknown", "load", "objects", "texts"]

_LONGEST_YAML: Final = 200_000
"""Characters: what takes a few seconds, and ten times as much as people write."""
_MOST: Final = 50_000
"""Values in a document, each counted as often as it is referred to."""
_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"(\s*:)?')
_TAG: Final = "tag:yaml.org,2002:"
_CONSTANTS: Final = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


class Object(dict[str, Any]):
    """A mapping, and the line of each of its keys."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, int] = {}

    def put(self, key: str, value: Any, line: int) -> None:
        """One more key; of two that are alike the last counts."""
        self[key] = value
        self.lines[key] = line


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that only its own tool knows, as it is written."""

    text: str


def load(text: str, hint: str) -> Any:
    """The value of a document; raises MigrationError for what is none, one line that ends with the hint."""
    try:
        return _load_json(text) if text.lstrip()[:1] in {"{", "["} else _load_yaml(text, hint)
    except RecursionError:
        raise MigrationError("its values are nested too deep to be read") from None


def objects(value: Any, name: str = "") -> Iterator[tuple[Object, str]]:
    """Every mapping in a value, in order, each with the nearest `name` that it has or is in."""
    waiting = [(value, name)]
    while waiting:
        each, around = waiting.pop()
        if isinstance(each, Object):
            own = each["name"] if isinstance(each.get("name"), str) else around
            yield each, own
            waiting += [(inner, own) for inner in reversed(list(each.values()))]
        elif isinstance(each, list):
            waiting += [(inner, around) for inner in reversed(each)]


def texts(value: Any) -> list[str] | None:
    """The strings of a list, or of one string with commas; None for anything else."""
    if isinstance(value, str):
        return [word.strip() for word in value.split(",") if word.strip()]
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return list(value)
    return None


class _Pairs(list[tuple[str, Any]]):
    """The keys and values of an object as they stand."""


def _load_json(text: str) -> Any:
    try:
        value = json.loads(text, object_pairs_hook=_Pairs)
    except json.JSONDecodeError as error:
        raise MigrationError(f"it is not JSON: {error.msg} in line {error.lineno}") from None
    except ValueError:
        raise MigrationError("it is not JSON that can be read") from None
    return _lined(value, _key_lines(text))


def _key_lines(text: str) -> Iterator[int]:
    """The line of every key, in order."""
    line, end = 1, 0
    for match in _STRING.finditer(text):
        line += text.count("\n", end, match.start())
        end = match.start()
        if match[1]:
            yield line


def _lined(value: Any, lines: Iterator[int]) -> Any:
    if isinstance(value, _Pairs):
        found = Object()
        for key, inner in value:
            line = next(lines, 1)
            found.put(key, _lined(inner, lines), line)
        return found
    return [_lined(each, lines) for each in value] if isinstance(value, list) else value


def _load_yaml(text: str, hint: str) -> Any:
    try:
        import yaml  # type: ignore[import-untyped]  # noqa: PLC0415 - only for YAML
    except ModuleNotFoundError:
        raise MigrationError('YAML is read by PyYAML: pip install "crossorigin[cli]", or give it as JSON') from None
    if len(text) > _LONGEST_YAML:
        raise MigrationError(f"it has more than {_LONGEST_YAML:,} characters; give the part that has to do with CORS")
    try:
        nodes = list(yaml.compose_all(text, Loader=yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        line = f" in line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise MigrationError(f"it is neither JSON nor YAML: {error.problem}{line}; {hint}") from None
    except (yaml.YAMLError, ValueError):
        raise MigrationError(f"it is neither JSON nor YAML; {hint}") from None
    values = [_Reader(yaml).value(node) for node in nodes]
    return values[0] if len(values) == 1 else values


class _Reader:
    """Nodes of YAML as values."""

    def __init__(self, yaml: Any) -> None:
        self._yaml = yaml
        self._left = _MOST

    def value(self, node: Any) -> Any:
        self._left -= 1
        if self._left < 0:
            raise MigrationError("it has too many values to be read; give the part that has to do with CORS")
        kind = node.tag.removeprefix(_TAG)
        if isinstance(node, self._yaml.MappingNode) and kind == "map":
            found = Object()
            for key, inner in node.value:
                found.put(str(key.value), self.value(inner), key.start_mark.line + 1)
            return found
        if isinstance(node, self._yaml.SequenceNode) and kind == "seq":
            return [self.value(each) for each in node.value]
        return self._scalar(node, kind) if isinstance(node, self._yaml.ScalarNode) else Unknown(str(node.tag))

    @staticmethod
    def _scalar(node: Any, kind: str) -> Any:
        if kind == "bool":
            return _CONSTANTS[node.value.lower()]
        if kind == "int" and re.fullmatch("-?[0-9]{1,18}", node.value):
            return int(node.value)
        if kind in {"str", "int", "float", "timestamp"}:
            return node.value
        return None if kind == "null" else Unknown(f"{node.tag} {node.value}")
