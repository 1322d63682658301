"""The README cannot lie: its report is what the check prints, its commands parse, its Python runs."""

from __future__ import annotations

import io
import re
import shlex
from pathlib import Path

import pytest
from rich.console import Console

from crossorigin.cli.check import question_of
from crossorigin.doctor.check import check
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


def commands() -> list[str]:
    """Every `crossorigin check` of the README, continuation lines joined."""
    text = README.replace("\\\n", " ")
    return [line.strip() for line in text.splitlines() if line.strip().startswith("crossorigin check ")]


def test_the_commands_come_first() -> None:
    lines = [line.strip() for line in README.splitlines() if line.startswith("    ")]
    assert [line.split("#")[0].strip() for line in lines[:2]] == ["make demo", "make test"]


def test_the_report_is_what_the_command_above_it_prints() -> None:
    report = re.search(r"```text\n(.*?)```", README, re.DOTALL)
    assert report is not None
    console = Console(width=80, file=io.StringIO(), color_system=None, legacy_windows=False)
    answer = HTTPResponse(
        405, HeaderList.of(("Allow", "GET, PUT"), ("Content-Type", "application/json")), b"", b"Method Not Allowed"
    )
    print_report(check(question_of(shlex.split(commands()[0])[2:]), Answers(answer)), console)
    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue().strip() == report[1].strip()


@pytest.mark.parametrize("command", commands())
def test_every_command_parses(command: str) -> None:
    assert question_of(shlex.split(command)[2:]).url.scheme in {"http", "https"}


def test_the_python_compiles_and_its_imports_exist() -> None:
    source = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert source is not None
    imports = [line for line in source[1].splitlines() if line.startswith("from ")]
    assert imports
    compile(source[1], "README.md", "exec")
    exec("\n".join(imports), {})


def test_the_text_followed_is_named() -> None:
    assert FETCH_COMMIT in README
    assert "2 July 2026" in README
