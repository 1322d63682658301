"""A process that is measured: its processor time, its memory and its descriptors, with those of its children."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Self

__all__ = ["Running", "StartError", "free_port"]

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PATIENCE: Final = 20
"""Seconds for a start; Vite takes one or two on an idle machine."""


class StartError(RuntimeError):
    """It did not start. One sentence, with the end of what it said."""


class Running:
    """A started process; leaving the block ends it, and its children, by their ids."""

    def __init__(self, name: str, command: Sequence[str], port: int, path: str, folder: Path | None = None) -> None:
        self.name = name
        self.port = port
        self._path = path
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the process
        # A session of its own: its children have it too, and no other process does.
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=self._said, stderr=self._said, start_new_session=True,
            cwd=folder,
        )  # fmt: skip
        self.pid = self._process.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def wait_ready(self, headers: Mapping[str, str]) -> None:
        """Wait until it answers 200; raises StartError."""
        end = time.monotonic() + _PATIENCE
        why = "it did not answer"
        while time.monotonic() < end and self._process.poll() is None:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            try:
                connection.request("GET", self._path, headers=dict(headers))
                answer = connection.getresponse()
                answer.read()
                if answer.status == 200:
                    return
                why = f"it answered {answer.status}"
            except (OSError, http.client.HTTPException):
                pass
            finally:
                connection.close()
            time.sleep(0.1)
        self._said.seek(0)
        said = self._said.read().decode(errors="replace").strip().splitlines()
        raise StartError(f"{self.name} was not started: {why}" + "".join(f"\n    {line}" for line in said[-4:]))

    def stop(self) -> None:
        """End it."""
        if self._process.poll() is None:
            os.killpg(self.pid, signal.SIGTERM)
            try:
                self._process.wait(3)
            except subprocess.TimeoutExpired:
                os.killpg(self.pid, signal.SIGKILL)
                self._process.wait()
        self._said.close()

    # --- what it costs ---

    def cpu(self) -> float:
        """Seconds of user and system time up to now."""
        return sum(_cpu(pid) for pid in self._pids())

    def memory(self, field: str) -> int:
        """`VmRSS` (resident now) or `VmHWM` (the most there ever was), in bytes."""
        return sum(_memory(pid, field) for pid in self._pids())

    def descriptors(self) -> int:
        """Open file descriptors."""
        return sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in self._pids())

    def _pids(self) -> list[int]:
        pids = [self.pid]
        for pid in pids:
            for task in Path(f"/proc/{pid}/task").glob("*/children"):
                pids += map(int, task.read_text().split())
        return pids


def _cpu(pid: int) -> float:
    """proc_pid_stat(5): utime and stime, and those of the children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / _TICKS


def _memory(pid: int, field: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) * 1024
    return 0


def free_port() -> int:
    """A port of the loopback address that nobody has."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
    return port
