"""The proxy with a plain client: what it answers, what it passes on, what it refuses, and how it ends."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress

import pytest
import trustme

from crossorigin.browser.options import Resolve
from crossorigin.browser.real import proxy as module
from crossorigin.browser.real.certificate import make_certificate
from crossorigin.browser.real.process import wait_for
from crossorigin.browser.real.proxy import Limits, PassedRequest, Proxy, Site, address_of
from crossorigin.browser.real.stage import StageReply

ANSWER = b"HTTP/1.1 200 OK\r\nx-Odd: 1\r\nX-ODD: 2\r\nContent-Length: 2\r\n\r\nok"


class Upstream:
    """A server on loopback that says the same to everybody, and notes what it hears."""

    def __init__(self, answer: bytes = ANSWER, tls: ssl.SSLContext | None = None, *, leaves: bool = False) -> None:
        self.heard: list[bytes] = []
        self._answer = answer
        self._tls = tls
        self._leaves = leaves
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                threading.Thread(target=self._talk, args=(sock,), daemon=True).start()

    def _talk(self, sock: socket.socket) -> None:
        sock.settimeout(10)
        with suppress(OSError), ExitStack() as stack:
            stack.enter_context(sock)
            if self._tls is not None:
                sock = stack.enter_context(self._tls.wrap_socket(sock, server_side=True))
            while heard := sock.recv(65536):
                self.heard.append(heard)
                sock.sendall(self._answer)
                if self._leaves:
                    return

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@pytest.fixture
def upstream() -> Iterator[Callable[..., Upstream]]:
    made: list[Upstream] = []

    def make(answer: bytes = ANSWER, tls: ssl.SSLContext | None = None, *, leaves: bool = False) -> Upstream:
        made.append(Upstream(answer, tls, leaves=leaves))
        return made[-1]

    yield make
    for each in made:
        each.close()


Make = Callable[..., Upstream]


def answered(method: str, path: str, body: bytes) -> StageReply | None:
    return None if path == "/none" else StageReply(200, "text/plain", f"{method} {path} ".encode() + body)


PAGE = Site("http", ("app.test", 80), answered)


def said(sock: socket.socket, length: int) -> bytes:
    """The next `length` bytes, fewer where the peer has left."""
    received = b""
    while len(received) < length:
        try:
            piece = sock.recv(length - len(received))
        except ConnectionResetError:
            break
        if not piece:
            break
        received += piece
    return received


def connected(proxy: Proxy) -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(proxy.url.rpartition(":")[2])), timeout=10)


def ask(proxy: Proxy, sent: bytes, length: int = 100_000) -> bytes:
    """What the proxy says to a client that sends this and stops sending."""
    with connected(proxy) as client:
        # It may have been shown the door by now.
        with suppress(OSError):
            client.sendall(sent)
            client.shutdown(socket.SHUT_WR)
        return said(client, length)


def get(url: str, method: str = "GET") -> bytes:
    return f"{method} {url} HTTP/1.1\r\nHost: x\r\nProxy-Connection: keep-alive\r\nOrigin: http://app.test\r\n\r\n".encode()


class TestThePagesOrigin:
    """The proxy is the site."""

    def test_http(self) -> None:
        with Proxy(PAGE, frozenset()) as proxy:
            post = b"POST http://app.test/done?x HTTP/1.1\r\nHost: app.test\r\nContent-Length: 4\r\n\r\nbody"
            reply = ask(proxy, get("http://App.test/page?a=b") + post + get("http://app.test/none"))
        first, second, third = reply.split(b"HTTP/1.1 ")[1:]
        assert first.startswith(b"200 OK\r\nCache-Control: no-store\r\nContent-Type: text/plain\r\n")
        assert first.endswith(b"\r\n\r\nGET /page?a=b ")
        assert second.endswith(b"\r\n\r\nPOST /done?x body")
        assert third.startswith(b"404 Not Found\r\n")
        assert [*proxy.requests, *proxy.tunnels, *proxy.refused, *proxy.troubles] == []

    def test_https(self) -> None:
        certificate = make_certificate("app.test")
        site = Site("https", ("app.test", 8443), answered, certificate.context)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        with Proxy(site, frozenset()) as proxy, connected(proxy) as client:
            client.sendall(b"CONNECT app.test:8443 HTTP/1.1\r\nHost: app.test:8443\r\n\r\n")
            assert said(client, 19) == b"HTTP/1.1 200 OK\r\n\r\n"
            with context.wrap_socket(client, server_hostname="app.test") as secure:
                secure.sendall(b"GET /page HTTP/1.1\r\nHost: app.test\r\n\r\n")
                assert b"200 OK" in said(secure, 100)
                secure.sendall(b"nonsense\r\n\r\n")
                assert b"400 Bad Request" in said(secure, 30)

    def test_a_client_that_does_not_trust_it(self) -> None:
        site = Site("https", ("app.test", 443), answered, make_certificate("app.test").context)
        with Proxy(site, frozenset()) as proxy, connected(proxy) as client:
            client.sendall(b"CONNECT app.test:443 HTTP/1.1\r\nHost: app.test:443\r\n\r\n")
            assert said(client, 19) == b"HTTP/1.1 200 OK\r\n\r\n"
            with pytest.raises(ssl.SSLCertVerificationError):
                ssl.create_default_context().wrap_socket(client, server_hostname="app.test")

    def test_the_same_host_over_the_other_scheme_is_another_site(self) -> None:
        with Proxy(PAGE, frozenset()) as proxy:
            assert ask(proxy, b"CONNECT app.test:80 HTTP/1.1\r\nHost: a\r\n\r\n").startswith(b"HTTP/1.1 403 ")


class TestInTheOpen:
    """Plain http to a server of the question."""

    def test_a_request_and_its_response(self, upstream: Make) -> None:
        server = upstream()
        url = f"http://127.0.0.1:{server.port}/a%20b?c=%C3%A9"
        with Proxy(PAGE, frozenset({("127.0.0.1", server.port)})) as proxy:
            assert ask(proxy, get(url), len(ANSWER)) == ANSWER
        assert server.heard == [
            b"GET /a%20b?c=%C3%A9 HTTP/1.1\r\nHost: x\r\nOrigin: http://app.test\r\nConnection: keep-alive\r\n\r\n"
        ]
        (request,) = proxy.requests
        assert (request.method, request.url, request.header("origin")) == ("GET", url, "http://app.test")
        assert request.header("cookie") is None

    def test_a_connection_carries_several(self, upstream: Make) -> None:
        server = upstream()
        url = f"http://127.0.0.1:{server.port}/"
        with Proxy(PAGE, frozenset({("127.0.0.1", server.port)})) as proxy, connected(proxy) as client:
            for method in ("OPTIONS", "DELETE"):
                client.sendall(get(url, method))
                assert said(client, len(ANSWER)) == ANSWER
        assert [each.method for each in proxy.requests] == ["OPTIONS", "DELETE"]

    def test_a_response_that_ends_with_the_connection(self, upstream: Make) -> None:
        server = upstream(b"HTTP/1.1 200 OK\r\n\r\nuntil the end", leaves=True)
        with Proxy(PAGE, frozenset({("127.0.0.1", server.port)})) as proxy:
            assert ask(proxy, get(f"http://127.0.0.1:{server.port}/")).endswith(b"until the end")

    def test_resolve(self, upstream: Make) -> None:
        server = upstream()
        resolve = (Resolve("api.test", server.port, "127.0.0.1"),)
        with Proxy(PAGE, frozenset({("api.test", server.port)}), resolve=resolve) as proxy:
            assert ask(proxy, get(f"http://api.test:{server.port}/"), len(ANSWER)) == ANSWER

    def test_too_long_a_response_is_cut_off(self, upstream: Make) -> None:
        server = upstream(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + b"x" * 5000)
        address = ("127.0.0.1", server.port)
        with Proxy(PAGE, frozenset({address}), limits=Limits(longest_response=1000)) as proxy:
            assert len(ask(proxy, get(f"http://127.0.0.1:{server.port}/"))) <= 1000
        assert proxy.troubles == [f"127.0.0.1:{server.port}: more than 1000 bytes came, and it was cut off"]

    def test_a_browser_that_leaves_is_no_trouble(self, upstream: Make) -> None:
        server = upstream(b"HTTP/1.1 200 OK\r\nContent-Length: 20000000\r\n\r\n" + b"x" * 20_000_000)
        with Proxy(PAGE, frozenset({("127.0.0.1", server.port)})) as proxy:
            with connected(proxy) as client:
                client.sendall(get(f"http://127.0.0.1:{server.port}/"))
                said(client, 100)
            assert wait_for(lambda: not proxy._threads, 10)
        assert proxy.troubles == []

    def test_a_server_that_is_silent(self, upstream: Make) -> None:
        server = upstream(b"")
        address = ("127.0.0.1", server.port)
        with Proxy(PAGE, frozenset({address}), limits=Limits(timeout=0.1)) as proxy:
            assert ask(proxy, get(f"http://127.0.0.1:{server.port}/")) == b""
        assert proxy.troubles == [f"127.0.0.1:{server.port}: timed out, and it was cut off"]

    def test_a_server_that_is_not_there_gets_no_answer_made_up(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as closed:
            port = closed.getsockname()[1]
        with Proxy(PAGE, frozenset({("127.0.0.1", port)})) as proxy:
            assert ask(proxy, get(f"http://127.0.0.1:{port}/")) == b""
        (trouble,) = proxy.troubles
        assert trouble.startswith(f"127.0.0.1:{port}: it could not be reached: ")


class TestTunnels:
    """https to a server of the question."""

    def test_tls_end_to_end(self, upstream: Make) -> None:
        authority = trustme.CA()
        ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(ours)
        server = upstream(tls=ours)
        theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        authority.configure_trust(theirs)
        address = ("127.0.0.1", server.port)
        with Proxy(PAGE, frozenset({address})) as proxy, connected(proxy) as client:
            client.sendall(f"CONNECT 127.0.0.1:{server.port} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert said(client, 19) == b"HTTP/1.1 200 OK\r\n\r\n"
            with theirs.wrap_socket(client, server_hostname="127.0.0.1") as secure:
                secure.sendall(b"GET / HTTP/1.1\r\n\r\n")
                assert said(secure, len(ANSWER)) == ANSWER
        assert proxy.tunnels == [address]
        assert proxy.requests == []

    def test_too_much_is_cut_off(self, upstream: Make) -> None:
        server = upstream(b"x" * 5000)
        address = ("127.0.0.1", server.port)
        limits = Limits(longest_response=1000)
        with Proxy(PAGE, frozenset({address}), limits=limits) as proxy, connected(proxy) as client:
            client.sendall(f"CONNECT 127.0.0.1:{server.port} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            said(client, 19)
            client.sendall(b"?")
            assert len(said(client, 5000)) <= 1000
        assert proxy.troubles == [f"127.0.0.1:{server.port}: more than 1000 bytes came, and it was cut off"]

    def test_a_silent_one_ends(self, upstream: Make) -> None:
        server = upstream(b"")
        limits = Limits(idle=0.1)
        address = ("127.0.0.1", server.port)
        with Proxy(PAGE, frozenset({address}), limits=limits) as proxy, connected(proxy) as client:
            client.sendall(f"CONNECT 127.0.0.1:{server.port} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert said(client, 100) == b"HTTP/1.1 200 OK\r\n\r\n"

    def test_a_server_that_is_not_there(self) -> None:
        with Proxy(PAGE, frozenset({("api.invalid", 443)})) as proxy:
            reply = ask(proxy, b"CONNECT api.invalid:443 HTTP/1.1\r\nHost: x\r\n\r\n")
        assert reply.startswith(b"HTTP/1.1 502 ")
        (trouble,) = proxy.troubles
        assert trouble.startswith("api.invalid:443: it could not be reached: ")


REFUSED = {
    "another host": (b"CONNECT update.test:443 HTTP/1.1\r\nHost: x\r\n\r\n", 403, "update.test:443"),
    "another port": (get("http://127.0.0.1:9/"), 403, "http://127.0.0.1:9/"),
    "another scheme": (get("ftp://127.0.0.1/"), 400, None),
    "no proxy's request": (get("/page"), 400, None),
    "no address": (b"CONNECT a:b:c HTTP/1.1\r\nHost: x\r\n\r\n", 400, None),
    "no HTTP": (b"hello\r\n\r\n", 400, None),
    "a head without end": (b"GET http://app.test/ HTTP/1.1\r\nX: " + b"x" * 300_000, 431, None),
    "too long a body": (b"POST http://app.test/ HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n123456789", 413, None),
}


class TestRefused:
    """Nothing else is reached, and nothing is made of it."""

    @pytest.mark.parametrize("name", REFUSED)
    def test_with_a_status(self, name: str) -> None:
        sent, status, noted = REFUSED[name]
        with Proxy(PAGE, frozenset({("127.0.0.1", 1)}), limits=Limits(longest_request=8)) as proxy:
            reply = ask(proxy, sent, 13)
        assert (
            reply in (f"HTTP/1.1 {status} ".encode(), b"") if status == 431 else reply == f"HTTP/1.1 {status} ".encode()
        )
        assert proxy.refused == ([] if noted is None else [noted])
        assert [*proxy.requests, *proxy.tunnels, *proxy.troubles] == []

    def test_one_connection_too_many(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "_CONNECTIONS", 1)
        with Proxy(PAGE, frozenset()) as proxy, connected(proxy) as first:
            first.sendall(get("http://app.test/"))
            assert said(first, 4) == b"HTTP"
            assert ask(proxy, get("http://app.test/")) == b""


class TestEnd:
    """Nothing is left of it."""

    def test_whoever_waits_is_let_go(self, upstream: Make) -> None:
        before = threading.active_count()
        server = upstream(b"")
        with Proxy(PAGE, frozenset({("127.0.0.1", server.port)})) as proxy, ExitStack() as stack:
            clients = [stack.enter_context(connected(proxy)) for _ in range(3)]
            clients[1].sendall(get(f"http://127.0.0.1:{server.port}/"))
            clients[2].sendall(f"CONNECT 127.0.0.1:{server.port} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert said(clients[2], 19) == b"HTTP/1.1 200 OK\r\n\r\n"
            assert wait_for(lambda: len(server.heard) == 1, 10)
            proxy.__exit__()
            assert [said(client, 1) for client in clients] == [b"", b"", b""]
        server.close()
        assert wait_for(lambda: threading.active_count() <= before, 10)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://a.test/", ("a.test", 80)),
        ("https://A.test/", ("a.test", 443)),
        ("http://[::1]:8000/", ("::1", 8000)),
    ],
)
def test_addresses(url: str, address: tuple[str, int]) -> None:
    assert address_of(url) == address


def test_what_has_no_address() -> None:
    with pytest.raises(ValueError, match=r"^'file:///x' is no http or https URL$"):
        address_of("file:///x")


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("http://a.test", "/"),
        ("http://a.test?b=/", "/?b=/"),
        ("http://a.test/b/c?d#", "/b/c?d#"),
    ],
)
def test_paths(target: str, path: str) -> None:
    assert module._path(target) == path


def test_a_repeated_header_is_one_value() -> None:
    assert PassedRequest("GET", "http://a/", (("X-A", "1"), ("x-a", "2"))).header("x-a") == "1, 2"
