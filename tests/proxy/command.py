"""`crossorigin proxy` as a process of its own, as people start and end it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.processes import end, tail

__all__ = ["Running", "running"]

_SECONDS: Final = 60


@dataclass(frozen=True)
class Running:
    """Where it listens, by its first line, and its process."""

    url: str
    pid: int
    told: Path
    """The file that its standard output goes to."""


@contextmanager
def running(directory: Path, *arguments: str) -> Iterator[Running]:
    """The command with these arguments, in a directory and on a free port; ended as Ctrl-C does it, with status 0."""
    told, log = directory / "told", directory / "log-proxy"
    with told.open("wb") as output, log.open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "crossorigin", "proxy", *arguments, "--listen", "localhost:0"],
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
        )
    try:
        deadline = time.monotonic() + _SECONDS
        while not (said := told.read_text(encoding="utf-8")).count("\n"):
            assert process.poll() is None, f"the proxy ended:\n{tail(log)}"
            assert time.monotonic() < deadline, f"the proxy does not listen:\n{tail(log)}"
            time.sleep(0.02)
        yield Running(said.splitlines()[0].strip(), process.pid, told)
        assert process.poll() is None, f"the proxy ended:\n{tail(log)}"
        process.send_signal(signal.SIGINT)
        assert process.wait(_SECONDS) == 0, tail(log)
        assert "Traceback" not in log.read_text(encoding="utf-8"), tail(log)
    finally:
        end(process)
