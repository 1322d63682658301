"""The proxy as an application: under uvicorn over HTTP/1.1, under hypercorn over HTTP/2, and called by hand."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpcore2
import hypercorn.asyncio
import hypercorn.config
import pytest
import trustme
import uvicorn
import websockets.sync.client
import websockets.sync.server
from tests.proxy.net import Peer, PlainFront, answering, backend, until

from crossorigin.proxy.asgi import CutError, ProxyApp
from crossorigin.proxy.heads import RequestHead
from crossorigin.proxy.plan import Client, Limits, Plan, Reply, Serve

OK = b"HTTP/1.1 200 OK\r\nX-One: 1\r\nContent-Length: 2\r\n\r\nok"


@contextmanager
def under_uvicorn(app: ProxyApp) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws="websockets-sansio"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        until(lambda: server.started, "uvicorn")
        try:
            yield int(listener.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join(20)


def exchange(port: int, data: bytes) -> bytes:
    peer = Peer(socket.create_connection(("127.0.0.1", port)))
    try:
        peer.send(data)
        return peer.all()
    finally:
        peer.close()


class TestUnderUvicorn:
    def test_there_and_back(self) -> None:
        with backend(answering(OK)) as behind, under_uvicorn(ProxyApp(PlainFront(behind.url))) as port:
            body = b"x" * 300_000
            head = (
                b"POST /a%%20b?c HTTP/1.1\r\nHost: p\r\nX: 1\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
                % len(body)
            )
            answer = exchange(port, head + body)
            assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
            assert b"x-one: 1\r\n" in answer.lower()
            assert answer.endswith(b"\r\n\r\nok")
            assert behind.seen.startswith(b"POST /a%20b?c HTTP/1.1\r\n")
            assert behind.seen.endswith(b"\r\nContent-Length: 300000\r\n\r\n" + body)
            assert b"connection" not in behind.seen.partition(b"\r\n\r\n")[0].lower()

    def test_chunks(self) -> None:
        def serve(peer: Peer) -> None:
            assert b"Transfer-Encoding: chunked\r\n" in peer.head()
            peer.until(b"0\r\n\r\n")
            peer.send(OK)

        with backend(serve) as behind, under_uvicorn(ProxyApp(PlainFront(behind.url))) as port:
            head = b"PUT / HTTP/1.1\r\nHost: p\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
            assert exchange(port, head + b"5\r\nhello\r\n0\r\n\r\n").endswith(b"ok")
            assert behind.seen.endswith(b"\r\n\r\n5\r\nhello\r\n0\r\n\r\n")

    def test_events_one_by_one_and_a_client_that_leaves(self) -> None:
        def serve(peer: Peer) -> None:
            peer.head()
            peer.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n")
            assert seen.wait(20)
            peer.send(b"data: 2\n\n")
            with suppress(ConnectionResetError):
                peer.all()
            learned.set()

        seen, learned = threading.Event(), threading.Event()
        with backend(serve) as behind, under_uvicorn(ProxyApp(PlainFront(behind.url))) as port:
            peer = Peer(socket.create_connection(("127.0.0.1", port)))
            peer.send(b"GET / HTTP/1.1\r\nHost: p\r\n\r\n")
            peer.until(b"data: 1\n\n")
            seen.set()
            peer.until(b"data: 2\n\n")
            peer.close()
            assert learned.wait(20)

    def test_a_long_answer(self) -> None:
        body = bytes(range(256)) * 20_000
        answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        with backend(answering(answer)) as behind, under_uvicorn(ProxyApp(PlainFront(behind.url))) as port:
            assert exchange(port, b"GET / HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n").endswith(body)

    def test_a_websocket(self) -> None:
        def echo(connection: websockets.sync.server.ServerConnection) -> None:
            asked.append(connection.request.headers["Cookie"] if connection.request else "")
            for message in connection:
                connection.send(message[::-1])

        asked: list[str] = []
        with websockets.sync.server.serve(echo, "127.0.0.1", 0, subprotocols=["chat"]) as server:  # type: ignore[list-item]
            threading.Thread(target=server.serve_forever).start()
            try:
                target = f"http://127.0.0.1:{server.socket.getsockname()[1]}"
                with (
                    under_uvicorn(ProxyApp(PlainFront(target))) as port,
                    websockets.sync.client.connect(
                        f"ws://127.0.0.1:{port}/a",
                        subprotocols=["other", "chat"],  # type: ignore[list-item]
                        additional_headers={"Cookie": "a=b"},
                        proxy=None,
                    ) as client,
                ):
                    assert client.subprotocol == "chat"
                    client.send("text")
                    assert client.recv(20) == "txet"
                    client.send(b"\0\1")
                    assert client.recv(20) == b"\1\0"
                assert asked == ["a=b"]
            finally:
                server.shutdown()

    def test_a_websocket_that_the_target_refuses(self) -> None:
        refusal = b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"
        with (
            backend(answering(refusal)) as behind,
            under_uvicorn(ProxyApp(PlainFront(behind.url))) as port,
            pytest.raises(websockets.exceptions.InvalidStatus, match="403"),
        ):
            websockets.sync.client.connect(f"ws://127.0.0.1:{port}/", proxy=None)


class TestUnderHypercorn:
    def test_http_2_with_the_client(self, tmp_path: Path) -> None:
        """vitejs/vite#484, #14022: HTTP/2 and a proxy excluded each other."""
        authority = trustme.CA()
        certificate = authority.issue_cert("localhost")
        certificate.private_key_pem.write_to_path(str(tmp_path / "key"))
        certificate.cert_chain_pems[0].write_to_path(str(tmp_path / "cert"))
        trusting = ssl.create_default_context()
        authority.configure_trust(trusting)
        with backend(answering(OK)) as behind:

            async def main() -> httpcore2.Response:
                with socket.create_server(("127.0.0.1", 0)) as listener:
                    port = listener.getsockname()[1]
                    config = hypercorn.config.Config()
                    config.bind = [f"fd://{listener.detach()}"]
                    config.certfile, config.keyfile = str(tmp_path / "cert"), str(tmp_path / "key")
                    config.alpn_protocols = ["h2"]
                    config.accesslog = config.errorlog = None
                ended = asyncio.Event()
                app: Any = ProxyApp(PlainFront(behind.url))
                serving = asyncio.ensure_future(hypercorn.asyncio.serve(app, config, shutdown_trigger=ended.wait))
                try:
                    async with httpcore2.AsyncConnectionPool(http2=True, http1=False, ssl_context=trusting) as pool:
                        for content in (b"", b"x" * 100_000):
                            method = "POST" if content else "GET"
                            response = await pool.request(method, f"https://localhost:{port}/a?b", content=content)
                        return response
                finally:
                    ended.set()
                    await serving

            response = asyncio.run(asyncio.wait_for(main(), 20))
            assert (response.status, response.content) == (200, b"ok")
            assert response.extensions["http_version"] == b"HTTP/2"
            assert behind.seen.startswith(b"GET /a?b HTTP/1.1\r\n")
            assert b"POST /a?b HTTP/1.1\r\n" in behind.seen


class TestByHand:
    """What servers hide."""

    @staticmethod
    async def call(app: ProxyApp, messages: list[dict[str, Any]], **scope: Any) -> list[dict[str, Any]]:
        sent: list[dict[str, Any]] = []
        waiting = asyncio.Event()

        async def receive() -> Any:
            if not messages:
                await waiting.wait()
            return messages.pop(0)

        async def send(message: Any) -> None:
            sent.append(message)

        whole = {
            "type": "http",
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": "/",
            "headers": [(b"host", b"p")],
            **scope,
        }
        await asyncio.wait_for(app(whole, receive, send), 20)
        return sent

    def test_an_answer_of_the_proxy(self) -> None:
        class Refusing(PlainFront):
            def plan(self, head: RequestHead, client: Client) -> Plan:
                return Reply(403, ((b"X", head.target),), b"no")

        app = ProxyApp(Refusing("http://a"))
        sent = asyncio.run(self.call(app, [{"type": "http.request"}], path="/é", query_string=b"q"))
        fields = [(b"x", "/é?q".encode()), (b"content-length", b"2")]
        assert sent == [
            {"type": "http.response.start", "status": 403, "headers": fields},
            {"type": "http.response.body", "body": b"no", "more_body": True},
            {"type": "http.response.body", "body": b"", "more_body": False},
        ]

    def test_an_application_is_called_as_it_is(self) -> None:
        async def application(scope: Any, receive: Any, send: Any) -> None:
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body"})

        class Serving(PlainFront):
            def plan(self, head: RequestHead, client: Client) -> Plan:
                return Serve(application, head.method, head.target, head.headers)

        sent = asyncio.run(self.call(ProxyApp(Serving("http://a")), [{"type": "http.request"}]))
        assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]

    def test_half_an_answer_is_an_error_to_the_server(self) -> None:
        def serve(peer: Peer) -> None:
            peer.head()
            peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel")

        with backend(serve) as behind, pytest.raises(CutError):
            asyncio.run(self.call(ProxyApp(PlainFront(behind.url)), [{"type": "http.request"}]))

    def test_no_answer_is_a_502(self) -> None:
        def serve(peer: Peer) -> None:
            peer.head()

        with backend(serve) as behind:
            front = PlainFront(behind.url, Limits(retry=0.0))
            sent = asyncio.run(self.call(ProxyApp(front), [{"type": "http.request"}]))
            assert sent[0]["status"] == 502

    def test_a_websocket_that_no_route_takes(self) -> None:
        app = ProxyApp(PlainFront("http://127.0.0.1:9", may_upgrade=False))
        sent = asyncio.run(self.call(app, [{"type": "websocket.connect"}], type="websocket", scheme="ws"))
        assert sent == [{"type": "websocket.close", "code": 1001}]

    def test_lifespan(self) -> None:
        messages = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
        sent = asyncio.run(self.call(ProxyApp(PlainFront("http://a")), messages, type="lifespan"))
        assert [message["type"] for message in sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
