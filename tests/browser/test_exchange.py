from __future__ import annotations

import time
from collections.abc import Sequence

import httpcore2
import pytest

from crossorigin.browser.exchange import Exchange
from crossorigin.browser.failures import ExchangeError, Phase
from crossorigin.browser.options import Resolve, TransportOptions

from .conftest import request


def exchange(url: str = "http://api.example/", **options: float) -> Exchange:
    return Exchange(request(url), TransportOptions(**options))  # type: ignore[arg-type]


def response(*headers: tuple[bytes, bytes], status: int = 200, version: bytes = b"HTTP/1.1") -> httpcore2.Response:
    return httpcore2.Response(status, headers=list(headers), extensions={"http_version": version})


@pytest.mark.parametrize(
    ("url", "host", "port", "header", "tls_name"),
    [
        ("http://api.example/", "api.example", 80, b"api.example", "api.example"),
        ("https://api.example:443/", "api.example", 443, b"api.example", "api.example"),
        ("https://api.example:80/", "api.example", 80, b"api.example:80", "api.example"),
        ("http://api.example:0/", "api.example", 0, b"api.example:0", "api.example"),
        ("http://[2001:DB8::1]:8080/", "2001:db8::1", 8080, b"[2001:db8::1]:8080", "2001:db8::1"),
        ("http://0x7f.1/", "127.0.0.1", 80, b"127.0.0.1", "127.0.0.1"),
        ("https://api.example./", "api.example.", 443, b"api.example.", "api.example"),
        ("http://bücher.example/", "xn--bcher-kva.example", 80, b"xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("http://user:secret@api.example/", "api.example", 80, b"api.example", "api.example"),
    ],
)
def test_where_it_goes(url: str, host: str, port: int, header: bytes, tls_name: str) -> None:
    going = exchange(url)
    assert (going.host, going.port, going.tls_name) == (host, port, tls_name)
    assert going.wire_request().headers == [(b"Host", header)]


def test_the_time_is_shared_between_addresses() -> None:
    going = exchange(timeout=30)
    shares = [seconds for _, seconds in going.attempts(("a", "b", "c"))]
    assert shares == pytest.approx([10, 15, 30], abs=0.5)
    assert going.phase is Phase.CONNECT
    assert going.peer == "api.example:80 (a, b, c)"


def test_no_time_left_is_an_error() -> None:
    going = Exchange(request("http://api.example/"), TransportOptions(timeout=1), started=time.monotonic() - 2)
    with pytest.raises(TimeoutError):
        going.remaining()


@pytest.mark.parametrize("pieces", [[b"HTTP/1.1 200"], [b"H", b"TT", b"P/1.1"], [b"", b"HTTP/"]])
def test_what_begins_like_http_passes(pieces: Sequence[bytes]) -> None:
    going = exchange()
    for piece in pieces:
        going.saw(piece)
    assert going.received == len(b"".join(pieces))


@pytest.mark.parametrize("pieces", [[b"h"], [b"HT", b"ML"], [b"\x16\x03\x01"], [b"HTTP 1"]])
def test_what_does_not_is_told_at_once(pieces: Sequence[bytes]) -> None:
    going = exchange()
    *before, last = pieces
    for piece in before:
        going.saw(piece)
    with pytest.raises(ExchangeError, match="did not answer in HTTP"):
        going.saw(last)


@pytest.mark.parametrize("status", [0, 101, 199, 1000, 20000])
def test_a_status_that_http_does_not_have(status: int) -> None:
    with pytest.raises(ExchangeError, match=f"the status {status}"):
        exchange().start(response(status=status))


@pytest.mark.parametrize(
    ("headers", "length"),
    [
        ([], None),
        ([(b"content-LENGTH", b"12")], 12),
        ([(b"Content-Length", b"1x")], None),
        ([(b"Content-Length", b"")], None),
    ],
)
def test_announced_length(headers: list[tuple[bytes, bytes]], length: int | None) -> None:
    going = exchange()
    assert going.announced_length is None
    going.start(response(*headers))
    assert going.announced_length == length


def test_the_body_stops_at_the_limit() -> None:
    going = exchange(max_body=4)
    going.start(response())
    going.add(b"abc")
    with pytest.raises(ExchangeError, match="longer than the limit of 4 bytes"):
        going.add(b"def")
    assert going.response().body == b"abcd"


def test_there_is_no_response_before_its_head() -> None:
    with pytest.raises(RuntimeError, match="before its head"):
        exchange().response()


def test_restarting_forgets_all_but_the_clock() -> None:
    going = exchange()
    fresh = Exchange(going.request, going.options, going.started)
    list(going.attempts(("a",)))
    going.saw(b"HTTP/1.1 200")
    going.start(response())
    going.add(b"body")
    going.failure(httpcore2.ConnectionNotAvailable())
    assert going.unprocessed
    going.restart()
    assert {name: getattr(going, name) for name in Exchange.__slots__} == {
        name: getattr(fresh, name) for name in Exchange.__slots__
    }


def test_where_the_options_lead() -> None:
    options = TransportOptions(
        resolve=(
            Resolve("a.test", 443, "127.0.0.1", to_port=8000),
            Resolve("b.test", 443, "127.0.0.1", to_port=8001, plain=True),
        )
    )
    led = Exchange(request("https://a.test/"), options)
    assert (led.port, led.dialled_port, led.uses_tls) == (443, 8000, True)
    plain = Exchange(request("https://b.test/"), options)
    assert (plain.port, plain.dialled_port, plain.uses_tls) == (443, 8001, False)
    other = Exchange(request("https://b.test:8443/"), options)
    assert (other.dialled_port, other.uses_tls) == (8443, True)
    assert not Exchange(request("http://a.test/"), options).uses_tls


def test_101_is_final_for_who_asked_to_switch() -> None:
    switching = Exchange(request("http://a.test/", ("Upgrade", "websocket")), TransportOptions())
    switching.start(response(status=101))
    assert switching.response().status == 101
