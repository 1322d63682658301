"""`crossorigin demo`: a call blocked, mended and allowed, over real sockets on this machine."""

from __future__ import annotations

from collections.abc import Sequence

from crossorigin.cli.main import Parser
from crossorigin.cli.output import Output
from crossorigin.lab.demo import show

__all__ = ["main"]


def main(argv: Sequence[str]) -> int:
    """Run `crossorigin demo` with these arguments and return its exit status: 0 when the demonstration went right."""
    parser = Parser(
        prog="crossorigin demo",
        description="Start an API without CORS and a page of another origin on loopback, check, mend, check again.",
    )
    parser.add_argument("--keep", action="store_true", help="leave both running and print their addresses")
    return show(Output(), keep=parser.parse_args(argv).keep)
