"""One line for each request that is over, as people or as programs read it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import IO, Final

from rich.color import ColorSystem
from rich.console import Console
from rich.style import Style

from crossorigin.proxy.record import Record

__all__ = ["json_lines", "lines"]

_STYLES: Final = {0: "yellow", 1: "cyan", 2: "green", 3: "cyan", 4: "yellow", 5: "bold red"}
"""By the first digit of the status; 0 for a client that left before there was one."""


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
        what, where = _cropped(record.path, record.target or record.route, record.why, width - len(start))
        status_style = styles.get(record.status // 100, dim)
        painted = f"{status_style.render(start[:3], color_system=color)}{start[3:]}{what}"
        _say(out, painted + (dim.render(where, color_system=color) if where else ""))

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


def _cropped(path: str, target: str, why: str, width: int) -> tuple[str, str]:
    """The path and what stands behind it. Where both are too long the target goes first, then the path's end."""
    reason = f"  {why}" if why else ""
    where = f" → {target}" if target else ""
    if width <= 0:
        return path, where + reason
    if len(path) + len(where) + len(reason) > width:
        where = ""
    if len(path) + len(reason) > width:
        room = max(width - len(reason), 20)
        path = path if len(path) <= room else f"{path[: room - 1]}…"
        reason = reason[: max(0, width - len(path))]
    return path, where + reason
