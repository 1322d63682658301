"""How long the command takes to start, as a ratio to an interpreter that does nothing, and a check's own work."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

__all__ = ["main"]

_COMMAND = Path(sys.executable).with_name("crossorigin")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # An answer in one piece, as servers send it: in two, each exchange would wait 40 ms for a delayed acknowledgement.
    wbufsize = 65536

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        pass

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")


def _best(command: list[str], rounds: int = 20) -> float:
    """The fastest run, in milliseconds."""
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        subprocess.run(command, check=False, capture_output=True)
        best = min(best, time.perf_counter() - start)
    return best * 1e3


def main() -> None:
    """Print the figures."""
    nothing = _best([sys.executable, "-c", "pass"])
    version = _best([str(_COMMAND), "--version"])
    print(f"python -c pass                      {nothing:8.1f} ms")
    print(f"crossorigin --version               {version:8.1f} ms   ratio: {version / nothing:.2f} (target: at most 3)")
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/"
        origin = ["--origin", "https://app.example.com"]
        whole = _best([str(_COMMAND), "check", url, *origin], rounds=10)
        usage = _best([str(_COMMAND), "check", "--help"], rounds=10)
        server.shutdown()
    print(f"crossorigin check, whole process    {whole:8.1f} ms")
    print(f"crossorigin check --help (start)    {usage:8.1f} ms")
    print(f"a check's own work after start      {whole - usage:8.1f} ms   (target: under 150, server's time included)")


if __name__ == "__main__":
    main()
