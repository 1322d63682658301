"""Where a program in JavaScript calls its CORS library, and where the options of each call stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from crossorigin.policy.migrate import MigrationError
from crossorigin.stacks.javascript_syntax import Source

__all__ = ["Call", "Caller", "calls"]

_PACKAGES: Final = {"cors": "express", "@koa/cors": "koa", "@fastify/cors": "fastify", "hono/cors": "hono"}
"""Packages and the stacks that read them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """How a library is called.

    `package` is where its function comes from, `names` what that is called by custom, `at` which argument the options
    are. With `registers` it is handed to `app.register`. `methods` take the options themselves, as `app.enableCors`
    does; `creates` has them under a key of its options, as in `NestFactory.create(AppModule, { cors: … })`.
    """

    package: str
    names: frozenset[str] = frozenset()
    at: int = 0
    registers: bool = False
    methods: frozenset[str] = frozenset()
    creates: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """A call: its line, the route that it is for, and the words that its options are; None where it has none."""

    line: int
    route: str
    options: tuple[int, int] | None


def calls(source: Source, caller: Caller) -> list[Call]:
    """Every call in a program; raises MigrationError where there is none, or the program has another library."""
    names = _imported(source, caller.package)
    if not names:
        for package, stack in _PACKAGES.items():
            if caller.package != package and caller.package in _PACKAGES and _imported(source, package):
                raise MigrationError(f"it uses {package} and not {caller.package}; say --from {stack}")
    found = list(_calls(source, caller, names or caller.names))
    if not found:
        raise MigrationError(f"there is no call of {caller.package} in it, and no other code is read")
    return found


def _calls(source: Source, caller: Caller, names: frozenset[str]) -> Iterator[Call]:
    for at in range(len(source)):
        if source.text(at + 1) != "(":
            continue
        name = source.text(at)
        arguments = source.arguments(at + 1)
        if caller.registers:
            is_call = name == "register" and bool(arguments) and _is_library(source, *arguments[0], caller, names)
        elif name in caller.methods:
            is_call = source.text(at - 1) == "."
        else:
            is_call = name in names and source.text(at - 1) not in {".", "function", "new"}
        if is_call:
            options = arguments[caller.at] if len(arguments) > caller.at else None
            yield Call(source.line(at), _route(source, at), options)
        elif caller.creates and name == "create" and len(arguments) > 1:
            place = source.entry(*arguments[1], caller.creates)
            if place is not None and source.words(*place) != "false":
                yield Call(source.line(at), "", place)


def _is_library(source: Source, start: int, end: int, caller: Caller, names: frozenset[str]) -> bool:
    """Whether an argument is the library itself: by its name, or by what imports it on the spot."""
    near = range(start, min(end, start + 8))
    return any(source.string(at) == caller.package or source.text(at) in names for at in near)


def _imported(source: Source, package: str) -> frozenset[str]:
    """What the file calls a package."""
    found = set()
    for at in range(len(source)):
        if source.string(at) != package:
            continue
        if source.text(at - 1) == "from":
            # `import cors from`, `import { cors } from`, `import { cors as c } from`, `import * as cors from`
            found.add(source.text(at - 3) if source.text(at - 2) == "}" else source.text(at - 2))
        elif source.text(at - 2) == "require":
            found.add(source.text(at - 5) if source.text(at - 4) == "}" else source.text(at - 4))
    return frozenset(name for name in found if name.isidentifier())


def _route(source: Source, at: int) -> str:
    """The route that a call is for, as in `app.get("/users", cors(...), ...)`."""
    return source.string(at - 2) or "" if source.text(at - 1) == "," and source.text(at - 3) == "(" else ""
