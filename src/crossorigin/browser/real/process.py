"""A program in a process group and a directory of its own; both are gone when it is left.

The group is ended by the id of its leader, and the leader is reaped last: as long as it is there, be it as a zombie,
the system gives its id to nobody else, so no stranger's process can be hit.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

__all__ = ["Process", "fresh_directory", "running", "wait_for"]

_SECONDS_TO_END: Final = 5
"""From the polite signal to the one that cannot be refused; nothing in a fresh profile is worth more."""
_PAUSE: Final = 0.01


class Process:
    """A running program, and all that it writes."""

    def __init__(self, popen: subprocess.Popen[bytes], log: Path) -> None:
        self._popen = popen
        self._log = log
        self._read = 0

    @property
    def pid(self) -> int:
        """Its id, which is also its group's."""
        return self._popen.pid

    def has_ended(self) -> bool:
        """Whether the program itself is over. It is not reaped by this question."""
        if self._popen.returncode is not None:
            return True
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None

    def new_lines(self) -> list[str]:
        """The whole lines that it and its children have written since this was last asked."""
        with self._log.open("rb") as log:
            log.seek(self._read)
            written = log.read()
        whole = written[: written.rfind(b"\n") + 1]
        self._read += len(whole)
        return whole.decode(errors="replace").splitlines()

    def last_words(self) -> str:
        """The end of what it wrote, for an error's message."""
        text = self._log.read_bytes().decode(errors="replace")
        return " | ".join(line for line in text.splitlines()[-5:] if line.strip()) or "it wrote nothing"

    def end(self) -> None:
        """End it and all that it started. A second call does nothing."""
        if self._popen.returncode is not None:
            return
        try:
            self._signal(signal.SIGTERM)
            wait_for(self.has_ended, _SECONDS_TO_END)
        finally:
            self._signal(signal.SIGKILL)
            self._popen.wait()

    def _signal(self, number: signal.Signals) -> None:
        try:
            os.killpg(self.pid, number)
        except (ProcessLookupError, PermissionError):
            # Nobody is left in it but, on macOS, zombies: there that is a PermissionError.
            return


@contextmanager
def running(
    command: Sequence[str | Path],
    directory: Path,
    *,
    environment: Mapping[str, str] | None = None,
    pass_fds: Sequence[int] = (),
) -> Iterator[Process]:
    """Start `command` in a group of its own, with its output in a file of `directory`; end the whole group after."""
    descriptor, log = tempfile.mkstemp(prefix="log-", dir=directory)
    with os.fdopen(descriptor, "wb") as output:
        popen = subprocess.Popen(  # noqa: S603  # the command is made by the modules beside this one
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, **(environment or {})},
            pass_fds=pass_fds,
        )
    process = Process(popen, Path(log))
    try:
        yield process
    finally:
        process.end()


@contextmanager
def fresh_directory() -> Iterator[Path]:
    """A new directory for a profile, removed after."""
    directory = Path(tempfile.mkdtemp(prefix="crossorigin-"))
    try:
        yield directory
    finally:
        try:
            # A process that was just killed may still be writing its last file.
            wait_for(lambda: _removed(directory), _SECONDS_TO_END)
        finally:
            # Ctrl+C in the middle of it leaves nothing either.
            _removed(directory)


def _removed(directory: Path) -> bool:
    shutil.rmtree(directory, ignore_errors=True)
    return not directory.exists()


def wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    """Ask again and again until the answer is yes (True), or the time is up (False)."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(_PAUSE)
    return True
