"""One line for each request that is over, as people or as programs read it."""

from __future__ import annotations

import json
from collections.abc import Callable
from textwrap import wrap
from typing import IO, Final

from rich.color import ColorSystem
from rich.console import Console
from rich.style import Style

from crossorigin.proxy.record import Record

__all__ = ["json_lines", "lines"]

_STYLES: Final = {0: "yellow", 1: "cyan", 2: "green", 3: "cyan", 4: "yellow", 5: "bold red"}
"""By the first digit of the status; 0 for a client that left before there was one."""
_INDENT: Final = len("200    0 ms GET    ")
_LEAST_ROOM: Final = 20
"""Columns for a reason, on however narrow a terminal."""


def lines(console: Console) -> Callable[[Record], None]:
    """Lines for people. On a terminal they are coloured, and no longer than it is wide."""
    out = console.file
    width = console.width if console.is_terminal else 0
    color = None if console.no_color or not console.is_terminal else ColorSystem.STANDARD
    styles = {digit: Style.parse(style) for digit, style in _STYLES.items()}
    dim = Style.parse("dim")

    def write(record: Record) -> None:
        status = "-" if record.status == 0 else str(record.status)
        start = f"{status:>3} {_time(record.seconds):>7} {record.method:6} "
        what, where, below = _fitted(record, width - len(start))
        style = styles.get(record.status // 100, dim)
        _say(out, "".join([
            style.render(start[:3], color_system=color), start[3:], what,
            dim.render(where, color_system=color) if where else "",
            *(f"\n{dim.render(' ' * _INDENT + line, color_system=color)}" for line in below),
        ]))  # fmt: skip

    return write


def json_lines(out: IO[str]) -> Callable[[Record], None]:
    """One JSON object a line, with the fields of `Record`."""

    def write(record: Record) -> None:
        fields = {name: getattr(record, name) for name in Record.__slots__}
        fields["seconds"] = round(record.seconds, 6)
        _say(out, json.dumps(fields, ensure_ascii=True))

    return write


def _say(out: IO[str], line: str) -> None:
    out.write(f"{line}\n")
    out.flush()


def _time(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 10 else f"{seconds:.0f} s"


def _fitted(record: Record, width: int) -> tuple[str, str, list[str]]:
    """The path, what stands behind it, and lines below for a reason that does not fit.

    Where they are too long for a terminal, the target goes first, then the path's end; the reason never, for it has the
    way out in it.
    """
    path, target = record.path, record.target or record.route
    where = f" → {target}" if target else ""
    reason = f"  {record.why}" if record.why else ""
    if width <= 0 or len(path) + len(where) + len(reason) <= width:
        return path, where + reason, []
    if len(path) + len(reason) <= width:
        return path, reason, []
    if len(path) + len(where) > width:
        where = ""
    if len(path) > width:
        path = f"{path[: width - 1]}…"
    room = max(width, _LEAST_ROOM)
    return path, where, wrap(record.why, room)
