"""Applications in turn, the fastest round of each, and the table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from bench._cases import BARE, CASES, HOSTILE, OURS, PEER, Case, grants

__all__ = ["Framework", "compare"]

App = Any
Request = Any
ROUNDS, BATCH = 40, 50


class Framework(NamedTuple):
    """A framework, and the library for it that ours is measured beside."""

    name: str
    peer: str
    apps: Callable[[Case], Mapping[str, App]]
    """The same application bare, with ours and with the peer."""
    request: Callable[[Case], Request]
    timed: Callable[[App, list[Request]], float]
    """Nanoseconds of this thread's processor for each of these requests."""
    answer: Callable[[App, Request], list[tuple[str, str]]]
    """The headers of one answer."""
    lacks: tuple[str, ...] = ()
    """The cases that the peer has nothing for."""
    has_targets: bool = False


def compare(framework: Framework) -> None:
    """Print the figures of a framework."""
    title = f"{framework.name}, added by CORS"
    print(f"{title:28}{'bare':>12}{OURS:>14}{framework.peer:>22}   {OURS} / {framework.peer}: added, whole request")
    sixth: dict[str, float] = {}
    for case in CASES:
        best = _measured(framework, case)
        print(f"{case.name:28}{_row(case, best, has_target=framework.has_targets)}")
        if case.number == "6":
            sixth = best
    print("hostile preflights: the whole request, as a ratio to the same library's case 6")
    for case in HOSTILE:
        best = _measured(framework, case)
        mine = best[OURS] / sixth[OURS]
        theirs = f"{best[PEER] / sixth[PEER]:9.1f}" if PEER in best else " has none"
        verdict = _verdict(mine <= case.target, case.target) if framework.has_targets else ""
        print(f"{case.name:28}{OURS} {mine:6.2f}   {framework.peer} {theirs}{verdict}")
    print()


def _row(case: Case, best: dict[str, float], *, has_target: bool) -> str:
    bare, ours = best[BARE], best[OURS] - best[BARE]
    begin = f"{bare / 1000:9.2f} µs{ours / 1000:11.2f} µs"
    if PEER not in best:
        return f"{begin}{'peer has none':>22}"
    theirs = best[PEER] - bare
    # Either may be negative, where the bare application takes longer over OPTIONS than an answer without it.
    ratio = f"{ours / theirs:8.3f}" if theirs > 0 else f"{'-':>8}"
    verdict = _verdict(ours <= (case.target * theirs if theirs > 0 else theirs), case.target) if has_target else ""
    return f"{begin}{theirs / 1000:19.2f} µs   {ratio}{best[OURS] / best[PEER]:9.3f}{verdict}"


def _verdict(held: bool, target: float) -> str:  # noqa: FBT001 - it is what is printed
    return f"  target {target:.2f}: {'held' if held else 'MISSED'}"


def _measured(framework: Framework, case: Case) -> dict[str, float]:
    """The fastest round of each application, all of them in turn in every round."""
    apps = {
        name: app for name, app in framework.apps(case).items() if name != PEER or case.number not in framework.lacks
    }
    # Without an Origin nobody reads the answer as CORS, and some peers send headers all the same.
    for name in set(apps) - {BARE} if case in CASES and case.origin is not None else ():
        if grants(case, framework.answer(apps[name], framework.request(case))) != case.granted:
            raise RuntimeError(f"{framework.name}, {name}, {case.name}: this is not the same policy")
    best = dict.fromkeys(apps, float("inf"))
    if case in HOSTILE:
        # Ours is asked often enough to be exact; of a peer that takes seconds, the order is enough.
        turns = {BARE: (0, 0), OURS: (20, 20), PEER: (2, 1)}
    else:
        turns = dict.fromkeys(apps, (5, 10) if case.is_large else (ROUNDS, BATCH))
    for turn in range(ROUNDS):
        for name, app in apps.items():
            rounds, batch = turns[name]
            if turn < rounds:
                best[name] = min(best[name], framework.timed(app, [framework.request(case) for _ in range(batch)]))
    return best
