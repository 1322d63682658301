"""From the configuration of a server to the equal policy, as `crossorigin policy migrate` prints it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from crossorigin.policy.migrate import Migration, MigrationError
from crossorigin.policy.migration import Finding
from crossorigin.stacks.stack import Stack

__all__ = ["migrate_configuration"]

_LONGEST: Final = 1024 * 1024
"""Bytes of a configuration: more than anybody writes."""
_SHOWN: Final = 60


def migrate_configuration(path: Path, stack: Stack) -> Migration:
    """The CORS part of a configuration as a policy, with every line of it that was not understood.

    Raises MigrationError, one line that names the file, where it cannot be read or has nothing of CORS in it, and where
    the stack has no reader.
    """
    if stack.read is None:
        raise MigrationError(f"{stack.title} cannot be read back; crossorigin policy render --list says what can")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise MigrationError(f"{path} cannot be read: {error.strerror or error}") from None
    if len(data) > _LONGEST:
        raise MigrationError(f"{path} is longer than {_LONGEST} bytes; give the file with the CORS part alone")
    try:
        found = stack.read(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise MigrationError(f"{path} is not UTF-8: {error.reason} at byte {error.start}") from None
    if not found.settings and not found.unread:
        raise MigrationError(f"{path}: there is nothing of CORS in it that {stack.title} would read")
    findings = [
        Finding(each.text[:_SHOWN], each.line, "was not understood. Write what it means into the policy.")
        for each in found.unread
    ]
    findings += [Finding(problem.field, 1, problem.sentence) for problem in found.problems]
    return Migration({"policy": found.settings}, tuple(findings))
