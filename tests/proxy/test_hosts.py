"""Names, pages, and the sentences that refuse them."""

from __future__ import annotations

import pytest

from crossorigin.proxy.hosts import Callers
from crossorigin.proxy.plan import Client

from .front_messages import CLIENT, TLS_CLIENT, asked

CALLERS = Callers(["app.example.test", ".Sub.example"], ["https://front.example"])


class TestHosts:
    """DNS rebinding: GHSA-vg6x-rcgg-rjx6, CVE-2025-30359, CVE-2018-14732."""

    @pytest.mark.parametrize(
        "host",
        [
            None,
            b"localhost",
            b"localhost:3000",
            b"LOCALHOST:3000",
            b"localhost.",
            b"a.b.localhost:1",
            b"127.0.0.1:3000",
            b"192.168.1.5",
            b"[::1]:3000",
            b"[::1]",
            b"[fe80::1]:80",
            b"app.example.test:3000",
            b"App.Example.Test.",
            b"sub.example",
            b"x.y.sub.example:3000",
        ],
    )
    def test_allowed(self, host: bytes | None) -> None:
        assert CALLERS.host_refusal(host) == ""
        assert CALLERS.host_refusal(host) == ""

    @pytest.mark.parametrize(
        ("host", "name"),
        [
            (b"evil.example:3000", "evil.example"),
            (b"Evil.Example", "evil.example"),
            (b"localhost.evil.example", "localhost.evil.example"),
            (b"xlocalhost", "xlocalhost"),
            (b"other.app.example.test", "other.app.example.test"),
            (b"xsub.example", "xsub.example"),
            (b"127.0.0.1.evil.example", "127.0.0.1.evil.example"),
            (b"0x7f.1", "0x7f.1"),
            (b"2130706433", "2130706433"),
        ],
    )
    def test_refused_with_the_flag(self, host: bytes, name: str) -> None:
        assert f"--allow-host {name} allows it" in CALLERS.host_refusal(host)

    @pytest.mark.parametrize(
        "host",
        [
            b"",
            b"localhost:80:80",
            b"localhost:x",
            b"[::1",
            b"[::1]x",
            b"[evil]",
            b"a b",
            b"\xff",
            b"<b>",
            b"a/b",
            b"l" * 999,
        ],
    )
    def test_refused_as_no_name(self, host: bytes) -> None:
        refusal = CALLERS.host_refusal(host)
        assert "is no name of this server" in refusal
        assert "--allow-host" not in refusal
        assert len(refusal) < 300

    def test_what_is_remembered_is_bounded(self) -> None:
        callers = Callers()
        assert not any(callers.host_refusal(b"h%d.localhost" % number) for number in range(2000))
        assert callers.host_refusal(b"evil.example")


UPGRADES = [
    ("no page at all", [], CLIENT, "localhost:3000", True),
    ("our own page", ["Origin: http://localhost:3000"], CLIENT, "localhost:3000", True),
    ("our own page, by another name", ["Origin: http://127.0.0.1:3000"], CLIENT, "127.0.0.1:3000", True),
    ("a host in upper case", ["Origin: http://localhost:3000"], CLIENT, "LOCALHOST:3000", True),
    ("a listed page", ["Origin: https://front.example"], CLIENT, "localhost:3000", True),
    ("behind a tunnel with TLS", ["Origin: https://app.example.test"], CLIENT, "app.example.test", True),
    ("over TLS", ["Origin: https://localhost:3000"], TLS_CLIENT, "localhost:3000", True),
    ("a plain page over TLS", ["Origin: http://localhost:3000"], TLS_CLIENT, "localhost:3000", False),
    ("a page of another site", ["Origin: https://evil.example"], CLIENT, "localhost:3000", False),
    ("a page of another port", ["Origin: http://localhost:4000"], CLIENT, "localhost:3000", False),
    ("one name for loopback is not the other", ["Origin: http://127.0.0.1:3000"], CLIENT, "localhost:3000", False),
    ("an opaque origin", ["Origin: null"], CLIENT, "localhost:3000", False),
    ("an empty origin", ["Origin:"], CLIENT, "localhost:3000", False),
    ("two origins", ["Origin: http://localhost:3000", "Origin: x"], CLIENT, "localhost:3000", False),
]


@pytest.mark.parametrize(
    ("lines", "client", "host", "allowed"), [case[1:] for case in UPGRADES], ids=[case[0] for case in UPGRADES]
)
def test_upgrades(lines: list[str], client: Client, host: str, allowed: bool) -> None:
    """CVE-2026-9595, and what Vite's documents leave to the backend: CORS does not guard WebSockets."""
    refusal = CALLERS.upgrade_refusal(asked("/ws", *lines, host=host), client)
    assert (refusal == "") is allowed


def test_a_refused_upgrade_names_the_flag() -> None:
    refusal = CALLERS.upgrade_refusal(asked("/ws", "Origin: http://127.0.0.1:3000"), CLIENT)
    assert refusal.endswith("if it is yours, --allow-origin http://127.0.0.1:3000 allows it")
    assert "--allow-origin" not in CALLERS.upgrade_refusal(asked("/ws", "Origin: null"), CLIENT)
    long = CALLERS.upgrade_refusal(asked("/ws", "Origin: http://" + "x" * 9000), CLIENT)
    assert len(long) < 300


CROSS = ["Sec-Fetch-Site: cross-site"]
EVIL = ["Origin: https://evil.example"]
OURS = ["Origin: http://localhost:3000"]
REQUESTS = [
    ("reading", "GET", CROSS + EVIL, True),
    ("the head", "HEAD", CROSS + EVIL, True),
    ("a preflight is the backend's", "OPTIONS", EVIL, True),
    ("our own page", "POST", ["Sec-Fetch-Site: same-origin", *OURS], True),
    ("another port of the site", "POST", ["Sec-Fetch-Site: same-site", "Origin: http://localhost:4000"], True),
    ("somebody himself", "POST", ["Sec-Fetch-Site: none"], True),
    ("no browser", "DELETE", [], True),
    ("an old browser, our own page", "POST", OURS, True),
    ("a listed page", "POST", [*CROSS, "Origin: https://front.example"], True),
    ("an old browser, a listed page", "PUT", ["Origin: https://front.example"], True),
    ("another site", "POST", CROSS + EVIL, False),
    ("another site without Origin", "POST", CROSS, False),
    ("another site, as it says ours", "POST", CROSS + OURS, False),
    ("an old browser, another site", "POST", EVIL, False),
    ("an old browser, an opaque origin", "POST", ["Origin: null"], False),
    ("a word that is none", "POST", ["Sec-Fetch-Site: same-origin, cross-site"], False),
    ("a method of the backend's own", "QUERY", CROSS + EVIL, False),
]


@pytest.mark.parametrize(
    ("method", "lines", "allowed"), [case[1:] for case in REQUESTS], ids=[case[0] for case in REQUESTS]
)
def test_requests(method: str, lines: list[str], allowed: bool) -> None:
    head = asked("/api", *lines)
    head.method = method.encode()
    assert (CALLERS.request_refusal(head, CLIENT) == "") is allowed


def test_a_refused_request_names_the_flag() -> None:
    refusal = CALLERS.request_refusal(asked("/api", *CROSS, *EVIL, method="POST"), CLIENT)
    assert refusal == (
        "A page of 'https://evil.example' may not send 'POST' here; if it is yours, "
        "--allow-origin https://evil.example allows it"
    )
