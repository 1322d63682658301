"""`crossorigin explain [CODE]`: the page of a code, or all of them in a list."""

from __future__ import annotations

from collections.abc import Sequence

from rich.markdown import Markdown
from rich.text import Text

from crossorigin.cli.main import Parser
from crossorigin.cli.output import Output
from crossorigin.doctor.codes import UnknownCodeError, code_page, code_titles

__all__ = ["main"]

_WIDEST = 88


def main(argv: Sequence[str]) -> int:
    """Run `crossorigin explain` with these arguments and return its exit status."""
    parser = Parser(prog="crossorigin explain", description="What a code means, why it matters and what to do.")
    parser.add_argument("code", nargs="?", metavar="CODE", help="such as B301; without it, all codes are listed")
    code = parser.parse_args(argv).code
    console = Output()
    if code is None:
        for known, title in code_titles().items():
            console.print(Text(f"{known}  {title}"), soft_wrap=True, highlight=False)
        return 0
    try:
        page = code_page(code)
    except UnknownCodeError as error:
        parser.error(f"CODE: {error}; crossorigin explain lists them all")
    if console.is_terminal and not console.options.ascii_only:
        console.print(Markdown(page, code_theme="ansi_dark"), width=min(console.width, _WIDEST))
    else:
        console.print(Text(page.rstrip("\n")), soft_wrap=True, highlight=False)
    return 0
