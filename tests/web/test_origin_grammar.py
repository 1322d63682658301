"""The ABNF of https://fetch.spec.whatwg.org/#origin-header, alternative by alternative."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossorigin.web.origin_grammar import IPV4, IPV6, MAX_ORIGIN_LENGTH, is_origin_or_null, is_serialized_origin


@pytest.mark.parametrize(
    "value",
    [
        b"https://example.com",
        b"http://a",
        b"http://localhost:3000",
        b"chrome-extension://aapbdbdomjkkjkaonfhkkikfgjllcleb",
        b"a+b-c.9://x",
        b"http://1.2.3.4",
        b"http://[::1]:8080",
        b"http://a-b--c.d9",
        # What the ABNF admits and no browser sends: parse_origin refuses them.
        b"https://a:443",
        b"https://a:99999",
        b"https://a:00001",
        b"http://1.2.3",
        b"http://[1:0:0:0:0:0:0:1]",
    ],
)
def test_serialized_origins(value: bytes) -> None:
    assert is_serialized_origin(value)
    assert is_origin_or_null(value)


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"*",
        b"NULL",
        b"Null",
        b"example.com",
        b"//example.com",
        b"https:example.com",
        b"https:///",
        b"https://",
        b"https://example.com/",
        b"https://example.com?",
        b"https://example.com#",
        b"https://user@example.com",
        b"HTTPS://example.com",
        b"https://Example.com",
        b"https://b\xc3\xbccher.example",
        b"https://a_b",
        b"https://*.example.com",
        b"https://example.com.",
        b"https://a..b",
        b"https://-a",
        b"https://a-",
        b"https://a:",
        b"https://a:123456",
        b"https://a:x",
        b"9a://x",
        b"+a://x",
        b"https://[::1",
        b"https://::1",
        b"https://[::1]x",
        b" https://a",
        b"https://a ",
        b"https://a\n",
        b"https://a, https://b",
    ],
)
def test_not_serialized_origins(value: bytes) -> None:
    assert not is_serialized_origin(value)
    assert not is_origin_or_null(value)


def test_null_is_an_origin_or_null_alone() -> None:
    assert is_origin_or_null(b"null")
    assert not is_serialized_origin(b"null")


@pytest.mark.parametrize("octet", [*range(256)])
def test_every_octet(octet: int) -> None:
    assert IPV4.fullmatch(f"{octet}.0.255.{octet}")


@pytest.mark.parametrize("address", ["256.0.0.1", "01.2.3.4", "1.2.3.00", "1.2.3", "1.2.3.4.5", "1.2.3.", "0x1.2.3.4"])
def test_not_ipv4(address: str) -> None:
    assert not IPV4.fullmatch(address)


@pytest.mark.parametrize(
    "address",
    [
        "1:2:3:4:5:6:7:8",
        "::3:4:5:6:7:8",
        "1::4:5:6:7:8",
        "::4:5:6:7:8",
        "1:2::5:6:7:8",
        "::5:6:7:8",
        "1:2:3::6:7:8",
        "1:2:3:4::7:8",
        "1:2:3:4:5::8",
        "1:2:3:4:5:6::",
        "::8",
        "::",
        "1::",
        "abcd:ef01:0:9::ffff",
    ],
)
def test_ipv6(address: str) -> None:
    assert IPV6.fullmatch(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        ":",
        "1",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "::2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7::",
        "1::3::5",
        ":::",
        "1:2:3:4:5:6:7:",
        ":2:3:4:5:6:7:8",
        "01::",
        "::00",
        "ABCD::",
        "12345::",
        "::1.2.3.4",
        "fe80::1%eth0",
        "::g",
    ],
)
def test_not_ipv6(address: str) -> None:
    assert not IPV6.fullmatch(address)


def test_the_longest() -> None:
    host = b".".join([b"a" * 62] * 4) + b"b"
    longest = b"%b://%b:65535" % (b"s" * 64, host)
    assert len(host) == 252
    assert len(longest) == MAX_ORIGIN_LENGTH - 1
    assert is_serialized_origin(b"s" + longest)
    assert not is_serialized_origin(b"ss" + longest)


@given(st.binary() | st.text(alphabet="a-.:/[]0").map(lambda text: b"http://" + text.encode()))
def test_never_an_exception(value: bytes) -> None:
    assert is_origin_or_null(value) is is_serialized_origin(value) or value == b"null"


@pytest.mark.parametrize("value", [b"http://" + b"a-" * 5_000_000, b"http://" + b"a." * 5_000_000, b"a" * 10_000_000])
def test_a_hostile_value_is_not_even_read(value: bytes) -> None:
    assert not is_serialized_origin(value)
