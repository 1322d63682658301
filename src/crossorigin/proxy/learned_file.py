"""The file that what was learned is written to: all of it or nothing, and never in the place of somebody's work."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from crossorigin.policy import Policy, PolicyError, PolicyFileError, load_policies
from crossorigin.proxy.learned_toml import MARK

__all__ = ["LearnError", "known_policies", "write_policy"]


class LearnError(ValueError):
    """A policy that cannot be written. One sentence, with the way out."""


def known_policies(path: Path) -> Mapping[str, Policy]:
    """The policies that were written to a file before, and may have been changed since; none where there is no file.

    Raises LearnError for a file that was not written here, which is somebody's work, and for one with mistakes.
    """
    _check_name(path)
    if (reason := _why_keep(path)) is not None:
        raise LearnError(f"{path} is left alone, because {reason}: name another file, or move it away")
    if not path.exists():
        return {}
    try:
        return load_policies(path)
    except (PolicyError, PolicyFileError) as error:
        raise LearnError(f"{path} has mistakes, and is not written again before they are mended: {error}") from None


def write_policy(path: Path, text: str) -> None:
    """Write a policy file; raises LearnError for one that is somebody's work, and for one that cannot be written."""
    _check_name(path)
    if (reason := _why_keep(path)) is not None:
        raise LearnError(f"{path} is left alone, because {reason}: name another file, or move it away")
    try:
        _replace(path, text)
    except OSError as error:
        raise LearnError(f"{path} cannot be written: {error.strerror or error}") from None


def _check_name(path: Path) -> None:
    if path.suffix != ".toml" or path.name == "pyproject.toml":
        raise LearnError(f"{path} is not a file of its own: a policy is written to NAME.toml")


def _why_keep(path: Path) -> str | None:
    """Why a file is not to be overwritten; None for one of ours, and where there is none."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return None if file.readline().rstrip("\n") == MARK else "it was not written by crossorigin proxy --learn"
    except FileNotFoundError:
        return None
    except OSError as error:
        return f"it cannot be read ({error.strerror or error})"


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
