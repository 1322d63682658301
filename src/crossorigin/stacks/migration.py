"""From the configuration of a server to the equal policy, as `crossorigin policy migrate` prints it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from crossorigin.policy.migrate import Migration, MigrationError
from crossorigin.stacks.stack import Stack

__all__ = ["migrate_configuration"]

_LONGEST: Final = 1024 * 1024
"""Bytes of a configuration: more than anybody writes."""


def migrate_configuration(path: Path, stack: Stack) -> Migration:
    """The CORS part of a configuration as a policy, with every line of it that was not understood.

    Raises MigrationError, one line that names the file, where it cannot be read or has nothing of CORS in it, and where
    the stack has no reader.
    """
    if stack.read is None:
        raise MigrationError(f"{stack.title} cannot be read back; crossorigin policy render --list says what can")
    try:
        with path.open("rb") as file:
            data = file.read(_LONGEST + 1)
    except OSError as error:
        raise MigrationError(f"{path} cannot be read: {error.strerror or error}") from None
    if len(data) > _LONGEST:
        raise MigrationError(f"{path} is longer than {_LONGEST} bytes; give the file with the CORS part alone")
    try:
        return stack.read(data.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        raise MigrationError(f"{path} is not UTF-8: {error.reason} at byte {error.start}") from None
    except MigrationError as error:
        raise MigrationError(f"{path}: {error}") from None
