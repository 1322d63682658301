"""The development proxy's settings from a file: the table `proxy` of `crossorigin.toml`, of JSON of the same shape, or
`tool.crossorigin.proxy` of `pyproject.toml`. It is read by the loader of the policies, which stand in the same files.
"""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Final

from crossorigin.policy.source import read_source
from crossorigin.proxy.setting_reader import SettingProblem, SettingsError
from crossorigin.proxy.settings import DevelopmentSettings, read_settings

__all__ = ["ProxyFileError", "find_settings", "load_settings"]

_FILES: Final = ("crossorigin.toml", "pyproject.toml")


class ProxyFileError(ValueError):
    """A file that has no settings of a proxy at all: not there, not TOML, none in it. One line that names the file."""


def find_settings(folder: Path) -> Path:
    """The file of a folder that has settings of a proxy; raises ProxyFileError where none has."""
    for name in _FILES:
        path = folder / name
        if path.is_file() and _has_settings(path):
            return path
    sentence = "give --route /api=http://localhost:8080, or write [proxy] in crossorigin.toml"
    raise ProxyFileError(f"there is nothing to forward: {sentence}")


def _has_settings(path: Path) -> bool:
    if path.name != "pyproject.toml":
        return "proxy" in read_source(path, "proxy", ProxyFileError).tables
    try:
        return "proxy" in read_source(path, "proxy", ProxyFileError).tables
    except ProxyFileError:
        # Most projects have this file, and few have tables of ours in it.
        return False


def load_settings(path: str | PathLike[str]) -> DevelopmentSettings:
    """The settings of a file; the names of files in it begin at its folder.

    Raises SettingsError with every problem and its line, ProxyFileError for a file without settings of a proxy.
    """
    source = read_source(path, "proxy", ProxyFileError)
    table = source.tables.get("proxy")
    if table is None:
        raise ProxyFileError(f"{path} has no settings of the proxy: write a table [{'.'.join((*source.way, 'proxy'))}]")
    if not isinstance(table, dict):
        sentence = f"it is a table, and not {type(table).__name__}: write [proxy]."
        raise SettingsError([SettingProblem(("proxy",), sentence, source.place("proxy"))])
    return read_settings(table, folder=Path(path).parent, place=source.place)
