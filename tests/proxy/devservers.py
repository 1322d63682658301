"""Development servers of JavaScript, as people start them: Vite, webpack's, each with a page that replaces its modules.

The page shows what `message.js` says, takes a new `message.js` without a reload, and calls an API below `/api`, from a
module that is `/api.js`.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from tests.processes import end, find, tail
from tests.stacks.applications import NODE_MODULES

__all__ = ["WATCH_SOCKETS", "find_vite", "find_webpack", "started", "write_page"]

_SECONDS: Final = 60

WATCH_SOCKETS: Final = """
window.sockets = [];
window.WebSocket = class extends WebSocket {
  constructor(...given) {
    super(...given);
    const socket = { url: this.url, said: [] };
    window.sockets.push(socket);
    this.addEventListener("message", ({ data }) => socket.said.push(data));
  }
};
"""
"""Script that keeps which sockets a page opens, and what it hears on each."""

_INDEX: Final = """<!doctype html>
<meta charset="utf-8">
<title>A page</title>
<p id="message"></p><p id="answer"></p>
{script}
"""
_MAIN: Final = """
import { message } from "./message.js";
import { ask } from "./api.js";

const show = (text) => { document.getElementById("message").textContent = text; };
show(message);
ask().then((text) => { document.getElementById("answer").textContent = text; });
"""
_API: Final = 'export const ask = () => fetch("/api/hello").then((response) => response.text());\n'
_VITE: Final = 'import.meta.hot.accept("./message.js", (module) => show(module.message));\n'
_WEBPACK: Final = 'module.hot.accept("./message.js", () => show(message));\n'


def write_page(directory: Path, kind: str) -> Path:
    """The page, for "vite" or "webpack"; the file to edit."""
    script = (
        '<script type="module" src="/main.js"></script>' if kind == "vite" else '<script src="/bundle.js"></script>'
    )
    # webpack's server reloads the page for any change in the directory that the page itself is served from.
    files = {
        "index.html" if kind == "vite" else "public/index.html": _INDEX.format(script=script),
        "main.js": _MAIN + (_VITE if kind == "vite" else _WEBPACK),
        "api.js": _API,
        "message.js": 'export const message = "before";\n',
        "package.json": '{"private": true}\n',
    }
    for name, text in files.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text, encoding="utf-8")
    return directory / "message.js"


def find_vite() -> list[str]:
    """The command of Vite, to which a directory and options are added; skips the test where it cannot run."""
    node = _node("vite")
    return [node, str(NODE_MODULES / "vite" / "bin" / "vite.js")]


def find_webpack() -> list[str]:
    """The command of webpack-dev-server, to which a directory and a port are added."""
    node = _node("webpack-dev-server")
    return [node, str(NODE_MODULES.parent / "webpack.js")]


def _node(package: str) -> str:
    """Node, if the package is there and takes this Node; skips the test otherwise."""
    node = find("node", "nodejs")
    manifest = NODE_MODULES / package / "package.json"
    if not manifest.exists():
        pytest.skip(f"{package} is not installed (`make test` installs it with npm)")
    wanted = json.loads(manifest.read_text(encoding="utf-8"))["engines"]["node"]
    here = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip().lstrip("v")
    if not _satisfies(here, wanted):
        pytest.skip(f"{package} needs Node.js {wanted}, and {here} is installed: install a newer one")
    return node


def _satisfies(version: str, wanted: str) -> bool:
    """Whether a version is in a range such as "^20.19.0 || >=22.12.0"."""
    here = tuple(map(int, version.split(".")))
    for each in wanted.split("||"):
        least = tuple(map(int, each.strip().lstrip("^>= ").split(".")))
        if here >= least and (not each.strip().startswith("^") or here[0] == least[0]):
            return True
    return False


@contextmanager
def started(command: Sequence[str], directory: Path, port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A program in a directory, once it listens at the port."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            cwd=directory,
            # Colours and a console that is cleared are for people.
            env=os.environ | {"NO_COLOR": "1", "CI": "1"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + _SECONDS
        while not _listens(port):
            assert process.poll() is None, f"{command} ended:\n{tail(log)}"
            assert time.monotonic() < deadline, f"{command} does not listen at {port}:\n{tail(log)}"
            time.sleep(0.02)
        yield process
    finally:
        end(process)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("localhost", port), 1).close()
    except OSError:
        return False
    return True
