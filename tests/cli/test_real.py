"""`crossorigin check --real`: every browser that is installed does what was predicted, down to the console's bytes.

The servers are on loopback; the pages are at origins that exist nowhere.
"""

from __future__ import annotations

import json
import re
import socket
import ssl
import sys
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
import trustme
from jsonschema import Draft202012Validator

from crossorigin.browser.real.installed import ENGINES, Engine, Missing, find
from crossorigin.doctor import real as module

from .conftest import Ended, Serve, Server, call

PAGE = "http://app.example.com"
ALLOW = f"Access-Control-Allow-Origin: {PAGE}"
ALLOW_ALL = "Access-Control-Allow-Origin: *"
SCHEMA = json.loads((files("crossorigin.doctor") / "check.schema.json").read_text(encoding="utf-8"))


@pytest.fixture(
    params=[pytest.param(each, marks=pytest.mark.xdist_group(f"browser-{each}"), id=each) for each in ENGINES]
)
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine whose browser is installed; under pytest-xdist each has its worker."""
    found = find(request.param)
    if isinstance(found, Missing):
        pytest.skip(f"{found.engine}: {found.sentence} (`make test` as root installs it)")
    engine: Engine = request.param
    return engine


@pytest.fixture
def over_tls(serve: Serve) -> Serve:
    """Starts servers with a certificate that nobody trusts."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    return lambda *lines: serve(*lines, tls=context)


def in_turn(serve: Serve, preflight: str, actual: str = f"200 OK\r\n{ALLOW}") -> Server:
    """A server that answers OPTIONS in one way, and all else in another."""

    def talk(sock: socket.socket) -> None:
        is_preflight = server.heads[-1].startswith(b"OPTIONS")
        sock.sendall(f"HTTP/1.1 {preflight if is_preflight else actual}\r\nContent-Length: 0\r\n\r\n".encode())

    server = serve(script=talk)
    return server


def redirecting(serve: Serve) -> Server:
    last = serve(ALLOW)
    middle = serve(ALLOW, f"Location: {last.url.replace('127.0.0.1', 'localhost')}", status="302 Found")
    return serve(ALLOW, f"Location: {middle.url.replace('127.0.0.1', 'a.localhost')}", status="307 Temporary Redirect")


Case = tuple[Callable[[Serve], Server], tuple[str, ...], bool]
CASES: dict[str, Case] = {
    "allowed": (
        lambda serve: serve(ALLOW, "Vary: Origin", "X-Total: 3", "Access-Control-Expose-Headers: X-Total"),
        (),
        True,
    ),
    "no header": (lambda serve: serve(), (), False),
    "the wildcard with credentials": (lambda serve: serve(ALLOW_ALL), ("--credentials", "include"), False),
    "a preflight refused": (lambda serve: in_turn(serve, f"405 Method Not Allowed\r\n{ALLOW}"), ("-X", "PUT"), False),
    "a method not allowed": (
        lambda serve: in_turn(serve, f"204 No Content\r\n{ALLOW}\r\nAccess-Control-Allow-Methods: PUT"),
        ("-X", "DELETE"),
        False,
    ),
    "a header not allowed": (
        lambda serve: in_turn(serve, f"204 No Content\r\n{ALLOW}\r\nAccess-Control-Allow-Headers: X-Other"),
        ("-H", "X-Key: 1"),
        False,
    ),
    "a chain of redirects": (redirecting, (), False),
    "an opaque origin, blocked": (lambda serve: serve(ALLOW), ("--origin", "null"), False),
}


def real(url: str, *options: str) -> Ended:
    origin = () if "--origin" in options or "--page" in options else ("--origin", PAGE)
    return call("check", url, *origin, "--real", *options)


def told(engine: Engine, console: list[str]) -> list[str]:
    """What a driver hears of the lines of a console, as tests/browsers found."""
    if engine == "chromium":
        return [re.sub(r"^\S+ \S+ (net::\S+).*", r"Failed to load resource: \1", line) for line in console]
    return [line for line in console if engine != "webkit" or not line.startswith("Failed to load resource: ")]


def as_predicted(ended: Ended, engine: Engine, *, allowed: bool) -> dict[str, Any]:
    """The browser's own answer, after it was held against the prediction."""
    made = json.loads(ended.out)
    Draft202012Validator(SCHEMA).validate(made)
    predicted = made["engines"][engine]
    answered: dict[str, Any] = predicted["real"]
    assert answered.get("differences") == [], answered
    assert (ended.status, answered["allowed"], predicted["allowed"]) == (int(not allowed), allowed, allowed)
    console = predicted["block"]["console"] if predicted["block"] else []
    assert answered["console"] == told(engine, console)
    assert bool(console) is not allowed
    return answered


class TestPredictions:
    """They hold."""

    @pytest.mark.parametrize("name", CASES)
    def test_over_http(self, serve: Serve, engine: Engine, name: str) -> None:
        serving, options, allowed = CASES[name]
        server = serving(serve)
        answered = as_predicted(real(server.url, *options, "--browser", engine, "--json"), engine, allowed=allowed)
        assert answered["requests"] != []
        assert answered["tunnels"] == []

    def test_over_https(self, over_tls: Serve, engine: Engine) -> None:
        server = over_tls("Access-Control-Allow-Origin: https://app.example.com", "Content-Type: text/plain")
        options = ("--page", "https://app.example.com/cart?item=1", "--insecure", "--browser", engine, "--json")
        answered = as_predicted(real(server.url, *options), engine, allowed=True)
        assert answered["tunnels"] == [f"127.0.0.1:{server.port}"]
        assert answered["requests"] == []
        assert answered["readable_headers"] == ["content-length", "content-type"]
        assert len(server.heads) == 2
        assert all(b"\r\nreferer: https://app.example.com/\r\n" in head.lower() for head in server.heads)


@pytest.mark.xdist_group("browser-chromium")
def test_a_server_that_changes_its_mind(serve: Serve) -> None:
    """What the browser finds is told, and counts. One browser is enough: what is told is the same for all."""
    installed = next((each for each in map(find, ENGINES) if not isinstance(each, Missing)), None)
    if installed is None:
        pytest.skip("no browser is installed (`make test` as root installs them)")

    def talk(sock: socket.socket) -> None:
        line = f"{ALLOW}\r\n" if len(server.heads) == 1 else ""
        sock.sendall(f"HTTP/1.1 200 OK\r\n{line}Content-Length: 0\r\n\r\n".encode())

    server = serve(script=talk)
    ended = real(server.url, "--browser", installed.engine)
    assert (ended.status, ended.err) == (1, "")
    assert ended.out.startswith("✓ Allowed: ")
    assert "\n✗ But not for real: " in ended.out
    assert "✗ predicted not blocked (cors, status 200), really blocked\n" in ended.out


@pytest.mark.xdist_group("browser-firefox")
def test_all_of_them_in_one_report(serve: Serve) -> None:
    missing = [found.sentence for found in map(find, ENGINES) if isinstance(found, Missing)]
    if missing:
        pytest.skip(f"{'; '.join(missing)} (`make test` as root installs it)")
    server = serve()
    ended = real(server.url, "-X", "PUT", "--no-probes")
    assert (ended.status, ended.err) == (1, "")
    assert ended.out.startswith(
        "With --real PUT may reach the server 4 times: for this check, and once more from\n"
        "Chromium, Firefox and WebKit.\n\n✗ Blocked: PUT "
    )
    assert ended.out.count("✓ as predicted\n") == 3
    assert max(map(len, ended.out.split("\n"))) <= 80
    words = " ".join(ended.out.split())
    for line in (
        (
            f"said Access to fetch at '{server.url}' from origin '{PAGE}' has been blocked by CORS policy: Response to "
            "preflight request doesn't pass access control check: No 'Access-Control-Allow-Origin' header is present "
            "on the requested resource. said Failed to load resource: net::ERR_FAILED ✓ as predicted"
        ),
        (
            "said Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at "
            f"{server.url}. (Reason: CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 200."
        ),
        (
            f"said Origin {PAGE} is not allowed by Access-Control-Allow-Origin. Status code: 200 said Fetch API cannot "
            f"load {server.url} due to access control checks. ✓ as predicted"
        ),
        f"It opened {PAGE}/, for which the proxy itself answered",
    ):
        assert line in words
    # The check's own preflight, and one of each browser; nobody got as far as PUT.
    assert [head.split()[0] for head in server.heads] == [b"OPTIONS"] * 4


API = "https://api.example/users"
NONE_HERE = "no Firefox here; install Debian's package firefox-esr, or Mozilla's Firefox"
MISTAKES: dict[str, tuple[tuple[str, ...], str]] = {
    "the same origin": (
        ("--origin", "https://api.example"),
        (
            "--real: the page and the URL have the same origin, https://api.example: a stand-in for the page would "
            "have to answer for the URL too; leave --real away, there is no CORS in this call"
        ),
    ),
    "a frame in a page of the same origin": (
        ("--origin", "null", "--page", "https://api.example/frame"),
        (
            "--real: the page and the URL have the same origin, https://api.example: a stand-in for the page would "
            "have to answer for the URL too; leave --real away, there is no CORS in this call"
        ),
    ),
    "an origin of another scheme": (
        ("--origin", "moz-extension://abc"),
        "--origin: --real can stand in for pages over http and https only, not moz-extension:; leave --real away",
    ),
    "a page of another scheme": (
        ("--page", "ftp://app.example/x"),
        "--page: --real can stand in for pages over http and https only, not ftp:; leave --real away",
    ),
    "a page on a port of another service": (
        ("--origin", "http://app.example:6000"),
        "--origin: browsers open no page on port 6000, which is another service's; use another",
    ),
    "a cookie": (
        ("--origin", "https://app.example", "--cookie", "a=b", "--credentials", "include"),
        (
            "--cookie: a real browser cannot be handed a Cookie header; leave --cookie away to see the call of a "
            "browser that holds none, or leave --real away"
        ),
    ),
    "the standard": (
        ("--origin", "https://app.example", "--browser", "standard"),
        ("--real: no browser goes by the letter of the standard; use --browser chromium, firefox, webkit or all"),
    ),
    "a browser that is missing": (
        ("--origin", "https://app.example", "--browser", "firefox"),
        f"--real: {NONE_HERE}",
    ),
    "all browsers are missing": (
        ("--origin", "https://app.example"),
        (
            f"--real: no Chromium or Chrome here; install Debian's package chromium, or Google Chrome; {NONE_HERE}; no "
            "MiniBrowser of WebKitGTK here; install Debian's packages webkit2gtk-driver and xvfb"
        ),
    ),
}


@pytest.fixture
def _nothing_installed(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find", lambda engine: find(engine, path=str(tmp_path), root=tmp_path))


@pytest.mark.usefixtures("_nothing_installed")
class TestMistakes:
    """Where it would mislead, or cannot be: status 2, one exact line, nothing sent."""

    @pytest.mark.parametrize("name", MISTAKES)
    def test_words(self, name: str) -> None:
        argv, message = MISTAKES[name]
        ended = call("check", API, "--real", *argv)
        assert ended.err == f"crossorigin check: {message} (see crossorigin check --help)\n"
        assert (ended.status, ended.out) == (2, "")

    def test_the_extra_is_missing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in [
            name for name in sys.modules if name.startswith(("crossorigin.doctor.real", "crossorigin.browser.real."))
        ]:
            monkeypatch.delitem(sys.modules, name)
        monkeypatch.setitem(sys.modules, "websockets", None)
        monkeypatch.setitem(sys.modules, "websockets.exceptions", None)
        ended = call("check", API, "--real", "--origin", PAGE)
        assert ended.err.startswith("crossorigin check: --real needs the package websockets")
        assert ended.err.endswith(': pip install "crossorigin[real]" (see crossorigin check --help)\n')
        assert (ended.status, ended.out) == (2, "")


def test_the_help_says_what_it_does() -> None:
    words = " ".join(call("check", "--help").out.split())
    assert "Each sends the requests once more." in words
    assert "With --real it is 1 also if a browser blocks for real what was predicted to be allowed" in words


def test_no_answer_for_the_check_is_none_for_the_browsers() -> None:
    if all(isinstance(find(each), Missing) for each in ENGINES):
        pytest.skip("no browser is installed (`make test` as root installs them)")
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    ended = real(f"http://127.0.0.1:{port}/")
    assert ended.status == 3
    sentence = (
        "The browsers were not asked: there was no complete HTTP answer, so there is nothing that a browser could add."
    )
    assert sentence in " ".join(ended.out.split())
