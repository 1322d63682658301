from __future__ import annotations

import socket
from collections.abc import Callable

import pytest

from crossorigin.browser.lookup import known_addresses, look_up
from crossorigin.browser.options import Resolve


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", ("127.0.0.1",)),
        ("::1", ("::1",)),
        ("api.example", ("192.0.2.1", "192.0.2.2")),
        ("other.example", ()),
    ],
)
def test_overrides_and_literals_need_no_resolver(host: str, expected: tuple[str, ...]) -> None:
    overrides = (Resolve("API.example", 80, "192.0.2.1"), Resolve("api.example", 80, "192.0.2.2"))
    assert known_addresses(host, 80, overrides) == expected


@pytest.mark.parametrize("host", ["localhost", "app.localhost", "a.b.localhost", "app.localhost."])
def test_names_below_localhost_are_loopback(host: str) -> None:
    assert set(look_up(host, 80).result(5)) <= {"127.0.0.1", "::1"}


@pytest.mark.parametrize("host", ["nowhere.invalid", "a..b", "x" * 70 + ".invalid"])
def test_what_is_not_found_raises_one_class_of_error(host: str) -> None:
    with pytest.raises(socket.gaierror):
        look_up(host, 80).result(5)


def _answering(*answers: tuple[int, tuple[object, ...]]) -> Callable[..., list[tuple[object, ...]]]:
    return lambda *_, **__: [(family, socket.SOCK_STREAM, 6, "", sockaddr) for family, sockaddr in answers]


def test_addresses_come_once_each_and_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [
        (socket.AF_INET6, ("2001:db8::1", 80, 0, 0)),
        (socket.AF_INET, ("192.0.2.1", 80)),
        (socket.AF_INET, ("192.0.2.1", 80)),
        (socket.AF_INET6, ("fe80::1", 80, 0, 3)),
    ]
    monkeypatch.setattr(socket, "getaddrinfo", _answering(*answers))
    assert look_up("many.example", 80).result(5) == ("2001:db8::1", "192.0.2.1", "fe80::1%3")


def test_an_error_nobody_thought_of_is_raised_and_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(socket, "getaddrinfo", broken)
    with pytest.raises(ZeroDivisionError):
        look_up("any.example", 80).result(5)


def test_nobody_can_cancel_it_under_the_thread() -> None:
    future = look_up("localhost", 80)
    assert not future.cancel()
    future.result(5)
