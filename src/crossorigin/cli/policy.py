"""`crossorigin policy`: check the policies of a file, explain what they say to a page, compare two, move one over.

`render` and `verify`, which need more of the house, are in `crossorigin.cli.policy_render` and `policy_verify`.
"""

from __future__ import annotations

from argparse import Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

from crossorigin.cli import policy_render, policy_verify
from crossorigin.cli.main import Parser
from crossorigin.cli.output import Output
from crossorigin.policy.diff import PolicyDiff
from crossorigin.policy.load import ONLY, PolicyFileError, check_file, load_policies, load_policy
from crossorigin.policy.migrate import MigrationError
from crossorigin.policy.policy import Policy
from crossorigin.policy.problems import PolicyError, Problem
from crossorigin.policy.source import read_source
from crossorigin.stacks import get_stack
from crossorigin.stacks.migration import migrate_configuration

__all__ = ["main"]

_EPILOG = """\
examples:
  crossorigin policy check crossorigin.toml
  crossorigin policy explain crossorigin.toml --origin https://app.example.com \\
      -X PUT -H content-type
  crossorigin policy diff old.toml new.toml
  crossorigin policy migrate app/main.py --from starlette > crossorigin.toml
  crossorigin policy migrate /etc/nginx/conf.d/api.conf --from nginx
  crossorigin policy migrate server.mjs --from express
  crossorigin policy render nginx crossorigin.toml > cors.conf
  crossorigin policy verify https://api.example.com/users crossorigin.toml

exit status: 0 sound, allowed, nothing newly allowed, moved over, or agrees;
1 problems, denied, something newly allowed, something to be looked at, or a
difference; 2 wrong usage or a file that cannot be read; 3 no HTTP answer
"""


def _parser() -> Parser:
    parser = Parser(
        prog="crossorigin policy",
        description="The server's half: policies in crossorigin.toml, pyproject.toml or a JSON file.",
        epilog=_EPILOG,
        formatter_class=RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=Parser)
    check = actions.add_parser("check", help="find everything that is wrong with the policies of a file")
    check.add_argument("file", metavar="FILE", type=Path)
    explain = actions.add_parser("explain", help="say what a policy answers to a page that calls")
    add = explain.add_argument
    add("file", metavar="FILE", type=Path)
    add("--origin", required=True, help="the page's origin, such as https://app.example.com, or null")
    add("-X", "--method", default="GET", help="the method (default GET)")
    add("-H", "--header", action="append", default=[], metavar="NAME[: VALUE]", help="set by script; repeatable")
    add("--credentials", action="store_true", help="the page calls with cookies (credentials: include)")
    add("--name", help="which policy, where the file has several")
    diff = actions.add_parser("diff", help="say what a change newly allows")
    diff.add_argument("old", metavar="OLD", type=Path)
    diff.add_argument("new", metavar="NEW", type=Path)
    migrate = actions.add_parser(
        "migrate", help="read settings of another library or server, and write the equal policy"
    )
    migrate.add_argument("file", metavar="FILE", type=Path, help="the file with the settings; it is not run")
    migrate.add_argument(
        "--from",
        dest="stack",
        required=True,
        metavar="STACK",
        help="whose settings: fastapi, django, express, nginx, s3 and all others that render --list says can be read",
    )
    render = actions.add_parser("render", help="write a policy as the configuration of a server or framework")
    policy_render.add_arguments(render)
    verify = actions.add_parser("verify", help="prove that a running server does what a policy says")
    policy_verify.add_arguments(verify)
    return parser


def main(argv: Sequence[str]) -> int:
    """Run `crossorigin policy` with these arguments and return its exit status."""
    parser = _parser()
    arguments = parser.parse_args(argv)
    try:
        return _ACTIONS[arguments.action](arguments)
    except (PolicyFileError, LookupError, MigrationError) as error:
        message = error.args[0] if error.args else error
        parser.error(f"{arguments.action}: {message}")
    except PolicyError as error:
        _print_problems(error.problems)
        return 1


def _check(arguments: Namespace) -> int:
    problems = check_file(arguments.file)
    if problems:
        _print_problems(problems)
    proxy_is_sound, about_proxy = _check_proxy(arguments.file)
    console = Output()
    for name, policy in {} if problems else load_policies(arguments.file).items():
        where = "" if name == ONLY else f" {name}:"
        _line(console, f"✓{where} {_summary(policy)}")
    if about_proxy:
        _line(console, about_proxy)
    return int(bool(problems) or not proxy_is_sound)


def _check_proxy(path: Path) -> tuple[bool, str]:
    """Whether the proxy's settings, which may stand in the same file, are sound, and what there is to say of them."""
    if "proxy" not in read_source(path, "proxy", PolicyFileError).tables:
        return True, ""
    # With its parsers and its loop, without which the other actions do.
    from crossorigin.proxy.load import load_settings  # noqa: PLC0415
    from crossorigin.proxy.setting_reader import SettingsError  # noqa: PLC0415

    try:
        settings = load_settings(path)
    except SettingsError as error:
        return False, str(error)
    count = len(settings.routes)
    return True, f"✓ the proxy has {count} route{'' if count == 1 else 's'}"


def _explain(arguments: Namespace) -> int:
    policy = load_policy(arguments.file, arguments.name)
    try:
        explanation = policy.explain(
            arguments.origin, arguments.method, arguments.header, credentials=arguments.credentials
        )
    except ValueError as error:
        raise LookupError(str(error)) from None
    console = Output()
    _line(console, f"{'✓' if explanation.allowed else '✗'} {_shown_call(arguments)}")
    for line in str(explanation).splitlines():
        _line(console, f"  {line}")
    return 0 if explanation.allowed else 1


def _diff(arguments: Namespace) -> int:
    old, new = load_policies(arguments.old), load_policies(arguments.new)
    console = Output()
    widened = False
    for name in [*old, *(name for name in new if name not in old)]:
        title = "" if len(old) == len(new) == 1 and name in old and name in new else f"{name}: "
        if name not in new:
            _line(console, f"{title}the policy is gone; nothing of it is allowed any more")
        elif name not in old:
            widened = True
            _line(console, f"{title}a new policy: {_summary(new[name])}")
        else:
            change: PolicyDiff = old[name].diff(new[name])
            widened = widened or bool(change.newly_allows)
            for line in f"{title}{change}".splitlines():
                _line(console, line)
    return 1 if widened else 0


def _migrate(arguments: Namespace) -> int:
    migration = migrate_configuration(arguments.file, get_stack(arguments.stack))
    Output().out(migration.to_toml(), end="", highlight=False)
    count = len(migration.findings)
    if count:
        what = "one thing" if count == 1 else f"{count} things"
        _line(Console(stderr=True), f"{what} to look at: the comments above the policy")
    return 1 if count else 0


_ACTIONS: Final[dict[str, Callable[[Namespace], int]]] = {
    "check": _check,
    "explain": _explain,
    "diff": _diff,
    "migrate": _migrate,
    "render": policy_render.render,
    "verify": policy_verify.verify,
}


def _print_problems(problems: Sequence[Problem]) -> None:
    console = Output()
    for problem in problems:
        head, _, rest = str(problem).partition("\n")
        console.print(Text(head, style="bold red"), soft_wrap=True)
        _line(console, f"{rest}\n")
    count = len(problems)
    code = problems[0].code
    _line(console, f"{count} problem{'' if count == 1 else 's'}. More: crossorigin explain {code}")


def _summary(policy: Policy) -> str:
    origins = policy.allow_origins
    shown = "any origin" if origins == ("*",) else ", ".join(origins[:3])
    more = f" and {len(origins) - 3} more" if len(origins) > 3 else ""
    return f"{shown}{more}; {'with' if policy.allow_credentials else 'without'} credentials"


def _shown_call(arguments: Namespace) -> str:
    credentials = " with credentials" if arguments.credentials else ""
    return f"{ascii(arguments.method)[1:-1]} from {ascii(arguments.origin)[1:-1]}{credentials}"


def _line(console: Console, text: str) -> None:
    console.print(Text(text), soft_wrap=True, highlight=False)
