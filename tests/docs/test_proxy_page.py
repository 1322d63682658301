"""The page about the proxy: its commands are taken, its settings load, its Python runs, and what it shows is said."""

from __future__ import annotations

import re
import shlex
import tomllib
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Final

import pytest
from tests.proxy.net import answering, backend

from crossorigin.cli.proxy_arguments import cors_front, development_settings, parser
from crossorigin.proxy import CorsFront, DevelopmentFront, ProxyServer, Route, parse_target, read_settings
from crossorigin.proxy.asgi import ProxyApp
from crossorigin.proxy.route_settings import ROUTE_SETTINGS

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = (ROOT / "docs" / "proxy.md").read_text(encoding="utf-8")
OK: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


COMMANDS: Final = [
    line for block in blocks("sh") for line in block.splitlines() if line.startswith("crossorigin proxy")
]


@pytest.mark.parametrize("line", COMMANDS)
def test_commands(line: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "index.html").touch()
    options = parser().parse_args(shlex.split(line)[2:])
    front = cors_front(options) if options.cors else DevelopmentFront.of(development_settings(options))
    assert isinstance(front, CorsFront | DevelopmentFront)


def test_arguments_and_settings_that_are_named_are_there() -> None:
    known = set(parser().format_help().split())
    named = {each.split("=")[0].split(" ")[0] for each in re.findall(r"`(--[a-z-]+[^`]*)`", PAGE)}
    assert {each for each in named if not any(word.strip("[],") == each for word in known)} == set()
    for setting in ("host_header", "origin_header", "strip_prefix", "replace_prefix", "verify", "rewrite_cookies"):
        assert setting in ROUTE_SETTINGS
        assert setting in PAGE


def test_settings(tmp_path: Path) -> None:
    (text,) = blocks("toml")
    (tmp_path / "certificates").mkdir()
    (tmp_path / "certificates" / "ca.pem").touch()
    settings = read_settings(tomllib.loads(text)["proxy"], folder=tmp_path)
    assert [route.pattern for route in settings.routes] == ["/api", "/auth"]
    (auth,) = [route for route in settings.routes if route.pattern == "/auth"]
    assert auth.upstream_path(b"/auth/login") == b"/login"
    assert auth.limits.response == 120


@pytest.mark.parametrize(
    ("pattern", "target", "strips", "taken", "goes_to"),
    [
        ("/api", "http://localhost:8080", False, "/api/items?page=2", b"/api/items?page=2"),
        ("/api", "http://localhost:8080/v1", False, "/api/items", b"/v1/api/items"),
        ("/api", "http://localhost:8080", True, "/api/items", b"/items"),
        ("/api", "http://localhost:8080/v1", True, "/api/items", b"/v1/items"),
        ("^/v[12]/", "http://localhost:8080", False, "/v1/items", b"/v1/items"),
    ],
)
def test_the_table_of_routes(pattern: str, target: str, strips: bool, taken: str, goes_to: bytes) -> None:
    route = Route(pattern, parse_target(target), strip_prefix=strips)
    assert DevelopmentFront([route]).routes.find(taken.partition("?")[0].encode()) is route
    assert route.upstream_path(taken.encode()) == goes_to
    assert DevelopmentFront([route]).routes.find(b"/apikey") is None


class TestPython:
    def test_each_runs(self) -> None:
        one, two, three = blocks("python")
        with backend(answering(OK)) as behind:
            namespace: dict[str, Any] = {}
            exec(
                one.replace("http://localhost:8080", behind.url).replace("print(", "asked("),
                {"asked": asked},
                namespace,
            )
            assert answers == [b"ok"]
        exec(two, namespace)
        assert isinstance(namespace["app"], ProxyApp)
        exec(three, namespace, namespace)
        front = namespace["Maintenance"]([Route("/api", parse_target("http://localhost:1"))])
        with ProxyServer(front, port=0).in_thread() as server:
            with pytest.raises(urllib.error.HTTPError) as caught:
                urllib.request.urlopen(f"{server.url}/admin", timeout=20)
            assert (caught.value.code, caught.value.read()) == (503, b"Back in a minute.")
            caught.value.close()


answers: list[bytes] = []


def asked(url: str) -> None:
    """What the page's script does with the proxy's URL: asks it."""
    with urllib.request.urlopen(f"{url}/api", timeout=20) as answer:
        answers.append(answer.read())
