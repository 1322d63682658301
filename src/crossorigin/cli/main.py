"""`crossorigin`: finds the subcommand and imports nothing else."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper
from typing import Final, NoReturn

from crossorigin import __version__

__all__ = ["Parser", "main", "silence_stdout"]

_COMMANDS: Final = {
    "check": "say what a browser does with a URL, and why",
    "explain": "explain a code such as B301, a message of a browser's console, or a HAR file",
    "policy": "check, explain, compare and move over what a server allows",
    "proxy": "one origin for a page and its API, or a CORS front for an API of others",
    "demo": "see a call blocked, mended and allowed, on this machine",
}

_IO_ERROR: Final = 74
"""EX_IOERR of sysexits.h: the answer could not be written, so none of the statuses that are answers will do."""


class Parser(ArgumentParser):
    """Says a mistake in one line that names the argument, and exits 2."""

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: Namespace | None = None
    ) -> tuple[Namespace, list[str]]:
        """As argparse, which before Python 3.13 hands on `--data=--` as an option without its value."""
        parsed, rest = super().parse_known_args(args, namespace)
        for action in self._actions:
            value = getattr(parsed, action.dest, None)
            if isinstance(value, list) and ([] in value or (not value and action.default != [])):
                self.error(f"argument --{action.dest.replace('_', '-')}: expected one argument")
        return parsed, rest

    def error(self, message: str) -> NoReturn:
        """As argparse, without the usage above it, and in one line whatever the arguments hold."""
        line = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in message)
        line = line.removeprefix("argument ")
        self.exit(2, f"{self.prog}: {line} (see {self.prog} --help)\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line `argv` (default: the process's) and return its exit status."""
    if isinstance(sys.stdout, TextIOWrapper):
        # A page or a header may hold what the terminal's encoding does not.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        try:
            return _run(sys.argv[1:] if argv is None else argv)
        finally:
            # What cannot be written is said here; the interpreter, on its way out, would say it with a traceback.
            if sys.stdout is not None:
                sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has seen enough.
        silence_stdout()
        return 0
    except OSError as error:
        silence_stdout()
        what = error.strerror if error.filename is None else f"{error.strerror}: {error.filename}"
        sys.stderr.write(f"crossorigin: {what}\n")
        return _IO_ERROR


def silence_stdout() -> None:
    """Let what is still to be written go nowhere."""
    if sys.stdout is None:
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _run(argv: Sequence[str]) -> int:
    parser = Parser(
        prog="crossorigin",
        description="From a red CORS line in a console to a safe, tested, working cross-origin call.",
        epilog="commands:\n" + "\n".join(f"  {name:9} {what}" for name, what in _COMMANDS.items()),
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"crossorigin {__version__}")
    parser.add_argument("command", nargs="?", metavar="COMMAND", help="one of the commands below")
    # Options before the command are ours, everything after it is the command's.
    first = next((index for index, word in enumerate(argv) if not word.startswith("-")), len(argv))
    command = parser.parse_args(argv[: first + 1]).command
    if command is None:
        parser.error(f"say what to do: {', '.join(_COMMANDS)}")
    if command not in _COMMANDS:
        hint = (
            f"did you mean: {parser.prog} check {command}" if "://" in command else f"there is {', '.join(_COMMANDS)}"
        )
        parser.error(f"{command!r} is not a command; {hint}")
    try:
        module = import_module(f"crossorigin.cli.{command}")
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] == "crossorigin":
            raise
        parser.error(f'{command} needs the package {error.name}: pip install "crossorigin[cli]"')
    return int(module.main(argv[first + 1 :]))
