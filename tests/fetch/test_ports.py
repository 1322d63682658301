"""Ports that belong to other protocols."""

from __future__ import annotations

import pytest

from crossorigin.fetch import BlockCode, fetch_request
from crossorigin.fetch.ports import BAD_PORTS, blocked_due_to_bad_port

from .dialogue import ANY_ORIGIN, answer, blocked, page, readable, redirect, talk, url

# The first column of the standard's table, as it stands there.
TABLE = """
0 1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 123 135
137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 990 993 995 1719
1720 1723 2049 3659 4045 4190 5060 5061 6000 6566 6665 6666 6667 6668 6669 6679 6697 10080
"""
PORTS = [int(port) for port in TABLE.split()]


def test_the_table() -> None:
    assert len(PORTS) == 83
    assert set(PORTS) == BAD_PORTS


@pytest.mark.parametrize("port", PORTS)
def test_bad(port: int) -> None:
    for scheme in ("http", "https"):
        assert blocked_due_to_bad_port(url(f"{scheme}://api.other:{port}/"))
    for mode in ("cors", "no-cors"):
        request = fetch_request(f"https://api.other:{port}/", page(), mode=mode)
        assert blocked(talk(request)) == BlockCode.BAD_PORT


@pytest.mark.parametrize("port", sorted({near for port in PORTS for near in (port - 1, port + 1)} - {-1, *PORTS}))
def test_neighbours(port: int) -> None:
    readable(talk(fetch_request(f"https://api.other:{port}/", page()), answer(200, ANY_ORIGIN)))


@pytest.mark.parametrize(
    "target",
    [
        "https://api.other/",
        "http://api.other/",
        "http://api.other:443/",
        "https://api.other:80/",
        "https://api.other:8080/",
        "https://api.other:65535/",
        "ftp://api.other/",
        "ftp://api.other:22/",
        "ws://api.other:22/",
        "custom://api.other:22/",
        "data:,22",
    ],
)
def test_all_others(target: str) -> None:
    assert not blocked_due_to_bad_port(url(target))


def test_the_own_origin_and_redirects_too() -> None:
    client = page("https://page.example:6000/")
    assert blocked(talk(fetch_request("/", client))) == BlockCode.BAD_PORT
    assert blocked(talk(fetch_request("/", page()), redirect("https://api.other:25/"))) == BlockCode.BAD_PORT
