"""`crossorigin policy render`: a policy as the configuration of a server or framework."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from rich.console import Console
from rich.text import Text

from crossorigin.cli.output import Output
from crossorigin.policy.load import load_policy
from crossorigin.stacks import Rendered, Site, SiteError, all_stacks, get_stack

__all__ = ["add_arguments", "render"]


def add_arguments(parser: ArgumentParser) -> None:
    """The arguments of `crossorigin policy render`."""
    add = parser.add_argument
    add("stack", metavar="STACK", nargs="?", help="such as nginx; --list has all")
    add("file", metavar="FILE", nargs="?", type=Path, help="the file with the policy")
    add("--policy", "--name", dest="policy", metavar="NAME", help="which policy, where the file has several")
    add("--upstream", metavar="URL", default=Site().upstream, help="the backend (default %(default)s)")
    add("--port", type=int, default=Site().port, help="where the server listens (default %(default)s)")
    add("--style", default="", metavar="STYLE", help="how to write it, where a stack has several ways; --list has them")
    add("-o", "--output", metavar="DIR", type=Path, help="write the files there, and print nothing")
    add("--list", action="store_true", help="list the stacks, and what can be done with each")


def render(arguments: Namespace) -> int:
    """Print a policy as a configuration, alone on standard output; limits also on standard error."""
    if arguments.list:
        _list()
        return 0
    if arguments.stack is None or arguments.file is None:
        raise LookupError("say which STACK and which FILE, or --list")
    stack = get_stack(arguments.stack)
    if stack.render is None:
        raise LookupError(f"{stack.title} cannot be rendered; --list says what can")
    if arguments.style and arguments.style not in stack.styles:
        have = f"it has {', '.join(stack.styles)}" if stack.styles else "it has one way only"
        raise LookupError(f"--style: {arguments.style!r} is no way to write {stack.title}; {have}")
    try:
        site = Site(upstream=arguments.upstream, port=arguments.port, style=arguments.style)
    except SiteError as error:
        raise LookupError(str(error)) from None
    policy = load_policy(arguments.file, arguments.policy)
    rendered = stack.render(policy, site)
    _write(rendered, arguments.output)
    errors = Console(stderr=True)
    if stack.verified is None:
        errors.print(Text(f"not verified by running: {stack.title} was written from its documentation"), soft_wrap=True)
    for limit in rendered.limits:
        errors.print(Text(f"limit: {limit}"), soft_wrap=True)
    return 0


def _write(rendered: Rendered, directory: Path | None) -> None:
    if directory is not None:
        directory.mkdir(parents=True, exist_ok=True)
        for file in rendered.files:
            (directory / file.name).write_text(file.text, encoding="utf-8")
        return
    for number, file in enumerate(rendered.files):
        if len(rendered.files) > 1:
            # Each language's comments are another's syntax: a title of its own, between the files and not in them.
            sys.stdout.write(f"{'' if number == 0 else chr(10)}==> {file.name} <==\n")
        sys.stdout.write(file.text)


def _list() -> None:
    rows = [("stack", "title", "can", "verified by running")]
    for stack in all_stacks():
        styles = f"; --style {', '.join(stack.styles)}" if stack.styles else ""
        can = f"{', '.join(stack.abilities)}{styles}"
        rows.append((stack.name, stack.title, can, stack.verified or "not verified by running"))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    console = Output()
    for row in rows:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        # Lines that are too long for a terminal are the terminal's to break: one stack is one line.
        console.print(Text(line.rstrip()), soft_wrap=True)
