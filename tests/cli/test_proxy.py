"""`crossorigin proxy` as a program: what it says, what it answers, what it leaves."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import ssl
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.proxy.net import answering, backend, until

from crossorigin.policy import Policy, load_policy

from .conftest import call, command

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"
SCRIPT = {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "empty"}


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


class Running:
    """The program while it runs, and what it has said."""

    def __init__(self, process: subprocess.Popen[bytes], told: Path) -> None:
        self.process = process
        self.told = told

    def said(self) -> str:
        return self.told.read_text(encoding="utf-8")

    def lines(self) -> list[str]:
        return self.said().splitlines()

    @property
    def port(self) -> int:
        return int(self.lines()[0].rpartition(":")[2])

    def get(self, path: str, method: str = "GET", **headers: str) -> tuple[int, bytes, http.client.HTTPMessage]:
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            client.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
            response = client.getresponse()
            return response.status, response.read(), response.headers
        finally:
            client.close()


@contextmanager
def running(*arguments: str, end: signal.Signals = signal.SIGINT) -> Iterator[Running]:
    told = Path("told")
    with told.open("wb") as out, Path("errors").open("wb") as errors:
        process = subprocess.Popen(
            command("proxy", *arguments, "--listen", "localhost:0"),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=errors,
            env=os.environ | {"COLUMNS": "80"},
        )
    made = Running(process, told)
    try:
        until(lambda: "\n" in made.said() or process.poll() is not None, "the first line")
        assert process.poll() is None, Path("errors").read_text()
        yield made
        process.send_signal(end)
        assert process.wait(20) == 0
        assert Path("errors").read_text() == ""
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


class TestDevelopment:
    @pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
    def test_a_day_of_work(self, end: signal.Signals) -> None:
        Path("dist").mkdir()
        Path("dist/index.html").write_text("<h1>app</h1>")
        with backend(answering(OK)) as behind:
            arguments = ("--route", f"/api={behind.url}", "--app", "./dist", "--learn", "policy.toml")
            with running(*arguments, end=end) as proxy:
                assert proxy.lines()[1:] == [f"  /api            → {behind.url}", "  everything else → dist"]
                assert proxy.get("/")[:2] == (200, b"<h1>app</h1>")
                assert proxy.get("/some/page", Accept="text/html")[:2] == (200, b"<h1>app</h1>")
                assert proxy.get("/api/items", "PUT", **SCRIPT, X_Client="1")[:2] == (200, b"ok")
                assert behind.seen.startswith(b"PUT /api/items HTTP/1.1\r\nHost: 127.0.0.1:")
                until(lambda: "in production /api needs:" in proxy.said(), "the policy that production needs")
                text = proxy.said()
                assert re.search(
                    r"^200 +\d+ ms PUT    /api/items → http://127\.0\.0\.1:\d+/api/items$", text, re.MULTILINE
                )
                assert '  allow_methods = ["PUT"]\n  allow_headers = ["x-client"]\n' in text
                assert load_policy("policy.toml").allow_methods == ("PUT",)
                proxy.get("/api/items", "DELETE", **SCRIPT)
        # What came after the note is in the file, and told once more.
        assert load_policy("policy.toml") == Policy(
            allow_origins=["http://localhost:3000"],
            allow_methods=["DELETE", "PUT"],
            allow_headers=["x-client"],
        )
        assert proxy.said().count("in production /api needs:") == 2

    def test_a_backend_that_is_down(self) -> None:
        with running("--route", "/api=http://localhost:1", "--retry", "0") as proxy:
            status, body, headers = proxy.get("/api", Accept="application/json")
            assert status == 502
            page = json.loads(body)
            assert "connection refused" in body.decode()
            assert "127.0.0.1:1" in body.decode()
            assert "http://localhost:1" in body.decode()
            assert headers["Content-Type"].startswith("application/json")
            assert isinstance(page, dict)
            until(lambda: "connection refused" in proxy.said(), "the log")

    def test_a_strange_name(self) -> None:
        with running("--route", "/=http://localhost:1", "--allow-host", "dev.test") as proxy:
            status, body, _ = proxy.get("/", Host="evil.test")
            assert status == 403
            assert b"--allow-host evil.test" in body
            assert proxy.get("/", Host="dev.test")[0] == 502

    def test_https_with_a_certificate_made_here(self, tmp_path: Path) -> None:
        with backend(answering(OK)) as behind:
            Path("errors").touch()
            told = Path("told")
            with told.open("wb") as out, Path("errors").open("wb") as errors:
                process = subprocess.Popen(
                    command("proxy", "--route", f"/={behind.url}", "--tls", "--listen", "localhost:0"),
                    stdout=out,
                    stderr=errors,
                )
            try:
                proxy = Running(process, told)
                until(lambda: "\n" in proxy.said() or process.poll() is not None, "the first line")
                assert proxy.lines()[0].startswith("https://localhost:")
                # It says once how to trust it.
                advice = Path("errors").read_text()
                (authority,) = (tmp_path / "data" / "crossorigin").rglob("ca.pem")
                assert str(authority) in advice
                context = ssl.create_default_context(cafile=authority)
                with urllib.request.urlopen(f"https://localhost:{proxy.port}/", context=context, timeout=20) as answer:
                    assert answer.read() == b"ok"
            finally:
                process.send_signal(signal.SIGINT)
                assert process.wait(20) == 0

    def test_quiet(self) -> None:
        with backend(answering(OK)) as behind, running("--route", f"/={behind.url}", "--quiet") as proxy:
            proxy.get("/", **SCRIPT)
            time.sleep(0.2)
            assert len(proxy.lines()) == 1

    def test_json_log(self) -> None:
        with backend(answering(OK)) as behind, running("--route", f"/={behind.url}", "--json-log") as proxy:
            proxy.get("/a?b")
            until(lambda: len(proxy.lines()) == 2, "the line")
            record = json.loads(proxy.lines()[1])
            assert (record["method"], record["path"], record["status"]) == ("GET", "/a?b", 200)

    def test_a_port_that_is_taken(self) -> None:
        with backend(answering(OK)) as behind:
            ended = call("proxy", "--route", "/=http://localhost:1", "--listen", f"127.0.0.1:{behind.port}")
            assert (ended.status, ended.out) == (2, "")
            assert ended.err == (
                f"crossorigin proxy: port {behind.port} of 127.0.0.1 is taken: end what listens there, or choose "
                "another port (see crossorigin proxy --help)\n"
            )

    def test_explain(self) -> None:
        ended = call("proxy", "--route", "/api=http://localhost:1", "--explain", "/apikey")
        assert (ended.status, ended.err) == (0, "")
        assert ended.out.startswith("No route has /apikey.\n  /api: ends within the segment apikey")


class TestCors:
    def test_a_front(self) -> None:
        with backend(answering(OK)) as behind:
            arguments = ("--cors", behind.url, "--allow-origin", "http://localhost:3000")
            with running(*arguments) as proxy:
                status, body, headers = proxy.get("/items", Origin="http://localhost:3000", Cookie="a=b")
                assert (status, body) == (200, b"ok")
                assert headers["Access-Control-Allow-Origin"] == "http://localhost:3000"
                assert b"cookie" not in behind.seen.lower()
                assert b"localhost:3000" not in behind.seen
                known = behind.seen
                status, _, headers = proxy.get("/items", Origin="https://evil.example")
                assert (status, headers["Access-Control-Allow-Origin"], behind.seen) == (403, None, known)
                status, _, headers = proxy.get(
                    "/items", "OPTIONS", Origin="http://localhost:3000", Access_Control_Request_Method="PUT"
                )
                assert (status, headers["Access-Control-Allow-Methods"], behind.seen) == (204, "*", known)

    def test_any_public_target_is_not_this_machine(self) -> None:
        with (
            backend(answering(OK)) as behind,
            running("--cors-any-public-target", "--allow-port", str(behind.port)) as proxy,
        ):
            status, body, headers = proxy.get(f"/{behind.url}/", Origin="http://localhost:3000")
            assert (status, behind.peers) == (403, [])
            assert b"127.0.0.1" in body
            assert headers["Access-Control-Allow-Origin"] == "http://localhost:3000"
