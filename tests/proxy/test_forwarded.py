"""What a target is told about who asked."""

from __future__ import annotations

import pytest

from crossorigin.proxy.forwarded import FORWARDED_NAMES, Forwarded, ForwardedMode
from crossorigin.proxy.plan import Client

from .front_messages import CLIENT, TLS_CLIENT, asked

X = ["X-Forwarded-For: 127.0.0.1", "X-Forwarded-Proto: http", "X-Forwarded-Host: localhost:3000"]
PORT = "X-Forwarded-Port: 3000"
RFC = 'Forwarded: for=127.0.0.1;proto=http;host="localhost:3000"'


def lines(headers: list[tuple[bytes, bytes]]) -> list[str]:
    return [f"{name.decode()}: {value.decode()}" for name, value in headers]


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("x-forwarded", [*X, PORT]), ("forwarded", [RFC]), ("both", [*X, PORT, RFC]), ("none", [])],
)
def test_modes(mode: ForwardedMode, expected: list[str]) -> None:
    assert lines(Forwarded(mode).headers(asked(), CLIENT)) == expected


@pytest.mark.parametrize("mode", ["x-forwarded", "forwarded", "both", "none"])
def test_what_a_client_says_of_itself_is_replaced(mode: ForwardedMode) -> None:
    forwarded = Forwarded(mode)
    assert forwarded.replaced == FORWARDED_NAMES
    made = forwarded.headers(asked("/", "X-Forwarded-For: 10.0.0.1", "Forwarded: for=10.0.0.1"), CLIENT)
    assert "10.0.0.1" not in "".join(lines(made))


def test_a_trusted_proxy_is_added_to() -> None:
    head = asked("/", "X-Forwarded-For: 203.0.113.7", "X-Forwarded-Proto: https", "Forwarded: for=203.0.113.7")
    forwarded = Forwarded("both", trusts=True)
    assert lines(forwarded.headers(head, CLIENT)) == [
        "X-Forwarded-For: 203.0.113.7, 127.0.0.1",
        "X-Forwarded-Proto: https",
        "X-Forwarded-Host: localhost:3000",
        PORT,
        f"Forwarded: for=203.0.113.7, {RFC.removeprefix('Forwarded: ')}",
    ]
    assert b"x-real-ip" not in forwarded.replaced
    assert Forwarded("none", trusts=True).replaced == frozenset()


def test_a_trusted_client_that_says_nothing() -> None:
    assert lines(Forwarded(trusts=True).headers(asked(), CLIENT)) == [*X, PORT]


@pytest.mark.parametrize(
    ("host", "client", "expected"),
    [
        ("localhost", CLIENT, "80"),
        ("localhost", TLS_CLIENT, "443"),
        ("[::1]:3000", CLIENT, "3000"),
        ("[::1]", CLIENT, "80"),
        ("a.localhost:8443", TLS_CLIENT, "8443"),
    ],
)
def test_the_port_that_was_called(host: str, client: Client, expected: str) -> None:
    assert f"X-Forwarded-Port: {expected}" in lines(Forwarded().headers(asked(host=host), client))


def test_no_host() -> None:
    assert lines(Forwarded("both").headers(asked(host=None), CLIENT)) == [
        *X[:2],
        "X-Forwarded-Port: 80",
        "Forwarded: for=127.0.0.1;proto=http",
    ]


def test_ipv6_is_quoted() -> None:
    """RFC 7239, section 6."""
    made = Forwarded("both").headers(asked(host="[::1]:3000"), Client("::1", 1))
    assert lines(made)[0] == "X-Forwarded-For: ::1"
    assert lines(made)[-1] == 'Forwarded: for="[::1]";proto=http;host="[::1]:3000"'


def test_another_client_gets_its_own() -> None:
    forwarded = Forwarded()
    for number in range(600):
        made = forwarded.headers(asked(), Client(f"10.0.{number // 256}.{number % 256}", 1))
        assert made[0][1] == b"10.0.%d.%d" % divmod(number, 256)
