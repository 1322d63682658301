"""How the processes of a corpus are started: each is told on which ports its sites listen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeAlias

from tests.processes import listening, running
from tests.stacks.servers import started

from crossorigin.stacks.stack import File

__all__ = ["Ports", "configured", "program"]

Ports: TypeAlias = Mapping[str, int]
"""Where each site of a process listens, by its name."""

_ROOT: Final = Path(__file__).parents[2]


@contextmanager
def program(names: Sequence[str], command: Sequence[str], directory: Path) -> Iterator[Ports]:
    """A process that is told `name=descriptor` of the listening socket for every site it has."""
    with listening(len(names)) as sockets:
        ports = {name: each.getsockname()[1] for name, each in zip(names, sockets, strict=True)}
        words = [f"{name}={each.fileno()}" for name, each in zip(names, sockets, strict=True)]
        with running([*command, *words], sockets, directory / "log", {}, _ROOT):
            yield ports


@contextmanager
def configured(
    server: str,
    names: Sequence[str],
    configuration: Path,
    name: str,
    behind: Mapping[str, int],
    fill: Callable[[Path], None],
) -> Iterator[Ports]:
    """A web server or proxy with its configuration, which it has under `name`.

    Every port is filled in: @SITE@ is one of its own, and the names of `behind` are those of others. `fill` puts the
    files that it needs into its directory, @directory@.
    """
    text = configuration.read_text()
    with TemporaryDirectory() as made:
        fill(Path(made))

        def files(ports: Sequence[int]) -> tuple[File, ...]:
            own = dict(zip(names, ports, strict=True))
            values = {"directory": made, **{each: str(port) for each, port in {**behind, **own}.items()}}
            return (File(name, "", re.sub(r"@([\w/-]+)@", lambda mark: values[mark[1]], text)),)

        with started(server, Path(made), files, len(names)) as ports:
            yield dict(zip(names, ports, strict=True))
