"""What a real browser did, beside what was predicted of it; the terminal and the JSON object render it."""

from __future__ import annotations

from dataclasses import dataclass

from crossorigin.browser.real.call import Outcome
from crossorigin.browser.real.proxy import PassedRequest

__all__ = ["Asked", "NotAsked", "Reality", "names_of"]

_OUT_OF_SIGHT = frozenset({"opaque", "opaqueredirect"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A browser that made the call.

    `program` is where it is, `version` what it says of itself. `requests` are those that the proxy saw in the open,
    `tunnels` the hosts and ports to which it saw only that there was a connection. `emulated` says how this was not a
    page of the real site, `differences` in what the browser did not do as predicted, one sentence each.
    """

    program: str
    version: str
    outcome: Outcome
    error: str
    console: tuple[str, ...]
    requests: tuple[PassedRequest, ...]
    tunnels: tuple[str, ...]
    emulated: tuple[str, ...]
    differences: tuple[str, ...]

    @property
    def allowed(self) -> bool:
        """Whether script could read the response."""
        return not self.outcome.blocked and self.outcome.type not in _OUT_OF_SIGHT and not self.error

    @property
    def readable_headers(self) -> list[str]:
        """Names of the response headers that script could read, lower-case and sorted."""
        return names_of(self.outcome)


@dataclass(frozen=True, slots=True)
class NotAsked:
    """A browser that did not make the call, and why, in one sentence."""

    why: str


Reality = Asked | NotAsked


def names_of(outcome: Outcome) -> list[str]:
    """Names of the readable headers, lower-case and sorted, each once."""
    return sorted({name for name, _ in outcome.headers})
