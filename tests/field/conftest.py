"""The processes of the corpus: one for each framework or web server, with all its broken applications in it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme
from tests.field.processes import Ports, configured, program
from tests.field.scenarios import SITES, sites_of
from tests.field.sites import sockets as sites_of_few_lines
from tests.processes import find
from tests.stacks.applications import NODE_MODULES


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ports]:
    node = find("node", "Debian package nodejs")
    if not (NODE_MODULES / "express").is_dir():
        pytest.skip("Express is not installed (`make test` installs it with npm)")
    directory = tmp_path_factory.mktemp("node")
    # Node.js looks for packages beside the file.
    (directory / "node_modules").symlink_to(NODE_MODULES)
    command = [node, str(shutil.copy(SITES / "node.mjs", directory / "node.mjs"))]
    with program(sites_of("node"), command, directory) as ports:
        yield ports


@contextmanager
def _python(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ports]:
    command = [sys.executable, "-m", f"tests.field.sites.{server}"]
    with program(sites_of(server), command, tmp_path_factory.mktemp(server)) as ports:
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
    behind = {f"node/{site}": port for site, port in node.items()}
    with configured(server, sites_of(server), SITES / configuration, name, behind, _fill) as ports:
        yield ports


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
