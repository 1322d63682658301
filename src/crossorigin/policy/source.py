"""A file with tables of ours in it, read once for whoever wants one: its tables, and where each value stands.

`crossorigin.toml` and JSON have them at their top, `pyproject.toml` below `tool.crossorigin`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from typing import Any, Final

__all__ = ["MAX_FILE", "Source", "read_source"]

MAX_FILE: Final = 4 * 1024 * 1024
"""Bytes of a file. Ten thousand origins of the greatest length are 3.3 million."""


@dataclass(frozen=True, slots=True)
class Source:
    """A text with tables of ours in it: the tables, its name, where each value stands, and the way to the tables."""

    tables: Mapping[str, Any]
    name: str = ""
    places: Mapping[tuple[str | int, ...], int] | None = None
    way: tuple[str, ...] = ()

    def place(self, *path: str | int | None) -> str:
        """The file and line of a value, or of the nearest thing around it; the name alone where there are no lines."""
        if not self.name or self.places is None:
            return self.name
        from crossorigin.policy.places import line_of  # noqa: PLC0415 - only for a file

        line = line_of(self.places, (*self.way, *(part for part in path if part is not None)))
        return self.name if line is None else f"{self.name}:{line}"


def read_source(name: str | PathLike[str], table: str, error: type[ValueError]) -> Source:
    """The tables of a .toml or .json file, of which `table` is the one that is wanted.

    Raises `error`, with one line that names the file, for one that cannot be read as such a file at all.
    """
    from pathlib import Path  # noqa: PLC0415 - only for a file

    path = Path(name)
    try:
        size = path.stat().st_size
        if size > MAX_FILE:
            raise error(f"{path} has {size} bytes, and {MAX_FILE} are the most that are read")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as cause:
        raise error(f"{path} is not UTF-8: byte {cause.start} is 0x{cause.object[cause.start]:02X}") from None
    except OSError as cause:
        raise error(f"{path} cannot be read: {cause.strerror or cause}") from None
    if path.suffix == ".json":
        return _read_json(str(path), text, error)
    if path.suffix == ".toml":
        return _read_toml(str(path), text, table if path.name == "pyproject.toml" else None, error)
    raise error(f"{path} is neither .toml nor .json")


def _read_json(path: str, text: str, error: type[ValueError]) -> Source:
    import json  # noqa: PLC0415 - only for such a file

    from crossorigin.policy.places import json_places  # noqa: PLC0415 - only for a file

    try:
        tables = json.loads(text)
    except json.JSONDecodeError as cause:
        raise error(f"{path}:{cause.lineno} is not JSON: {cause.msg}") from None
    except RecursionError:
        raise error(f"{path} is nested too deep") from None
    if not isinstance(tables, dict):
        raise error(f"{path} is not a JSON object with the key policy, policies or proxy")
    return Source(tables, path, json_places(text))


def _read_toml(path: str, text: str, project_table: str | None, error: type[ValueError]) -> Source:
    """`project_table` is the table that is wanted of a project's file, None for a file of our own."""
    import tomllib  # noqa: PLC0415 - only for such a file

    from crossorigin.policy.places import toml_places  # noqa: PLC0415 - only for a file

    try:
        tables: Any = tomllib.loads(text)
    except tomllib.TOMLDecodeError as cause:
        raise error(f"{path} is not TOML: {cause}") from None
    except RecursionError:
        raise error(f"{path} is nested too deep") from None
    way = ("tool", "crossorigin") if project_table else ()
    for name in way:
        tables = tables.get(name)
        if not isinstance(tables, dict):
            # The sentence calls the proxy by its settings, and a policy by its name.
            wanted = "policy" if project_table == "policy" else f"settings of the {project_table}"
            raise error(f"{path} has no {wanted}: write a table [tool.crossorigin.{project_table}]")
    return Source(tables, path, toml_places(text), way)
