from __future__ import annotations

import pytest

from crossorigin.browser.cookie import (
    LONGEST_LIFE,
    Cookie,
    SetCookie,
    default_path,
    domain_matches,
    parse_set_cookie,
    path_matches,
)

from .applications import url

NOW = 1_000_000.0


def parsed(field: bytes) -> SetCookie:
    cookie = parse_set_cookie(field, NOW)
    assert isinstance(cookie, SetCookie), cookie
    return cookie


@pytest.mark.parametrize(
    ("field", "cookie"),
    [
        # RFC 6265, section 3.1
        (b"SID=31d4d96e407aad42", SetCookie(b"SID", b"31d4d96e407aad42")),
        (
            b"SID=31d4d96e407aad42; Path=/; Domain=example.com",
            SetCookie(b"SID", b"31d4d96e407aad42", domain=b"example.com", path="/"),
        ),
        (
            b"SID=31d4d96e407aad42; Path=/; Secure; HttpOnly",
            SetCookie(b"SID", b"31d4d96e407aad42", path="/", secure=True, http_only=True),
        ),
        # The pair.
        (b" a = b c ", SetCookie(b"a", b"b c")),
        (b"a=b=c", SetCookie(b"a", b"b=c")),
        (b"alone", SetCookie(b"", b"alone")),
        (b"=value", SetCookie(b"", b"value")),
        (b"a=", SetCookie(b"a", b"")),
        (b'a="b"', SetCookie(b"a", b'"b"')),
        (b"a=\xc3\xa9", SetCookie(b"a", b"\xc3\xa9")),
        (b"a=b\tc", SetCookie(b"a", b"b\tc")),
        # Attributes: any case, the last one counts, what is unknown is ignored.
        (b"a=b; SECURE; httponly", SetCookie(b"a", b"b", secure=True, http_only=True)),
        (b"a=b; Secure=false", SetCookie(b"a", b"b", secure=True)),
        (b"a=b; Path=/x; Path=/y", SetCookie(b"a", b"b", path="/y")),
        (b"a=b; Path=/x; Path", SetCookie(b"a", b"b", path="")),
        (b"a=b; Path=x", SetCookie(b"a", b"b", path="")),
        (b"a=b; Domain=.Example.COM", SetCookie(b"a", b"b", domain=b"example.com")),
        (b"a=b; Domain=x.test; Domain=", SetCookie(b"a", b"b")),
        (b"a=b; Priority=High;;; ;", SetCookie(b"a", b"b")),
        (b"a=b; SameSite=sTrict", SetCookie(b"a", b"b", same_site="Strict")),
        (b"a=b; SameSite=None; SameSite=Whatever", SetCookie(b"a", b"b")),
        (b"a=b; Partitioned", SetCookie(b"a", b"b", partitioned=True)),
        (b"a=b; Path=/" + b"x" * 1024, SetCookie(b"a", b"b")),
    ],
)
def test_fields(field: bytes, cookie: SetCookie) -> None:
    assert parsed(field) == cookie


@pytest.mark.parametrize(
    ("attributes", "expires"),
    [
        (b"Max-Age=10", NOW + 10),
        (b"Max-Age=0010", NOW + 10),
        (b"Max-Age=99999999999", NOW + LONGEST_LIFE),
        (b"Max-Age=" + b"9" * 1024, NOW + LONGEST_LIFE),
        (b"Max-Age=0", -float("inf")),
        (b"Max-Age=-1", -float("inf")),
        (b"Max-Age=+5", None),
        (b"Max-Age=1.5", None),
        (b"Max-Age=", None),
        (b"Max-Age=10; Max-Age=x", NOW + 10),
        (b"Max-Age=10; Expires=Thu, 01 Jan 1970 00:00:00 GMT", NOW + 10),
        (b"Expires=Thu, 01 Jan 1970 00:00:00 GMT", 0),
        (b"Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=x", 0),
        (b"Expires=Mon, 12 Jan 1970 13:46:50 GMT", 999_999 + 11),
        (b"Expires=Wed, 09 Jun 2191 10:18:14 GMT", NOW + LONGEST_LIFE),
        (b"Expires=never", None),
    ],
)
def test_how_long(attributes: bytes, expires: float | None) -> None:
    assert parsed(b"a=b; " + attributes).expires == expires


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        (b"a=b\0c", "control character"),
        (b"a=b\x7f", "control character"),
        (b"a=b; Path=/\n", "control character"),
        (b"", "neither a name nor a value"),
        (b"=; Secure", "neither a name nor a value"),
        (b"a=" + b"b" * 4096, "longer than 4096"),
    ],
)
def test_fields_that_are_ignored(field: bytes, reason: str) -> None:
    assert reason in str(parse_set_cookie(field, NOW))


def test_the_longest_pair() -> None:
    assert len(parsed(b"a=" + b"b" * 4095).value) == 4095


@pytest.mark.parametrize(
    ("host", "domain", "matches"),
    [
        ("example.com", "example.com", True),
        ("www.example.com", "example.com", True),
        ("a.b.example.com", "example.com", True),
        ("badexample.com", "example.com", False),
        ("example.com", "www.example.com", False),
        ("127.0.0.1", "127.0.0.1", True),
        ("127.0.0.1", "0.0.1", False),
        ("[::1]", "[::1]", True),
    ],
)
def test_domains(host: str, domain: str, matches: bool) -> None:
    assert domain_matches(host, domain) is matches


@pytest.mark.parametrize(
    ("path", "cookie_path", "matches"),
    [
        ("/", "/", True),
        ("/foo", "/", True),
        ("/foo", "/foo", True),
        ("/foo/", "/foo", True),
        ("/foo/bar", "/foo", True),
        ("/foo/bar", "/foo/", True),
        ("/foobar", "/foo", False),
        ("/foo", "/foo/", False),
        ("/", "/foo", False),
    ],
)
def test_paths(path: str, cookie_path: str, matches: bool) -> None:
    assert path_matches(path, cookie_path) is matches


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("https://a.test", "/"),
        ("https://a.test/", "/"),
        ("https://a.test/foo", "/"),
        ("https://a.test/foo/", "/foo"),
        ("https://a.test/foo/bar?x=/y/z", "/foo"),
        ("https://a.test/foo/bar/baz", "/foo/bar"),
    ],
)
def test_default_paths(address: str, path: str) -> None:
    assert default_path(url(address)) == path


def test_a_kept_cookie() -> None:
    cookie = Cookie(
        name="a",
        value="b",
        domain="example.com",
        host_only=True,
        path="/x",
        secure=False,
        http_only=False,
        same_site="",
        expires=10.0,
        created=0.0,
    )
    assert cookie.is_expired(10.0)
    assert not cookie.is_expired(9.9)
    assert cookie.belongs_to("example.com", "/x/y")
    assert not cookie.belongs_to("www.example.com", "/x")
    assert not cookie.belongs_to("example.com", "/")
