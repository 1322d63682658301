"""The processes of the corpus: one for each framework or web server, with all its broken applications in it."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import trustme
from tests.field.scenarios import SITES, sites_of
from tests.field.sites import sockets as sites_of_few_lines
from tests.processes import find, listening, running
from tests.stacks.applications import NODE_MODULES
from tests.stacks.servers import started

from crossorigin.stacks.stack import File

_ROOT = Path(__file__).parents[2]

Ports = Mapping[str, int]
"""Where each application of a process listens, by its name."""


@contextmanager
def _running(server: str, command: Sequence[str], directory: Path) -> Iterator[Ports]:
    """A process that is told `name=descriptor` of the listening socket for every application it has."""
    names = sites_of(server)
    with listening(len(names)) as sockets:
        ports = {name: each.getsockname()[1] for name, each in zip(names, sockets, strict=True)}
        words = [f"{name}={each.fileno()}" for name, each in zip(names, sockets, strict=True)]
        with running([*command, *words], sockets, directory / "log", {}, _ROOT):
            yield ports


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ports]:
    program = find("node", "Debian package nodejs")
    if not (NODE_MODULES / "express").is_dir():
        pytest.skip("Express is not installed (`make test` installs it with npm)")
    directory = tmp_path_factory.mktemp("node")
    # Node.js looks for packages beside the file.
    (directory / "node_modules").symlink_to(NODE_MODULES)
    with _running("node", [program, str(shutil.copy(SITES / "node.mjs", directory / "node.mjs"))], directory) as ports:
        yield ports


@contextmanager
def _python(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ports]:
    command = [sys.executable, "-m", f"tests.field.sites.{server}"]
    with _running(server, command, tmp_path_factory.mktemp(server)) as ports:
        yield ports


@pytest.fixture(scope="session")
def asgi(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ports]:
    with _python("asgi", tmp_path_factory) as ports:
        yield ports


@pytest.fixture(scope="session")
def flask_sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ports]:
    with _python("flask_sites", tmp_path_factory) as ports:
        yield ports


@pytest.fixture(scope="session")
def django_sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ports]:
    with _python("django_sites", tmp_path_factory) as ports:
        yield ports


@pytest.fixture(scope="session")
def aiohttp_sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ports]:
    with _python("aiohttp_sites", tmp_path_factory) as ports:
        yield ports


@contextmanager
def _configured(server: str, configuration: str, name: str, node: Ports) -> Iterator[Ports]:
    """A web server or proxy with its configuration, in which every port is filled in, and files to serve."""
    names = sites_of(server)
    text = (SITES / configuration).read_text()
    behind = {f"node/{site}": str(port) for site, port in node.items()}
    with TemporaryDirectory() as made:
        directory = Path(made)
        _fill(directory)

        def files(ports: Sequence[int]) -> tuple[File, ...]:
            values = {"directory": made, **behind, **dict(zip(names, map(str, ports), strict=True))}
            return (File(name, "", re.sub(r"@([\w/-]+)@", lambda mark: values[mark[1]], text)),)

        with started(server, directory, files, len(names)) as ports:
            yield dict(zip(names, ports, strict=True))


def _fill(directory: Path) -> None:
    """Files to serve, a user, and a place for a cache, for whatever user a server runs as."""
    directory.chmod(0o755)
    (directory / "files" / "docs").mkdir(parents=True)
    for name in ("items.json", "docs/index.html"):
        (directory / "files" / name).write_text("[]")
    (directory / "files" / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    (directory / "users").write_text("ann:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n")
    (directory / "cache").mkdir()
    (directory / "cache").chmod(0o777)


@pytest.fixture(scope="session")
def nginx(node: Ports) -> Iterator[Ports]:
    with _configured("nginx", "nginx.conf", "cors.conf", node) as ports:
        yield ports


@pytest.fixture(scope="session")
def apache(node: Ports) -> Iterator[Ports]:
    with _configured("apache", "apache.conf", "cors.conf", node) as ports:
        yield ports


@pytest.fixture(scope="session")
def caddy(node: Ports) -> Iterator[Ports]:
    with _configured("caddy", "Caddyfile", "Caddyfile", node) as ports:
        yield ports


@pytest.fixture(scope="session")
def haproxy(node: Ports) -> Iterator[Ports]:
    with _configured("haproxy", "haproxy.cfg", "haproxy.cfg", node) as ports:
        yield ports


@pytest.fixture(scope="session")
def lighttpd(node: Ports) -> Iterator[Ports]:
    with _configured("lighttpd", "lighttpd.conf", "lighttpd.conf", node) as ports:
        yield ports


@pytest.fixture(scope="session")
def envoy(node: Ports) -> Iterator[Ports]:
    with _configured("envoy", "envoy.yaml", "envoy.yaml", node) as ports:
        yield ports


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def sockets(authority: trustme.CA) -> Iterator[Ports]:
    with sites_of_few_lines.serving(authority) as ports:
        yield ports
