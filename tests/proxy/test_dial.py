"""Connections: both families, patience with a restart, and sentences for what cannot be reached."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from pathlib import Path
from typing import Any

import pytest
import trustme
from tests.proxy.net import answering, ask, backend, proxy
from tests.proxy.test_server import has_ipv6

from crossorigin.proxy.dial import Dialer, DialError
from crossorigin.proxy.plan import Limits
from crossorigin.proxy.target import Target, parse_target
from crossorigin.proxy.upstream import UpstreamConnection

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
GET = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
AT_ONCE = Limits(connect=5.0, retry=0.0)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def failure_of(target: Target, limits: Limits = AT_ONCE) -> Any:
    async def dial() -> None:
        (await Dialer().dial(target, limits, UpstreamConnection)).abort()

    with pytest.raises(DialError) as caught:
        asyncio.run(dial())
    return caught.value.failure


class TestFamilies:
    """`localhost` is ::1 and 127.0.0.1, and a server listens on one of them (chimurai#705, vitejs/vite#23312)."""

    @pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
    def test_whichever_it_is(self, address: str) -> None:
        if address == "::1" and not has_ipv6():
            pytest.skip("this machine has no IPv6")
        family = socket.AF_INET6 if address == "::1" else socket.AF_INET
        with socket.create_server((address, 0), family=family) as listener:
            port = listener.getsockname()[1]

            async def dial() -> tuple[str, dict[Any, Any]]:
                dialer = Dialer()
                connection = await dialer.dial(parse_target(f"localhost:{port}"), AT_ONCE, UpstreamConnection)
                peer = connection.transport.get_extra_info("peername")[0]
                connection.abort()
                return peer, dialer._answered

            peer, answered = asyncio.run(dial())
            assert peer == address
            # And it is tried first the next time.
            assert answered == {("localhost", port): (family, address)}


class TestRestarts:
    def test_a_backend_that_is_being_restarted_is_waited_for(self) -> None:
        """The page that is reloaded while the backend is."""
        port = free_port()
        with proxy(f"http://127.0.0.1:{port}", Limits(retry=20.0)) as server:
            answers: list[bytes] = []
            asking = threading.Thread(target=lambda: answers.append(ask(server, GET)))
            asking.start()
            asking.join(0.5)
            assert not answers
            with socket.create_server(("127.0.0.1", port)) as listener:
                sock, _ = listener.accept()
                with sock:
                    sock.recv(65536)
                    sock.sendall(OK)
                    asking.join(20)
            assert answers[0].endswith(b"ok")

    def test_with_what_was_sent_meanwhile(self) -> None:
        port = free_port()
        with proxy(f"http://127.0.0.1:{port}", Limits(retry=20.0)) as server:
            body = b"x" * 100_000
            request = b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body)
            answers: list[bytes] = []
            asking = threading.Thread(target=lambda: answers.append(ask(server, request + body)))
            asking.start()
            asking.join(0.3)
            with socket.create_server(("127.0.0.1", port)) as listener:
                sock, _ = listener.accept()
                with sock:
                    seen = b""
                    while not seen.endswith(b"\r\n\r\n" + body):
                        seen += sock.recv(65536)
                    sock.sendall(OK)
                    asking.join(20)
            assert answers[0].endswith(b"ok")

    def test_a_client_that_leaves_meanwhile_is_forgotten(self) -> None:
        port = free_port()
        with proxy(f"http://127.0.0.1:{port}", Limits(retry=20.0)) as server:
            with socket.create_connection(("127.0.0.1", server.port)) as client:
                client.sendall(GET)
            with socket.create_server(("127.0.0.1", port)) as listener:
                listener.settimeout(0.5)
                with pytest.raises(TimeoutError):
                    listener.accept()


class TestFailures:
    def test_nothing_listens(self) -> None:
        port = free_port()
        failure = failure_of(parse_target(f"http://localhost:{port}"))
        assert (failure.status, failure.cause) == (502, "connection refused")
        assert failure.target == f"http://localhost:{port}"
        assert f"127.0.0.1:{port}" in failure.tried
        assert failure.advice.startswith("Nothing listens there. Start the server")

    def test_no_such_name(self) -> None:
        failure = failure_of(parse_target("http://nowhere.invalid"))
        assert failure.status == 502
        assert failure.cause.startswith("the name nowhere.invalid is not known")

    def test_nobody_answers(self) -> None:
        # A full backlog: connections are neither taken nor refused.
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen(0)
            port = listener.getsockname()[1]
            waiting = []
            for _ in range(4):
                sock = socket.socket()
                sock.setblocking(False)
                sock.connect_ex(("127.0.0.1", port))
                waiting.append(sock)
            failure = failure_of(parse_target(f"http://127.0.0.1:{port}"), Limits(connect=0.5, retry=0.0))
            for sock in waiting:
                sock.close()
        assert (failure.status, failure.cause) == (504, "no connection within 0.5 s")
        assert failure.tried == (f"127.0.0.1:{port}",)


class TestTLS:
    @pytest.fixture
    def authority(self) -> trustme.CA:
        return trustme.CA()

    def serving(self, authority: trustme.CA, name: str = "localhost") -> Any:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert(name).configure_cert(context)

        def serve(peer: Any) -> None:
            try:
                peer.sock = context.wrap_socket(peer.sock, server_side=True)
            except ssl.SSLError:
                return
            answering(OK)(peer)

        return backend(serve)

    def test_an_authority_that_is_named(self, authority: trustme.CA, tmp_path: Path) -> None:
        authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
        with self.serving(authority) as behind:
            target = parse_target(f"https://localhost:{behind.port}", ca=str(tmp_path / "ca.pem"))
            with proxy(target) as server:
                assert ask(server, GET).endswith(b"ok")

    def test_any_certificate(self, authority: trustme.CA) -> None:
        with (
            self.serving(authority, "elsewhere.example") as behind,
            proxy(parse_target(f"https://localhost:{behind.port}", verifies=False)) as server,
        ):
            assert ask(server, GET).endswith(b"ok")

    def test_one_that_nobody_knows(self, authority: trustme.CA) -> None:
        """vitejs/vite#564: the certificate's problem is named, and the way out."""
        with self.serving(authority) as behind:
            failure = failure_of(parse_target(f"https://localhost:{behind.port}"))
        assert failure.status == 502
        assert failure.cause == "its certificate is not trusted: unable to get local issuer certificate"
        assert "--ca FILE" in failure.advice

    def test_one_of_another_name(self, authority: trustme.CA, tmp_path: Path) -> None:
        authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
        with self.serving(authority, "elsewhere.example") as behind:
            failure = failure_of(parse_target(f"https://localhost:{behind.port}", ca=str(tmp_path / "ca.pem")))
        assert "localhost" in failure.cause
        assert "not trusted" in failure.cause

    def test_a_plain_server(self) -> None:
        with backend(answering(b"HTTP/1.1 400 No\r\nContent-Length: 0\r\n\r\n")) as behind:
            failure = failure_of(parse_target(f"https://localhost:{behind.port}"), Limits(connect=2.0, retry=0.0))
        assert failure.status in {502, 504}


class TestPublicOnly:
    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "169.254.169.254", "10.0.0.1", "::1"])
    def test_what_is_not_public_is_not_reached(self, host: str) -> None:
        failure = failure_of(Target("http", host, 80, only_public=True))
        assert failure.status == 403
        assert host in failure.cause
