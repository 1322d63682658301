"""What is said of production while developing: the policy that each route will need, and the file it is written to."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

from crossorigin.cli.output import Output
from crossorigin.proxy.development import APP
from crossorigin.proxy.learn import Learner
from crossorigin.proxy.learned_file import LearnError, known_policies
from crossorigin.proxy.record import Record

__all__ = ["Notes"]

_QUIET_FOR: Final = 2.0
"""Seconds after a route's first call before the policy that it will need is told: a page makes several."""


class Notes:
    """The policy that production will need, told once for each route, and written to `path` as it grows."""

    def __init__(self, learner: Learner, path: Path | None, *, quiet: bool) -> None:
        self._learner = learner
        self._path = path
        self._quiet = quiet
        self._told: dict[str, str] = {}
        self._written = ""
        self._waits = False

    def watch(self, record: Record) -> None:
        """A request is over: there may be something to tell, in a while."""
        if record.route not in {"", APP} and not self._waits:
            self._waits = True
            asyncio.get_running_loop().call_later(_QUIET_FOR, self.tell)

    def tell(self) -> None:
        """Write what was learned, and tell of routes that were not told of."""
        self._waits = False
        # First the file: whoever reads the note may go and look at it.
        try:
            self._write()
        except LearnError as error:
            # It is tried again at the next call, and at the end.
            Console(stderr=True).print(Text(str(error), style="yellow"), soft_wrap=True)
        for route in self._learner.routes:
            if route not in self._told:
                self._tell(route)

    def end(self) -> None:
        """Tell and write all that there is now; raises LearnError."""
        for route in self._learner.routes:
            if self._told.get(route) != self._learner.note(route):
                self._tell(route)
        self._write()

    def _tell(self, route: str) -> None:
        note = self._told[route] = self._learner.note(route)
        if not self._quiet:
            Output().print(Text(f"\n{note}\n", style="cyan"), soft_wrap=True)

    def _write(self) -> None:
        path = self._path
        if path is None or not self._learner.routes:
            return
        if path.exists() and path.read_text(encoding="utf-8", errors="replace") != self._written:
            # Somebody has changed it while we ran.
            self._learner.remember(known_policies(path))
        text = self._learner.toml()
        if text != self._written:
            self._learner.write(path)
            self._written = text
