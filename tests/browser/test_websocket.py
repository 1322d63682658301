from __future__ import annotations

import pytest

from crossorigin.browser import Browser
from crossorigin.browser.websocket import Handshake
from crossorigin.fetch.response import InternalResponse
from crossorigin.web.headers import HeaderList

from .applications import ALLOW, API, PAGE, answers, url

GOOD = [("Upgrade", "WebSocket"), ("Connection", "keep-alive, Upgrade"), ("Sec-WebSocket-Accept", "fits")]


def handshake(*headers: tuple[str, str], status: int = 101, asked: tuple[str, ...] = ()) -> Handshake:
    with Browser({API: answers(ALLOW)}) as browser:
        result = browser.page(PAGE).fetch(API).result
    answer = InternalResponse((url(API),), status, HeaderList.of(*headers), b"")
    return Handshake(result, answer, asked, b"fits")


def test_accepted() -> None:
    shaken = handshake(*GOOD, ("Sec-WebSocket-Protocol", "chat"), asked=("chat", "soap"))
    assert shaken.accepted
    assert bool(shaken)
    assert shaken.protocol == "chat"
    assert shaken.headers["upgrade"] == "WebSocket"
    assert shaken.steps
    assert shaken.exchange.request.method == b"GET"
    assert repr(shaken) == "<Handshake accepted, status 101>"
    assert handshake(*GOOD).protocol == ""


@pytest.mark.parametrize(
    ("made", "refusal"),
    [
        (handshake(status=403), "the status 403, not 101"),
        (handshake(*GOOD[1:]), "no Upgrade"),
        (handshake(GOOD[0], GOOD[2]), "no Connection"),
        (handshake(*GOOD[:2]), "does not fit"),
        (handshake(*GOOD, ("Sec-WebSocket-Protocol", "chat")), "not offered"),
        (handshake(*GOOD, ("Sec-WebSocket-Protocol", "x"), asked=("chat",)), "not offered"),
        (handshake(*GOOD, asked=("chat",)), "chose none"),
    ],
)
def test_refused(made: Handshake, refusal: str) -> None:
    assert refusal in str(made.refusal)
    assert not made.accepted
    assert repr(made).startswith("<Handshake refused")
