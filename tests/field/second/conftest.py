"""The processes of the second corpus."""

from __future__ import annotations

import re
import shutil
import ssl
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import trustme
from tests.field.second.cases import CASES
from tests.field.second.sites import answers
from tests.processes import find, listening, running
from tests.stacks.applications import NODE_MODULES
from tests.stacks.servers import started

from crossorigin.stacks.stack import File

_SITES = Path(__file__).parent / "sites"
_ROOT = Path(__file__).parents[3]

Ports = Mapping[str, int]
"""Where each site of a process listens, by its name."""


def _sites_of(server: str) -> list[str]:
    return sorted({site for case in CASES if case.server == server for site in (case.site, *case.names.values())})


@pytest.fixture(scope="session")
def answering() -> Iterator[Ports]:
    with answers.serving() as ports:
        yield ports


@contextmanager
def _running(server: str, command: Sequence[str], directory: Path) -> Iterator[Ports]:
    """A process that is told `name=descriptor` of the listening socket for every site it has."""
    names = _sites_of(server)
    with listening(len(names)) as sockets:
        ports = {name: each.getsockname()[1] for name, each in zip(names, sockets, strict=True)}
        words = [f"{name}={each.fileno()}" for name, each in zip(names, sockets, strict=True)]
        with running([*command, *words], sockets, directory / "log", {}, _ROOT):
            yield ports


@pytest.fixture(scope="session")
def frameworks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ports]:
    command = [sys.executable, "-m", "tests.field.second.sites.frameworks"]
    with _running("frameworks", command, tmp_path_factory.mktemp("frameworks")) as ports:
        yield ports


@pytest.fixture(scope="session")
def second_node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ports]:
    program = find("node", "Debian package nodejs")
    if not (NODE_MODULES / "express").is_dir():
        pytest.skip("Express is not installed (`make test` installs it with npm)")
    directory = tmp_path_factory.mktemp("second")
    # Node.js looks for packages beside the file.
    (directory / "node_modules").symlink_to(NODE_MODULES)
    script = str(shutil.copy(_SITES / "second.mjs", directory / "second.mjs"))
    with _running("second_node", [program, script], directory) as ports:
        yield ports


@contextmanager
def _configured(
    program: str, configuration: str, name: str, behind: Ports, authority: trustme.CA | None = None
) -> Iterator[Ports]:
    """A web server or proxy with its configuration, in which every port is filled in."""
    names = _sites_of(f"second_{program}")
    text = (_SITES / configuration).read_text()
    backends = {f"answers/{site}": str(port) for site, port in behind.items()}
    with TemporaryDirectory() as made:
        directory = Path(made)
        directory.chmod(0o755)
        (directory / "files" / "docs").mkdir(parents=True)
        (directory / "files" / "docs" / "index.html").write_text("<!doctype html><title>Docs</title>")
        if authority:
            authority.cert_pem.write_to_path(directory / "ca.pem")
            authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(directory / "server.pem")

        def files(ports: Sequence[int]) -> tuple[File, ...]:
            values = {"directory": made, **backends, **dict(zip(names, map(str, ports), strict=True))}
            return (File(name, "", re.sub(r"@([\w/-]+)@", lambda mark: values[mark[1]], text)),)

        with started(program, directory, files, len(names)) as ports:
            yield dict(zip(names, ports, strict=True))


@pytest.fixture(scope="session")
def second_nginx(answering: Ports, authority: trustme.CA) -> Iterator[Ports]:
    with _configured("nginx", "nginx.conf", "cors.conf", answering, authority) as ports:
        yield ports


@pytest.fixture(scope="session")
def second_apache(answering: Ports) -> Iterator[Ports]:
    with _configured("apache", "apache.conf", "cors.conf", answering) as ports:
        yield ports


@pytest.fixture(scope="session")
def second_caddy(answering: Ports) -> Iterator[Ports]:
    with _configured("caddy", "Caddyfile", "Caddyfile", answering) as ports:
        yield ports


@pytest.fixture(scope="session")
def second_haproxy(answering: Ports) -> Iterator[Ports]:
    with _configured("haproxy", "haproxy.cfg", "haproxy.cfg", answering) as ports:
        yield ports


@pytest.fixture(scope="session")
def trust(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context
