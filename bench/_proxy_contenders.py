"""Who is measured, and how each is started."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from bench import _proxy_nginx as nginx
from bench._proxy_ours import ORIGIN
from bench._proxy_process import Running, StartError, free_port

__all__ = ["AGENT", "NGINX", "VITE", "Contender", "contenders", "start_ours"]

AGENT: Final = "http-proxy-3 + agent"
VITE: Final = "Vite, as shipped"
NGINX: Final = "nginx"

_NODE: Final = Path(__file__).parent / "node"
_READY: Final = "/api/small"


@dataclass(frozen=True, slots=True)
class Contender:
    """A proxy that runs. `prefix` stands before the path, `origin` is that of the page that asks it; `kind` is what
    `python -m bench._proxy_ours` or `proxy.js` knows it by."""

    name: str
    kind: str
    prefix: str = ""
    origin: str | None = None
    running: Running | None = None
    port: int = 0

    @property
    def is_ours(self) -> bool:
        """Whether it is the one that is measured beside the others."""
        return self.name.startswith("ours")


def contenders(folder: Path, backend: Running, program: str, stack: ExitStack) -> Iterator[Contender]:
    """Start them, one after the other; one that cannot be had is named loudly, and left out."""
    target = f"http://127.0.0.1:{backend.port}"
    yield Contender("direct", "direct", port=backend.port)
    for each in (
        Contender(NGINX, "nginx"),
        Contender("ours, development", "development asyncio"),
        Contender("ours, development, uvloop", "development uvloop"),
        Contender("ours, CORS", "cors asyncio", origin=ORIGIN),
        Contender("ours, CORS, uvloop", "cors uvloop", origin=ORIGIN),
        Contender(AGENT, "http-proxy-3 agent"),
        Contender("http-proxy-3, as shipped", "http-proxy-3"),
        Contender(VITE, "vite"),
        Contender("cors-anywhere, as shipped", "cors-anywhere", f"/{target}", ORIGIN),
    ):
        try:
            running = stack.enter_context(_started(each, folder, program, target))
            running.wait_ready({"Origin": each.origin} if each.origin else {})
        except (StartError, OSError) as error:
            print(f"!! {each.name} IS NOT MEASURED: {error}")
        else:
            yield Contender(each.name, each.kind, each.prefix, each.origin, running, running.port)


def start_ours(kind: str, loop: str, target: str) -> Running:
    """Our proxy in front of a target; raises StartError."""
    if loop == "uvloop" and find_spec("uvloop") is None:
        raise StartError("uvloop is not installed")
    port = free_port()
    command = [sys.executable, "-P", "-m", "bench._proxy_ours", kind, loop, str(port), target]
    return Running("crossorigin", command, port, _READY)


def _started(contender: Contender, folder: Path, program: str, target: str) -> Running:
    kind, _, variant = contender.kind.partition(" ")
    if kind == "nginx":
        return nginx.peer(program, folder / "peer", target.removeprefix("http://"))
    if contender.is_ours:
        return start_ours(kind, variant, target)
    node = shutil.which("node")
    if node is None or not (_NODE / "node_modules" / kind).is_dir():
        raise StartError("there is no node here" if node is None else f"npm has not installed {kind}")
    port = free_port()
    command = [node, str(_NODE / "proxy.js"), contender.kind, str(port), target]
    empty = folder / "empty"
    empty.mkdir(exist_ok=True)
    return Running(kind, command, port, contender.prefix + _READY, empty)
