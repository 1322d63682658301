"""Plays scenarios in a real browser, and tells what its script, its console and the server saw."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from crossorigin.browser.real.browser import Browser, BrowserError, ConsoleMessage, Options
from crossorigin.browser.real.installed import Engine, Installed
from crossorigin.browser.real.launch import start
from crossorigin.browser.real.marks import Marks
from crossorigin.browser.real.stage import Played, Stage, Task

from .fill import Origins, fill
from .observed import Observed, seen
from .scenario import Scenario, Scheme
from .server import Asked, Server

__all__ = ["Observed", "Theatre", "run", "theatre"]

_SECONDS_WITHOUT_PROGRESS: Final = 60
"""A batch is played in a second; this is for a machine that others keep busy."""
_NAME: Final = re.compile(r"[A-Za-z0-9_-]+")


@contextmanager
def theatre(engine: Engine | Installed, *, lanes: int | None = None) -> Iterator[Theatre]:
    """A browser and a server that play scenarios until the block is left.

    `lanes` are scenarios at once. In WebKit it is one: its reasons name no URL, only their order tells whose they are.
    """
    name = engine.engine if isinstance(engine, Installed) else engine
    if lanes is None:
        lanes = 1 if name == "webkit" else 6
    # Firefox writes the reason of a block in another process, and it comes after the block; elsewhere it comes before.
    settle = name == "firefox"
    stages: dict[Scheme, Stage] = {scheme: Stage(lanes=lanes, settle=settle) for scheme in ("http", "https")}
    options = Options(accept_any_certificate=True, third_party_cookies=True)
    with Server(stages) as server, start(engine, options) as browser:
        yield Theatre(browser, server)


def run(engine: Engine | Installed, scenarios: Sequence[Scenario]) -> list[Observed]:
    """Play `scenarios` in a browser of their own; what was observed, in their order."""
    with theatre(engine) as here:
        return here.run(scenarios)


class Theatre:
    """See `theatre`."""

    def __init__(self, browser: Browser, server: Server) -> None:
        self.browser = browser
        self._server = server
        self._open: Scheme | None = None
        self._marks = Marks()
        self._names: set[str] = set()
        self.asked: dict[str, tuple[Asked, ...]] = {}
        """By the scenario's name: what the server was asked, every header field of it."""

    @property
    def origins(self) -> dict[Scheme, Origins]:
        """What `fill` takes, by the scenario's scheme."""
        return self._server.origins

    @property
    def unattributed(self) -> list[ConsoleMessage]:
        """Lines of the console that could belong to several scenarios, or to none."""
        return self._marks.unattributed

    def run(self, scenarios: Sequence[Scenario]) -> list[Observed]:
        """Play `scenarios`, those of one scheme after those of the other; what was observed, in the order given.

        Raises ValueError for a name that was there before, for the browser may remember it, and BrowserError when the
        browser ends or makes no progress; the next `run` then begins with a new page.
        """
        for each in scenarios:
            if not _NAME.fullmatch(each.name) or each.name in self._names:
                raise ValueError(f"{each.name!r} is no name for a scenario, or was one already")
            self._names.add(each.name)
        observed: dict[str, Observed] = {}
        for scheme in ("http", "https"):
            chosen = [fill(each, self.origins[scheme]) for each in scenarios if each.scheme == scheme]
            if chosen:
                observed |= {each.name: each for each in self._run(scheme, chosen)}
        return [observed[each.name] for each in scenarios]

    def _run(self, scheme: Scheme, scenarios: Sequence[Scenario]) -> Iterator[Observed]:
        stage = self._server.stages[scheme]
        self._server.play(scenarios)
        stage.clear()
        stage.put(Task(each.name, each.calls, each.frame) for each in scenarios)
        was_open, self._open = self._open, None
        if was_open != scheme:
            self.browser.open(f"{self.origins[scheme]['own']}/page")
        played = self._play(stage, {each.name for each in scenarios})
        self._open = scheme
        for each in scenarios:
            lines = self._marks.lines(each.name, len(each.calls))
            self.asked[each.name] = self._server.forget(each.name)
            yield Observed(
                each.name,
                played[each.name].outcomes,
                tuple(map(seen, self.asked[each.name])),
                tuple(tuple(message.text for message in of_call) for of_call in lines),
                played[each.name].errors,
            )

    def _play(self, stage: Stage, names: set[str]) -> dict[str, Played]:
        """Wait until all are played, and all that they said has been heard."""
        played: dict[str, Played] = {}
        unheard = set(names)
        progress = time.monotonic()
        while names - played.keys() or unheard:
            batch = stage.take(0.02)
            played |= {each.name: each for each in batch}
            self._marks.feed(self.browser.console())
            heard = set(filter(self._marks.ended, unheard))
            unheard -= heard
            if batch or heard:
                progress = time.monotonic()
            elif time.monotonic() - progress > _SECONDS_WITHOUT_PROGRESS:
                raise self._stuck(names - played.keys(), unheard)
            self.browser.ensure_alive()
        return played

    def _stuck(self, unplayed: Iterable[str], unheard: Iterable[str]) -> BrowserError:
        names = self._marks.under_way() or sorted(unplayed) or sorted(unheard)
        doing = f"playing {', '.join(names[:10])}{' and others' if len(names) > 10 else ''}"
        return BrowserError(self.browser.engine, doing, f"no progress for {_SECONDS_WITHOUT_PROGRESS} seconds")
