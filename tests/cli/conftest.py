"""The command line called in this process, run as a program, and run in a terminal; and servers for it to meet."""

from __future__ import annotations

import contextlib
import fcntl
import io
import os
import pty
import re
import signal
import socket
import ssl
import struct
import subprocess
import sys
import termios
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from crossorigin.cli import main

PAGE = "http://app.example"

# A program started from a background job would ignore Ctrl+C: the ignored signal is inherited.
_RUN = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
    "from crossorigin.cli import main; raise SystemExit(main())"
)


@dataclass(frozen=True)
class Ended:
    """How a command ended and what it said."""

    status: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """80 columns, UTF-8, and no wish for or against colour, whatever the tests are run in."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("PYTHONUTF8", "1")
    for name in ("FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "PYTHONIOENCODING"):
        monkeypatch.delenv(name, raising=False)


def call(*argv: str, encoding: str = "utf-8") -> Ended:
    """The command line in this process, its output piped somewhere with this encoding."""
    written, said = io.BytesIO(), io.BytesIO()
    out = io.TextIOWrapper(written, encoding, newline="")
    err = io.TextIOWrapper(said, encoding, errors="backslashreplace", newline="")
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status: str | int | None = main(argv)
        except SystemExit as left:
            status = left.code
    out.flush()
    err.flush()
    assert isinstance(status, int)
    return Ended(status, written.getvalue().decode(encoding), said.getvalue().decode(encoding))


def command(*argv: str) -> list[str]:
    """The words that run the command line as a program, with warnings as errors."""
    return [sys.executable, "-W", "error", "-c", _RUN, *argv]


def run(*argv: str, environment: dict[str, str] | None = None) -> Ended:
    """The command line as a program of its own."""
    done = subprocess.run(
        command(*argv), capture_output=True, timeout=30, check=False, env=os.environ | (environment or {})
    )
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())


def in_terminal(
    *argv: str, environment: dict[str, str] | None = None, interrupt_when: threading.Event | None = None
) -> Ended:
    """The command line in a terminal of 80 columns, interrupted as by Ctrl+C as soon as the event is set."""
    outside, inside = pty.openpty()
    fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 80, 0, 0))
    words = os.environ | {"TERM": "xterm-256color"} | (environment or {})
    words.pop("COLUMNS", None)
    with subprocess.Popen(
        command(*argv), stdin=inside, stdout=inside, stderr=inside, env=words, start_new_session=True
    ) as process:
        os.close(inside)
        if interrupt_when is not None:
            assert interrupt_when.wait(20)
            process.send_signal(signal.SIGINT)
        shown = b""
        with contextlib.suppress(OSError):  # EIO is how a terminal says that nobody is left on its inside
            while piece := os.read(outside, 65536):
                shown += piece
        os.close(outside)
        return Ended(process.wait(20), shown.decode(errors="replace"), "")


@dataclass
class Server:
    """A loopback server that answers every request head with the same bytes, or as its script says."""

    script: Callable[[socket.socket], None]
    host: str = "127.0.0.1"
    tls: ssl.SSLContext | None = None
    heads: list[bytes] = field(default_factory=list)
    """Each request as it came, its body behind it."""
    asked: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        self.listener = socket.create_server((self.host, 0), family=family)
        self.port: int = self.listener.getsockname()[1]
        self.threads = [threading.Thread(target=self._accept, daemon=True)]
        self.threads[0].start()

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}/users/42"

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _ = self.listener.accept()
                self.threads.append(threading.Thread(target=self._serve, args=(sock,), daemon=True))
                self.threads[-1].start()

    def _serve(self, sock: socket.socket) -> None:
        sock.settimeout(10)
        with sock, contextlib.suppress(OSError):
            if self.tls is None:
                self._talk(sock)
                return
            with self.tls.wrap_socket(sock, server_side=True) as wrapped:
                self._talk(wrapped)

    def _talk(self, sock: socket.socket) -> None:
        while True:
            head = b""
            while b"\r\n\r\n" not in head:
                piece = sock.recv(65536)
                if not piece:
                    return
                head += piece
            length = re.search(rb"\r\nContent-Length: (\d+)\r\n", head)
            missing = int(length[1]) - len(head.partition(b"\r\n\r\n")[2]) if length else 0
            while missing > 0:
                piece = sock.recv(missing)
                head, missing = head + piece, missing - len(piece)
            self.heads.append(head)
            self.asked.set()
            self.script(sock)

    def stop(self) -> None:
        self.ended.set()
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for thread in self.threads:
            thread.join(5)
            assert not thread.is_alive()


Serve = Callable[..., Server]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts servers: give the header lines of the answer to every request, or a script that talks on the socket."""
    servers: list[Server] = []

    def start(
        *lines: str | bytes,
        status: str = "200 OK",
        body: bytes = b"{}",
        after: float = 0.0,
        script: Callable[[socket.socket], None] | None = None,
        host: str = "127.0.0.1",
        tls: ssl.SSLContext | None = None,
    ) -> Server:
        fields = [line if isinstance(line, bytes) else line.encode("latin-1") for line in lines]
        head = b"\r\n".join([f"HTTP/1.1 {status}".encode("latin-1"), *fields, b"Content-Length: %d" % len(body)])

        def answer(sock: socket.socket) -> None:
            if after:
                server.ended.wait(after)
            sock.sendall(head + b"\r\n\r\n" + body)

        server = Server(script or answer, host, tls)
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.stop()


ALLOW = f"Access-Control-Allow-Origin: {PAGE}"
ALLOW_ALL = "Access-Control-Allow-Origin: *"
