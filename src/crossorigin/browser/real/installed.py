"""Which browsers are on this machine, in which version, and what to install where one is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from crossorigin.browser.real.display import display, find_xvfb
from crossorigin.browser.real.process import fresh_directory

__all__ = ["ENGINES", "Engine", "Installed", "Missing", "find"]

Engine = Literal["chromium", "firefox", "webkit"]
ENGINES: Final[tuple[Engine, ...]] = ("chromium", "firefox", "webkit")

_NAMES: Final[dict[Engine, tuple[str, ...]]] = {
    "chromium": ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    "firefox": ("firefox-esr", "firefox"),
    # MiniBrowser is no program for everyday use, so no distribution has it in the PATH.
    "webkit": ("MiniBrowser",),
}
_PLACES: Final[dict[Engine, tuple[str, ...]]] = {
    "chromium": (
        "snap/bin/chromium",
        "opt/google/chrome/chrome",
        "Applications/Chromium.app/Contents/MacOS/Chromium",
        "Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ),
    "firefox": ("snap/bin/firefox", "opt/firefox/firefox", "Applications/Firefox.app/Contents/MacOS/firefox"),
    "webkit": (
        "usr/lib/*/webkit*gtk-*/MiniBrowser",  # Debian, Ubuntu
        "usr/libexec/webkit*gtk-*/MiniBrowser",  # Fedora
        "usr/lib/webkit*gtk-*/MiniBrowser",  # Arch
        "usr/lib64/webkit*gtk-*/MiniBrowser",
    ),
}
_ADVICE: Final[dict[Engine, str]] = {
    "chromium": "no Chromium or Chrome here; install Debian's package chromium, or Google Chrome",
    "firefox": "no Firefox here; install Debian's package firefox-esr, or Mozilla's Firefox",
    "webkit": "no MiniBrowser of WebKitGTK here; install Debian's packages webkit2gtk-driver and xvfb",
}
_VERSION_SECONDS: Final = 60
"""The first start of a browser after its installation reads hundreds of megabytes."""


@dataclass(frozen=True, slots=True)
class Installed:
    """A browser that can be started, and the version it says it has."""

    engine: Engine
    program: Path
    version: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A browser that cannot, and a sentence that says what to install."""

    engine: Engine
    sentence: str


def find(engine: Engine, *, path: str | None = None, root: Path = Path("/")) -> Installed | Missing:
    """The browser of `engine`: by its names in `path` (default: PATH), then where installers put it below `root`."""
    if os.name != "posix":
        return Missing(engine, f"{engine} is driven on Linux and macOS only: elsewhere there are no process groups")
    program = next(_candidates(engine, path, root), None)
    if program is None:
        return Missing(engine, _ADVICE[engine])
    if engine == "webkit" and not os.environ.get("DISPLAY") and find_xvfb(path) is None:
        return Missing(engine, f"{program} needs a display; install Debian's package xvfb, or set DISPLAY")
    try:
        return Installed(engine, program, _version(engine, program))
    except (OSError, subprocess.SubprocessError) as error:
        return Missing(engine, f"{program} is here and does not run: {error}")


def _candidates(engine: Engine, path: str | None, root: Path) -> Iterator[Path]:
    for name in _NAMES[engine]:
        found = shutil.which(name, path=path)
        if found:
            yield Path(found)
    for pattern in _PLACES[engine]:
        # The newest series first: webkitgtk-6.0 before webkit2gtk-4.1 before webkit2gtk-4.0.
        for place in sorted(root.glob(pattern), key=lambda each: each.parent.name.rpartition("-")[2], reverse=True):
            if os.access(place, os.X_OK):
                yield place


def _version(engine: Engine, program: Path) -> str:
    """The first line of `--version`. Firefox and Chromium may warn about the home directory on standard error."""
    with ExitStack() as stack:
        environment = dict(os.environ)
        if engine == "webkit":
            # MiniBrowser wants a display before it tells its version.
            directory = stack.enter_context(fresh_directory())
            environment["DISPLAY"] = stack.enter_context(display(directory))
        done = subprocess.run(  # noqa: S603  # a browser that was just looked up
            [program, "--version"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_VERSION_SECONDS,
            check=True,
            env=environment,
        )
    return done.stdout.decode(errors="replace").strip().partition("\n")[0]
