"""The proxy beside nginx, http-proxy-3, Vite's proxy and cors-anywhere, in one run: processor time, memory, streams.

All of them stand before the same nginx, on the loopback addresses. wrk asks one after the other in every round, while
the others are idle; what is compared is the user and system time of all of a proxy's processes for each request, and a
ratio is the median of the rounds' ratios: on a machine that has other things to do, nothing else means much. The
targets are those of issue 7.
"""

from __future__ import annotations

import resource
import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

from bench import _proxy_nginx as nginx
from bench._proxy_contenders import AGENT, NGINX, VITE, Contender, contenders
from bench._proxy_load import CASES, CONNECTIONS, Case, load, wrk_script
from bench._proxy_memory import measure_memory
from bench._proxy_streams import measure_streams

__all__ = ["main"]

ROUNDS: Final = 3
SECONDS: Final = 1
TARGETS: Final = ((AGENT, 0.5), (VITE, 0.15), (NGINX, 5.0))
"""What processor time for a request may be at most, times that of each."""


class Figure(NamedTuple):
    """One round of a contender: microseconds of its processor for each request, the rest as wrk says it."""

    cpu: float
    rate: float
    p50: float
    p99: float
    errors: int


def measure(wrk: str, case: Case, contender: Contender, folder: Path) -> Figure:
    """One round."""
    script = wrk_script(case, contender.origin, folder)
    url = f"http://127.0.0.1:{contender.port}{contender.prefix}{case.path}"
    begin = contender.running.cpu() if contender.running else 0.0
    got = load(wrk, script, url, SECONDS)
    spent = contender.running.cpu() - begin if contender.running else 0.0
    if not got.requests:
        return Figure(float("inf"), 0.0, got.p50, got.p99, got.errors)
    return Figure(spent * 1e6 / got.requests, got.requests / got.seconds, got.p50, got.p99, got.errors)


def middle(figures: Sequence[Figure], of: Callable[[Figure], float]) -> float:
    """The median."""
    return median(map(of, figures))


def ratio(ours: Sequence[Figure], theirs: Sequence[Figure]) -> float:
    """The median of the rounds' ratios of processor time."""
    return median(mine.cpu / other.cpu if other.cpu else float("inf") for mine, other in zip(ours, theirs, strict=True))


def verdicts(name: str, rounds: dict[str, list[Figure]]) -> str:
    """The ratios to the peers that are there, each with its target."""
    said = []
    for peer, most in TARGETS:
        if peer in rounds:
            got = ratio(rounds[name], rounds[peer])
            said.append(f"{got:.2f} {'held  ' if got <= most else 'MISSED'}")
        else:
            said.append("not measured")
    return "".join(f"{each:>34}" for each in said)


def show(case: Case, running: Sequence[Contender], rounds: dict[str, list[Figure]]) -> None:
    """A case's table."""
    beside = "".join(f"{f'/ {peer}, target {most:g}':>34}" for peer, most in TARGETS)
    print(f"\n{case.name:28}{'req/s':>8}{'p50 ms':>8}{'p99 ms':>8}{'CPU µs/req':>12}{beside}")
    for each in running:
        figures = rounds[each.name]
        cpu = f"{middle(figures, lambda figure: figure.cpu):12.1f}" if each.running else f"{'-':>12}"
        errors = sum(figure.errors for figure in figures)
        print(
            f"{each.name:28}{middle(figures, lambda figure: figure.rate):8.0f}"
            f"{middle(figures, lambda figure: figure.p50):8.1f}{middle(figures, lambda figure: figure.p99):8.1f}{cpu}"
            f"{verdicts(each.name, rounds) if each.is_ours else ''}{f'   {errors} ERRORS' if errors else ''}"
        )


def measure_requests(wrk: str, program: str, folder: Path) -> None:
    """Print the tables of all cases."""
    with ExitStack() as stack:
        behind = stack.enter_context(nginx.backend(program, folder / "backend"))
        behind.wait_ready({})
        running = list(contenders(folder, behind, program, stack))
        figures: dict[Case, dict[str, list[Figure]]] = {case: {each.name: [] for each in running} for case in CASES}
        # The first one is for the compilers of V8, and is not counted.
        for number in range(ROUNDS + 1):
            for case in CASES[:1] if number == 0 else CASES:
                for each in running:
                    got = measure(wrk, case, each, folder)
                    if number:
                        figures[case][each.name].append(got)
    print(
        f"wrk -t1 -c{CONNECTIONS}, {ROUNDS} rounds of {SECONDS} s each; CPU: user and system, all processes of a "
        "proxy; CPU / peer: the median of the rounds' ratios"
    )
    for case in CASES:
        show(case, running, figures[case])


def main() -> None:
    """Print the figures."""
    # A thousand streams are two thousand connections; the proxies inherit it.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 65536) if most > 0 else 65536, most))
    wrk, program = shutil.which("wrk"), nginx.find_nginx()
    if wrk is None or program is None:
        missing = " and ".join(name for name, found in (("wrk", wrk), ("nginx", program)) if found is None)
        print(f"!! {missing} IS MISSING HERE: processor time and requests/s ARE NOT MEASURED")
    else:
        with tempfile.TemporaryDirectory(prefix="bench-proxy-") as folder:
            measure_requests(wrk, program, Path(folder))
    measure_memory()
    measure_streams()


if __name__ == "__main__":
    main()
