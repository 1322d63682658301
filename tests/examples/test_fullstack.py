"""The walk of examples/fullstack, for real: Vite, uvicorn, the command `crossorigin proxy`, and Chromium in front.

Blocked without the proxy, working with it, and working again without it once the learned policy is on the API.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Final

import pytest
from tests.examples.frontends import EXAMPLES, running
from tests.examples.test_frontends import visit
from tests.proxy import command
from tests.proxy.devservers import find_vite
from tests.stacks.applications import NODE_MODULES
from tests.stacks.servers import free_ports

from crossorigin.browser.real.browser import Options
from crossorigin.browser.real.chromium import Chromium, start_chromium
from crossorigin.browser.real.installed import Missing, find
from crossorigin.policy import Policy, load_policy
from crossorigin.proxy.load import load_settings

pytestmark = pytest.mark.xdist_group("browser-chromium")

EXAMPLE: Final = EXAMPLES / "fullstack"
README: Final = (EXAMPLE / "README.md").read_text(encoding="utf-8")
_BLOCKED: Final = "has been blocked by CORS policy"


@pytest.fixture
def chromium() -> Iterator[Chromium]:
    found = find("chromium")
    if isinstance(found, Missing):
        pytest.skip(f"{found.engine}: {found.sentence} (`make test` as root installs it)")
    with start_chromium(found, Options()) as browser:
        yield browser


@dataclass(frozen=True)
class Walk:
    """A copy of the example, and the ports that it has instead of its own."""

    directory: Path
    app: int
    api: int

    def here(self, text: str) -> str:
        """What the README says, with these ports."""
        return text.replace("localhost:5173", f"localhost:{self.app}").replace(
            "localhost:8000", f"localhost:{self.api}"
        )


@pytest.fixture
def walk(tmp_path: Path) -> Walk:
    to = tmp_path / "fullstack"
    shutil.copytree(EXAMPLE, to, ignore=shutil.ignore_patterns("__pycache__", "node_modules", "policy.toml"))
    return Walk(to, *free_ports(2))


def test_from_blocked_to_learned(chromium: Chromium, walk: Walk) -> None:
    address = walk.here("http://localhost:5173/?api=http://localhost:8000")
    with page_server(walk):
        with api(walk):
            shown, said = visit(chromium, address)
            assert shown.startswith("blocked")
            (line,) = [message for message in said if _BLOCKED in message]
            assert line in walk.here(README)

            with proxy(walk) as started:
                shown, said = visit(chromium, started.url)
                assert shown == "Ada saved: oat milk"
                assert [message for message in said if _BLOCKED in message] == []

            # The proxy is gone, and the API is as it was.
            shown, _ = visit(chromium, address)
            assert shown.startswith("blocked")

        learned = load_policy(walk.directory / "policy.toml")
        assert learned == Policy(
            allow_origins=[f"http://localhost:{walk.app}"],
            allow_methods=["PUT"],
            allow_headers=["content-type", "x-client"],
            allow_credentials=True,
        )
        (walk.directory / "printed.toml").write_text(walk.here(block("[policy]")), encoding="utf-8")
        assert load_policy(walk.directory / "printed.toml") == learned

        with (walk.directory / "app.py").open("a", encoding="utf-8") as app:
            app.write("\n\n" + block("from crossorigin.middleware"))
        with api(walk):
            shown, said = visit(chromium, address)
            assert shown == "Ada saved: oat milk"
            assert [message for message in said if _BLOCKED in message] == []


def block(beginning: str) -> str:
    """The indented block of the README that begins so."""
    blocks = re.findall(r"(?:^(?: {4}.*)?\n)+", README, re.MULTILINE)
    (found,) = {dedent(each).strip("\n") for each in blocks if dedent(each).strip("\n").startswith(beginning)}
    return f"{found}\n"


def page_server(walk: Walk) -> AbstractContextManager[None]:
    """`npm run dev`, which is what package.json says."""
    scripts = json.loads((walk.directory / "frontend" / "package.json").read_text(encoding="utf-8"))["scripts"]
    program, *arguments = shlex.split(scripts["dev"].replace("5173", str(walk.app)))
    assert program == "vite"
    return running([*find_vite(), *arguments], walk.directory / "frontend", walk.app)


def api(walk: Walk) -> AbstractContextManager[None]:
    """The API as its file is at the moment."""
    arguments = shlex.split(block("uvicorn").replace("8000", str(walk.api)))
    return running([sys.executable, "-m", *arguments], walk.directory, walk.api)


def proxy(walk: Walk) -> AbstractContextManager[command.Running]:
    """The README's command, on a free port."""
    program, subcommand, *arguments = shlex.split(walk.here(block("crossorigin proxy")))
    assert (program, subcommand) == ("crossorigin", "proxy")
    return command.running(walk.directory, *arguments)


def test_the_file_of_settings_says_what_the_command_says() -> None:
    settings = load_settings(EXAMPLE / "crossorigin.toml")
    arguments = shlex.split(block("crossorigin proxy"))
    assert [f"{route.pattern}={route.target}" for route in settings.routes] == [arguments[3]]
    assert not isinstance(settings.app, Path | None)
    assert str(settings.app.target) == arguments[5]
    assert f"http://{settings.host}:{settings.port}" in README


def test_the_version_of_vite_is_the_one_that_is_tested() -> None:
    here = json.loads((EXAMPLE / "frontend" / "package.json").read_text(encoding="utf-8"))
    tested = json.loads((NODE_MODULES.parent / "package.json").read_text(encoding="utf-8"))
    assert here["devDependencies"]["vite"] == tested["dependencies"]["vite"]
