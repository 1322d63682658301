"""`crossorigin check URL`: what a browser does with a URL."""

from __future__ import annotations

import json
import sys
from argparse import Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import cast

from rich.console import Console

from crossorigin.browser.lookup import known_addresses, look_up
from crossorigin.browser.options import Resolve, TransportOptions, TrustStoreError
from crossorigin.browser.transport import SyncTransport
from crossorigin.cli.main import Parser
from crossorigin.cli.output import Output
from crossorigin.doctor.check import check
from crossorigin.doctor.consult import consult
from crossorigin.doctor.copied import CREDENTIALS, LONGEST, MODES, REDIRECTS, Copied, Words
from crossorigin.doctor.curl_line import read_curl
from crossorigin.doctor.diagram import UNICODE
from crossorigin.doctor.fetch_call import read_fetch_call
from crossorigin.doctor.json_report import to_json
from crossorigin.doctor.question import Question, UsageError, ask
from crossorigin.doctor.report import Report
from crossorigin.doctor.terminal import glyphs_of, print_notes, print_report
from crossorigin.fetch.profile import Profile
from crossorigin.fetch.profiles import ENGINES, PROFILES
from crossorigin.stacks import Stack, UnknownStackError, get_stack

__all__ = ["main", "question_of"]

_PATIENCE = 2.0
"""Seconds for the resolver, which the request itself has to ask again anyhow."""
_LONGEST_TIMEOUT = 86400
"""One day: nobody waits longer, and the platform's timers overflow somewhere above."""

_EPILOG = """\
examples:
  crossorigin check https://api.example.com/users \\
      --origin https://app.example.com
  crossorigin check https://api.example.com/users/42 \\
      -X PUT -H 'Content-Type: application/json' -d '{"name": "Ann"}' \\
      --credentials include --page https://app.example.com/settings
  pbpaste | crossorigin check --curl -

--curl and --fetch take what the network panel of Chrome, Edge, Firefox or
Safari copies by "Copy as cURL" and "Copy as fetch", or such a line written by
hand; - reads it from standard input, where nothing has to be quoted. The page
is the one of its Origin or Referer header, headers that the browser wrote by
itself are left out, and of a preflight the call behind it is asked. Any other
option here stands against what was copied.

--real starts the browsers found on this machine and compares. Each sends the
requests once more. Nobody can be a page of a site that is not theirs: each
browser gets a proxy on this machine that answers for the page's origin with a
page of this program, and passes on what is sent to the URL.

A call that fails is followed by at most 6 second probes, GET and preflights
without credentials, which tell causes apart; --no-probes sends none.

exit status: 0 every browser asked lets script read; 1 one blocks; 2 wrong
usage; 3 no HTTP answer (refused, DNS, TLS, timeout), which is never CORS.
With --real it is 1 also if a browser blocks for real what was predicted to be
allowed; when the check itself had no answer no browser is asked.
"""


def _parser() -> Parser:
    parser = Parser(
        prog="crossorigin check",
        description="Ask a URL as a browser would for a page of another origin,\nand say what script may read.",
        epilog=_EPILOG,
        formatter_class=RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    call = parser.add_mutually_exclusive_group(required=True)
    call.add_argument("url", nargs="?", metavar="URL", help="what the page calls (http or https)")
    call.add_argument("--curl", metavar="'curl ...'", help="the call as a curl command, or - (see below)")
    call.add_argument("--fetch", metavar="'fetch(...)'", help="the call as script makes it, or - (see below)")
    add("--origin", help="the page's origin, such as https://app.example.com, or null")
    add("--page", metavar="URL", help="the page's URL, when its Referer matters; gives the origin too")
    add("-X", "--method", help="the method (default GET)")
    add(
        "-H",
        "--header",
        dest="headers",
        action="append",
        metavar="'Name: value'",
        help="a header set by script; repeatable",
    )
    add("-d", "--data", help="the body, a string as it stands (text/plain unless -H says otherwise)")
    add("--credentials", choices=CREDENTIALS, help="as in fetch() (default same-origin)")
    add("--mode", choices=MODES, help="as in fetch() (default cors)")
    add("--cookie", metavar="'a=b'", help="the cookies that the browser holds for the URL's host")
    add("--redirect", choices=REDIRECTS, help="as in fetch() (default follow)")
    add("--browser", choices=(*PROFILES, "all"), default="all", help="whose behaviour (default all three engines)")
    add("--real", action="store_true", help="also ask the browsers of this machine (see below)")
    add("--timeout", type=float, default=30.0, metavar="SECONDS", help="for each exchange (default 30)")
    add("--max-body", type=int, default=16 * 1024 * 1024, metavar="BYTES", help="of a response (default 16 MiB)")
    add("--insecure", action="store_true", help="accept any certificate")
    add("--resolve", action="append", default=[], metavar="HOST:PORT:ADDR", help="as curl's; repeatable")
    add("--fix", metavar="STACK", help="write the fix for this stack (default: the one that answered, if it shows)")
    add("--style", default="", metavar="STYLE", help="how to write it, where a stack has several ways")
    add("--all-causes", action="store_true", help="show the evidence for every cause, not only for the first")
    add("--no-probes", action="store_true", help="send what a browser sends, and no second probe")
    add("--json", action="store_true", help="print one object and nothing else")
    return parser


def main(argv: Sequence[str]) -> int:
    """Run `crossorigin check` with these arguments and return its exit status."""
    parser = _parser()
    arguments = parser.parse_args(argv)
    profiles = ENGINES if arguments.browser == "all" else (PROFILES[arguments.browser],)
    output = Output()
    ask_browsers: Callable[[Report], Report] | None = None
    copied: Copied | None = None
    given = _given(arguments)
    try:
        copied = _copied(arguments)
        question = _question(arguments, copied, given)
        options = _options(arguments, copied)
        stack = _stack(arguments)
        if arguments.real:
            question, ask_browsers = _real(question, profiles, options, output, quiet=arguments.json)
    except UsageError as error:
        parser.error(str(error if copied is None else copied.blame(error, given)))
    except ModuleNotFoundError as error:
        parser.error(f'--real needs the package {error.name}: pip install "crossorigin[real]"')
    if copied is not None and not arguments.json:
        print_notes(copied.told(given), output)
    try:
        with SyncTransport(options) as transport:
            ask_all = partial(check, question, transport, profiles, _addresses(question, options))
            waiting = f"Waiting for {question.url.origin} ({question.method.decode('latin-1')})"
            report = ask_all() if arguments.json else _with_progress(waiting, ask_all)
            second = None if arguments.no_probes else transport
            consultation = consult(report, second, stack=stack, style=arguments.style, flags=_flags(arguments, copied))
        if ask_browsers is not None:
            ask_real = partial(ask_browsers, report)
            report = ask_real() if arguments.json else _with_progress("Asking the browsers of this machine", ask_real)
            consultation = replace(consultation, report=report)
    except TrustStoreError as error:
        parser.error(str(error))
    if arguments.json:
        output.out(json.dumps(to_json(consultation), indent=2), highlight=False)
    else:
        print_report(consultation, output, all_causes=arguments.all_causes)
    return _status(report)


def _real(
    question: Question, profiles: Sequence[Profile], options: TransportOptions, output: Output, *, quiet: bool
) -> tuple[Question, Callable[[Report], Report]]:
    """The question as a real page asks it, and what adds the browsers' answers to a report.

    Raises UsageError where that would mislead. Imports here: without --real nobody needs the extra's libraries.
    """
    from crossorigin.doctor.real import ask_browsers, browsers_for, for_real, warning_before  # noqa: PLC0415

    question = for_real(question)
    browsers = browsers_for(profiles)
    warning = warning_before(question, browsers)
    if warning is not None and not quiet:
        output.print(warning, style="yellow", markup=False, highlight=False)
        output.print()
    return question, partial(ask_browsers, browsers=browsers, options=options)


def question_of(argv: Sequence[str]) -> Question:
    """The question that these arguments of `crossorigin check` ask; raises UsageError, exits 2 for a misspelt flag."""
    arguments = _parser().parse_args(argv)
    return _question(arguments, _copied(arguments), _given(arguments))


def _given(arguments: Namespace) -> Words:
    """The words that stand on the command line itself."""
    said = vars(arguments)
    return cast("Words", {word: said[word] for word in Words.__annotations__ if said[word] is not None})


def _stack(arguments: Namespace) -> Stack | None:
    """The stack that the fix is to be written for."""
    if arguments.fix is None:
        if arguments.style:
            raise UsageError("--style", "it goes with --fix STACK; crossorigin policy render --list has the styles")
        return None
    try:
        stack = get_stack(arguments.fix)
    except UnknownStackError as error:
        raise UsageError("--fix", str(error)) from None
    if arguments.style and arguments.style not in stack.styles:
        have = f"it has {', '.join(stack.styles)}" if stack.styles else "it has one way only"
        raise UsageError("--style", f"{arguments.style!r} is no way to write {stack.title}; {have}")
    return stack


def _flags(arguments: Namespace, copied: Copied | None) -> list[list[str]]:
    """The options that asking again needs as well."""
    flags = [["--insecure"]] if arguments.insecure or (copied is not None and copied.insecure) else []
    flags += [["--resolve", text] for text in (*arguments.resolve, *(() if copied is None else copied.resolve))]
    return flags if arguments.browser == "all" else [*flags, ["--browser", arguments.browser]]


def _copied(arguments: Namespace) -> Copied | None:
    """The call that --curl or --fetch was given, if one was."""
    if arguments.url is not None:
        return None
    text, read = (arguments.curl, read_curl) if arguments.fetch is None else (arguments.fetch, read_fetch_call)
    if text == "-":
        # As arguments come: what is not UTF-8 is kept, and complained about where it stands.
        text = sys.stdin.buffer.read(4 * LONGEST + 1).decode("utf-8", "surrogateescape")
    return read(text)


def _question(arguments: Namespace, copied: Copied | None, given: Words) -> Question:
    return ask(arguments.url, **given) if copied is None else copied.ask(given)


def _options(arguments: Namespace, copied: Copied | None) -> TransportOptions:
    resolve = []
    for text in (*arguments.resolve, *(() if copied is None else copied.resolve)):
        try:
            resolve.append(Resolve.parse(text))
        except ValueError as error:
            raise UsageError("--resolve", str(error)) from None
    if not 0 < arguments.timeout <= _LONGEST_TIMEOUT:
        raise UsageError(
            "--timeout",
            f"{arguments.timeout:g} is not a time limit; give seconds, more than 0, at most {_LONGEST_TIMEOUT}",
        )
    if arguments.max_body < 1:
        raise UsageError("--max-body", f"{arguments.max_body} is not a size; give bytes, 1 or more")
    return TransportOptions(
        timeout=arguments.timeout,
        max_body=arguments.max_body,
        verify=not (arguments.insecure or (copied is not None and copied.insecure)),
        resolve=tuple(resolve),
    )


def _addresses(question: Question, options: TransportOptions) -> Sequence[str]:
    """What the URL's host resolves to, as far as it can be known at once: only a note depends on it."""
    host, port = (question.url.host or "").strip("[]"), question.url.port or 443
    if known := known_addresses(host, port, options.resolve):
        return known
    try:
        return look_up(host, port).result(_PATIENCE)
    except (OSError, TimeoutError):
        return ()


def _with_progress(waiting: str, ask_all: Callable[[], Report]) -> Report:
    """A line on standard error while a slow server, or a browser, is waited for, where somebody watches."""
    progress = Console(stderr=True)
    if not progress.is_terminal:
        return ask_all()
    spinner, dots = ("dots", "…") if glyphs_of(progress) is UNICODE else ("line", "...")
    with progress.status(f"{waiting} {dots}", spinner=spinner):
        return ask_all()


def _status(report: Report) -> int:
    if report.failure is not None:
        return 3
    return 0 if report.allowed and report.allowed_for_real else 1
