from __future__ import annotations

import ada_url
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crossorigin.web.origins import OpaqueOrigin
from crossorigin.web.url import URL, HostKind, parse_url


def url(text: str, base: str | None = None) -> URL:
    parsed = parse_url(text, None if base is None else url(base))
    assert parsed is not None
    return parsed


# Text, and then scheme, user name, password, host, port, path, query, fragment.
PARTS: list[tuple[str, str, str, str, str | None, int | None, str, str | None, str | None]] = [
    ("https://example.com", "https", "", "", "example.com", None, "/", None, None),
    ("https://a?", "https", "", "", "a", None, "/", "", None),
    ("https://a#", "https", "", "", "a", None, "/", None, ""),
    ("https://a?#", "https", "", "", "a", None, "/", "", ""),
    ("https://a#?", "https", "", "", "a", None, "/", None, "?"),
    ("https://a?b?c#d#e", "https", "", "", "a", None, "/", "b?c", "d#e"),
    ("https://u:p@a:8443/b/../c?d#e", "https", "u", "p", "a", 8443, "/c", "d", "e"),
    ("https://u@a", "https", "u", "", "a", None, "/", None, None),
    ("https://:p@a", "https", "", "p", "a", None, "/", None, None),
    ("https://@a", "https", "", "", "a", None, "/", None, None),
    ("https://u@v:w:x@a", "https", "u%40v", "w%3Ax", "a", None, "/", None, None),
    ("HTTPS://EXAMPLE.COM:443\\x", "https", "", "", "example.com", None, "/x", None, None),
    ("http://a:443", "http", "", "", "a", 443, "/", None, None),
    ("http://a:0", "http", "", "", "a", 0, "/", None, None),
    ("http://[0:0::1]:81/", "http", "", "", "[::1]", 81, "/", None, None),
    ("http://0x7f.1/", "http", "", "", "127.0.0.1", None, "/", None, None),
    ("http://b\u00fccher.example", "http", "", "", "xn--bcher-kva.example", None, "/", None, None),
    ("ht\ntp://a\t/", "http", "", "", "a", None, "/", None, None),
    ("file:///etc/hosts", "file", "", "", "", None, "/etc/hosts", None, None),
    ("file://host/x", "file", "", "", "host", None, "/x", None, None),
    ("about:blank", "about", "", "", None, None, "blank", None, None),
    ("data:text/plain,a?b#c", "data", "", "", None, None, "text/plain,a", "b", "c"),
    ("mailto:a@b", "mailto", "", "", None, None, "a@b", None, None),
    ("blob:https://a/b", "blob", "", "", None, None, "https://a/b", None, None),
    ("foo://Host:1?x", "foo", "", "", "Host", 1, "", "x", None),
    ("foo:///x", "foo", "", "", "", None, "/x", None, None),
    ("foo:/x", "foo", "", "", None, None, "/x", None, None),
    ("foo:/.//x", "foo", "", "", None, None, "//x", None, None),
    ("foo:/a/..//x", "foo", "", "", None, None, "//x", None, None),
]


@pytest.mark.parametrize("row", PARTS, ids=lambda row: ascii(row[0]))
def test_parts(row: tuple[str, str, str, str, str | None, int | None, str, str | None, str | None]) -> None:
    parsed = url(row[0])
    assert row[1:] == (
        parsed.scheme,
        parsed.username,
        parsed.password,
        parsed.host,
        parsed.port,
        parsed.path,
        parsed.query,
        parsed.fragment,
    )
    assert url(parsed.href) == parsed


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "/a",
        "//a",
        "https://",
        "https://a b/",
        "http://a:65536",
        "http://[::1",
        "http://1.2.3.256",
        "http://a%00",
    ],
)
def test_failure(text: str) -> None:
    assert parse_url(text) is None


@pytest.mark.parametrize(
    ("text", "base", "href"),
    [
        ("../c", "https://a/b/d/e", "https://a/b/c"),
        ("//b/c", "https://a/", "https://b/c"),
        ("?q", "https://a/b#f", "https://a/b?q"),
        ("", "https://a/b?q#f", "https://a/b?q"),
        ("http:c", "http://a/b/", "http://a/b/c"),
        ("data:,x", "https://a/", "data:,x"),
    ],
)
def test_relative_to_a_base(text: str, base: str, href: str) -> None:
    assert url(text, base).href == href


def test_no_base_within_an_opaque_path() -> None:
    assert parse_url("x", url("data:,y")) is None
    assert parse_url("#x", url("data:,y")) == url("data:,y#x")


def test_lone_surrogates_are_replaced() -> None:
    assert url("https://a/\ud800").href == url("https://a/\ufffd").href == "https://a/%EF%BF%BD"
    assert url("\udfff", "https://a/").href == "https://a/%EF%BF%BD"
    assert url("https://a/\ud83d\ude00") == url("https://a/\U0001f600")
    assert parse_url("\ud800") is None


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://example.com/a?b#c", "https://example.com"),
        ("https://u:p@example.com:443/", "https://example.com"),
        ("http://example.com:8080/", "http://example.com:8080"),
        ("ws://a:81/", "ws://a:81"),
        ("wss://a/", "wss://a"),
        ("ftp://a:21/", "ftp://a"),
        ("http://[::0:1]/", "http://[::1]"),
        ("http://my_service:8080/", "http://my_service:8080"),
        ("blob:https://a.example/9115d58c", "https://a.example"),
        ("blob:http://a.example:81/9115d58c", "http://a.example:81"),
        ("blob:file:///x", "null"),
        ("blob:null/9115d58c", "null"),
        ("blob:ws://a/9115d58c", "null"),
        ("blob:blob:https://a/", "null"),
        ("blob:", "null"),
        ("file:///x", "null"),
        ("data:,x", "null"),
        ("about:blank", "null"),
        ("javascript:0", "null"),
        ("foo://a/", "null"),
    ],
)
def test_origin(text: str, origin: str) -> None:
    assert url(text).origin.serialize() == origin
    assert isinstance(url(text).origin, OpaqueOrigin) is (origin == "null")


def test_an_opaque_origin_stays_with_its_url() -> None:
    one, other = url("data:,x"), url("data:,x")
    assert one == other
    assert one.origin is one.origin
    assert one.origin != other.origin


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("https://example.com/", "domain"),
        ("https://example.com./", "domain"),
        ("http://127.example1/", "domain"),
        ("http://1/", "ipv4"),
        ("http://127.0.0.1./", "ipv4"),
        ("http://[::1]/", "ipv6"),
        ("foo://[::1]/", "ipv6"),
        ("foo://1.2.3.4/", "opaque"),
        ("foo://a/", "opaque"),
        ("foo:///a", "empty"),
        ("foo:/a", "empty"),
        ("file:///a", "empty"),
        ("file://a/b", "domain"),
        ("data:,x", "empty"),
    ],
)
def test_host_kind(text: str, kind: HostKind) -> None:
    assert url(text).host_kind == kind


def test_predicates() -> None:
    assert [url(t).includes_credentials for t in ("https://a", "https://@a", "https://u@a", "https://:p@a")] == [
        False,
        False,
        True,
        True,
    ]
    assert [t for t in ("about:blank", "blob:x", "data:,", "file:///", "http://a") if url(t).is_local] == [
        "about:blank",
        "blob:x",
        "data:,",
    ]
    assert [t for t in ("http://a", "https://a", "ws://a", "file:///", "data:,") if url(t).is_http_family] == [
        "http://a",
        "https://a",
    ]


def test_serialize() -> None:
    parsed = url("https://a/b?c#d")
    assert parsed.serialize() == str(parsed) == parsed.href == "https://a/b?c#d"
    assert parsed.serialize(exclude_fragment=True) == "https://a/b?c"
    assert repr(parsed) == "parse_url('https://a/b?c#d')"


@pytest.mark.parametrize(
    ("text", "fragment", "href"),
    [
        ("https://a/#x", None, "https://a/"),
        ("https://a/#x", "", "https://a/#"),
        ("https://a/", "y", "https://a/#y"),
        ("https://a/#x", "y z", "https://a/#y%20z"),
        ("https://a/?q", "a#b", "https://a/?q#a#b"),
        ("data:,a", "b", "data:,a#b"),
    ],
)
def test_with_fragment(text: str, fragment: str | None, href: str) -> None:
    changed = url(text).with_fragment(fragment)
    assert changed.href == href
    assert changed == url(href)


@pytest.mark.parametrize(
    ("text", "scheme", "href"),
    [
        ("http://a/b?c#d", "https", "https://a/b?c#d"),
        ("ws://u:p@a:81/", "wss", "wss://u:p@a:81/"),
        ("http://a:443/", "https", "https://a/"),
        ("http://a:8080/", "https", "https://a:8080/"),
    ],
)
def test_with_scheme(text: str, scheme: str, href: str) -> None:
    assert url(text).with_scheme(scheme).href == href


@pytest.mark.parametrize(("text", "scheme"), [("data:,x", "https"), ("https://a/", "data"), ("file:///a", "http")])
def test_with_scheme_refuses_what_no_upgrade_does(text: str, scheme: str) -> None:
    with pytest.raises(ValueError, match="cannot become"):
        url(text).with_scheme(scheme)


@pytest.mark.parametrize(
    ("text", "href"),
    [
        ("https://u:p@a:1/b?c@d#e@f", "https://a:1/b?c@d"),
        ("https://a/b@c", "https://a/b@c"),
        ("https://:p@a/#", "https://a/"),
        ("data:,x@y#z", "data:,x@y"),
    ],
)
def test_stripped(text: str, href: str) -> None:
    assert url(text).stripped().href == href
    assert url(text).stripped() == url(href)


def test_equality_is_of_the_serialization() -> None:
    assert url("HTTP://A:80") == url("http://a/")
    assert hash(url("HTTP://A:80")) == hash(url("http://a/"))
    assert url("http://a/") != url("http://a/#")
    assert url("http://a/") != "http://a/"


def test_frozen() -> None:
    with pytest.raises(AttributeError):
        url("http://a/").host = "b"  # type: ignore[misc]


PIECES = [
    "http:",
    "foo:",
    "file:",
    "data:",
    "//",
    "/",
    "/.",
    "..",
    "a",
    "@",
    ":",
    "?",
    "#",
    "[::1]",
    "\\",
    "%41",
    "1",
    "é",
    " ",
]


@settings(deadline=None)
@given(st.text() | st.lists(st.sampled_from(PIECES), max_size=9).map("".join))
@example("foo:/.//x")
def test_two_doors_one_answer(text: str) -> None:
    """Our parts, taken from the serialization, are the library's own; and nothing raises."""
    parsed = parse_url(text)
    if parsed is None:
        assert not ada_url.check_url(text)
        return
    theirs = ada_url.URL(text)
    assert parsed.href == theirs.href
    assert f"{parsed.scheme}:" == theirs.protocol
    assert (parsed.username, parsed.password) == (theirs.username, theirs.password)
    assert (parsed.host or "", "" if parsed.port is None else str(parsed.port)) == (theirs.hostname, theirs.port)
    assert parsed.path == theirs.pathname
    assert (f"?{parsed.query}" if parsed.query else "") == theirs.search
    assert (f"#{parsed.fragment}" if parsed.fragment else "") == theirs.hash
    assert parsed.stripped().includes_credentials is False
    assert parsed.with_fragment("f").with_fragment(None) == parsed.with_fragment(None)
    assert url(parsed.stripped().href) == parsed.stripped()
