"""A GiB through our proxy, each way, with ends that are fast and ends that are slow: what its memory grows by."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Final

from bench._proxy_contenders import start_ours
from bench._proxy_process import StartError

__all__ = ["measure_memory"]

_SIZE: Final = 1024**3
_PIECE: Final = bytes(256 * 1024)
_SLOW_RATE: Final = 10e6
"""Bytes in a second."""
_SLOW_TIME: Final = 5.0
"""Seconds, after which the slow one leaves."""
_MOST: Final = 64 * 1024**2


def measure_memory() -> None:
    """Print what memory grew by, at most, for each loop, way and speed."""
    print(
        f"\n1 GiB through ours: the most that its memory grew by (target: less than {_MOST >> 20} MiB); slow: "
        "10 MB/s for 5 s, then cut"
    )
    runs = [
        (loop, way, speed)
        for speed in ("fast", "slow")
        for way in ("download", "upload")
        for loop in ("asyncio", "uvloop")
    ]
    # The slow ones have nothing to do but wait, and wait together.
    with ThreadPoolExecutor(len(runs)) as pool:
        said = [_said(*run) for run in runs if run[2] == "fast"]
        said += pool.map(lambda run: _said(*run), [run for run in runs if run[2] == "slow"])
    print("\n".join(said))


def _said(loop: str, way: str, speed: str) -> str:
    name = f"{way}, {speed}, {loop}"
    try:
        grown, passed, seconds = _through(loop, way, is_slow=speed == "slow")
    except (StartError, OSError) as error:
        return f"!! {name} IS NOT MEASURED: {error}"
    verdict = "held" if grown < _MOST else "MISSED"
    whole = "" if passed == _SIZE or speed == "slow" else f"   ONLY {passed} BYTES CAME"
    return f"{name:28}{grown / 1024**2:8.1f} MiB {verdict}{passed / 1024**2:8.0f} MiB in {seconds:4.1f} s{whole}"


def _through(loop: str, way: str, *, is_slow: bool) -> tuple[int, int, float]:
    """Bytes that memory grew by, bytes that came through, seconds."""
    came: list[int] = []
    rate = _SLOW_RATE if is_slow else None
    with _backend(rate, came) as port, start_ours("development", loop, f"http://127.0.0.1:{port}") as proxy:
        proxy.wait_ready({})
        idle = proxy.memory("VmRSS")
        begin = time.monotonic()
        with socket.create_connection(("127.0.0.1", proxy.port)) as client, suppress(ConnectionError):
            if way == "download":
                client.sendall(b"GET /api/large HTTP/1.1\r\nHost: localhost\r\n\r\n")
                came.append(_taken(client, _after_head(client), rate))
            else:
                client.sendall(b"POST /api/post HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % _SIZE)
                _give(client)
                client.recv(4096)
        return proxy.memory("VmHWM") - idle, max(came, default=0), time.monotonic() - begin


@contextmanager
def _backend(rate: float | None, came: list[int]) -> Iterator[int]:
    """A server that gives and takes a GiB; it takes at a rate, and tells how much came."""

    def serve(sock: socket.socket) -> None:
        with sock, suppress(OSError):
            head = _head(sock)
            if head.startswith(b"POST"):
                came.append(_taken(sock, head.partition(b"\r\n\r\n")[2], rate))
                sock.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
            elif head.startswith(b"GET /api/large"):
                sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % _SIZE)
                _give(sock)
            else:
                sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, daemon=True).start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)


def _head(sock: socket.socket) -> bytes:
    """A head, and what came with it."""
    data = b""
    while b"\r\n\r\n" not in data:
        got = sock.recv(65536)
        if not got:
            raise ConnectionResetError
        data += got
    return data


def _after_head(sock: socket.socket) -> bytes:
    return _head(sock).partition(b"\r\n\r\n")[2]


def _give(sock: socket.socket) -> None:
    for _ in range(_SIZE // len(_PIECE)):
        sock.sendall(_PIECE)


def _taken(sock: socket.socket, first: bytes, rate: float | None) -> int:
    """The bytes that came: all of them, or at a rate those of five seconds."""
    count = len(first)
    begin = time.monotonic()
    while count < _SIZE:
        got = len(sock.recv(1024 * 1024 if rate is None else 65536))
        if not got:
            break
        count += got
        if rate is not None:
            time.sleep(max(0.0, count / rate - (time.monotonic() - begin)))
            if time.monotonic() - begin > _SLOW_TIME:
                break
    return count
