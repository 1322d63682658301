"""How many instructions CORS adds to an ASGI request, counted by valgrind: the same under any load, and so a gate.

An interpreter of its own for each application serves all cases under callgrind. What is counted lies between two calls
of `getloadavg`, which nothing else calls: callgrind writes down its count before each. What the bare application takes
for the same requests is taken off. Ends with status 1 when a case takes more than its gate.
"""

from __future__ import annotations

import gc
import itertools
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final, NamedTuple

from bench._asgi_cases import CASES, SUFFIXES, App, Case, bare, get, ours, serve, starlettes

__all__ = ["main"]

REQUESTS: Final = 400
WARM: Final = 200
"""Requests before those that count, after which the interpreter has settled on how to run the code."""
PYTHON: Final = (3, 11)
"""The version by which the gates were measured: each has an interpreter of its own, that takes more or fewer."""

NUMBERS: Final = itertools.count()
BY_NUMBER: Final = {case.name.split()[0]: case for case in CASES}


def new_subdomain() -> bytes:
    """An origin that is allowed, and has not been asked for before: no memo knows it."""
    number = next(NUMBERS)
    return f"https://x{number}.{SUFFIXES[number % len(SUFFIXES)]}".encode()


class Gate(NamedTuple):
    """What issue 3 asks for, and what is held: the goal where it is reached, else what was measured and a twentieth."""

    case: Case
    goal: int
    most: int


# Where `most` is above the goal, the goal is not reached. The goals are a prototype's. After Origin ours reads on to
# the last header, because two Origin lines are none; one of ten thousand is looked up by two calls more, because the
# headers for so many are not kept ready.
GATES: Final = [
    Gate(BY_NUMBER["1"], 12_500, 12_500),
    Gate(BY_NUMBER["2"], 12_500, 14_250),
    Gate(BY_NUMBER["3"], 13_750, 17_100),
    Gate(Case("4b  pattern, of 1 000, new", [], SUFFIXES, get(new_subdomain)), 21_500, 26_100),
    Gate(BY_NUMBER["5a"], 12_500, 14_200),
    Gate(BY_NUMBER["6"], 17_500, 17_500),
    Gate(BY_NUMBER["7a"], 17_500, 17_500),
    Gate(BY_NUMBER["7b"], 17_500, 21_000),
    Gate(BY_NUMBER["7c"], 17_500, 25_300),
]


def app_of(name: str, case: Case) -> App:
    return {"bare": lambda _case: bare, "crossorigin": ours, "starlette": starlettes}[name](case)


def serve_counted(name: str) -> None:
    """What runs under callgrind: every case, with a mark before and after the requests that count."""
    gc.disable()
    for gate in GATES:
        random.seed(3)
        app = app_of(name, gate.case)
        serve(app, [gate.case.request() for _ in range(WARM)])
        requests = [gate.case.request() for _ in range(REQUESTS)]
        os.getloadavg()
        serve(app, requests)
        os.getloadavg()


def counted(name: str) -> list[int]:
    """Instructions of a request, for each case."""
    with tempfile.TemporaryDirectory() as directory:
        out = Path(directory, "count")
        callgrind = ["valgrind", "--tool=callgrind", "--dump-before=getloadavg", f"--callgrind-out-file={out}"]
        run = subprocess.run(
            [*callgrind, sys.executable, __file__, name],
            env={**os.environ, "PYTHONHASHSEED": "0"},
            capture_output=True,
            text=True,
            check=False,
        )
        # Every second one is of what lies between the requests of two cases.
        dumps = [out.with_suffix(f".{2 * number + 2}") for number in range(len(GATES))]
        if run.returncode or not all(dump.exists() for dump in dumps):
            raise SystemExit(f"valgrind did not count ({name}, status {run.returncode}):\n{run.stderr[-2000:]}")
        return [total(dump) // REQUESTS for dump in dumps]


def total(dump: Path) -> int:
    found = re.search(r"^(?:totals|summary): (\d+)", dump.read_text(), re.MULTILINE)
    if found is None:
        raise SystemExit(f"callgrind has written no total into {dump.name}")
    return int(found[1])


def main() -> None:
    """Print the counts, and say whether the gates are held."""
    if shutil.which("valgrind") is None:
        print("NOT RUN: there is no valgrind here (Debian: apt-get install valgrind). No instruction was counted.")
        return
    bares, mine, peers = (counted(name) for name in ("bare", "crossorigin", "starlette"))
    is_gated = sys.version_info[:2] == PYTHON
    print("instructions added by CORS  crossorigin   starlette   ratio     goal     gate")
    broken = 0
    for gate, bare_, own, peer in zip(GATES, bares, mine, peers, strict=True):
        added, theirs = own - bare_, peer - bare_
        is_broken = is_gated and added > gate.most
        broken += is_broken
        verdict = "BROKEN" if is_broken else "held" if is_gated else "not judged"
        print(
            f"{gate.case.name:26}{added:13}{theirs:12}{added / theirs:8.3f}{gate.goal:9}{gate.most:9}  {verdict}"
            + (f", {added / gate.goal - 1:+.0%} of the goal" if added > gate.goal else "")
        )
    if not is_gated:
        print(f"The gates were measured by CPython {'.'.join(map(str, PYTHON))}; this is {sys.version.split()[0]}.")
    if broken:
        raise SystemExit(f"{broken} of {len(GATES)} gates are broken: what is on the way of every request has grown.")


if __name__ == "__main__":
    if len(sys.argv) == 2:
        serve_counted(sys.argv[1])
    else:
        main()
