"""What was seen of a scenario from outside: the ends of its calls, the requests at the server, the console."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from crossorigin.browser.real.call import Outcome

__all__ = ["Asked", "Observed", "Seen", "seen"]


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as a server received it; None is a header that was not there.

    `host` is the role of the host in the scenario, `path` the path with its query. `acrm` and `acrh` are
    Access-Control-Request-Method and -Headers.
    """

    host: str
    method: str
    path: str
    origin: str | None = None
    acrm: str | None = None
    acrh: str | None = None
    cookie: str | None = None


@dataclass(frozen=True, slots=True)
class Observed:
    """What a browser did with the scenario `name`: an outcome and the console lines of each call, requests in order.

    `errors` has the text of each call's error, as `crossorigin.browser.real.stage.Played` has it.
    """

    name: str
    outcomes: tuple[Outcome, ...]
    requests: tuple[Seen, ...]
    console: tuple[tuple[str, ...], ...]
    errors: tuple[str, ...] = ()


class Asked(Protocol):
    """A request as the server notes it; `preflight` is the method and the header names that a preflight asks for."""

    @property
    def host(self) -> str: ...
    @property
    def method(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def origin(self) -> str | None: ...
    @property
    def cookie(self) -> str | None: ...
    @property
    def preflight(self) -> tuple[str, str | None] | None: ...


def seen(asked: Asked) -> Seen:
    """The part of a request that is compared."""
    acrm, acrh = asked.preflight or (None, None)
    return Seen(asked.host, asked.method, asked.path, asked.origin, acrm, acrh, asked.cookie)
