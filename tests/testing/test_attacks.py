"""Which origins are tried, and that each is one that a browser can have."""

from __future__ import annotations

import pytest

from crossorigin.testing.attacks import DANGERS, Attack, attack_origins
from crossorigin.web.origins import parse_origin


def kinds(attacker: str, *trusted: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for attack in attack_origins(attacker, trusted):
        found.setdefault(attack.kind, []).append(attack.origin)
    return found


def test_each_kind_of_an_ordinary_origin() -> None:
    assert kinds("https://evil.example", "https://app.example.com") == {
        "any": ["https://evil.example", "https://crossorigin-test.evil.example"],
        "null": ["null"],
        "suffix": ["https://notexample.com"],
        "prefix": ["https://app.example.com.evil.example", "https://example.com.evil.example"],
        "special": ["https://app.example.com_.evil.example", "https://example.com_.evil.example"],
        "inside": [
            "https://x-app.example.com-y.evil.example",
            "https://x-example.com-y.evil.example",
            "https://xample.com",
        ],
        "subdomain": [
            "https://notapp.example.com",
            "https://crossorigin-test.app.example.com",
            "https://crossorigin-test.example.com",
        ],
        "neighbour": ["https://crossorigin-test.com"],
        "dot": ["https://appxexample.com", "https://app.examplexcom"],
        "http": ["http://app.example.com"],
        "port": ["https://app.example.com:41337"],
        "loopback": ["http://localhost", "http://localhost:3000", "http://127.0.0.1", "http://127.0.0.1:3000"],
        "loopback-prefix": ["https://localhost.evil.example", "https://127.0.0.1.evil.example"],
    }


def test_the_port_stays_where_it_is_not_what_is_tried() -> None:
    found = kinds("https://evil.example", "https://example.com:8443")
    assert "https://notexample.com:8443" in found["suffix"]
    assert "https://example.com.evil.example:8443" in found["prefix"]
    assert found["port"] == ["https://example.com:41337"]
    assert found["http"] == ["http://example.com:8443"]


def test_a_name_below_the_same_domain_is_nobody_elses() -> None:
    found = kinds("https://evil.example", "https://a.b.example.com")
    assert found["dot"] == ["https://a.bxexample.com", "https://a.b.examplexcom"]
    assert {"https://nota.b.example.com", "https://axb.example.com"} <= set(found["subdomain"])


def test_shared_hosting() -> None:
    assert kinds("https://evil.example", "https://shop.github.io")["neighbour"] == [
        "https://crossorigin-test.github.io"
    ]


@pytest.mark.parametrize("trusted", ["http://localhost:3000", "http://127.0.0.1:8000", "http://[::1]:8000"])
def test_hosts_that_are_no_domain(trusted: str) -> None:
    found = kinds("https://evil.example", trusted)
    assert not {"dot", "neighbour", "http"} & set(found)
    assert trusted not in found["loopback"]


def test_each_origin_once_and_none_that_is_trusted() -> None:
    trusted = ["https://app.example.com", "https://example.com", "http://app.example.com"]
    origins = [attack.origin for attack in attack_origins("https://evil.example", trusted)]
    assert len(set(origins)) == len(origins)
    assert not set(trusted) & set(origins)


def test_a_browser_can_send_each() -> None:
    for attack in attack_origins("https://evil.example", ["https://app.example.com", "http://localhost:3000"]):
        if "_" not in attack.origin:
            assert parse_origin(attack.origin).serialize() == attack.origin


def test_each_kind_says_why() -> None:
    assert Attack("null", "null").danger == DANGERS["null"]
    assert set(kinds("https://evil.example", "https://app.example.com")) == set(DANGERS)


@pytest.mark.parametrize("text", ["evil.example", "https://evil.example/x", "null", "data:,", ""])
def test_what_is_no_origin(text: str) -> None:
    with pytest.raises(ValueError, match="is not an origin: write scheme and host alone"):
        attack_origins(text)
    with pytest.raises(ValueError, match="is not an origin"):
        attack_origins("https://evil.example", [text])
