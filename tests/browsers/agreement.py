"""The engine beside the browsers: each scenario predicted, played, compared; what differs is made small.

What is compared of the console, and what is not:

- Chromium's protocol shows DevTools' network line as "Failed to load resource: …", without method and URL.
- Chromium warns of Authorization under a wildcard once for each page and not for each call; Firefox does not send that
  warning over its protocol.
- WebKit's third line, "Failed to load resource: …", is in its inspector only, and of a message of several lines it
  writes the first.
- Firefox writes the lines of one call from two processes, in no certain order: they are compared in the alphabet's.
- Firefox names an opaque page by an identifier that is new every time; here it is all zeros.
- What it says of a redirect to about:blank names no scenario, and cannot be told from that of another one.
- That script set a header in vain (`Refused to set unsafe header`), and what Firefox says of cookies, belong to no call
  that could fail.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from crossorigin.browser.real.installed import Engine
from crossorigin.fetch import CHROMIUM, FIREFOX, FetchResult, Profile
from crossorigin.fetch.console import console_lines, console_warnings
from crossorigin.fetch.profiles.webkit import WEBKITGTK

from .compare import Difference, differences
from .cookies import CookieRules
from .deviations import Ledger
from .predict import predict
from .scenario import Scenario
from .scenario_json import as_json
from .shrink import shrink
from .theatre import Theatre

__all__ = ["Disagreement", "disagreements", "smallest"]

_PROFILES: Final[dict[Engine, Profile]] = {"chromium": CHROMIUM, "firefox": FIREFOX, "webkit": WEBKITGTK}
_COOKIES: Final[dict[Engine, CookieRules]] = {
    "chromium": CookieRules(redirect_chain=False),
    "firefox": CookieRules(default_same_site="none"),
    "webkit": CookieRules(
        default_same_site="none",
        none_needs_secure=False,
        secure_on_loopback=False,
        redirect_chain=False,
        srcdoc_is_cross_site=False,
        data_is_cross_site=False,
    ),
}
_IN_ORDER: Final[dict[Engine, Callable[[Iterable[str]], tuple[str, ...]]]] = {
    "chromium": tuple,
    "firefox": lambda lines: tuple(sorted(lines)),
    "webkit": tuple,
}
_NOISE: Final = re.compile(r"Refused to set unsafe header|Cookie “|Authorization will not be covered by the wildcard")
_NAMELESS: Final = re.compile(r"(?:remote resource at|may not load data from) about:blank")
_IDENTIFIER: Final = re.compile(r"(?<=moz-nullprincipal:\{)[0-9a-f-]{36}")
_NETWORK_ERROR: Final = re.compile(r"\S+ \S+ (net::[\w.]+).*")
_ERROR_STATUS: Final = re.compile(r"\S+ [a-z]+:\S* (\d{3}\b.*)")


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A scenario, and what the browser did otherwise."""

    scenario: Scenario
    differences: tuple[Difference, ...]

    def __str__(self) -> str:
        lines = "\n".join(f"  {difference}" for difference in self.differences)
        return f"{self.scenario.name}:\n{lines}\n{as_json(self.scenario)}"


def disagreements(here: Theatre, scenarios: Sequence[Scenario], ledger: Ledger) -> list[Disagreement]:
    """Play the scenarios; those in which the browser differs in a way that no known deviation explains.

    What differs is played once more, with few others beside it: a preflight cache has room for so many URLs (in Firefox
    100), and what others have pushed out of it is no difference.
    """
    suspects = _disagreements(here, scenarios, ledger)
    again = [replace(each.scenario, name=f"{each.scenario.name}-again") for each in suspects]
    confirmed = {each.scenario.name for each in _disagreements(here, again, ledger)}
    return [each for each in suspects if f"{each.scenario.name}-again" in confirmed]


def _disagreements(here: Theatre, scenarios: Sequence[Scenario], ledger: Ledger) -> list[Disagreement]:
    engine = here.browser.engine
    found = []
    for scenario, observed in zip(scenarios, here.run(scenarios), strict=True):
        predicted = predict(
            scenario,
            here.origins[scenario.scheme],
            _PROFILES[engine],
            rules=_COOKIES[engine],
            console=_shown_lines,
        )
        console = map(_without_noise, observed.console)
        seen = replace(observed, console=tuple(map(_IN_ORDER[engine], console)))
        left = ledger.unexplained(scenario, differences(scenario, predicted, seen))
        if left:
            found.append(Disagreement(scenario, tuple(left)))
    return found


def smallest(here: Theatre, disagreement: Disagreement, ledger: Ledger) -> Disagreement:
    """The smallest scenario found that still shows a difference of the same kind."""
    kinds = {_kind(difference) for difference in disagreement.differences}

    def still_differs(candidates: Sequence[Scenario]) -> list[bool]:
        found = {each.scenario.name: each for each in disagreements(here, candidates, ledger)}
        return [
            candidate.name in found
            and bool(kinds & {_kind(difference) for difference in found[candidate.name].differences})
            for candidate in candidates
        ]

    small = shrink(disagreement.scenario, still_differs, rounds=40)
    # Played once more under a name of its own, to show what it differs in.
    again = disagreements(here, [replace(small, name=f"{small.name}-small")], ledger)
    return again[0] if again else disagreement


def _kind(difference: Difference) -> str:
    return difference.what.split(" of ")[0]


def _shown_lines(profile: str, result: FetchResult) -> tuple[str, ...]:
    """What the protocol of the engine will show of its console."""
    if profile == "chromium":
        lines = (*console_warnings("chromium", result), *console_lines("chromium", result))
        return _without_noise(map(_as_protocol, lines))
    if profile == "firefox":
        return tuple(sorted(_without_noise(console_lines("firefox", result))))
    shown = (line for line in console_lines("webkit", result) if not line.startswith("Failed to load resource"))
    return tuple(line.partition("\n")[0] for line in shown)


def _as_protocol(line: str) -> str:
    if network := _NETWORK_ERROR.fullmatch(line):
        return f"Failed to load resource: {network[1]}"
    if status := _ERROR_STATUS.fullmatch(line):
        return f"Failed to load resource: the server responded with a status of {status[1]}"
    return line


def _without_noise(lines: Iterable[str]) -> tuple[str, ...]:
    kept = (line for line in lines if not _NOISE.match(line) and not _NAMELESS.search(line))
    return tuple(_IDENTIFIER.sub(str(UUID(int=0)), line) for line in kept)
