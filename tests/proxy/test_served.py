"""Applications of this process behind the proxy's engine."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from tests.proxy.net import PlainFront, ask, connect, proxy_of, records_of, until

from crossorigin.proxy.heads import RequestHead
from crossorigin.proxy.plan import Client, Plan, Serve

pytestmark = pytest.mark.usefixtures("both_loops")

GET = b"GET /a%20b?c=d HTTP/1.1\r\nHost: proxy:81\r\nConnection: close\r\nX-One: 1\r\n\r\n"


class Serving(PlainFront):
    def __init__(self, application: Any) -> None:
        super().__init__("http://127.0.0.1:9")
        self.application = application

    def plan(self, head: RequestHead, client: Client) -> Plan:
        return Serve(self.application, head.method, head.target, head.headers, "app")


def answering(status: int = 200, body: bytes = b"hello", *headers: tuple[bytes, bytes]) -> Any:
    async def application(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": status, "headers": list(headers)})
        await send({"type": "http.response.body", "body": body})

    return application


class TestAnswers:
    def test_what_the_application_is_told(self) -> None:
        async def application(scope: Any, receive: Any, send: Any) -> None:
            told.update(scope)
            await answering()(scope, receive, send)

        told: dict[str, Any] = {}
        with proxy_of(Serving(application)) as server:
            assert ask(server, GET).endswith(b"5\r\nhello\r\n0\r\n\r\n")
        client = told.pop("client")
        assert client[0] == "127.0.0.1"
        assert told == {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": "/a b",
            "raw_path": b"/a%20b",
            "query_string": b"c=d",
            "root_path": "",
            "headers": [(b"host", b"proxy:81"), (b"x-one", b"1")],
            "server": ("proxy", 81),
        }

    def test_a_length(self) -> None:
        with proxy_of(Serving(answering(201, b"hello", (b"content-length", b"5")))) as server:
            assert ask(server, GET) == (b"HTTP/1.1 201 Created\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello")

    def test_head(self) -> None:
        with proxy_of(Serving(answering(200, b"hello", (b"content-length", b"5")))) as server:
            assert ask(server, GET.replace(b"GET", b"HEAD")).endswith(b"Content-Length: 5\r\nConnection: close\r\n\r\n")

    def test_a_body(self) -> None:
        async def application(scope: Any, receive: Any, send: Any) -> None:
            body, more = b"", True
            while more:
                message = await receive()
                body += message["body"]
                more = message["more_body"]
            await answering(200, body.upper(), (b"content-length", b"%d" % len(body)))(scope, receive, send)

        with proxy_of(Serving(application)) as server:
            body = b"x" * 300_000
            head = b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body)
            assert ask(server, head + body).endswith(b"\r\n\r\n" + body.upper())


class TestEnds:
    @pytest.mark.parametrize("begins", [False, True])
    def test_one_that_fails(self, begins: bool) -> None:
        async def application(scope: Any, receive: Any, send: Any) -> None:
            if begins:
                await send({"type": "http.response.start", "status": 200, "headers": []})
                await send({"type": "http.response.body", "body": b"half", "more_body": True})
            raise ZeroDivisionError("secret")

        with proxy_of(Serving(application)) as server:
            peer = connect(server)
            peer.send(GET)
            if begins:
                with pytest.raises(ConnectionResetError):
                    peer.all()
            else:
                answer = peer.all()
                assert answer.startswith(b"HTTP/1.1 500 ")
                assert b"secret" not in answer
            until(lambda: len(records_of(server)) == 1, "the record")
            assert records_of(server)[0].why == "the application failed: ZeroDivisionError"

    def test_one_that_says_nothing(self) -> None:
        async def application(scope: Any, receive: Any, send: Any) -> None:
            pass

        with proxy_of(Serving(application)) as server:
            assert ask(server, GET).startswith(b"HTTP/1.1 500 ")

    def test_a_client_that_leaves(self) -> None:
        async def application(scope: Any, receive: Any, send: Any) -> None:
            began.append(True)
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                ended.append(True)
                raise

        began: list[bool] = []
        ended: list[bool] = []
        with proxy_of(Serving(application)) as server:
            peer = connect(server)
            peer.send(GET)
            until(lambda: bool(began), "the application to begin")
            peer.close()
            until(lambda: bool(ended), "the application to be ended")

    def test_a_slow_reader_holds_it_back(self) -> None:
        async def application(scope: Any, receive: Any, send: Any) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            for _ in range(1000):
                await send({"type": "http.response.body", "body": b"x" * 65536, "more_body": True})
                sent.append(65536)
            await send({"type": "http.response.body", "body": b""})

        sent: list[int] = []
        with proxy_of(Serving(application)) as server:
            peer = connect(server)
            peer.send(GET)
            peer.head()
            threads_wait()
            assert sum(sent) < 32 * 1024 * 1024
            peer.close()


def threads_wait() -> None:
    """Half a second in which an application that is not held back would be done."""
    import time

    time.sleep(0.5)
