"""What is wrong with an origin that somebody wrote, and where."""

from __future__ import annotations

import ipaddress
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossorigin.web.origin_syntax import DEFAULT_PORTS, OriginSyntaxError, split_origin
from crossorigin.web.url import parse_url

FAULTS = [
    # Text, reason, position.
    ("", "empty", 0),
    (" ", "whitespace", 0),
    (" https://a", "whitespace", 0),
    ("https://a ", "whitespace", 9),
    ("https://a\n", "whitespace", 9),
    ("https:// a", "whitespace", 8),
    ("exam ple.com", "whitespace", 4),
    ("https://a, https://b", "several-origins", 11),
    ("https://a https://b", "several-origins", 10),
    ("https://a,https://b", "several-origins", 10),
    ("https://a|https://b", "several-origins", 10),
    ("https://a, null", "several-origins", 11),
    ("null, https://a", "several-origins", 6),
    ("null, null", "several-origins", 6),
    ("https://a,b", "bad-host", 9),
    ("https://a;b", "bad-host", 9),
    ("example.com", "missing-scheme", 0),
    ("localhost:3000", "missing-scheme", 0),
    ("//example.com", "missing-scheme", 0),
    ("://example.com", "missing-scheme", 0),
    ("https:/example.com", "missing-scheme", 0),
    ("https", "missing-scheme", 0),
    ("NULL", "upper-case", 0),
    ("*", "wildcard", 0),
    ("*.example.com", "wildcard", 0),
    ("https://*", "wildcard", 8),
    ("https://*.example.com", "wildcard", 8),
    ("*://example.com", "wildcard", 0),
    ("http://localhost:*", "wildcard", 17),
    ("HTTPS://a", "upper-case", 0),
    ("httpS://a", "upper-case", 4),
    ("https://exAmple.com", "upper-case", 10),
    ("http://[::A]", "upper-case", 10),
    ("1a://b", "bad-scheme", 0),
    ("ht_tp://b", "bad-scheme", 2),
    ("hütte://b", "bad-scheme", 1),
    ("https://user@a", "userinfo", 8),
    ("https://user:pass@a:1/", "userinfo", 8),
    ("https://@a", "userinfo", 8),
    ("https://", "bad-host", 8),
    ("https:///a", "bad-host", 8),
    ("https://:443", "bad-host", 8),
    ("https://bücher.example", "unicode-host", 9),
    ("https://a_b", "bad-host", 9),
    ("https://a%41", "bad-host", 9),
    ("https://a..b", "bad-host", 10),
    ("https://.a", "bad-host", 8),
    ("https://a.", "bad-host", 10),
    ("https://a.-b", "bad-host", 10),
    ("https://a-.b", "bad-host", 8),
    ("http://1.2.3", "bad-ipv4", 7),
    ("http://1.2.3.4.5", "bad-ipv4", 7),
    ("http://1.2.3.256", "bad-ipv4", 7),
    ("http://01.2.3.4", "bad-ipv4", 7),
    ("http://123", "bad-ipv4", 7),
    ("http://a.1", "bad-ipv4", 7),
    ("http://0x7f.1", "bad-ipv4", 7),
    ("http://a.0x1f", "bad-ipv4", 7),
    ("http://a.0x", "bad-ipv4", 7),
    ("http://::1", "bad-ipv6", 7),
    ("http://[::1", "bad-ipv6", 7),
    ("http://[]", "bad-ipv6", 8),
    ("http://[1:2]", "bad-ipv6", 8),
    ("http://[0:0:0:0:0:0:0:1]", "bad-ipv6", 8),
    ("http://[1:0:0:2:0:0:0:3]", "bad-ipv6", 8),
    ("http://[1::2:0:0:0:3]", "bad-ipv6", 8),
    ("http://[1:0:0:2:3::4]", "bad-ipv6", 8),
    ("http://[0:0::1]", "bad-ipv6", 8),
    ("http://[::127.0.0.1]", "bad-ipv6", 8),
    ("http://[fe80::1%25en0]", "bad-ipv6", 8),
    ("http://[::1]x", "bad-port", 12),
    ("https://a:", "bad-port", 9),
    ("https://a:x", "bad-port", 9),
    ("https://a:+1", "bad-port", 9),
    ("https://a:01", "bad-port", 9),
    ("https://a:65536", "bad-port", 9),
    ("https://a:123456", "bad-port", 9),
    ("https://a:٣", "bad-port", 9),
    ("https://a:443", "default-port", 9),
    ("http://a:80", "default-port", 8),
    ("ws://a:80", "default-port", 6),
    ("wss://a:443", "default-port", 7),
    ("ftp://a:21", "default-port", 7),
    ("https://a/", "trailing-slash", 9),
    ("https://a:1/", "trailing-slash", 11),
    ("https://a/b", "path", 9),
    ("https://a//", "path", 9),
    ("https://a\\", "path", 9),
    ("https://a/x y", "path", 9),
    ("https://proxy.example/https://a", "path", 21),
    ("https://a?", "query", 9),
    ("https://a#b", "fragment", 9),
    ("http://" + "a" * 400, "too-long", 326),
]


@pytest.mark.parametrize(("text", "reason", "position"), FAULTS, ids=lambda value: str(value)[:30])
def test_faults(text: str, reason: str, position: int) -> None:
    with pytest.raises(OriginSyntaxError) as caught:
        split_origin(text)
    error = caught.value
    assert (error.reason, error.position, error.text) == (reason, position, text)
    assert str(error).endswith(f"is not an origin: {error.sentence}")
    assert len(str(error)) < 300
    assert 0 <= error.position <= len(text)


def test_every_reason_has_a_case() -> None:
    from crossorigin.web.origin_syntax import OriginFault

    assert {reason for _, reason, _ in FAULTS} == {fault.value for fault in OriginFault}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("https://a/", "'https://a/' is not an origin: it ends with a slash; leave the slash out"),
        ("https://*", "'https://*' is not an origin: it has a '*' at position 8; an origin is exact"),
        (
            "a.example",
            "'a.example' is not an origin: it has no scheme; write it out, as in 'https://example.com'",
        ),
    ],
)
def test_the_sentence_names_the_way_out(text: str, sentence: str) -> None:
    with pytest.raises(OriginSyntaxError) as caught:
        split_origin(text)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("https://example.com", ("https", "example.com", None)),
        ("http://localhost:3000", ("http", "localhost", 3000)),
        ("https://a:80", ("https", "a", 80)),
        ("http://a:0", ("http", "a", 0)),
        ("http://a:65535", ("http", "a", 65535)),
        ("http://127.0.0.1:8000", ("http", "127.0.0.1", 8000)),
        ("http://[::1]:8080", ("http", "[::1]", 8080)),
        ("http://[2001:db8::ff00:42:8329]", ("http", "[2001:db8::ff00:42:8329]", None)),
        ("http://[1:0:2:0:3:0:4:0]", ("http", "[1:0:2:0:3:0:4:0]", None)),
        ("http://[1::2:0:0:3]", ("http", "[1::2:0:0:3]", None)),
        ("http://a.b1", ("http", "a.b1", None)),
        ("http://1.a", ("http", "1.a", None)),
        ("https://xn--bcher-kva.example", ("https", "xn--bcher-kva.example", None)),
        (
            "moz-extension://6f39cb42-4bd0-4e1a-9a5a-1f2a0b0d2b6a",
            ("moz-extension", "6f39cb42-4bd0-4e1a-9a5a-1f2a0b0d2b6a", None),
        ),
        ("capacitor://localhost", ("capacitor", "localhost", None)),
    ],
)
def test_split(text: str, parts: tuple[str, str, int | None]) -> None:
    assert split_origin(text) == parts


def test_the_error_survives_pickling() -> None:
    # pytest-xdist and process pools send exceptions so.
    with pytest.raises(OriginSyntaxError) as caught:
        split_origin("https://a/")
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.position, again.reason) == (str(caught.value), 9, "trailing-slash")


@settings(deadline=None)
@given(st.integers(0, 2**128 - 1) | st.lists(st.sampled_from([0, 0, 0, 1]), min_size=8, max_size=8))
def test_ipv6_two_doors_one_answer(number: int | list[int]) -> None:
    """What the URL parser writes is accepted, and the long form only where it is the same."""
    if isinstance(number, list):
        number = int("".join(f"{piece:04x}" for piece in number), 16)
    exploded = ":".join(f"{int(piece, 16):x}" for piece in ipaddress.IPv6Address(number).exploded.split(":"))
    url = parse_url(f"http://[{exploded}]")
    assert url is not None
    assert url.host is not None
    assert split_origin(f"http://{url.host}") == ("http", url.host, None)
    if url.host != f"[{exploded}]":
        with pytest.raises(OriginSyntaxError):
            split_origin(f"http://[{exploded}]")


PIECES = st.sampled_from(
    ["http", "https", "://", "/", ":", "a", "-", ".", "1", "0", "[", "]", "::", "@", "é", " ", "*", "null"]
)


@settings(deadline=None)
@given(st.text() | st.lists(PIECES, max_size=9).map("".join))
def test_never_another_exception(text: str) -> None:
    fault: OriginSyntaxError | None = None
    try:
        scheme, host, port = split_origin(text)
    except OriginSyntaxError as error:
        fault = error
    else:
        assert text == f"{scheme}://{host}" + ("" if port is None else f":{port}")
    assert fault is None or 0 <= fault.position <= len(text)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=7).map(lambda pieces: "http://" + "".join(pieces)))
def test_the_url_parser_agrees(text: str) -> None:
    """What is accepted under http is exactly what the URL parser makes of it again."""
    try:
        split_origin(text)
    except OriginSyntaxError:
        return
    url = parse_url(text)
    assert url is not None
    assert url.origin.serialize() == text


def test_default_ports() -> None:
    assert DEFAULT_PORTS == {"ftp": 21, "http": 80, "https": 443, "ws": 80, "wss": 443}
