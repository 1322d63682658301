"""A display for a browser that has no headless mode: the one that is there, or an X server without a screen."""

from __future__ import annotations

import os
import select
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from crossorigin.browser.real.process import running

__all__ = ["display", "find_xvfb"]

_START_SECONDS: Final = 60


def find_xvfb(path: str | None = None) -> str | None:
    """The program, in `path` (default: PATH)."""
    return shutil.which("Xvfb", path=path)


@contextmanager
def display(directory: Path) -> Iterator[str]:
    """The value for DISPLAY: the environment's, or that of an Xvfb which ends with the block. Raises OSError."""
    there = os.environ.get("DISPLAY")
    if there:
        yield there
        return
    program = find_xvfb()
    if program is None:
        raise FileNotFoundError("no Xvfb here, and DISPLAY is not set; install Debian's package xvfb")
    # Xvfb takes a display that is free and writes its number where it is told: nothing is guessed, nobody collides.
    reader, writer = os.pipe()
    try:
        command = [program, "-displayfd", str(writer), "-screen", "0", "800x600x24", "-nolisten", "tcp"]
        with running(command, directory, pass_fds=[writer]) as process:
            # From here on Xvfb alone holds the writing end, so that its own end is seen here as an end of file.
            os.close(writer)
            writer = -1
            number = _line(reader)
            if not number:
                raise OSError(f"{program} did not start: {process.last_words()}")
            yield f":{number}"
    finally:
        os.close(reader)
        if writer != -1:
            os.close(writer)


def _line(reader: int) -> str:
    """The first line, "" when nothing comes."""
    text = b""
    while not text.endswith(b"\n"):
        if not select.select([reader], [], [], _START_SECONDS)[0]:
            return ""
        read = os.read(reader, 16)
        if not read:
            return ""
        text += read
    return text.decode().strip()
