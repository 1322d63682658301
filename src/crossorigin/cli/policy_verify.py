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
    return _say_json(result, first) if arguments.json else _say(result, first)


def _url(text: str) -> URL:
    from crossorigin.doctor.question import ask  # noqa: PLC0415 - see above

    # Every probe brings its own origin; this one is read and forgotten.
    return ask(text, origin="null").url


def _say_json(result: Verification, url: URL) -> int:
    shown = {
        "url": url.href,
        "agrees": result.agrees,
        "probes": result.probes,
        "differences": [
            {"probe": each.probe, "expected": each.expected, "got": each.got} for each in result.differences
        ],
        "failure": result.failure,
    }
    Output().out(json.dumps(shown, indent=2), highlight=False)
    return 3 if result.failure is not None else 0 if result.agrees else 1


def _say(result: Verification, url: URL) -> int:
    output = Output()
    if result.failure is not None:
        Console(stderr=True).print(Text(f"no HTTP answer, which is not CORS: {result.failure}"), soft_wrap=True)
        return 3
    for difference in result.differences:
        output.print(Text(str(difference)), soft_wrap=True, highlight=False)
    count = len(result.differences)
    if not count:
        output.print(Text(f"✓ {url.href} does what the policy says ({result.probes} probes)"), soft_wrap=True)
        return 0
    what = "one difference" if count == 1 else f"{count} differences"
    output.print(Text(f"✗ {what} in {result.probes} probes of {url.href}"), soft_wrap=True)
    return 1
