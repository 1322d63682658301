"""From a red line in Chromium's console to green, as the READMEs of the examples have it: three servers, for real."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from tests.examples.frontends import EXAMPLES, FRONTENDS, Walk, page_of
from tests.stacks.pasting import paste

from crossorigin.browser.real.browser import ConsoleMessage, Options
from crossorigin.browser.real.chromium import Chromium, start_chromium
from crossorigin.browser.real.installed import Missing, find
from crossorigin.stacks import Part, get_stack

pytestmark = pytest.mark.xdist_group("browser-chromium")

_SECONDS: Final = 60
_BLOCKED: Final = "has been blocked by CORS policy"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    found = find("chromium")
    if isinstance(found, Missing):
        pytest.skip(f"{found.engine}: {found.sentence} (`make test` as root installs it)")
    with start_chromium(found, Options()) as browser:
        yield browser


@pytest.mark.parametrize("name", FRONTENDS)
def test_from_the_console_to_green(name: str, chromium: Chromium, tmp_path: Path) -> None:
    example = FRONTENDS[name]
    walk = example.copied(name, tmp_path / name)
    file = walk.directory / example.file
    with page_of(walk) as url:
        with example.serving(walk):
            # The page says that it was blocked, and the console why.
            shown, said = visit(chromium, url)
            assert shown.startswith("blocked")
            (line,) = [message for message in said if _BLOCKED in message]

            # The console's line leads to a command.
            status, explained, _ = crossorigin("explain", "-", said=line)
            assert status == 0
            asked = [*printed_command(explained), *what_to_add(explained)]
            assert asked[:2] == ["crossorigin", "check"]

            # The command says what is wrong, and what to paste where.
            status, checked, _ = crossorigin(*asked[1:])
            assert status == 1
            in_one_line = " ".join(checked.split())
            assert f"In {get_stack(example.stack).title} (recognised by " in in_one_line
            fix = fix_of(*asked[1:], stack=example.stack)
            assert fix.parts
            for part in [*fix.install, *fix.parts]:
                assert f"{part.place[0].upper()}{part.place[1:]}:" in in_one_line
                assert f"\n{part.text}\n" in checked

        file.write_text(paste(file.read_text(encoding="utf-8"), fix.parts), encoding="utf-8")

        with example.serving(walk):
            # And that same command is green now, and so is the page.
            _, _, after = checked.partition("After the fix run:")
            assert printed_command(after) == asked
            status, again, _ = crossorigin(*asked[1:])
            assert status == 0
            assert again.startswith("✓ Allowed")
            shown, said = visit(chromium, url)
            assert shown == "saved: Ada"
            assert [message for message in said if _BLOCKED in message] == []
    compare_with_readme(name, walk, line, asked, fix.install)


def visit(browser: Chromium, url: str) -> tuple[str, list[str]]:
    """What the page shows when it has its answer, and what the console said meanwhile."""
    browser.console()
    browser.open(url)
    end = time.monotonic() + _SECONDS
    said: list[ConsoleMessage] = []
    shown = ""
    # A page that was blocked has said so before it knows.
    while shown in {"", "calling…"}:
        assert time.monotonic() < end, f"the page shows {shown!r}; the console: {said}"
        time.sleep(0.05)
        # Only tests read a page: `Browser` has nothing for it.
        expression = "document.getElementById('outcome')?.innerText ?? ''"
        shown = browser._call("reading the page", "Runtime.evaluate", {"expression": expression})["result"]["value"]
        said += browser.console()
    said += browser.console()
    return shown, [message.text for message in said]


def crossorigin(*arguments: str, said: str = "") -> tuple[int, str, str]:
    """The command line, in a terminal of 100 columns."""
    done = subprocess.run(
        [sys.executable, "-m", "crossorigin", *arguments],
        input=said,
        env=os.environ | {"COLUMNS": "100", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=_SECONDS,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def printed_command(output: str) -> list[str]:
    """The command that stands in the output, as a shell reads it."""
    found = re.search(r"^ +(crossorigin check (?:.*\\\n)*.*)$", output, re.MULTILINE)
    assert found, output
    return shlex.split(found[1].replace("\\\n", " "))


def what_to_add(output: str) -> list[str]:
    """Chromium's line about a preflight does not say what for; `explain` says so, with what it mostly is."""
    found = re.search(r"Add what made the browser send a preflight, such as (.+?)\. ", " ".join(output.split()))
    assert found, output
    return shlex.split(found[1])


@dataclass(frozen=True)
class PrintedFix:
    """What to run once, which is done already where the tests run, and what to paste."""

    install: list[Part]
    parts: list[Part]


def fix_of(*arguments: str, stack: str) -> PrintedFix:
    """What `check --json` says to do for this stack; each title ends in the place."""
    status, output, _ = crossorigin(*arguments, "--json")
    assert status == 1
    said: list[dict[str, str]] = [each for each in json.loads(output)["fixes"] if each["stack"] == stack]
    fix, title = PrintedFix([], []), get_stack(stack).title
    for each in said:
        whose, _, place = each["title"].partition(": ")
        assert whose == title
        (fix.install if each["language"] == "sh" else fix.parts).append(Part(place, each["text"]))
    return fix


def compare_with_readme(name: str, walk: Walk, line: str, asked: list[str], install: list[Part]) -> None:
    """What the README says of the console and of the commands is what they were, but for the ports."""
    readme = (EXAMPLES / name / "README.md").read_text(encoding="utf-8")

    def as_written(text: str) -> str:
        return text.replace(f":{walk.page}", ":3000").replace(f":{walk.api}", ":8080")

    assert f"    {as_written(line)}\n" in readme
    for part in install:
        assert f"\n    {part.text}\n" in readme
    commands = re.findall(r"^    (crossorigin check .+)$", readme, re.MULTILINE)
    assert [shlex.split(command) for command in commands] == [list(map(as_written, asked))] * 2


def test_the_page_is_the_same_everywhere() -> None:
    assert len({(EXAMPLES / name / "page" / "index.html").read_bytes() for name in FRONTENDS}) == 1
