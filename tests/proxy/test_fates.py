"""Which header fields go on."""

from __future__ import annotations

import pytest

from crossorigin.proxy.fates import Fates

OUTWARD = {
    "Accept": True,
    "AUTHORIZATION": True,
    "Content-Type": True,
    "X-Api-Key": True,
    "X-Forward": True,
    "Sec-CH-UA": True,
    "Sec-WebSocket-Key": True,
    "Host": False,
    "origin": False,
    "Referer": False,
    "Forwarded": False,
    "Via": False,
    "X-Forwarded-For": False,
    "x-forwarded-anything": False,
    "X-Real-IP": False,
    "Sec-Fetch-Site": False,
    "Access-Control-Request-Method": False,
    "Access-Control-Request-Private-Network": False,
    "Cookie": False,
}
INWARD = {
    "Content-Type": True,
    "ETag": True,
    "Vary": True,
    "Content-Security-Policy": True,
    "Timing-Allow-Origin": True,
    "Access-Control-Allow-Origin": False,
    "access-control-expose-headers": False,
    "Access-Control-Allow-Private-Network": False,
    "Strict-Transport-Security": False,
    "Clear-Site-Data": False,
    "Alt-Svc": False,
    "Set-Cookie": False,
}


@pytest.mark.parametrize(("name", "goes"), OUTWARD.items())
def test_of_requests(name: str, goes: bool) -> None:
    fates = Fates.of_requests(b"cookie")
    assert [fates[name.encode()], fates[name.encode()]] == [goes, goes]


@pytest.mark.parametrize(("name", "goes"), INWARD.items())
def test_of_responses(name: str, goes: bool) -> None:
    assert Fates.of_responses(b"set-cookie")[name.encode()] is goes


def test_names_that_go_after_all() -> None:
    fates = Fates.of_requests(goes=frozenset({b"origin"}), prefix=b"x-forwarded-")
    assert fates[b"Origin"]
    assert fates[b"Sec-Fetch-Mode"]
    assert not fates[b"X-Forwarded-For"]


def test_what_is_remembered_is_bounded() -> None:
    fates = Fates.of_requests()
    for number in range(2000):
        assert fates[b"x-%d" % number]
    assert not fates[b"Forwarded"]
    assert len(fates) == 512
    assert fates[b"y" * 65]
    assert b"y" * 65 not in fates
