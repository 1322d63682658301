"""The README cannot lie: its report is what the check prints, its commands parse, its Python runs."""

from __future__ import annotations

import asyncio
import io
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from crossorigin.cli.check import question_of
from crossorigin.doctor.check import check
from crossorigin.doctor.consult import consult
from crossorigin.doctor.terminal import print_report
from crossorigin.fetch import HTTPRequest, HTTPResponse
from crossorigin.web.anchors import FETCH_COMMIT
from crossorigin.web.headers import HeaderList

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


class Answers:
    """A server that gives these answers in this order."""

    def __init__(self, *answers: HTTPResponse) -> None:
        self.answers = list(answers)

    def send(self, request: HTTPRequest) -> HTTPResponse:
        return self.answers.pop(0)


class NoRoute(Answers):
    """A server that allows the page, and has no route for OPTIONS."""

    def send(self, request: HTTPRequest) -> HTTPResponse:
        if request.method != b"OPTIONS":
            allowed = ("Access-Control-Allow-Origin", "https://app.example.com"), ("Vary", "Origin")
            return HTTPResponse(200, HeaderList.of(*allowed), b"", b"OK")
        known = ("Allow", "GET, PUT"), ("Content-Type", "application/json")
        return HTTPResponse(405, HeaderList.of(*known), b"", b"Method Not Allowed")


def commands() -> list[str]:
    """Every `crossorigin check` of the README, continuation lines joined."""
    text = README.replace("\\\n", " ")
    return [line.strip() for line in text.splitlines() if line.strip().startswith("crossorigin check ")]


def test_the_commands_come_first() -> None:
    lines = [line.strip() for line in README.splitlines() if line.startswith("    ")]
    assert [line.split("#")[0].strip() for line in lines[:2]] == ["make demo", "make test"]


def test_the_first_code_is_the_one_line() -> None:
    first = re.search(r"```\w+\n(.*?)```", README, re.DOTALL)
    assert first is not None
    assert "app.add_middleware(\n    CORSMiddleware," in first[1]


def test_the_report_is_what_the_command_above_it_prints() -> None:
    report = re.search(r"```text\n(.*?)```", README, re.DOTALL)
    assert report is not None
    console = Console(width=80, file=io.StringIO(), color_system=None, legacy_windows=False)
    sender = NoRoute()
    print_report(consult(check(question_of(shlex.split(commands()[0])[2:]), sender), sender), console)
    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue().strip() == report[1].strip()


@pytest.mark.parametrize("command", commands())
def test_every_command_parses(command: str) -> None:
    assert question_of(shlex.split(command)[2:]).url.scheme in {"http", "https"}


PYTHON = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize("source", PYTHON, ids=["the policy", "the tests", "the engine"])
def test_the_python_compiles_and_its_imports_exist(source: str) -> None:
    imports = [line for line in source.splitlines() if line.startswith("from ")]
    assert imports
    compile(source, "README.md", "exec")
    exec("\n".join(imports), {})


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [(b"https://app.example.com", True), (b"http://localhost:5173", True), (b"https://evil.example", False)],
)
def test_the_policy_says_what_it_looks_like(origin: bytes, allowed: bool) -> None:
    names: dict[str, Any] = {}
    exec(PYTHON[0], names)
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    headers = [(b"host", b"api.example.com"), (b"origin", origin), (b"access-control-request-method", b"PUT")]
    scope = {
        "type": "http",
        "method": "OPTIONS",
        "path": "/",
        "raw_path": b"/",
        "root_path": "",
        "query_string": b"",
        "scheme": "https",
        "http_version": "1.1",
        "headers": headers,
    }
    asyncio.run(names["app"](scope, receive, send))
    assert sent[0]["status"] == (204 if allowed else 403)
    assert dict(sent[0]["headers"]).get(b"access-control-allow-origin") == (origin if allowed else None)


def test_the_text_followed_is_named() -> None:
    assert FETCH_COMMIT in README
    assert "2 July 2026" in README
