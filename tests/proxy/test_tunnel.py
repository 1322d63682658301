"""Upgrades: from the 101 on, bytes go both ways until one side ends."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest
from tests.proxy.net import Peer, answering, ask, backend, connect, proxy, records_of, until

pytestmark = pytest.mark.usefixtures("both_loops")

UPGRADE = b"GET /ws HTTP/1.1\r\nHost: p\r\nConnection: Upgrade\r\nUpgrade: %b\r\nSec-WebSocket-Key: x\r\n\r\n"
SWITCH = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: %b\r\nX-Told: 1\r\n\r\n"


def echo(peer: Peer) -> None:
    head = peer.head()
    protocol = head.partition(b"Upgrade: ")[2].rpartition(b"Upgrade: ")[2].partition(b"\r\n")[0]
    peer.send(SWITCH % protocol + b"first")
    while peer.buffer or peer.more():
        data, peer.buffer = peer.buffer, b""
        peer.send(data.upper())


@pytest.mark.parametrize("protocol", [b"websocket", b"tcp", b"custom/2"])
def test_any_protocol(protocol: bytes) -> None:
    with backend(echo) as behind, proxy(behind.url) as server:
        peer = connect(server)
        # As the very first request of a connection (chimurai/http-proxy-middleware#112), and with bytes sent ahead.
        peer.send(UPGRADE % protocol + b"ahead ")
        head = peer.head()
        assert head.startswith(b"HTTP/1.1 101 Switching Protocols\r\n")
        assert b"\r\nConnection: Upgrade\r\nUpgrade: " + protocol + b"\r\n" in head
        assert b"X-Told: 1\r\n" in head
        assert peer.exactly(11) == b"firstAHEAD "
        peer.send(b"\0\xffbinary\r\n\r\n")
        assert peer.exactly(12) == b"\0\xffBINARY\r\n\r\n"
        peer.close()
        until(lambda: len(records_of(server)) == 1, "the record")
        (record,) = records_of(server)
        assert (record.status, record.is_upgrade, record.received, record.sent) == (101, True, 18, 18)


def test_a_refused_upgrade_is_an_answer() -> None:
    answer = b"HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno"
    with backend(answering(answer)) as behind, proxy(behind.url) as server:
        peer = connect(server)
        peer.send(UPGRADE % b"websocket")
        assert peer.head() == b"HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\n"
        assert peer.exactly(2) == b"no"
        # And the connection lives on.
        peer.send(b"GET / HTTP/1.1\r\nHost: p\r\n\r\n")
        assert peer.head().startswith(b"HTTP/1.1 403 No\r\n")
        peer.close()


def test_where_upgrades_are_not_handed_on() -> None:
    with (
        backend(answering(b"HTTP/1.1 426 Up\r\nContent-Length: 0\r\n\r\n")) as behind,
        proxy(behind.url, may_upgrade=False) as server,
    ):
        request = (UPGRADE % b"websocket").replace(b"Upgrade\r\n", b"Upgrade, close\r\n", 1)
        assert ask(server, request).startswith(b"HTTP/1.1 426 Up\r\n")
        assert b"upgrade" not in behind.seen.lower()


@pytest.mark.parametrize("how", ["close", "reset"])
def test_when_one_end_goes_so_does_the_other(how: str) -> None:
    """A WebSocket's error ends that WebSocket, and nothing else (vitejs/vite#2974, #12664)."""

    def serve(peer: Peer) -> None:
        peer.head()
        peer.send(SWITCH % b"websocket")
        if peer.more() and peer.buffer == b"go":
            peer.reset() if how == "reset" else peer.close()
            return
        with suppress(ConnectionResetError):
            peer.all()
        learned.set()

    learned = threading.Event()
    with backend(serve) as behind, proxy(behind.url) as server:
        # The backend goes.
        peer = connect(server)
        peer.send(UPGRADE % b"websocket")
        peer.head()
        peer.send(b"go")
        with suppress(ConnectionResetError):
            assert peer.all() == b""
        peer.close()
        # The client goes.
        peer = connect(server)
        peer.send(UPGRADE % b"websocket")
        peer.head()
        peer.send(b"stay")
        until(lambda: len(behind.peers) == 2 and behind.peers[1].seen.endswith(b"stay"), "the client's bytes")
        peer.reset() if how == "reset" else peer.close()
        assert learned.wait(20)
        # The proxy is as it was.
        until(lambda: len(records_of(server)) == 2, "both records")
        peer = connect(server)
        peer.send(UPGRADE % b"websocket")
        assert peer.head().startswith(b"HTTP/1.1 101 ")
        peer.close()


def test_one_that_reads_slowly_holds_the_other_back() -> None:
    """Neither side's bytes pile up in the proxy: what it is given is a few buffers, then its peer has to wait."""
    size = 64 * 1024 * 1024

    def serve(peer: Peer) -> None:
        peer.head()
        peer.send(SWITCH % b"websocket")
        peer.sock.settimeout(1.0)
        sent = 0
        try:
            while sent < size:
                sent += peer.sock.send(b"x" * 65536)
        except TimeoutError:
            pass
        stuck.append(sent)
        given_up.set()

    stuck: list[int] = []
    given_up = threading.Event()
    with backend(serve) as behind, proxy(behind.url) as server:
        peer = connect(server)
        peer.send(UPGRADE % b"websocket")
        peer.head()
        assert given_up.wait(20)
        assert stuck[0] < size / 2
        peer.close()
