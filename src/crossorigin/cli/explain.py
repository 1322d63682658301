"""`crossorigin explain`: a code's page, the list of codes, what a console's message means, what a recording tells."""

from __future__ import annotations

import json
import re
import sys
from argparse import Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.markdown import Markdown
from rich.text import Text

from crossorigin.cli.main import Parser
from crossorigin.cli.output import Output
from crossorigin.doctor import transcript
from crossorigin.doctor.codes import UnknownCodeError, code_page, code_titles
from crossorigin.doctor.explained import FilterError, NobodyAsksError, URLFilter, explain
from crossorigin.doctor.explained_json import explanation_to_json, readings_to_json
from crossorigin.doctor.pasted import LONGEST, PastedTooLongError, recognise
from crossorigin.doctor.reading import read
from crossorigin.doctor.recorded import Recording, read_origin
from crossorigin.doctor.terminal import print_explanation, print_readings
from crossorigin.web.origins import Origin, OriginSyntaxError
from crossorigin.web.url import URL, parse_url

__all__ = ["main"]

_WIDEST = 88
_FORM_OF_A_CODE = re.compile(r"\s*\S{0,12}\s*")
"""What is as short as this is a code, or the wrong one; a message has words."""

_EPILOG = """\
examples:
  crossorigin explain B301
  crossorigin explain "Access to fetch at 'https://api.example.com/' from ..."
  crossorigin explain --har calls.har --filter api.example.com
  curl -v -H 'Origin: https://app.example.com' https://api.example.com/ 2>&1 |
      crossorigin explain --transcript -

A HAR file is what the network panel of Chrome, Edge, Firefox or Safari exports,
and Playwright, Charles, mitmproxy and others. A recording is judged by what
it holds; nothing is sent.

exit status: 0 something was explained; 1 nothing to explain was found; 2 wrong
usage, or a file that cannot be used.
"""

_ONLY_WITH = {
    "filter": "--har",
    "all": "--har",
    "origin": "--transcript",
    "credentials": "--transcript",
    "url": "--transcript",
}


def _parser() -> Parser:
    parser = Parser(
        prog="crossorigin explain",
        description="What a code, a red line of a browser's console, or a recording of\na browser's requests means, "
        "why it matters and what to do.",
        epilog=_EPILOG,
        formatter_class=RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add(
        "code",
        nargs="?",
        metavar="CODE",
        help="such as B301, or a console's message in quotes, or - to read one from standard input; without it, all "
        "codes are listed",
    )
    add("--har", metavar="FILE", help="a HAR file: every blocked request in it")
    add("--filter", metavar="TEXT", help="of --har only URLs that contain TEXT, or match /REGEX/")
    add("--all", action="store_true", help="every blocked request of --har, and not the first 20 kinds alone")
    add("--transcript", metavar="FILE", help="what curl -v or curl -i printed; - for standard input")
    add("--origin", help="which page asks, where --transcript does not show it")
    add("--url", help="what was asked with GET, where --transcript shows answers alone")
    add("--credentials", choices=("omit", "same-origin", "include"), help="of the call in --transcript, as in fetch()")
    add("--json", action="store_true", help="print what a message or a recording says as JSON")
    return parser


def main(argv: Sequence[str]) -> int:
    """Run `crossorigin explain` with these arguments and return its exit status."""
    parser = _parser()
    arguments = parser.parse_args(argv)
    code: str | None = arguments.code
    if code is not None and not (arguments.har is arguments.transcript is None):
        parser.error("CODE goes without --har and --transcript")
    if arguments.har is not None and arguments.transcript is not None:
        parser.error("--har goes without --transcript")
    for name, needed in _ONLY_WITH.items():
        if getattr(arguments, name) not in {None, False} and getattr(arguments, needed.removeprefix("--")) is None:
            parser.error(f"--{name} goes with {needed}")
    if arguments.har is not None:
        return _har(parser, arguments)
    if arguments.transcript is not None:
        return _transcript(parser, arguments)
    if code == "-":
        return _message(parser, sys.stdin.buffer.read(4 * LONGEST + 1).decode("utf-8", "replace"), arguments.json)
    if code is not None and _FORM_OF_A_CODE.fullmatch(code) is None:
        return _message(parser, code, arguments.json)
    if arguments.json:
        parser.error("--json goes with a message, or with - for standard input, or with a recording")
    return _page(parser, code)


def _page(parser: Parser, code: str | None) -> int:
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
        _write(readings_to_json(readings))
    elif readings:
        print_readings(readings, Output())
    if not readings:
        sys.stderr.write(
            f"{parser.prog}: there is no message of a browser about CORS in this text; paste the whole red line of the "
            "console (crossorigin check URL asks the server itself)\n"
        )
        return 1
    return 0


def _har(parser: Parser, arguments: Namespace) -> int:
    # Imported here: its library is of no use to a code's page, which is wanted at once.
    from crossorigin.doctor.har import LARGEST, HARError, read_har  # noqa: PLC0415

    data = _content(parser, "--har", arguments.har, LARGEST)
    try:
        recording = read_har(data)
    except HARError as error:
        parser.error(f"--har: {arguments.har}: {error}")
    return _recording(parser, arguments, recording)


def _transcript(parser: Parser, arguments: Namespace) -> int:
    # A character has at most four bytes.
    data = _content(parser, "--transcript", arguments.transcript, 4 * transcript.LONGEST)
    origin, url = _origin(parser, arguments.origin), _url(parser, arguments.url)
    try:
        recording = transcript.read_transcript(data.decode("utf-8", "replace"), url=url, origin=origin)
    except transcript.TranscriptError as error:
        parser.error(f"--transcript: {arguments.transcript}: {error}")
    return _recording(parser, arguments, recording, origin)


def _recording(parser: Parser, arguments: Namespace, recording: Recording, origin: Origin | None = None) -> int:
    try:
        only = None if arguments.filter is None else URLFilter(arguments.filter)
        explanation = explain(recording, only=only, origin=origin, credentials=arguments.credentials)
    except FilterError as error:
        parser.error(f"--filter: {error}")
    except NobodyAsksError as error:
        parser.error(f"--origin: {error}")
    if arguments.json:
        _write(explanation_to_json(explanation))
    else:
        print_explanation(explanation, Output(), show_all=arguments.all)
    return 0 if explanation.blocked else 1


def _content(parser: Parser, argument: str, name: str, limit: int) -> bytes:
    """The file's bytes, or standard input's, and one more than the limit at most, so that it is seen to be passed."""
    if name == "-":
        return sys.stdin.buffer.read(limit + 1)
    try:
        with Path(name).open("rb") as file:
            return file.read(limit + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        parser.error(f"{argument}: {name}: {why}")


def _origin(parser: Parser, text: str | None) -> Origin | None:
    try:
        return None if text is None else read_origin(text)
    except OriginSyntaxError as error:
        parser.error(f"--origin: {error}")


def _url(parser: Parser, text: str | None) -> URL | None:
    url = None if text is None else parse_url(text)
    if text is not None and (url is None or not url.is_http_family):
        parser.error(f"--url: {text!r} is not a URL; write it like https://api.example.com/users")
    return url


def _write(value: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(value, indent=2) + "\n")
