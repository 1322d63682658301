"""The demonstration: blocked, mended and allowed over real sockets, and servers that stay when told so."""

from __future__ import annotations

import http.client
import io
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from rich.console import Console

from crossorigin.lab import demo

_RUN = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler);"
    "from crossorigin.cli import main; raise SystemExit(main(['demo', '--keep']))"
)


def shown() -> tuple[int, str]:
    file = io.StringIO()
    status = demo.show(Console(file=file, width=80, color_system=None))
    return status, file.getvalue()


class TestShow:
    """What the demonstration shows."""

    def test_blocked_then_allowed(self) -> None:
        status, text = shown()
        assert status == 0
        verdicts = re.findall(r"^[✓✗] (\w+)", text, re.MULTILINE)
        assert verdicts == ["Blocked", "Allowed"]
        assert (
            text.index("1. ") < text.index("✗ Blocked") < text.index("2. ") < text.index("3. ") < text.index("✓ Allo")
        )

    def test_the_headers_that_mend_it_are_those_that_are_sent(self) -> None:
        _, text = shown()
        told = re.findall(r"^    ((?:Access-Control|Vary).*)$", text, re.MULTILINE)
        assert len(told) == 5
        after = text[text.index("3. ") :]
        for line in told:
            assert line in after

    def test_over_real_sockets(self, monkeypatch: pytest.MonkeyPatch) -> None:
        dialled = []
        create = socket.create_connection

        def spy(address: tuple[str, int], *args: float, **kwargs: object) -> socket.socket:
            dialled.append(address)
            return create(address, *args, **kwargs)  # type: ignore[arg-type]

        monkeypatch.setattr(socket, "create_connection", spy)
        shown()
        assert {host for host, _ in dialled} == {"127.0.0.1"}

    def test_it_fails_when_the_call_stays_blocked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(demo._API, "add_cors_headers", lambda self: None)
        status, text = shown()
        assert status == 1
        assert "✓ Allowed" not in text

    def test_its_ports_are_free_again(self) -> None:
        _, text = shown()
        for port in {int(port) for port in re.findall(r"127\.0\.0\.1:(\d+)", text)}:
            with socket.socket() as sock:
                assert sock.connect_ex(("127.0.0.1", port)) != 0


@dataclass(frozen=True)
class Kept:
    """A demonstration that stays."""

    process: subprocess.Popen[str]
    page: str
    api: str


@pytest.fixture
def kept() -> Iterator[Kept]:
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-c", _RUN], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        text = ""
        try:
            while "End with Ctrl+C." not in text:
                line = process.stdout.readline()
                assert line, text
                text += line
            found = re.search(r"Open (\S+) in a browser", text)
            call = re.search(r"crossorigin check (\S+) --origin (\S+)\n", text)
            assert found is not None
            assert call is not None
            assert found[1] == f"{call[2]}/"
            yield Kept(process, found[1], call[1])
        finally:
            if process.poll() is None:
                process.kill()


def ask(method: str, url: str, origin: str) -> tuple[int, dict[str, str], str]:
    parts = urlsplit(url)
    assert parts.hostname is not None
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
    try:
        connection.request(method, parts.path, headers={"Origin": origin})
        response = connection.getresponse()
        return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read().decode()
    finally:
        connection.close()


class TestKeep:
    """`--keep` leaves both servers running for a browser, and ends when told to."""

    def test_the_addresses_answer_until_it_is_terminated(self, kept: Kept) -> None:
        origin = kept.page.removesuffix("/")
        status, headers, page = ask("GET", kept.page, "")
        assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert page.count(kept.api) == 2
        assert "{{" not in page
        status, headers, body = ask("GET", kept.api, origin)
        assert (status, body) == (200, '{"id": 42, "name": "Ann"}')
        assert headers["access-control-allow-origin"] == origin
        status, headers, _ = ask("OPTIONS", kept.api, origin)
        assert (status, headers["access-control-allow-methods"]) == (204, "PUT")
        _, headers, _ = ask("GET", kept.api, "https://other.example")
        assert "access-control-allow-origin" not in headers
        assert headers["vary"] == "Origin"
        kept.process.send_signal(signal.SIGTERM)
        _, err = kept.process.communicate(timeout=10)
        assert (kept.process.returncode, err) == (0, "")

    def test_it_ends_with_ctrl_c(self, kept: Kept) -> None:
        kept.process.send_signal(signal.SIGINT)
        _, err = kept.process.communicate(timeout=10)
        assert (kept.process.returncode, err) == (0, "")
