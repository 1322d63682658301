"""Targets: what people write, and what is none."""

from __future__ import annotations

import pytest

from crossorigin.proxy.target import Target, TargetError, parse_target


@pytest.mark.parametrize(
    ("text", "target", "authority", "url"),
    [
        ("http://localhost:8080", Target("http", "localhost", 8080), "localhost:8080", "http://localhost:8080"),
        ("localhost:8080", Target("http", "localhost", 8080), "localhost:8080", "http://localhost:8080"),
        ("https://api.example.com/", Target("https", "api.example.com", 443), "api.example.com", "https://api.example.com"),
        ("http://a.example:80/v1/", Target("http", "a.example", 80, "/v1"), "a.example", "http://a.example/v1"),
        ("ws://[::1]:9000", Target("http", "::1", 9000), "[::1]:9000", "http://[::1]:9000"),
        ("wss://a.example", Target("https", "a.example", 443), "a.example", "https://a.example"),
        ("http://EXAMPLE.com", Target("http", "example.com", 80), "example.com", "http://example.com"),
        ("http://0x7f.1:81", Target("http", "127.0.0.1", 81), "127.0.0.1:81", "http://127.0.0.1:81"),
    ],
)  # fmt: skip
def test_targets(text: str, target: Target, authority: str, url: str) -> None:
    assert parse_target(text) == target
    assert (target.authority, str(target)) == (authority, url)
    assert target.is_tls is url.startswith("https")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "'' is not a URL: write it as http://localhost:8080"),
        ("http://", "'http://' is not a URL: write it as http://localhost:8080"),
        ("http://a b/", "'http://a b/' is not a URL: write it as http://localhost:8080"),
        ("http://localhost:99999", "'http://localhost:99999' is not a URL: write it as http://localhost:8080"),
        ("ftp://a/", "'ftp://a/' is a ftp URL, and a target is http or https"),
        ("http://u:p@a/", "'http://u:p@a/' has a user name or a password: send them in a header instead"),
        ("http://a/?b", "'http://a/?b' has a query: a target ends with its path"),
        ("http://a/#b", "'http://a/#b' has a fragment: a target ends with its path"),
    ],
)
def test_no_targets(text: str, sentence: str) -> None:
    with pytest.raises(TargetError) as caught:
        parse_target(text)
    assert str(caught.value) == sentence
