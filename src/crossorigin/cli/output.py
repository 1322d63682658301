"""Standard output for people who may stop reading: `crossorigin check … | head -1` is no reason to end otherwise."""

from __future__ import annotations

from rich.console import Console

from crossorigin.cli.main import silence_stdout

__all__ = ["Output"]


class Output(Console):
    """Standard output that falls silent when its reader has gone, so that the exit status stays the command's own.

    The library would end the process with status 1, which is "blocked" here.
    """

    def on_broken_pipe(self) -> None:
        """Go on without a word."""
        self.quiet = True
        silence_stdout()
