"""The file that what was learned is written to: all of it or nothing, and never in the place of somebody's work."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from pathlib import Path
from typing import Final

from crossorigin.policy import PolicyError, PolicyFileError, load_policies
from crossorigin.proxy.learned_toml import MARK

__all__ = ["LearnError", "write_policy"]

_PROXY_TABLE: Final = re.compile(r"^\s*\[+\s*[\"']?proxy\b|^\s*[\"']?proxy[\"']?\s*[.=]", re.MULTILINE)


class LearnError(ValueError):
    """A policy that cannot be written. One sentence, with the way out."""


def write_policy(path: Path, text: str, *, replaces: bool = False) -> None:
    """Write a policy file.

    Raises LearnError for a file that is there and is neither ours nor a policy file and nothing else, unless
    `replaces`, and for one that cannot be written.
    """
    if path.suffix != ".toml" or path.name == "pyproject.toml":
        raise LearnError(f"{path} is not a file of its own: a policy is written to NAME.toml")
    if not replaces and (reason := _why_keep(path)) is not None:
        raise LearnError(f"{path} is left alone, because {reason}: name another file, or move it away")
    try:
        _replace(path, text)
    except OSError as error:
        raise LearnError(f"{path} cannot be written: {error.strerror or error}") from None


def _why_keep(path: Path) -> str | None:
    """Why a file is not to be overwritten; None for a policy file, and where there is none."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            if file.readline().rstrip("\n") == MARK:
                return None
    except FileNotFoundError:
        return None
    except OSError as error:
        return f"it cannot be read ({error.strerror or error})"
    try:
        load_policies(path)
    except PolicyFileError:
        return "it is no policy file"
    except PolicyError:
        return "it is a policy file with mistakes in it"
    if _PROXY_TABLE.search(path.read_text(encoding="utf-8-sig")):
        return "it has the settings of the proxy in it"
    return None


def _replace(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        # Temporary files are their owner's alone; a policy is for everybody who works on the application.
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
