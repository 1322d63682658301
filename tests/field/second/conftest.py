"""The processes of the second corpus."""

from __future__ import annotations

import shutil
import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme
from tests.field.processes import Ports, configured, program
from tests.field.second.cases import CASES
from tests.field.second.sites import answers
from tests.processes import find
from tests.stacks.applications import NODE_MODULES

_SITES = Path(__file__).parent / "sites"


def _sites_of(server: str) -> list[str]:
    return sorted({site for case in CASES if case.server == server for site in (case.site, *case.names.values())})


@pytest.fixture(scope="session")
def answering() -> Iterator[Ports]:
    with answers.serving() as ports:
        yield ports


@pytest.fixture(scope="session")
def frameworks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ports]:
    command = [sys.executable, "-m", "tests.field.second.sites.frameworks"]
    with program(_sites_of("frameworks"), command, tmp_path_factory.mktemp("frameworks")) as ports:
        yield ports


@pytest.fixture(scope="session")
def second_node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ports]:
    node = find("node", "Debian package nodejs")
    if not (NODE_MODULES / "express").is_dir():
        pytest.skip("Express is not installed (`make test` installs it with npm)")
    directory = tmp_path_factory.mktemp("second")
    # Node.js looks for packages beside the file.
    (directory / "node_modules").symlink_to(NODE_MODULES)
    script = str(shutil.copy(_SITES / "second.mjs", directory / "second.mjs"))
    with program(_sites_of("second_node"), [node, script], directory) as ports:
        yield ports


@contextmanager
def _configured(
    server: str, configuration: str, name: str, behind: Ports, authority: trustme.CA | None = None
) -> Iterator[Ports]:
    def fill(directory: Path) -> None:
        directory.chmod(0o755)
        (directory / "files" / "docs").mkdir(parents=True)
        (directory / "files" / "docs" / "index.html").write_text("<!doctype html><title>Docs</title>")
        if authority:
            authority.cert_pem.write_to_path(directory / "ca.pem")
            authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(directory / "server.pem")

    backends = {f"answers/{site}": port for site, port in behind.items()}
    with configured(server, _sites_of(f"second_{server}"), _SITES / configuration, name, backends, fill) as ports:
        yield ports


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
