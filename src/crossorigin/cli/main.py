"""`crossorigin`: finds the subcommand and imports nothing else."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Sequence
from importlib import import_module
from typing import Final, NoReturn

from crossorigin import __version__

__all__ = ["Parser", "main"]

_COMMANDS: Final = {
    "check": "say what a browser does with a URL, and why",
    "explain": "explain a code such as B301",
    "demo": "see a call blocked, mended and allowed, on this machine",
}


class Parser(ArgumentParser):
    """Says a mistake in one line that names the argument, and exits 2."""

    def error(self, message: str) -> NoReturn:
        """As argparse, without the usage above it."""
        self.exit(2, f"{self.prog}: {message} (see {self.prog} --help)\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line `argv` (default: the process's) and return its exit status."""
    parser = Parser(
        prog="crossorigin",
        description="From a red CORS line in a console to a safe, tested, working cross-origin call.",
        epilog="commands:\n" + "\n".join(f"  {name:9} {what}" for name, what in _COMMANDS.items()),
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"crossorigin {__version__}")
    parser.add_argument("command", choices=_COMMANDS, metavar="COMMAND", help="one of the commands below")
    arguments = list(sys.argv[1:] if argv is None else argv)
    # Options before the command are ours, everything after it is the command's.
    first = next((index for index, word in enumerate(arguments) if not word.startswith("-")), len(arguments))
    command = parser.parse_args(arguments[: first + 1]).command
    try:
        module = import_module(f"crossorigin.cli.{command}")
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] == "crossorigin":
            raise
        parser.error(f'{command} needs the package {error.name}: pip install "crossorigin[cli]"')
    try:
        return int(module.main(arguments[first + 1 :]))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has seen enough; nothing is left to say to a closed pipe.
        sys.stderr.close()
        return 0
