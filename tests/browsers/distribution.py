"""What a run of the generator reaches: how many calls are allowed, which codes block the others, which labels occur."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from .fill import Origins
from .predict import predict
from .scenario import Scenario

__all__ = ["ORIGINS", "Distribution", "distribution"]

ORIGINS: Final[Origins] = {
    "own": "http://app.a.localhost:40001",
    "port": "http://app.a.localhost:40002",
    "sibling": "http://api.a.localhost:40003",
    "foreign": "http://api.b.localhost:40004",
    "other": "http://api.c.localhost:40005",
}
"""Origins for predictions that no browser is asked about."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """`codes` counts the ends of calls: a block code, "allowed" where script reads it, "opaque", or "throws"."""

    scenarios: int
    calls: int
    codes: Counter[str]
    labels: Counter[str]
    requests: int

    @property
    def allowed(self) -> float:
        """The share of calls that do not end in an error."""
        return (self.codes["allowed"] + self.codes["opaque"]) / self.calls

    def __str__(self) -> str:
        lines = [f"{self.scenarios} scenarios, {self.calls} calls, {self.requests} requests on the wire"]
        lines += [f"{share:6.1%} {code}" for code, share in self._shares()]
        return "\n".join(lines)

    def _shares(self) -> list[tuple[str, float]]:
        return [(code, number / self.calls) for code, number in sorted(self.codes.items())]


def distribution(scenarios: Iterable[Scenario]) -> Distribution:
    """Predict each scenario under the standard, and count."""
    codes: Counter[str] = Counter()
    labels: Counter[str] = Counter()
    number = requests = 0
    for scenario in scenarios:
        number += 1
        labels.update(scenario.notes)
        origins = {role: origin.replace("http:", f"{scenario.scheme}:") for role, origin in ORIGINS.items()}
        predicted = predict(scenario, origins)
        requests += len(predicted.requests)
        for code, outcome in zip(predicted.codes, predicted.outcomes, strict=True):
            if code is not None:
                codes[code.value] += 1
            elif outcome.blocked:
                codes["throws"] += 1
            else:
                codes["allowed" if outcome.body is not None else "opaque"] += 1
    return Distribution(number, codes.total(), codes, labels, requests)
