"""Below HTTP: names, addresses, TLS and time, through either transport."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
import threading
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from crossorigin.browser.options import Resolve
from crossorigin.fetch.wire import TransportFailure, TransportFailureKind

from .conftest import Authority, Door, Peer, Serve, answering, once, request
from .test_transport import OK, failure, response


class TestNames:
    @pytest.mark.parametrize("host", ["nowhere.invalid", "a..b"])
    def test_a_name_that_is_not_there(self, door: Door, host: str) -> None:
        (answer,) = door(request(f"http://{host}/"), timeout=5)
        failed = failure(answer, TransportFailureKind.DNS)
        assert failed.detail.startswith(f"The name '{host}' ")

    def test_dns_that_gives_no_answer(self, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
        def again(*_: object, **__: object) -> None:
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

        monkeypatch.setattr(socket, "getaddrinfo", again)
        (answer,) = door(request("http://some.example/"), timeout=5)
        assert "DNS gave no answer" in failure(answer, TransportFailureKind.DNS).detail

    def test_dns_that_hangs(self, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
        over = threading.Event()
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(10) and [])
        (answer,) = door(request("http://some.example/"), timeout=0.3)
        over.set()
        assert "the name was still being looked up" in failure(answer, TransportFailureKind.TIMEOUT).detail
        assert door.seconds < 1.5

    def test_the_next_address_is_tried(self, serve: Serve, door: Door) -> None:
        server = serve(answering(OK), host="127.0.0.1")
        overrides = tuple(Resolve("two.example", server.port, address) for address in ("::1", "127.0.0.1"))
        (answer,) = door(request(f"http://two.example:{server.port}/"), resolve=overrides)
        assert response(answer).status == 200

    def test_all_addresses_that_were_tried_are_told(self, door: Door) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        overrides = tuple(Resolve("two.example", port, address) for address in ("::1", "127.0.0.1"))
        (answer,) = door(request(f"http://two.example:{port}/"), resolve=overrides)
        detail = failure(answer, TransportFailureKind.REFUSED).detail
        assert detail.startswith(f"two.example:{port} (::1, 127.0.0.1) refused")

    @pytest.mark.parametrize(("address", "port"), [("127.0.0.1", 0), ("255.255.255.255", 80)])
    def test_an_address_that_leads_nowhere(self, door: Door, address: str, port: int) -> None:
        (answer,) = door(request(f"http://{address}:{port}/"), timeout=2)
        assert isinstance(answer, TransportFailure)
        # Systems differ in which it is.
        assert answer.kind in (TransportFailureKind.UNREACHABLE, TransportFailureKind.REFUSED)
        assert f"{address}:{port}" in failure(answer, answer.kind).detail


def self_signed(folder: Path) -> ssl.SSLContext:
    """A server's context with a certificate that signs itself, as a development server makes it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ) + certificate.public_bytes(serialization.Encoding.PEM)
    (folder / "self-signed.pem").write_bytes(pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "self-signed.pem")
    return context


class TestTLS:
    """Why a certificate was not accepted is said in words."""

    def test_trusted(self, serve: Serve, door: Door, authority: Authority) -> None:
        server = serve(answering(OK), tls=authority.server("127.0.0.1"))
        answers = door(request(server.url()), request(server.url()), ssl_context=authority.client())
        assert [response(answer).http_version for answer in answers] == ["HTTP/1.1"] * 2
        assert server.connections == 1

    def test_the_name_is_that_of_the_url_and_not_where_it_leads(
        self, serve: Serve, door: Door, authority: Authority
    ) -> None:
        server = serve(answering(OK), tls=authority.server("api.example"))
        # A dot at the end is a matter of DNS; certificates have none.
        for name in ("api.example", "api.example."):
            (answer,) = door(
                request(server.url(host=name)),
                ssl_context=authority.client(),
                resolve=(Resolve(name, server.port, "127.0.0.1"),),
            )
            assert response(answer).status == 200

    @pytest.mark.parametrize("names", [("127.0.0.2",), ("other.example",)])
    def test_wrong_host(self, serve: Serve, door: Door, authority: Authority, names: tuple[str, ...]) -> None:
        server = serve(answering(OK), tls=authority.server(*names))
        (answer,) = door(request(server.url()), ssl_context=authority.client())
        detail = failure(answer, TransportFailureKind.TLS).detail
        assert (
            detail
            == f"The certificate of 127.0.0.1:{server.port} was not accepted: it is not made out for '127.0.0.1'."
        )

    def test_expired(self, serve: Serve, door: Door, authority: Authority) -> None:
        server = serve(answering(OK), tls=authority.server("127.0.0.1", expired=True))
        (answer,) = door(request(server.url()), ssl_context=authority.client())
        assert failure(answer, TransportFailureKind.TLS).detail.endswith("it has expired.")

    def test_self_signed(self, serve: Serve, door: Door, tmp_path: Path) -> None:
        server = serve(answering(OK), tls=self_signed(tmp_path))
        (answer,) = door(request(server.url()))
        assert failure(answer, TransportFailureKind.TLS).detail.endswith("was not accepted: it is self-signed.")

    def test_unknown_issuer(self, serve: Serve, door: Door, authority: Authority) -> None:
        server = serve(answering(OK), tls=authority.server("127.0.0.1"))
        (answer,) = door(request(server.url()))
        assert "its issuer is not trusted here" in failure(answer, TransportFailureKind.TLS).detail

    def test_insecure_takes_them_all(self, serve: Serve, door: Door, authority: Authority, tmp_path: Path) -> None:
        contexts = [
            self_signed(tmp_path),
            authority.server("other.example"),
            authority.server("a.example", expired=True),
        ]
        urls = [serve(answering(OK), tls=context).url() for context in contexts]
        assert [response(answer).body for answer in door(*map(request, urls), verify=False)] == [b"ok"] * 3

    def test_https_to_a_plain_server(self, serve: Serve, door: Door) -> None:
        server = serve(lambda peer: peer.say(b"HTTP/1.1 400 Bad Request\r\n\r\n"))
        (answer,) = door(request(server.url(scheme="https")), timeout=5)
        assert "not TLS, so the port may serve plain http://" in failure(answer, TransportFailureKind.TLS).detail

    def test_http_to_a_tls_server(self, serve: Serve, door: Door, authority: Authority) -> None:
        server = serve(answering(OK), tls=authority.server("127.0.0.1"))
        (answer,) = door(request(server.url(scheme="http")), timeout=5)
        # OpenSSL's way. A server that sends a TLS alert is a case of `TestNotHTTP`; nginx and Go answer 400 in HTTP.
        assert "connection without sending a response" in failure(answer, TransportFailureKind.RESET).detail

    @pytest.mark.parametrize("how", ["close", "reset"])
    def test_the_peer_goes_away_in_the_handshake(self, serve: Serve, door: Door, how: str) -> None:
        def talk(peer: Peer) -> None:
            peer.sock.recv(10_000)
            if how == "reset":
                peer.reset()

        (answer,) = door(request(serve(talk).url(scheme="https")), timeout=5)
        assert "connection during the TLS handshake" in failure(answer, TransportFailureKind.RESET).detail

    def test_an_old_version_of_tls(self, serve: Serve, door: Door, authority: Authority) -> None:
        client, server_tls = authority.client(), authority.server("127.0.0.1")
        client.minimum_version = ssl.TLSVersion.TLSv1_3
        server_tls.maximum_version = ssl.TLSVersion.TLSv1_2
        (answer,) = door(request(serve(answering(OK), tls=server_tls).url()), ssl_context=client)
        assert "no version of TLS in common" in failure(answer, TransportFailureKind.TLS).detail

    def test_a_client_certificate_is_asked_for(self, serve: Serve, door: Door, authority: Authority) -> None:
        server_tls = authority.server("127.0.0.1")
        server_tls.verify_mode = ssl.CERT_REQUIRED
        authority.ca.configure_trust(server_tls)
        (answer,) = door(request(serve(answering(OK), tls=server_tls).url()), ssl_context=authority.client())
        # With TLS 1.3 the handshake is over for the client when the server says so.
        assert "it asks for a client certificate" in failure(answer, TransportFailureKind.TLS).detail

    def test_cut_in_the_body(self, serve: Serve, door: Door, authority: Authority) -> None:
        wire = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nbody"
        server = serve(once(wire), tls=authority.server("127.0.0.1"))
        (answer,) = door(request(server.url()), ssl_context=authority.client())
        failed = failure(answer, TransportFailureKind.RESET)
        assert failed.partial is not None
        assert failed.partial.body == b"body"


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\nX-Seen: yes\r\n\r\n"


def drip(start: bytes, rest: bytes) -> list[bytes]:
    return [start, *(bytes([byte]) for byte in rest)]


class TestTime:
    """An exchange ends when its time is up, whatever the server does, and says what it was waiting for."""

    LIMIT = 0.3

    def check(self, door: Door, url: str, waiting_for: str, **options: object) -> bytes | None:
        (answer,) = door(request(url), timeout=self.LIMIT, **options)
        failed = failure(answer, TransportFailureKind.TIMEOUT)
        assert waiting_for in failed.detail
        assert "took too long: after 0.3 s" in failed.detail
        assert self.LIMIT <= door.seconds < self.LIMIT + 1
        return failed.partial.body if failed.partial else None

    def test_hang_before_the_head(self, serve: Serve, door: Door) -> None:
        server = serve(once(then=lambda peer: peer.hang()))
        assert self.check(door, server.url(), "it had taken the request but sent no response") is None

    def test_dripping_head(self, serve: Serve, door: Door) -> None:
        server = serve(lambda peer: peer.say(*drip(b"HTTP/1.1 200 OK\r\nX: ", b"x" * 1000), every=0.05))
        assert self.check(door, server.url(), "bytes but not the end of the response head") is None

    def test_endless_interim_responses(self, serve: Serve, door: Door) -> None:
        server = serve(lambda peer: peer.say(*[b"HTTP/1.1 102 Processing\r\n\r\n"] * 1000, every=0.01))
        assert self.check(door, server.url(), "not the end of the response head") is None

    def test_hang_in_the_body(self, serve: Serve, door: Door) -> None:
        server = serve(once(HEAD + b"body", then=lambda peer: peer.hang()))
        assert self.check(door, server.url(), "the response head and 4 of 10 bytes of body, but not its end") == b"body"

    def test_dripping_body(self, serve: Serve, door: Door) -> None:
        server = serve(lambda peer: peer.say(*drip(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 1000), every=0.05))
        body = self.check(door, server.url(), "bytes of body, but not its end")
        assert body
        assert len(body) < 20

    def test_hang_in_the_handshake(self, serve: Serve, door: Door, authority: Authority) -> None:
        server = serve(lambda peer: peer.hang())
        url = server.url(scheme="https")
        self.check(door, url, "not finished the TLS handshake", ssl_context=authority.client())

    def test_dripping_handshake(self, serve: Serve, door: Door, authority: Authority) -> None:
        # A handshake record that announces 16 KiB.
        server = serve(lambda peer: peer.say(*drip(b"\x16\x03\x03\x40\x00", b"\2" * 1000), every=0.05))
        url = server.url(scheme="https")
        self.check(door, url, "not finished the TLS handshake", ssl_context=authority.client())

    def test_dripping_body_over_tls(self, serve: Serve, door: Door, authority: Authority) -> None:
        server = serve(
            once(HEAD, then=lambda peer: peer.say(*drip(b"", b"x" * 9), every=0.1)), tls=authority.server("127.0.0.1")
        )
        assert self.check(door, server.url(), "of 10 bytes of body", ssl_context=authority.client())

    def test_a_backlog_that_is_full(self, door: Door) -> None:
        # Linux drops SYNs to a full queue, which is what a firewall that drops looks like.
        with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
            port = listener.getsockname()[1]
            fillers = []
            for _ in range(4):
                fillers.append(socket.socket())
                fillers[-1].setblocking(False)
                fillers[-1].connect_ex(("127.0.0.1", port))
            try:
                self.check(door, f"http://127.0.0.1:{port}/", "it had not accepted the connection")
            finally:
                for filler in fillers:
                    filler.close()

    @pytest.mark.parametrize("encrypted", [False, True])
    def test_a_request_that_is_taken_a_little_at_a_time(
        self, serve: Serve, door: Door, authority: Authority, encrypted: bool
    ) -> None:
        def talk(peer: Peer) -> None:
            peer.head()
            # Fast enough that each write gets somewhere in time, and too slow for all of them together.
            taken = 0
            while data := peer.sock.recv(16_384):
                taken += len(data)
                if taken >= 200_000:
                    taken = 0
                    if peer.server.closing.wait(0.02):
                        return

        server = serve(talk, tls=authority.server("127.0.0.1") if encrypted else None)
        length = 16_000_000
        sent = request(server.url(), ("Content-Length", str(length)), method=b"POST", body=b"x" * length)
        (answer,) = door(sent, timeout=self.LIMIT, ssl_context=authority.client())
        detail = failure(answer, TransportFailureKind.TIMEOUT).detail
        assert "it had not taken the whole request" in detail
        assert door.seconds < self.LIMIT + 1

    def test_the_clock_starts_again_with_each_exchange(self, serve: Serve, door: Door) -> None:
        def talk(peer: Peer) -> None:
            while peer.head():
                peer.say(b"", every=0.2)
                peer.say(OK)

        server = serve(talk)
        answers = door(*[request(server.url())] * 3, timeout=self.LIMIT)
        assert [response(answer).status for answer in answers] == [200] * 3
        assert server.connections == 1
