"""The URL that a request names, and what is refused before any name is looked up."""

from __future__ import annotations

import pytest

from crossorigin.proxy.named_url import NamedUrlError, named_url

READ = {
    "/https://api.example.com/a?b=c": "https://api.example.com/a?b=c",
    "/https:/api.example.com/a?b=c": "https://api.example.com/a?b=c",
    "/HTTP://API.example.com": "http://api.example.com/",
    "/https://api.example.com:443/": "https://api.example.com/",
    "/http://api.example.com:80/x": "http://api.example.com/x",
    "/https://api.example.com/?url=https://b.example": "https://api.example.com/?url=https://b.example",
    "/?url=https%3A%2F%2Fapi.example.com%2Fa%3Fb%3Dc%26d": "https://api.example.com/a?b=c&d",
    "/?url=https://api.example.com/a?b=c&d=e": "https://api.example.com/a?b=c&d=e",
    "/https://b\xc3\xbccher.example/": "https://xn--bcher-kva.example/",
    # Public addresses may be named, and these names lead who knows where: they are judged by their address later on.
    "/http://1.1.1.1/": "http://1.1.1.1/",
    "/http://[2606:4700:4700::1111]/": "http://[2606:4700:4700::1111]/",
    "/http://localhost/": "http://localhost/",
    "/http://localhost./": "http://localhost./",
    "/http://127.0.0.1.nip.io/": "http://127.0.0.1.nip.io/",
}

REFUSED = {
    "/": (400, "names no http or https URL"),
    "/favicon.ico": (400, "names no http or https URL"),
    "/api.example.com/a": (400, "names no http or https URL"),
    "//api.example.com/a": (400, "names no http or https URL"),
    "/ftp://api.example.com/": (400, "names no http or https URL"),
    "/file:///etc/passwd": (400, "names no http or https URL"),
    "/ws://api.example.com/": (400, "names no http or https URL"),
    "/?url=gopher%3A%2F%2Fa.example": (400, "names no http or https URL"),
    "/?url=": (400, "names no http or https URL"),
    "/?url=https%3A%2F%2Fa.example&x=1": (400, "more parameters than url"),
    "/https://": (400, "is not a URL"),
    "/https://a b/": (400, "is not a URL"),
    "/https://[::1": (400, "is not a URL"),
    "/http://256.1.1.1/": (400, "is not a URL"),
    "/https://user@api.example.com/": (400, "user name or password"),
    "/https://api.example.com@127.0.0.1/": (400, "user name or password"),
    "/https://api.example.com:8443/": (403, "Port 8443 is not open to this proxy"),
    "/http://api.example.com:22/": (403, "Port 22 is not open"),
    "/http://api.example.com:0/": (403, "Port 0 is not open"),
    # Every spelling of an address is one address to the URL parser.
    "/http://127.0.0.1/": (403, "The address 127.0.0.1 is loopback"),
    "/http://0x7f.1/": (403, "The address 127.0.0.1 is loopback"),
    "/http://0177.0.0.1/": (403, "The address 127.0.0.1 is loopback"),
    "/http://2130706433/": (403, "The address 127.0.0.1 is loopback"),
    "/http://127.1./": (403, "The address 127.0.0.1 is loopback"),
    "/http://%31%32%37.0.0.1/": (403, "The address 127.0.0.1 is loopback"),
    "/http:\\\\127.0.0.1\\": (403, "The address 127.0.0.1 is loopback"),
    "/http://0/": (403, 'The address 0.0.0.0 is of "this network"'),
    "/http://169.254.169.254/latest/meta-data/": (403, "is the metadata service of a cloud"),
    "/http://[::]/": (403, "The address [::] is unspecified"),
    "/http://[::1]/": (403, "The address [::1] is loopback"),
    "/http://[::ffff:7f00:1]/": (403, "is the IPv4-mapped 127.0.0.1, which is loopback"),
    "/http://[64:ff9b::a9fe:a9fe]/": (403, "is the NAT64 form of 169.254.169.254"),
    "/http://[fd00:ec2::254]/": (403, "is the metadata service of AWS"),
}


@pytest.mark.parametrize(("target", "url"), READ.items())
def test_read(target: str, url: str) -> None:
    assert named_url(target.encode("latin-1")).href == url


@pytest.mark.parametrize(("target", "refusal"), REFUSED.items())
def test_refused(target: str, refusal: tuple[int, str]) -> None:
    status, words = refusal
    with pytest.raises(NamedUrlError) as caught:
        named_url(target.encode("latin-1"))
    assert caught.value.status == status
    assert words in str(caught.value)
    assert len(str(caught.value)) < 300


def test_a_port_that_is_listed() -> None:
    assert named_url(b"/https://api.example.com:8443/", frozenset({8443})).port == 8443
    with pytest.raises(NamedUrlError, match="Port 443"):
        named_url(b"/https://api.example.com/", frozenset({8443}))


def test_a_long_one_is_cut() -> None:
    with pytest.raises(NamedUrlError) as caught:
        named_url(b"/https://[" + b"a" * 60_000)
    assert len(str(caught.value)) < 300
