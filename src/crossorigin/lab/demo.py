"""The demonstration: an API and a page on two loopback ports, which are two origins, and what CORS makes of them."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import Final

from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from crossorigin.browser.transport import SyncTransport
from crossorigin.doctor.check import check
from crossorigin.doctor.consult import consult
from crossorigin.doctor.question import ask
from crossorigin.doctor.report import Report
from crossorigin.doctor.terminal import print_report

__all__ = ["show"]

_USER: Final = {"id": 42, "name": "Ann"}


class _Handler(BaseHTTPRequestHandler):
    """What both servers share: HTTP/1.1, one way to answer, and no log on the terminal."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Nothing: the dialogue is printed by the check."""

    def answer(self, status: HTTPStatus, body: bytes = b"", content_type: str = "application/json") -> None:
        self.send_response(status)
        if status != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
        self.add_cors_headers()
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def add_cors_headers(self) -> None:
        """Those that the server was told to send."""


class _Server(ThreadingHTTPServer):
    """One loopback server on a free port; `allowed_origin` is the origin that its CORS headers allow, if any."""

    daemon_threads = True
    allowed_origin: str | None = None
    api_url = ""

    @property
    def origin(self) -> str:
        """The origin that it is reached under."""
        return f"http://127.0.0.1:{self.server_port}"


class _API(_Handler):
    """`/users/42`, which can be read and replaced."""

    server: _Server

    def add_cors_headers(self) -> None:
        allowed = self.server.allowed_origin
        if allowed is None:
            return
        self.send_header("Vary", "Origin")
        if self.headers.get("Origin") != allowed:
            return
        self.send_header("Access-Control-Allow-Origin", allowed)
        if self.command == "OPTIONS":
            self.send_header("Access-Control-Allow-Methods", "PUT")
            self.send_header("Access-Control-Allow-Headers", "content-type")
            self.send_header("Access-Control-Max-Age", "600")

    def do_GET(self) -> None:
        self.answer(HTTPStatus.OK, json.dumps(_USER).encode())

    def do_PUT(self) -> None:
        self.rfile.read(min(int(self.headers.get("Content-Length") or 0), 65536))
        self.answer(HTTPStatus.OK, json.dumps(_USER).encode())

    def do_OPTIONS(self) -> None:
        if self.server.allowed_origin is None:
            self.answer(HTTPStatus.METHOD_NOT_ALLOWED, b'{"error": "method not allowed"}')
        else:
            self.answer(HTTPStatus.NO_CONTENT)


class _Page(_Handler):
    """The page that calls the API, to be opened in a browser."""

    server: _Server

    def do_GET(self) -> None:
        page = (files("crossorigin.lab") / "demo.html").read_text(encoding="utf-8")
        self.answer(HTTPStatus.OK, page.replace("{{API}}", self.server.api_url).encode(), "text/html; charset=utf-8")


@contextmanager
def _running(handler: type[_Handler]) -> Iterator[_Server]:
    with _Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def show(console: Console, *, keep: bool = False) -> int:
    """Blocked, mended, allowed; 0 when each came out as it must, 1 otherwise. `keep` serves until interrupted."""
    with _running(_API) as api, _running(_Page) as page, SyncTransport() as transport:
        url = f"{api.origin}/users/42"
        page.api_url = url
        question = ask(
            url,
            page=f"{page.origin}/",
            method="PUT",
            headers=["Content-Type: application/json"],
            data=json.dumps(_USER),
        )

        def ask_again(title: str) -> Report:
            console.print(Rule(Text(title), align="left"))
            report = check(question, transport)
            print_report(consult(report, transport), console)
            console.print()
            return report

        before = ask_again("1. An API that knows nothing of CORS")
        console.print(Rule(Text("2. The server is told to allow that one origin"), align="left"))
        console.print(
            Text(
                "  On every answer to a request from it:\n"
                f"    Access-Control-Allow-Origin: {page.origin}\n"
                "    Vary: Origin\n"
                "  and to OPTIONS, answered with 204, also:\n"
                "    Access-Control-Allow-Methods: PUT\n"
                "    Access-Control-Allow-Headers: content-type\n"
                "    Access-Control-Max-Age: 600\n"
            ),
            highlight=False,
        )
        api.allowed_origin = page.origin
        after = ask_again("3. The same call again")
        if keep:
            _keep(console, page, url)
    return 0 if not before.allowed and after.allowed else 1


def _keep(console: Console, page: _Server, url: str) -> None:
    """Serve until the user has seen enough."""
    ended = threading.Event()
    # Before the addresses are told: whoever reads them may end it at once.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    console.print(
        Text(
            f"Both are running. Open {page.origin}/ in a browser, or try:\n"
            f"  crossorigin check {url} --origin {page.origin}\n"
            f"  crossorigin check {url} --origin https://other.example\n"
            "End with Ctrl+C."
        ),
        soft_wrap=True,
        highlight=False,
    )
    ended.wait()
    # Off the line that the terminal has put ^C on.
    console.print()
