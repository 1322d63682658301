"""Listening: where, with which words when that cannot be, and an end that leaves nothing behind."""

from __future__ import annotations

import asyncio
import http.client
import socket
import ssl
from pathlib import Path

import pytest
import trustme
from tests.proxy.net import Peer, PlainFront, answering, backend, until

from crossorigin.proxy.server import ListenError, ProxyServer, run

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def body_of(host: str, port: int) -> bytes:
    client = http.client.HTTPConnection(host, port, timeout=20)
    try:
        client.request("GET", "/")
        return client.getresponse().read()
    finally:
        client.close()


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


class TestListening:
    def test_localhost_is_both_loopback_addresses(self) -> None:
        with backend(answering(OK)) as behind, ProxyServer(PlainFront(behind.url), port=0).in_thread() as server:
            assert server.url == f"http://localhost:{server.port}"
            assert body_of("127.0.0.1", server.port) == b"ok"
            if has_ipv6():
                assert body_of("::1", server.port) == b"ok"

    def test_and_nothing_else(self) -> None:
        with ProxyServer(PlainFront("http://127.0.0.1:9"), port=0).in_thread() as server:
            for address in {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}:
                if not str(address).startswith("127."):
                    with pytest.raises(OSError):  # noqa: PT011 - whichever it is
                        socket.create_connection((str(address), server.port), timeout=5).close()

    def test_in_a_loop(self) -> None:
        async def main() -> None:
            async with ProxyServer(PlainFront(behind.url), host="127.0.0.1", port=0) as server:
                reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
                writer.write(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                assert (await reader.read()).endswith(b"ok")
                writer.close()
                await writer.wait_closed()

        with backend(answering(OK)) as behind:
            asyncio.run(main())
            run(main())

    @pytest.mark.parametrize(
        ("host", "sentence"),
        [
            ("127.0.0.1", "port {} of 127.0.0.1 is taken: end what listens there, or choose another port"),
            ("192.0.2.1", "192.0.2.1 is no address of this machine"),
        ],
    )
    def test_where_it_cannot(self, host: str, sentence: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            with (
                pytest.raises(ListenError) as caught,
                ProxyServer(PlainFront("http://a"), host=host, port=port).in_thread(),
            ):
                pass
            assert str(caught.value) == sentence.format(port)

    def test_https(self, tmp_path: Path) -> None:
        authority = trustme.CA()
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert("localhost").configure_cert(context)
        trusting = ssl.create_default_context()
        authority.configure_trust(trusting)
        with (
            backend(answering(OK)) as behind,
            ProxyServer(PlainFront(behind.url), port=0, tls=context).in_thread() as server,
        ):
            assert server.url == f"https://localhost:{server.port}"
            client = http.client.HTTPSConnection("localhost", server.port, timeout=20, context=trusting)
            client.request("GET", "/")
            assert client.getresponse().read() == b"ok"
            client.close()


class TestTheEnd:
    def test_connections_end_with_it(self) -> None:
        with backend(answering(OK)) as behind:
            with ProxyServer(PlainFront(behind.url), port=0).in_thread() as server:
                peer = Peer(socket.create_connection(("127.0.0.1", server.port)))
                peer.send(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                peer.head()
                assert peer.exactly(2) == b"ok"
            assert peer.all() == b""
            peer.close()
            until(lambda: behind.peers[0].sock.fileno() == -1, "the backend's connection to end")

    @pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="this machine has no /proc to count in")
    def test_no_descriptor_is_left(self) -> None:
        """jupyterhub/configurable-http-proxy#434: sockets leaked."""
        with backend(answering(OK)) as behind:
            before = descriptors()
            with ProxyServer(PlainFront(behind.url), port=0).in_thread() as server:
                for _ in range(100):
                    body_of("127.0.0.1", server.port)
            until(lambda: behind.peers[0].sock.fileno() == -1, "the backend to close")
            until(lambda: descriptors() <= before, "the descriptors to return")
