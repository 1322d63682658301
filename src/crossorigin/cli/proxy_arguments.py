"""The arguments of `crossorigin proxy`, and what they make: the settings of a development proxy, or a CORS front.

Arguments and the file's table are one shape, so that a mistake has one sentence wherever it was made.
"""

from __future__ import annotations

from argparse import Namespace, RawDescriptionHelpFormatter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from crossorigin.cli.main import Parser
from crossorigin.policy import Policy, load_policy
from crossorigin.proxy.anywhere import ANYWHERE_POLICY, AnywhereFront
from crossorigin.proxy.cors import CorsFront, CorsFrontError
from crossorigin.proxy.hosts import Callers
from crossorigin.proxy.load import find_settings, load_settings
from crossorigin.proxy.named_url import OPEN_PORTS
from crossorigin.proxy.rates import Rates
from crossorigin.proxy.route_settings import read_target
from crossorigin.proxy.setting_reader import SettingProblem, SettingReader, SettingsError
from crossorigin.proxy.settings import DevelopmentSettings, read_settings

__all__ = ["ArgumentsError", "cors_front", "development_settings", "named_apis", "parser", "said", "where"]

_EPILOG: Final = """\
examples:
  crossorigin proxy --route /api=http://localhost:8080 --app http://localhost:5173
  crossorigin proxy --route /api=http://localhost:8080 --app ./dist --learn policy.toml
  crossorigin proxy                                  what crossorigin.toml says
  crossorigin proxy --explain /api/users             where that would go, and why
  crossorigin proxy --cors https://api.example.com --allow-origin http://localhost:3000

A route takes /api and what is below it, not /apikey; the longest one wins. ^REGEX
is a pattern of the path, and comes before all others. Everything else is the app's.

exit status: 0 ended by Ctrl-C; 2 wrong usage, a file that cannot be read, or an
address that cannot be listened on
"""


_ARGUMENTS: Final = {
    "app": "--app",
    "allow_hosts": "--allow-host",
    "allow_origins": "--allow-origin",
    "set_request_headers": "--request-header",
    "set_response_headers": "--response-header",
    "verify": "--insecure",
    "ca": "--ca",
    "connect_timeout": "--connect-timeout",
    "retry": "--retry",
    "response_timeout": "--response-timeout",
    "idle_timeout": "--idle-timeout",
}
"""The settings of a file that are arguments as well, beside the routes."""


class ArgumentsError(ValueError):
    """Arguments that do not go together. One sentence that names them."""


def parser() -> Parser:
    """Every argument of the command."""
    made = Parser(
        prog="crossorigin proxy",
        description="One origin for a page and its API while developing, or a safe CORS front for an API of others.",
        epilog=_EPILOG,
        formatter_class=RawDescriptionHelpFormatter,
    )
    add = made.add_argument
    add("--listen", metavar="[HOST:]PORT", help="where (default localhost:3000, on both loopback addresses)")
    add("--config", type=Path, metavar="FILE", help="the file with [proxy] (default crossorigin.toml, pyproject.toml)")
    add("--tls", action="store_true", help="https for the browser, with a certificate made on this machine")
    add("--quiet", action="store_true", help="say where it listens, and nothing of the requests")
    add("--json-log", action="store_true", help="one JSON object for each request")
    add("--max-head", type=int, default=64 * 1024, metavar="BYTES", help="of a request, cookies too (default 65536)")
    _development(made)
    _cors(made)
    return made


def _development(made: Parser) -> None:
    add = made.add_argument_group("development proxy").add_argument
    add("--route", action="append", default=[], metavar="PATH=URL", help="send this path to that server; repeatable")
    add("--app", metavar="URL|DIR", help="where all the rest is: the front end's server, or its built files")
    add("--strip-prefix", action="store_true", help="take the route's path away before a request is sent on")
    add("--host-header", choices=("target", "original"), help="which Host the server sees (default target)")
    add("--origin-header", choices=("original", "target"), help="which Origin the server sees (default original)")
    add("--request-header", action="append", default=[], metavar="'Name: value'", help="sent to the server; repeatable")
    add(
        "--response-header",
        action="append",
        default=[],
        metavar="'Name: value'",
        help="sent to the browser; repeatable",
    )
    add("--forwarded", choices=("x-forwarded", "forwarded", "both", "none"), help="(default x-forwarded)")
    add("--trust-forwarded", action="store_true", help="believe what a proxy in front says, and add to it")
    add("--keep-redirects", action="store_true", help="hand Location on as it is")
    add("--keep-cookies", action="store_true", help="hand Set-Cookie on as it is")
    add("--no-websocket", action="store_true", help="hand no upgrade on over the routes")
    add("--ca", metavar="FILE", help="who signed the servers' certificates")
    add("--insecure", action="store_true", help="take any certificate; for hosts of this network only")
    add("--connect-timeout", type=float, metavar="SECONDS", help="(default 5)")
    add("--retry", type=float, metavar="SECONDS", help="go on asking a server that is being restarted (default 2)")
    add("--response-timeout", type=float, metavar="SECONDS", help="silence before an answer; 0 for ever (default 60)")
    add("--idle-timeout", type=float, metavar="SECONDS", help="silence within one; 0 for ever (default 0)")
    add("--allow-host", action="append", default=[], metavar="NAME", help="another name of this proxy; repeatable")
    add("--learn", type=Path, metavar="FILE", help="write the policy that production will need")
    add(
        "--production-origin", action="append", default=[], metavar="ORIGIN", help="where the page will be; for --learn"
    )
    add("--explain", metavar="PATH", help="say which route takes this path and why, and end")


def _cors(made: Parser) -> None:
    add = made.add_argument_group("CORS front for an API of others").add_argument
    add("--cors", action="append", default=[], metavar="[NAME=]URL", help="the API; several have names: /NAME/path")
    add(
        "--cors-any-public-target",
        action="store_true",
        help="any public URL as a path, /https://host/path: this machine then asks whatever a page wants to know",
    )
    add(
        "--allow-port",
        action="append",
        type=int,
        default=[],
        metavar="PORT",
        help="of a public URL, besides 80 and 443",
    )
    add("--allow-origin", action="append", default=[], metavar="ORIGIN", help="whose pages may ask; repeatable")
    add("--policy", type=Path, metavar="FILE", help="a whole policy in place of --allow-origin")
    add("--allow-credentials", action="store_true", help="cookies too; for one API and exact origins")
    add("--send-origin", choices=("remove", "keep", "target"), default="remove", help="to the API (default remove)")
    add("--rate", type=int, metavar="N", help="requests a minute, for each client and each API")


def where(options: Namespace) -> tuple[str, int] | None:
    """Host and port of --listen, None where it was not given."""
    if options.listen is None:
        return None
    host, colon, port = options.listen.rpartition(":")
    if not port.isascii() or not port.isdigit() or int(port) > 65535 or (colon and not host):
        raise ArgumentsError(
            f"--listen: {options.listen[:80]!r} is neither a port nor HOST:PORT, such as localhost:3000"
        )
    return host.strip("[]") or "localhost", int(port)


def development_settings(options: Namespace) -> DevelopmentSettings:
    """The settings of the arguments, or of a file; raises SettingsError, ProxyFileError, ArgumentsError."""
    if options.route or options.app is not None:
        if options.config is not None:
            raise ArgumentsError("--config: the file has the routes; leave --route and --app out, or the file")
        settings = read_settings(_table(options), place=_place)
    else:
        settings = load_settings(options.config or find_settings(Path()))
    if (at := where(options)) is not None:
        settings = replace(settings, host=at[0], port=at[1])
    return replace(settings, tls=True) if options.tls else settings


def named_apis(options: Namespace) -> list[tuple[str, str]]:
    """Name and URL of each --cors; the name is "" where there is none. A URL may have a "=" in it, but not before "://"."""
    named = []
    for text in options.cors:
        name, _, url = text.rpartition("=") if "=" in text.partition("://")[0] else ("", "", text)
        named.append((name, url))
    return named


def cors_front(options: Namespace) -> CorsFront | AnywhereFront:
    """The CORS front of the arguments; raises ArgumentsError and what policies raise."""
    rates = None if options.rate is None else Rates(options.rate, max(1, options.rate // 4))
    judge = Callers(options.allow_host).host_refusal
    try:
        if options.cors_any_public_target:
            ports = {*OPEN_PORTS, *options.allow_port}
            return AnywhereFront(_policy(options, ANYWHERE_POLICY), rates=rates, ports=ports, refuse_host=judge)
        targets = _targets(options)
        return CorsFront(
            targets, _policy(options, None), rates=rates, origin_header=options.send_origin, refuse_host=judge
        )
    except CorsFrontError as error:
        raise ArgumentsError(str(error)) from None


def _targets(options: Namespace) -> dict[str, Any]:
    problems: list[SettingProblem] = []
    targets: dict[str, Any] = {}
    for name, url in named_apis(options):
        table: dict[str, object] = {"target": url, "verify": not options.insecure}
        if options.ca is not None:
            table["ca"] = options.ca
        reader = SettingReader(table, (), lambda *_: "--cors", problems)
        if name in targets:
            raise ArgumentsError(
                f"--cors: {name or url!r} is named twice; several APIs need a name each: --cors NAME=URL"
            )
        targets[name] = read_target(reader, "target", Path())
    if problems:
        raise SettingsError(problems)
    return targets


def _policy(options: Namespace, default: Policy | None) -> Policy:
    if options.policy is not None:
        if options.allow_origin:
            raise ArgumentsError("--policy: the file says whose pages may ask; leave --allow-origin out")
        return load_policy(options.policy)
    if not options.allow_origin:
        if default is not None:
            return default
        raise ArgumentsError("--cors: say whose pages may ask, with --allow-origin http://localhost:3000")
    if options.allow_credentials:
        # A browser takes no wildcard where cookies come along.
        return Policy(
            allow_origins=options.allow_origin,
            allow_methods=["DELETE", "PATCH", "PUT"],
            allow_headers=["authorization", "content-type"],
            allow_credentials=True,
        )
    return Policy(
        allow_origins=options.allow_origin,
        allow_methods=["*"],
        allow_headers=["*", "authorization"],
        expose_headers=["*"],
    )


def _table(options: Namespace) -> dict[str, object]:
    """The arguments in the shape of the table `proxy` of a file."""
    routes: dict[str, object] = {}
    for text in options.route:
        pattern, equals, target = text.rpartition("=")
        if not equals or not pattern:
            raise ArgumentsError(f"--route: {text[:80]!r} is not PATH=URL, such as /api=http://localhost:8080")
        if pattern in routes:
            raise ArgumentsError(f"--route: {pattern[:80]!r} is given twice")
        routes[pattern] = {"target": target, **_of_each_route(options)}
    table: dict[str, object] = {
        "routes": routes,
        "allow_hosts": options.allow_host,
        "allow_origins": options.allow_origin,
        "trust_forwarded": options.trust_forwarded,
    }
    for name in ("app", "forwarded"):
        if getattr(options, name) is not None:
            table[name] = getattr(options, name)
    return table


def _of_each_route(options: Namespace) -> Mapping[str, object]:
    table: dict[str, object] = {
        "strip_prefix": options.strip_prefix,
        "set_request_headers": _headers("--request-header", options.request_header),
        "set_response_headers": _headers("--response-header", options.response_header),
        "rewrite_redirects": not options.keep_redirects,
        "rewrite_cookies": not options.keep_cookies,
        "websocket": not options.no_websocket,
        "verify": not options.insecure,
    }
    names = ("host_header", "origin_header", "ca", "connect_timeout", "retry", "response_timeout", "idle_timeout")
    return table | {name: value for name in names if (value := getattr(options, name)) is not None}


def _headers(argument: str, texts: list[str]) -> dict[str, str]:
    headers = {}
    for text in texts:
        name, colon, value = text.partition(":")
        if not colon:
            raise ArgumentsError(f"{argument}: {text[:80]!r} is not 'Name: value'")
        headers[name.strip()] = value.strip()
    return headers


def said(error: SettingsError) -> str:
    """The problems of settings in the words of whoever wrote them: arguments by their names, a file by its lines."""
    lines = [f"{each.place}: {each.sentence}" if each.place.startswith("--") else str(each) for each in error.problems]
    return lines[0] if len(lines) == 1 else "\n  ".join([f"there are {len(lines)} problems:", *lines])


def _place(*path: str | int) -> str:
    """Which argument a value came from: `path` is where it stands in the table of a file."""
    for each in reversed(path):
        if each in _ARGUMENTS:
            return _ARGUMENTS[str(each)]
    return f"--route {path[2]}" if len(path) > 2 else "--route"
