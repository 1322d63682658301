"""`crossorigin explain [CODE | MESSAGE | -]`: a code's page, the list of codes, or what a console's message means."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence

from rich.markdown import Markdown
from rich.text import Text

from crossorigin.cli.main import Parser
from crossorigin.cli.output import Output
from crossorigin.doctor.codes import UnknownCodeError, code_page, code_titles
from crossorigin.doctor.pasted import LONGEST, PastedTooLongError, recognise
from crossorigin.doctor.reading import read, to_json
from crossorigin.doctor.terminal import print_readings

__all__ = ["main"]

_WIDEST = 88
_FORM_OF_A_CODE = re.compile(r"\s*\S{0,12}\s*")
"""What is as short as this is a code, or the wrong one; a message has words."""


def main(argv: Sequence[str]) -> int:
    """Run `crossorigin explain` with these arguments and return its exit status."""
    parser = Parser(
        prog="crossorigin explain",
        description="What a code, or a red line of a browser's console, means, why it matters and what to do.",
    )
    parser.add_argument(
        "code",
        nargs="?",
        metavar="CODE",
        help="such as B301, or a console's message in quotes, or - to read one from standard input; without it, all "
        "codes are listed",
    )
    parser.add_argument("--json", action="store_true", help="print what a message says as JSON")
    arguments = parser.parse_args(argv)
    code: str | None = arguments.code
    if code == "-":
        return _message(parser, sys.stdin.buffer.read(4 * LONGEST + 1).decode("utf-8", "replace"), arguments.json)
    if code is not None and _FORM_OF_A_CODE.fullmatch(code) is None:
        return _message(parser, code, arguments.json)
    if arguments.json:
        parser.error("--json goes with a message, or with - for standard input")
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


def _message(parser: Parser, text: str, as_json: bool) -> int:  # noqa: FBT001 - as argparse hands it over
    try:
        readings = [read(each) for each in recognise(text)]
    except PastedTooLongError as error:
        parser.error(str(error))
    if as_json:
        sys.stdout.write(json.dumps({"messages": [to_json(each) for each in readings]}, indent=2) + "\n")
    elif readings:
        print_readings(readings, Output())
    if not readings:
        sys.stderr.write(
            f"{parser.prog}: there is no message of a browser about CORS in this text; paste the whole red line of the "
            "console (crossorigin check URL asks the server itself)\n"
        )
        return 1
    return 0
