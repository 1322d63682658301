from __future__ import annotations

import pytest

from crossorigin.browser.options import Resolve
from crossorigin.browser.resolving import leads_to, parse_resolve


def test_entries() -> None:
    entries = parse_resolve(
        {
            "api.example.com:443": "127.0.0.1:8000",
            "plain.test:443": "http://127.0.0.1:8001",
            "[::1]:80": "[::1]:8002",
        }
    )
    assert entries == (
        Resolve("api.example.com", 443, "127.0.0.1", 8000),
        Resolve("plain.test", 443, "127.0.0.1", 8001, plain=True),
        Resolve("::1", 80, "::1", 8002),
    )
    assert leads_to(entries, "API.example.com", 443)
    assert leads_to(entries, "[::1]", 80)
    assert not leads_to(entries, "api.example.com", 80)


@pytest.mark.parametrize(
    ("place", "target", "said"),
    [
        ("api.example.com", "127.0.0.1:8000", "from host:port to address:port"),
        ("https://api.example.com", "127.0.0.1:8000", "from host:port to address:port"),
        ("api.example.com:443", "127.0.0.1", "from host:port to address:port"),
        ("api.example.com:443", "https://127.0.0.1:8000", "from host:port to address:port"),
        ("api.example.com:443", "localhost:8000", "not an IP address"),
        ("api.example.com:0", "127.0.0.1:8000", "0 is not a port"),
        ("api.example.com:443", "127.0.0.1:99999", "99999 is not a port"),
        ("api.example.com:443", "http://192.0.2.1:8000", "loopback"),
    ],
)
def test_no_entries(place: str, target: str, said: str) -> None:
    with pytest.raises(ValueError, match=r"^resolve: ") as caught:
        parse_resolve({place: target})
    assert said in str(caught.value)
    assert repr(target) in str(caught.value)
