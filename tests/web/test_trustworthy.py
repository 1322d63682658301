from __future__ import annotations

import pytest

from crossorigin.web.origins import OpaqueOrigin, TupleOrigin
from crossorigin.web.trustworthy import is_potentially_trustworthy_origin, is_potentially_trustworthy_url
from crossorigin.web.url import parse_url


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com/",
        "https://example.com:8443/",
        "wss://example.com/",
        "http://localhost/",
        "http://localhost:3000/",
        "http://localhost./",
        "ws://localhost/",
        "http://app.localhost/",
        "http://a.b.localhost./",
        "http://127.0.0.1/",
        "http://127.0.0.1:8000/",
        "http://127.255.255.254/",
        "http://127.1/",
        "http://2130706433/",
        "http://[::1]/",
        "http://[0:0::1]:8080/",
        "about:blank",
        "about:srcdoc",
        "about:blank#fragment",
        "data:text/plain,hi",
        "file:///etc/hosts",
        "blob:https://example.com/9115d58c-bcda-ff47-86e5-083e9a215304",
        "blob:http://localhost/9115d58c-bcda-ff47-86e5-083e9a215304",
    ],
)
def test_trustworthy(text: str) -> None:
    url = parse_url(text)
    assert url is not None
    assert is_potentially_trustworthy_url(url)


@pytest.mark.parametrize(
    "text",
    [
        "http://example.com/",
        "ws://example.com/",
        "ftp://example.com/",
        "http://localhost.example/",
        "http://notlocalhost/",
        "http://localhost../",
        "http://128.0.0.1/",
        "http://126.255.255.255/",
        "http://0.0.0.0/",
        "http://192.168.0.1/",
        "http://[::]/",
        "http://[::2]/",
        "http://[::ffff:127.0.0.1]/",
        "http://127.example/",
        "http://127.0.0.1.example/",
        "http://127.example1/",
        "about:config",
        "javascript:alert(1)",
        "blob:http://example.com/9115d58c-bcda-ff47-86e5-083e9a215304",
        "blob:null/9115d58c-bcda-ff47-86e5-083e9a215304",
        "mailto:a@localhost",
    ],
)
def test_not_trustworthy(text: str) -> None:
    url = parse_url(text)
    assert url is not None
    assert not is_potentially_trustworthy_url(url)


def test_an_opaque_origin_is_not() -> None:
    assert not is_potentially_trustworthy_origin(OpaqueOrigin())


def test_origins_are_judged_alone_too() -> None:
    assert is_potentially_trustworthy_origin(TupleOrigin("https", "example.com"))
    assert not is_potentially_trustworthy_origin(TupleOrigin("http", "example.com"))
