"""Routes as people write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossorigin.proxy.plan import Limits
from crossorigin.proxy.route import Route
from crossorigin.proxy.route_settings import ROUTE_SETTINGS, is_private_host, read_route
from crossorigin.proxy.setting_reader import SettingProblem, SettingReader
from crossorigin.proxy.target import Target


def read(table: dict[str, object], folder: Path | None = None) -> tuple[Route | None, list[str]]:
    problems: list[SettingProblem] = []
    reader = SettingReader(table, ("r",), lambda *_: "", problems)
    return read_route("/api", reader, folder or Path()), [str(problem) for problem in problems]


def test_every_setting(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("x", encoding="utf-8")
    table: dict[str, object] = {
        "target": "https://localhost:8443/v1",
        "strip_prefix": False,
        "replace_prefix": "/v2",
        "host_header": "original",
        "origin_header": "target",
        "set_request_headers": {"X-Key": " k "},
        "remove_request_headers": ["Cookie"],
        "set_response_headers": {"Cache-Control": "no-store"},
        "remove_response_headers": ["SERVER"],
        "rewrite_redirects": False,
        "rewrite_cookies": False,
        "websocket": False,
        "verify": False,
        "ca": "ca.pem",
        "connect_timeout": 1,
        "retry": 0,
        "response_timeout": 0,
        "idle_timeout": 30.5,
    }
    assert tuple(table) == ROUTE_SETTINGS
    route, problems = read(table, tmp_path)
    assert problems == []
    assert route == Route(
        "/api",
        Target("https", "localhost", 8443, "/v1", verifies=False, ca=str(tmp_path / "ca.pem")),
        replace_prefix="/v2",
        host_header="original",
        origin_header="target",
        set_request_headers=((b"X-Key", b"k"),),
        remove_request_headers=frozenset({b"cookie"}),
        set_response_headers=((b"Cache-Control", b"no-store"),),
        remove_response_headers=frozenset({b"server"}),
        rewrite_redirects=False,
        rewrite_cookies=False,
        websocket=False,
        limits=Limits(connect=1.0, retry=0.0, response=None, idle=30.5),
    )


def test_a_target_is_enough() -> None:
    assert read({"target": "localhost:8080"}) == (Route("/api", Target("http", "localhost", 8080)), [])


WRONG = [
    ("no target", {}, "r.target: it is missing: write the URL that requests go to"),
    ("another scheme", {"target": "ftp://x"}, "is a ftp URL, and a target is http or https"),
    ("a misspelt setting", {"target": "http://x", "strip": True}, "r.strip: there is no such setting"),
    ("no time", {"target": "http://x", "connect_timeout": 0}, "0 leaves no time to connect"),
    ("two ways at once", {"target": "http://x", "strip_prefix": True, "replace_prefix": "/"}, "choose one of the two"),
    ("no file", {"target": "https://x", "ca": "absent.pem"}, 'r.ca: there is no file "absent.pem"'),
    # vitejs/vite#4886: one bad character in a header, and every request failed with an empty 500.
    (
        "#4886: no value of a header",
        {"target": "http://x", "set_request_headers": {"X-A": "a\r\nX-B: b"}},
        "has characters that no header can have",
    ),
    ("no name", {"target": "http://x", "set_response_headers": {"a b": ""}}, '"a b" is no name of a header'),
    ("Host", {"target": "http://x", "set_request_headers": {"host": "y"}}, "is chosen by host_header"),
    (
        "the framing",
        {"target": "http://x", "remove_response_headers": ["Content-Length"]},
        "written by the proxy itself",
    ),
    ("hop by hop", {"target": "http://x", "set_request_headers": {"Upgrade": "x"}}, "belongs to one connection"),
]


@pytest.mark.parametrize(("table", "sentence"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_wrong(table: dict[str, object], sentence: str) -> None:
    _, problems = read(table)
    assert len(problems) == 1
    assert sentence in problems[0]


class TestUncheckedCertificates:
    """vitejs/vite#564: a certificate of one's own is common here, and nowhere else may it go unchecked."""

    @pytest.mark.parametrize(
        "host", ["localhost", "a.localhost", "127.0.0.1", "::1", "192.168.1.5", "fe80::1", "api", "nas.local", "x.TEST"]
    )
    def test_private(self, host: str) -> None:
        assert is_private_host(host)

    @pytest.mark.parametrize("host", ["api.example.com", "8.8.8.8", "2606:4700::1", "localhost.example.com"])
    def test_public(self, host: str) -> None:
        assert not is_private_host(host)

    def test_refused(self) -> None:
        route, problems = read({"target": "https://api.example.com", "verify": False})
        assert route is not None
        assert len(problems) == 1
        assert "the certificate of api.example.com is checked" in problems[0]
        assert "name the authority that signed it with ca" in problems[0]
