"""HTTP/2, which TLS agrees on: a real server for what is good, frames by hand for what is not."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import h2.config
import h2.connection
import h2.events
import h2.exceptions
import pytest
from hypercorn.asyncio import serve as hypercorn_serve
from hypercorn.config import Config

from crossorigin.browser.options import MAX_HEADER_BYTES_HTTP2
from crossorigin.fetch.wire import TransportFailureKind
from crossorigin.web.headers import HeaderList

from .conftest import Authority, Door, Peer, Serve, answering, request
from .test_transport import OK, failure, response

ALPN = ("h2", "http/1.1")


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """An ASGI application that tells what it got, with duplicate headers."""
    if scope["type"] == "lifespan":
        return
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    told = b"\n".join(name + b": " + value for name, value in scope["headers"])
    text = (
        scope["method"].encode() + b" " + scope["raw_path"] + b" " + scope["query_string"] + b"\n" + told + b"\n" + body
    )
    headers = [(b"vary", b"Origin"), (b"x-b", b"1"), (b"vary", b"Accept"), (b"x-a", b"2")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"x" * 3_000_000 if scope["path"] == "/large" else text})


@pytest.fixture
def hypercorn(authority: Authority, tmp_path: Path) -> Iterator[str]:
    """The base URL of a real HTTP/2 server."""
    certificate = authority.ca.issue_cert("127.0.0.1")
    certificate.private_key_and_cert_chain_pem.write_to_path(tmp_path / "server.pem")
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    config = Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.certfile = config.keyfile = str(tmp_path / "server.pem")
    config.include_server_header = config.include_date_header = False
    config.accesslog = config.errorlog = None
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()
    thread = threading.Thread(
        target=loop.run_until_complete,
        args=[hypercorn_serve(application, config, shutdown_trigger=stop.wait, mode="asgi")],  # type: ignore[arg-type]
    )
    thread.start()
    yield f"https://127.0.0.1:{port}"
    loop.call_soon_threadsafe(stop.set)
    thread.join()
    loop.close()


class TestRealServer:
    def test_duplicates_and_order_survive_and_nothing_is_added(
        self, hypercorn: str, door: Door, authority: Authority
    ) -> None:
        headers = (("Accept", "*/*"), ("Origin", "null"))
        answers = door(*[request(f"{hypercorn}/a%20b?c", *headers)] * 2, ssl_context=authority.client())
        for answer in answers:
            got = response(answer)
            assert (got.http_version, got.status, got.status_message) == ("HTTP/2", 200, b"")
            assert got.headers == HeaderList.of(("vary", "Origin"), ("x-b", "1"), ("vary", "Accept"), ("x-a", "2"))
            host = hypercorn.removeprefix("https://").encode()
            assert got.body == b"GET /a%20b c\nhost: " + host + b"\naccept: */*\norigin: null\n"

    @pytest.mark.parametrize("body", [b"", b"hello", b"x" * 200_000])
    def test_a_body(self, hypercorn: str, door: Door, authority: Authority, body: bytes) -> None:
        sent = request(f"{hypercorn}/", ("Content-Length", str(len(body))), method=b"POST", body=body)
        (answer,) = door(sent, ssl_context=authority.client())
        assert response(answer).body.endswith(b"\ncontent-length: %d\n" % len(body) + body)

    def test_head(self, hypercorn: str, door: Door, authority: Authority) -> None:
        (answer,) = door(request(f"{hypercorn}/", method=b"HEAD"), ssl_context=authority.client())
        assert (response(answer).status, response(answer).body) == (200, b"")

    def test_a_large_body_and_one_that_is_too_large(self, hypercorn: str, door: Door, authority: Authority) -> None:
        (answer,) = door(request(f"{hypercorn}/large"), ssl_context=authority.client())
        assert len(response(answer).body) == 3_000_000
        answers = door(request(f"{hypercorn}/large"), request(hypercorn), ssl_context=authority.client(), max_body=1000)
        failed = failure(answers[0], TransportFailureKind.TOO_LARGE)
        assert failed.partial is not None
        assert failed.partial.body == b"x" * 1000
        assert response(answers[1]).status == 200

    def test_not_offered(self, hypercorn: str, door: Door, authority: Authority) -> None:
        (answer,) = door(request(hypercorn), ssl_context=authority.client(), http2=False)
        assert response(answer).http_version == "HTTP/1.1"

    def test_not_chosen(self, serve: Serve, door: Door, authority: Authority) -> None:
        server = serve(answering(OK), tls=authority.server("127.0.0.1"))
        (answer,) = door(request(server.url()), ssl_context=authority.client())
        assert response(answer).http_version == "HTTP/1.1"


class Frames:
    """The server's end of one HTTP/2 connection, which allows itself what servers must not do."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        config = h2.config.H2Configuration(
            client_side=False, validate_outbound_headers=False, normalize_outbound_headers=False, header_encoding=None
        )
        self.h2 = h2.connection.H2Connection(config)
        self.h2.initiate_connection()
        self.flush()

    def flush(self) -> None:
        self.peer.say(self.h2.data_to_send())

    def requests(self) -> Iterator[int]:
        """The stream of each request, once it is complete, until the client goes away."""
        # Once it has said goodbye, h2 raises at whatever the client still had on its way.
        with contextlib.suppress(h2.exceptions.ProtocolError):
            while data := self.peer.sock.recv(65536):
                for event in self.h2.receive_data(data):
                    if isinstance(event, h2.events.StreamEnded):
                        yield event.stream_id
                self.flush()

    def respond(self, stream: int, *headers: tuple[bytes, bytes], body: bytes = b"", end: bool = True) -> None:
        self.h2.send_headers(stream, headers, end_stream=end and not body)
        if body:
            self.h2.send_data(stream, body, end_stream=end)
        self.flush()


def framed(script: Callable[[Frames, int], None]) -> Callable[[Peer], None]:
    """A script that answers each request by hand."""

    def talk(peer: Peer) -> None:
        frames = Frames(peer)
        for stream in frames.requests():
            script(frames, stream)

    return talk


class TestBadServer:
    """No library exception leaks, and each is told as what it is."""

    def one(
        self, serve: Serve, door: Door, authority: Authority, script: Callable[[Frames, int], None], **options: Any
    ) -> Any:
        server = serve(framed(script), tls=authority.server("127.0.0.1", alpn=ALPN))
        (answer,) = door(request(server.url()), ssl_context=authority.client(), **{"timeout": 5, **options})
        return answer

    def test_stream_reset_before_the_head(self, serve: Serve, door: Door, authority: Authority) -> None:
        def script(frames: Frames, stream: int) -> None:
            frames.h2.reset_stream(stream, 2)
            frames.flush()

        failed = failure(self.one(serve, door, authority, script), TransportFailureKind.RESET)
        assert "reset the HTTP/2 stream with INTERNAL_ERROR without sending a response" in failed.detail

    def test_stream_reset_in_the_body(self, serve: Serve, door: Door, authority: Authority) -> None:
        def script(frames: Frames, stream: int) -> None:
            frames.respond(stream, (b":status", b"200"), (b"x-seen", b"yes"), body=b"part", end=False)
            frames.h2.reset_stream(stream, 0x99)
            frames.flush()

        failed = failure(self.one(serve, door, authority, script), TransportFailureKind.RESET)
        assert "with 153 in the middle of the body, after 4 bytes" in failed.detail
        assert failed.partial is not None
        assert (failed.partial.body, failed.partial.headers.get(b"x-seen")) == (b"part", b"yes")

    def test_goaway(self, serve: Serve, door: Door, authority: Authority) -> None:
        def script(frames: Frames, stream: int) -> None:
            frames.h2.close_connection(0xB, last_stream_id=0)
            frames.flush()

        failed = failure(self.one(serve, door, authority, script), TransportFailureKind.RESET)
        assert "ended the HTTP/2 connection with ENHANCE_YOUR_CALM" in failed.detail

    def test_closed(self, serve: Serve, door: Door, authority: Authority) -> None:
        def script(frames: Frames, stream: int) -> None:
            frames.respond(stream, (b":status", b"200"), body=b"part", end=False)
            with contextlib.suppress(OSError):
                frames.peer.sock.shutdown(socket.SHUT_RDWR)

        failed = failure(self.one(serve, door, authority, script), TransportFailureKind.RESET)
        assert "in the middle of the body, after 4 bytes" in failed.detail

    @pytest.mark.parametrize(
        "headers",
        [
            [(b":status", b"abc")],
            [(b":status", b"20")],
            [(b":status", b"20000")],
            [(b":status", b"200"), (b"X-Upper", b"1")],
            [(b":status", b"200"), (b"x y", b"1")],
            [(b":status", b"200"), (b"x", b"a\r\naccess-control-allow-origin: *")],
            [(b":status", b"200"), (b"x", b"a\0b")],
            [(b":status", b"200"), (b"", b"a")],
            [(b":status", b"200"), (b"content-length", b"3"), (b"content-length", b"x")],
        ],
    )
    def test_malformed_headers(
        self, serve: Serve, door: Door, authority: Authority, headers: list[tuple[bytes, bytes]]
    ) -> None:
        answer = self.one(serve, door, authority, lambda frames, stream: frames.respond(stream, *headers))
        failure(answer, TransportFailureKind.NOT_HTTP)

    def test_spaces_around_a_value_are_not_part_of_it(self, serve: Serve, door: Door, authority: Authority) -> None:
        answer = self.one(
            serve, door, authority, lambda frames, stream: frames.respond(stream, (b":status", b"200"), (b"x", b" a\t"))
        )
        assert response(answer).headers == HeaderList.of(("x", "a"))

    @pytest.mark.parametrize("length", [b"3", b"9"])
    def test_a_body_of_another_length_than_announced(
        self, serve: Serve, door: Door, authority: Authority, length: bytes
    ) -> None:
        answer = self.one(
            serve,
            door,
            authority,
            lambda frames, stream: frames.respond(
                stream, (b":status", b"200"), (b"content-length", length), body=b"part"
            ),
        )
        assert "not valid HTTP/2" in failure(answer, TransportFailureKind.NOT_HTTP).detail

    def test_a_header_list_that_is_too_long(self, serve: Serve, door: Door, authority: Authority) -> None:
        long = [(b"x-%d" % number, b"y" * 1000) for number in range(80)]
        answer = self.one(
            serve, door, authority, lambda frames, stream: frames.respond(stream, (b":status", b"200"), *long)
        )
        failed = failure(answer, TransportFailureKind.TOO_LARGE)
        assert f"longer than the limit of {MAX_HEADER_BYTES_HTTP2} bytes" in failed.detail

    def test_a_header_list_without_end(self, serve: Serve, door: Door, authority: Authority) -> None:
        def script(frames: Frames, stream: int) -> None:
            # HEADERS and CONTINUATION frames that never say END_HEADERS, of literals that are never indexed.
            field = b"\x10\x01x\x7f\x81\x07" + b"y" * 1024
            block = field * 15
            for kind in [1, *[9] * 200]:
                frames.peer.say(len(block).to_bytes(3) + bytes([kind, 0]) + stream.to_bytes(4) + block)

        failure(self.one(serve, door, authority, script), TransportFailureKind.TOO_LARGE)

    @pytest.mark.parametrize("status", [b"204", b"304"])
    def test_no_body_where_there_is_none(self, serve: Serve, door: Door, authority: Authority, status: bytes) -> None:
        answer = self.one(serve, door, authority, lambda frames, stream: frames.respond(stream, (b":status", status)))
        assert (response(answer).status, response(answer).body) == (int(status), b"")

    def test_interim_responses_are_ignored(self, serve: Serve, door: Door, authority: Authority) -> None:
        def script(frames: Frames, stream: int) -> None:
            frames.respond(stream, (b":status", b"103"), (b"link", b"</a>"), end=False)
            frames.respond(stream, (b":status", b"201"))

        answer = self.one(serve, door, authority, script)
        assert (response(answer).status, response(answer).headers) == (201, HeaderList())

    def test_garbage(self, serve: Serve, door: Door, authority: Authority) -> None:
        def talk(peer: Peer) -> None:
            peer.say(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" * 100)
            peer.hang()

        server = serve(talk, tls=authority.server("127.0.0.1", alpn=ALPN))
        (answer,) = door(request(server.url()), ssl_context=authority.client(), timeout=5)
        detail = failure(answer, TransportFailureKind.NOT_HTTP).detail
        assert "did not answer in HTTP/2, as it had agreed to in TLS: what it sent begins with b'HTTP/1.1 200" in detail

    def test_frames_that_are_none(self, serve: Serve, door: Door, authority: Authority) -> None:
        def script(frames: Frames, _: int) -> None:
            # A DATA frame on stream 0.
            frames.peer.say(b"\0\0\1\0\0\0\0\0\0x")
            frames.peer.hang()

        failed = failure(self.one(serve, door, authority, script), TransportFailureKind.NOT_HTTP)
        assert "not valid HTTP/2" in failed.detail

    def test_hang(self, serve: Serve, door: Door, authority: Authority) -> None:
        def script(frames: Frames, stream: int) -> None:
            frames.respond(stream, (b":status", b"200"), body=b"part", end=False)
            frames.peer.hang()

        failed = failure(self.one(serve, door, authority, script, timeout=0.3), TransportFailureKind.TIMEOUT)
        assert failed.partial is not None
        assert failed.partial.body == b"part"
        assert door.seconds < 1.5

    def test_endless_pings(self, serve: Serve, door: Door, authority: Authority) -> None:
        def script(frames: Frames, _: int) -> None:
            while not frames.peer.server.closing.wait(0.02):
                frames.h2.ping(b"12345678")
                frames.flush()

        failure(self.one(serve, door, authority, script, timeout=0.3), TransportFailureKind.TIMEOUT)
        assert door.seconds < 1.5


class TestKeepAlive:
    def test_a_connection_serves_again(self, serve: Serve, door: Door, authority: Authority) -> None:
        server = serve(
            framed(lambda frames, stream: frames.respond(stream, (b":status", b"200"))),
            tls=authority.server("127.0.0.1", alpn=ALPN),
        )
        answers = door(*[request(server.url())] * 3, ssl_context=authority.client())
        assert [response(answer).status for answer in answers] == [200] * 3
        assert server.connections == 1

    def test_a_connection_that_was_ended_while_idle_is_replaced(
        self, serve: Serve, door: Door, authority: Authority
    ) -> None:
        def script(frames: Frames, stream: int) -> None:
            frames.respond(stream, (b":status", b"200"))
            frames.h2.close_connection(0, last_stream_id=stream)
            frames.flush()

        server = serve(framed(script), tls=authority.server("127.0.0.1", alpn=ALPN))
        answers = door(*[request(server.url())] * 3, ssl_context=authority.client(), timeout=5)
        assert [response(answer).status for answer in answers] == [200] * 3
