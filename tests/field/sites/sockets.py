"""Servers of a few lines, in threads: what fails before HTTP begins, and imitations of other people's services."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

import trustme
from tests.field.sites.imitations import ANSWERS

__all__ = ["serving"]

_NOTHING_WRONG = {"*": "HTTP/1.1 200 OK\nContent-Type: application/json\nAccess-Control-Allow-Origin: *\n\n[]"}
"""What is wrong is the way to it."""


def _read_head(sock: socket.socket) -> str:
    """The request without its body; empty when nobody asks."""
    head = b""
    while b"\r\n\r\n" not in head:
        piece = sock.recv(65536)
        if not piece:
            return ""
        head += piece
    return head.decode("latin-1")


def _answering(answers: Mapping[str, str]) -> Callable[[socket.socket], None]:
    def talk(sock: socket.socket) -> None:
        method = _read_head(sock).partition(" ")[0]
        if not method:
            return
        head, _, body = answers.get(method, answers["*"]).partition("\n\n")
        lines = [*head.split("\n"), f"Content-Length: {len(body)}", "Connection: close", "", ""]
        sock.sendall(("\r\n".join(lines) + ("" if method == "HEAD" else body)).encode("latin-1"))

    return talk


def _silent(sock: socket.socket) -> None:
    while sock.recv(65536):
        pass


def _hangs_up(sock: socket.socket) -> None:
    _read_head(sock)


def _breaks_off(sock: socket.socket) -> None:
    _read_head(sock)
    sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nAccess-Control-Allow-Origin: *\r\n\r\n[")


def _ssh(sock: socket.socket) -> None:
    sock.sendall(b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n")
    sock.recv(65536)


def _redis(sock: socket.socket) -> None:
    _read_head(sock)
    sock.sendall(b"-ERR wrong number of arguments for 'get' command\r\n")


def _tls(context: ssl.SSLContext) -> Callable[[socket.socket], None]:
    def talk(sock: socket.socket) -> None:
        with context.wrap_socket(sock, server_side=True) as wrapped:
            _answering(_NOTHING_WRONG)(wrapped)

    return talk


def _certified(authority: trustme.CA, name: str, not_after: datetime | None = None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name, not_after=not_after).configure_cert(context)
    return context


def _serve(listening: socket.socket, talk: Callable[[socket.socket], None]) -> None:
    with contextlib.suppress(OSError):
        while True:
            sock, _ = listening.accept()
            sock.settimeout(10)
            threading.Thread(target=_one, args=(sock, talk), daemon=True).start()


def _one(sock: socket.socket, talk: Callable[[socket.socket], None]) -> None:
    # Whatever the other side does to the connection is what it came for.
    with sock, contextlib.suppress(OSError):
        talk(sock)


@contextmanager
def serving(authority: trustme.CA) -> Iterator[dict[str, int]]:
    """Every site on its own port; those with TLS that is right have a certificate of the authority."""
    past = datetime(2020, 1, 1, tzinfo=UTC)
    sites: dict[str, Callable[[socket.socket], None]] = {
        "silent": _silent,
        "hangs-up": _hangs_up,
        "breaks-off": _breaks_off,
        "ssh": _ssh,
        "redis": _redis,
        "tls": _tls(_certified(authority, "localhost")),
        "tls-of-nobody": _tls(_certified(trustme.CA(), "localhost")),
        "tls-other-name": _tls(_certified(authority, "www.example.com")),
        "tls-expired": _tls(_certified(authority, "localhost", past)),
        "http": _answering(_NOTHING_WRONG),
        **{name: _answering(answers) for name, answers in ANSWERS.items()},
    }
    with contextlib.ExitStack() as stack:
        # Bound, so that nobody else is there, and not listening: whoever connects is refused.
        closed = stack.enter_context(socket.socket())
        closed.bind(("127.0.0.1", 0))
        ports = {"closed": closed.getsockname()[1]}
        for name, talk in sites.items():
            listening = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            stack.callback(listening.shutdown, socket.SHUT_RDWR)
            ports[name] = listening.getsockname()[1]
            threading.Thread(target=_serve, args=(listening, talk), daemon=True).start()
        yield ports
