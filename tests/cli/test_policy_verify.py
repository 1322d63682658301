"""`crossorigin policy verify`: against a server that keeps a policy, and one that does not."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator

from crossorigin.policy import Policy, RequestFacts, decide

from .conftest import call

APP = "https://app.example.com"


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    Path("crossorigin.toml").write_text(f'[policy]\nallow_origins = ["{APP}"]\nallow_methods = ["PUT"]\n')


@contextmanager
def server(policy: Policy, only: str = "") -> Iterator[str]:
    """The URL of a server that keeps this policy, on paths that begin with `only`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers = [(name.encode(), value.encode()) for name, value in self.headers.items()]
            decision = decide(policy, RequestFacts.from_headers(self.command.encode(), headers))
            self.send_response(decision.status or (200 if self.path == "/" else 404))
            if self.path.startswith(f"/{only}"):
                for name, value in decision.response_headers:
                    self.send_header(name.decode(), value.decode())
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_OPTIONS = do_GET  # noqa: N815 - the library's name

        def log_message(self, *_: object) -> None:
            """Quiet."""

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

    running = Quiet(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{running.server_address[1]}/"
    finally:
        running.shutdown()
        running.server_close()
        thread.join()


GOOD = Policy(allow_origins=[APP], allow_methods=["PUT"])


def test_agrees() -> None:
    with server(GOOD) as url:
        ended = call("policy", "verify", url, "crossorigin.toml")
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.startswith(f"✓ {url} does what the policy says (")


def test_differs() -> None:
    with server(Policy(allow_origins=[APP, "http://app.example.com"], allow_methods=["PUT"])) as url:
        ended = call("policy", "verify", url, "crossorigin.toml")
    assert ended.status == 1
    shown = "\n".join(line.rstrip() for line in ended.out.splitlines())
    assert shown.startswith(
        """\
asked                                              by the policy   by the server
GET from http://app.example.com (another scheme)   denied [B301]   allowed
preflight from http://app.example.com (another     denied [B201]   allowed
scheme)

✗ 2 differences in """
    )


def test_a_404_without_headers_is_a_difference() -> None:
    with server(GOOD, only="well-known") as url:
        ended = call("policy", "verify", url, "crossorigin.toml")
    assert ended.status == 1
    assert "GET of URL 2 allowed denied [B301]" in " ".join(ended.out.split())


def test_another_url() -> None:
    with server(GOOD) as url:
        alone = call("policy", "verify", url, "crossorigin.toml").out
        more = call("policy", "verify", url, "crossorigin.toml", "--also", f"{url}error").out
    assert int(more.split("(")[1].split()[0]) > int(alone.split("(")[1].split()[0])


SCHEMA = json.loads((files("crossorigin.doctor") / "verify.schema.json").read_text(encoding="utf-8"))


def valid(text: str) -> dict[str, Any]:
    """What `--json` printed, which the schema must accept."""
    said: dict[str, Any] = json.loads(text)
    Draft202012Validator(SCHEMA).validate(said)
    return said


def test_json() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    with server(GOOD) as url:
        ended = call("policy", "verify", url, "crossorigin.toml", "--json")
    said = valid(ended.out)
    assert (ended.status, said["url"], said["agrees"], said["differences"], said["failure"]) == (0, url, True, [], None)
    with server(Policy(allow_origins=[APP])) as url:
        ended = call("policy", "verify", url, "crossorigin.toml", "--json")
    said = valid(ended.out)
    assert not Draft202012Validator(SCHEMA).is_valid(said | {"more": 1})
    assert (ended.status, said["agrees"]) == (1, False)
    wanted = {"probe": f"preflight from {APP}", "expected": "allowed", "got": "denied [B201]"}
    assert wanted in said["differences"]
    ended = call("policy", "verify", "http://127.0.0.1:1/", "crossorigin.toml", "--json")
    assert (ended.status, ended.err) == (3, "")
    assert "refused" in valid(ended.out)["failure"]


def test_junit() -> None:
    with server(Policy(allow_origins=[APP])) as url:
        ended = call("policy", "verify", url, "crossorigin.toml", "--junit", "report.xml")
    assert ended.status == 1
    (suite,) = ET.parse("report.xml").getroot()
    cases = {case.get("name"): [each.tag for each in case] for case in suite}
    assert suite.get("tests") == str(len(suite)) == ended.out.split(" probes")[0].split()[-1]
    assert cases[f"preflight from {APP}"] == ["failure"]
    assert cases[f"GET from {APP}"] == []
    assert suite.get("failures") == str(sum(tags == ["failure"] for tags in cases.values()))
    ended = call("policy", "verify", "http://127.0.0.1:1/", "crossorigin.toml", "--junit", "report.xml")
    (suite,) = ET.parse("report.xml").getroot()
    assert (ended.status, suite.get("errors"), [each.tag for each in suite[-1]]) == (3, "1", ["error"])


def test_a_junit_report_that_cannot_be_written() -> None:
    with server(GOOD) as url:
        ended = call("policy", "verify", url, "crossorigin.toml", "--junit", "absent/report.xml")
    assert ended.status == 2
    assert "--junit: absent/report.xml cannot be written: No such file or directory" in ended.err
    assert ended.err.count("\n") == 1


def test_no_answer_is_3() -> None:
    ended = call("policy", "verify", "http://127.0.0.1:1/", "crossorigin.toml", "--timeout", "5")
    assert (ended.status, ended.out) == (3, "")
    assert ended.err.startswith("no HTTP answer, which is not CORS: 127.0.0.1:1 refused")


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["localhost:1", "crossorigin.toml"], "verify: URL: 'localhost:1' has no scheme"),
        (["http://127.0.0.1:1/", "absent.toml"], "verify: absent.toml cannot be read"),
        (["http://127.0.0.1:1/", "crossorigin.toml", "--timeout", "0"], "verify: --timeout: 0 is not a time limit"),
        (["http://127.0.0.1:1/", "crossorigin.toml", "--also", "x"], "verify: URL: 'x'"),
        (["http://127.0.0.1:1/"], "FILE"),
    ],
)
def test_wrong_usage_is_one_line_and_2(argv: list[str], said: str) -> None:
    ended = call("policy", "verify", *argv)
    assert (ended.status, ended.out) == (2, "")
    assert said in ended.err
    assert ended.err.count("\n") == 1


def test_an_unsound_policy_is_1() -> None:
    Path("bad.toml").write_text('[policy]\nallow_origins = ["https://a.example/"]\n')
    ended = call("policy", "verify", "http://127.0.0.1:1/", "bad.toml")
    assert ended.status == 1
    assert "P104" in ended.out
