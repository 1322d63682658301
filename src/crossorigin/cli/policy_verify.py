"""`crossorigin policy verify`: whether a running server does what a policy says.

The browser's half is imported when a server is asked: the other actions of `crossorigin policy` do without it.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.text import Text

from crossorigin.cli.output import Output
from crossorigin.policy.load import load_policy

if TYPE_CHECKING:
    from crossorigin.doctor.verify import Verification
    from crossorigin.web.url import URL

__all__ = ["add_arguments", "verify"]

_LONGEST_TIMEOUT: Final = 86400
_NOBODY: Final = "crossorigin-verify-no-such-path"
"""A path that no server has: its 404 is asked for as well."""


def add_arguments(parser: ArgumentParser) -> None:
    """The arguments of `crossorigin policy verify`."""
    add = parser.add_argument
    add("url", metavar="URL", help="what pages call; only GET and OPTIONS are sent")
    add("file", metavar="FILE", type=Path, help="the file with the policy")
    add("--policy", "--name", dest="policy", metavar="NAME", help="which policy, where the file has several")
    add("--also", action="append", default=[], metavar="URL", help="another URL, such as one that fails; repeatable")
    add("--timeout", type=float, default=30.0, metavar="SECONDS", help="for each exchange (default 30)")
    add("--insecure", action="store_true", help="accept any certificate")
    add("--junit", type=Path, metavar="FILE", help="also write a test report, as continuous integration reads it")
    add("--json", action="store_true", help="print one object and nothing else")


def verify(arguments: Namespace) -> int:
    """Ask the server, print one line for each difference, and return the exit status."""
    from crossorigin.doctor.question import UsageError  # noqa: PLC0415 - see above

    try:
        return _verify(arguments)
    except UsageError as error:
        raise LookupError(str(error)) from None


def _verify(arguments: Namespace) -> int:
    from crossorigin.browser.options import TransportOptions, TrustStoreError  # noqa: PLC0415 - see above
    from crossorigin.browser.transport import SyncTransport  # noqa: PLC0415 - see above
    from crossorigin.doctor.question import UsageError  # noqa: PLC0415 - see above
    from crossorigin.doctor.verify import verify as verify_server  # noqa: PLC0415 - see above

    policy = load_policy(arguments.file, arguments.policy)
    if not 0 < arguments.timeout <= _LONGEST_TIMEOUT:
        raise UsageError(
            "--timeout",
            f"{arguments.timeout:g} is not a time limit; give seconds, more than 0, at most {_LONGEST_TIMEOUT}",
        )
    first = _url(arguments.url)
    path = first.path.rpartition("/")[0]
    urls = [first, _url(f"{first.origin.serialize()}{path}/{_NOBODY}"), *map(_url, arguments.also)]
    options = TransportOptions(timeout=arguments.timeout, verify=not arguments.insecure)
    try:
        with SyncTransport(options) as transport:
            result = verify_server(urls, policy, transport)
    except TrustStoreError as error:
        raise LookupError(str(error)) from None
    if arguments.junit is not None:
        _write_junit(arguments.junit, result, first)
    return _say_json(result, first) if arguments.json else _say(result, first)


def _write_junit(path: Path, result: Verification, url: URL) -> None:
    from crossorigin.doctor.verify_report import to_junit  # noqa: PLC0415 - see above

    try:
        path.write_text(to_junit(result, url), encoding="utf-8")
    except OSError as error:
        raise LookupError(f"--junit: {path} cannot be written: {error.strerror}") from None


def _url(text: str) -> URL:
    from crossorigin.doctor.question import ask  # noqa: PLC0415 - see above

    # Every probe brings its own origin; this one is read and forgotten.
    return ask(text, origin="null").url


def _say_json(result: Verification, url: URL) -> int:
    from crossorigin.doctor.verify_report import to_json  # noqa: PLC0415 - see above

    Output().out(json.dumps(to_json(result, url), indent=2), highlight=False)
    return _status(result)


def _say(result: Verification, url: URL) -> int:
    from crossorigin.doctor.terminal import glyphs_of  # noqa: PLC0415 - see above
    from crossorigin.doctor.verify_report import to_table  # noqa: PLC0415 - see above

    output = Output()
    glyphs = glyphs_of(output)
    if result.failure is not None:
        Console(stderr=True).print(Text(f"no HTTP answer, which is not CORS: {result.failure}"), soft_wrap=True)
    elif result.agrees:
        said = f"{glyphs.ok} {url.href} does what the policy says ({result.probes} probes)"
        output.print(Text(said), soft_wrap=True)
    else:
        count = len(result.differences)
        what = "one difference" if count == 1 else f"{count} differences"
        output.print(to_table(result, glyphs))
        output.print()
        output.print(Text(f"{glyphs.bad} {what} in {result.probes} probes of {url.href}"), soft_wrap=True)
    return _status(result)


def _status(result: Verification) -> int:
    return 3 if result.failure is not None else 0 if result.agrees else 1
