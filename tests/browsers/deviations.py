"""What a release of an engine does that its profile does not model: known, written down with evidence, and no failure.

A row belongs here when it is a matter of one release or of its defaults (a bug with a number, a field trial); what an
engine does lastingly belongs into its profile. A row that never applies any more fails the suite, so that the list
does not rot: `Ledger.unused` names it after the run over the fixed seed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from .compare import Difference
from .scenario import Scenario

__all__ = ["DEVIATIONS", "Deviation", "Ledger"]


@dataclass(frozen=True, slots=True)
class Deviation:
    """One known deviation of `engine`, in the versions from `since` to `until`, both included, None for no bound.

    Versions are compared number by number, as far as the bound goes: `until="140"` includes 140.0.2. `reason` is a
    sentence, `evidence` an address, or what was measured and when. `applies` looks at one difference of one scenario.
    """

    engine: str
    reason: str
    evidence: str
    applies: Callable[[Scenario, Difference], bool] = field(compare=False)
    since: str | None = None
    until: str | None = None

    def __post_init__(self) -> None:
        if not self.reason.strip() or not self.evidence.strip():
            raise ValueError(f"a deviation of {self.engine} needs a reason and evidence")

    def concerns(self, engine: str, version: str) -> bool:
        """Whether this is about `version` of `engine`."""
        if engine != self.engine:
            return False
        own = _numbers(version)
        if self.since is not None and own[: len(_numbers(self.since))] < _numbers(self.since):
            return False
        return self.until is None or own[: len(_numbers(self.until))] <= _numbers(self.until)


DEVIATIONS: tuple[Deviation, ...] = ()


class Ledger:
    """The deviations of one version of one engine, and how often each has explained something."""

    def __init__(self, engine: str, version: str, deviations: Iterable[Deviation] = DEVIATIONS) -> None:
        self._deviations = [each for each in deviations if each.concerns(engine, version)]
        self._used: Counter[int] = Counter()

    def unexplained(self, scenario: Scenario, differences: Sequence[Difference]) -> list[Difference]:
        """The differences that no deviation applies to."""
        return [difference for difference in differences if not self._explains(scenario, difference)]

    def _explains(self, scenario: Scenario, difference: Difference) -> bool:
        explained = False
        # Every one that applies is counted, not the first alone: a row behind a broader one is no dead row.
        for index, deviation in enumerate(self._deviations):
            if deviation.applies(scenario, difference):
                self._used[index] += 1
                explained = True
        return explained

    @property
    def unused(self) -> list[Deviation]:
        """Those that have explained nothing: to be removed, or given an `until`."""
        return [each for index, each in enumerate(self._deviations) if not self._used[index]]


def _numbers(version: str) -> tuple[int, ...]:
    """The leading numbers of a version: "148.0.1 (64-bit)" is (148, 0, 1)."""
    numbers = []
    for part in version.split(maxsplit=1)[0].split("."):
        digits = part[: len(part) - len(part.lstrip("0123456789"))]
        if not digits:
            break
        numbers.append(int(digits))
    if not numbers:
        raise ValueError(f"{version!r} is no version: it begins with no number")
    return tuple(numbers)
