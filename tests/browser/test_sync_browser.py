"""The browser without `await`: frameworks, the network, and what does not end well."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from typing import Any

import pytest
from fastapi import FastAPI
from flask import Flask, jsonify, request

from crossorigin.browser import Browser, CORSError, LifespanError, NoResponseError, NotMountedError
from crossorigin.middleware.asgi import CORSMiddleware
from crossorigin.middleware.wsgi import CORSMiddleware as WSGIMiddleware
from crossorigin.policy import Policy

from .applications import ALLOW, API, ORIGIN, PAGE, answers, wsgi
from .conftest import Serve, answering
from .test_lifespan import App

POLICY = Policy(allow_origins=[ORIGIN], allow_methods=["PUT"], allow_headers=["content-type"], allow_credentials=True)


def fast() -> Any:
    app = FastAPI()

    @app.put("/users/{number}")
    async def put(number: int, user: dict[str, Any]) -> dict[str, Any]:
        return {"number": number, **user}

    return CORSMiddleware(app, policy=POLICY)


def flask() -> Any:
    app = Flask("users")

    @app.put("/users/<int:number>")
    def put(number: int) -> Any:
        return jsonify({"number": number, **request.get_json()})

    return WSGIMiddleware(app, policy=POLICY)


DJANGO = """
import sys
import django
from django.conf import settings
from django.http import JsonResponse
settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, SECRET_KEY="x", MIDDLEWARE=[])
django.setup()
from django.urls import path
def users(request):
    response = JsonResponse({"cookie": request.COOKIES.get("a", "")})
    response["Access-Control-Allow-Origin"] = "https://app.example.com"
    response["Access-Control-Allow-Credentials"] = "true"
    response.set_cookie("a", "1", secure=True, samesite="None")
    return response
urlpatterns = [path("users", users)]
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application
from crossorigin.browser import Browser
for app in (get_wsgi_application(), get_asgi_application()):
    with Browser({"https://api.example.com": app}) as browser:
        page = browser.page("https://app.example.com/")
        for expected in ("", "1"):
            response = page.fetch("https://api.example.com/users", credentials="include")
            assert response.json() == {"cookie": expected}, response.json()
print("fine")
"""


@pytest.mark.parametrize("make", [fast, flask])
def test_frameworks(make: Any) -> None:
    with Browser({API: make()}) as browser:
        page = browser.page(PAGE)
        response = page.fetch(f"{API}/users/42", method="PUT", json={"name": "é"}, credentials="include")
        assert response.json() == {"number": 42, "name": "é"}
        assert response.preflighted
        with pytest.raises(CORSError, match="B201"):
            page.fetch(f"{API}/users/42", method="DELETE")
        with pytest.raises(CORSError, match="B201"):
            browser.page("https://evil.test/").fetch(f"{API}/users/42", method="PUT", json={})


def test_django() -> None:
    done = subprocess.run([sys.executable, "-c", DJANGO], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == "fine\n", done.stderr


class TestLifespan:
    """Begun once, ended with the browser."""

    def test_with(self) -> None:
        app = App()
        with Browser({API: app}):
            assert app.heard == ["lifespan.startup"]
        assert app.heard == ["lifespan.startup", "lifespan.shutdown"]

    def test_without(self) -> None:
        app = App()
        browser = Browser({API: app})
        with pytest.raises(AssertionError):
            browser.page(API).fetch("/")
        assert app.heard == ["lifespan.startup"]
        browser.close()
        browser.close()
        assert app.heard == ["lifespan.startup", "lifespan.shutdown"]

    def test_one_that_fails_stops_the_others(self) -> None:
        first, second = App(), App({"type": "lifespan.startup.failed", "message": "no database"})
        with pytest.raises(LifespanError, match="no database"), Browser({API: first, ORIGIN: second}):
            pass
        assert first.heard == ["lifespan.startup", "lifespan.shutdown"]
        assert not [thread for thread in threading.enumerate() if thread.name == "crossorigin browser"]

    def test_a_browser_without_asgi_has_no_thread(self) -> None:
        with Browser({API: wsgi(ALLOW)}) as browser:
            browser.page(PAGE).fetch(API)
            assert not [thread for thread in threading.enumerate() if thread.name == "crossorigin browser"]


def test_not_mounted() -> None:
    with Browser({API: answers()}) as browser, pytest.raises(NotMountedError, match="nothing answers for https://www"):
        browser.page(PAGE).fetch("https://www.example.com/")


def test_an_application_that_blocks_its_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crossorigin.browser.sync_browser._GRACE", 0.1)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "http"
        time.sleep(1)

    with (
        Browser({API: app}, timeout=0.1) as browser,
        pytest.raises(NoResponseError, match="blocks its event loop"),
    ):
        browser.page(PAGE).fetch(API)


class TestNetwork:
    """Real connections, to loopback."""

    @staticmethod
    def response(*lines: bytes) -> bytes:
        return b"\r\n".join([b"HTTP/1.1 200 OK", *lines, b"Content-Length: 2", b"", b"hi"])

    def test_led_to_a_plain_server(self, serve: Serve) -> None:
        server = serve(answering(self.response(b"Access-Control-Allow-Origin: https://app.example.com")))
        places = {"api.example.com:443": f"http://127.0.0.1:{server.port}"}
        with Browser(resolve=places) as browser:
            page = browser.page(PAGE)
            assert page.fetch(f"{API}/x").text() == "hi"
            assert page.fetch(f"{API}/x").text() == "hi"
        assert server.connections == 1
        assert server.heard[0].startswith(b"GET /x HTTP/1.1\r\nHost: api.example.com\r\n")
        assert b"\r\nOrigin: https://app.example.com\r\n" in server.heard[0]

    def test_led_to_another_port(self, serve: Serve) -> None:
        server = serve(answering(self.response()))
        with (
            Browser(resolve={"api.example.com:80": f"127.0.0.1:{server.port}"}) as browser,
            pytest.raises(CORSError, match="B301"),
        ):
            browser.page("http://app.example.com/").fetch("http://api.example.com/")

    def test_led_over_tls(self, serve: Serve, authority: Any) -> None:
        server = serve(answering(self.response()), tls=authority.server("api.example.com"))
        with Browser(
            resolve={"api.example.com:443": f"127.0.0.1:{server.port}"}, ssl_context=authority.client()
        ) as browser:
            assert browser.page(API).fetch("/").text() == "hi"

    def test_any_origin(self, serve: Serve) -> None:
        server = serve(answering(self.response(b"Access-Control-Allow-Origin: *")))
        with Browser(network=True) as browser:
            assert browser.page("http://app.test/").fetch(server.url("/")).text() == "hi"

    def test_refused(self, serve: Serve) -> None:
        server = serve(answering())
        server.stop()
        with Browser(network=True) as browser, pytest.raises(NoResponseError, match="refused the connection"):
            browser.page("http://app.test/").fetch(server.url("/"))

    def test_a_streamed_body_gets_a_length(self, serve: Serve) -> None:
        server = serve(answering(self.response()))
        with Browser(network=True) as browser:
            page = browser.page(server.url("/"))
            page.fetch("/", method="POST", body=[b"a", b"b"])
        assert b"\r\nContent-Length: 2\r\n" in server.heard[0]

    def test_an_event_stream_that_goes_on(self, serve: Serve) -> None:
        def talk(peer: Any) -> None:
            peer.head()
            peer.say(b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\r\n", b"data: 1\n\n")
            peer.hang()

        server = serve(talk)
        with Browser(network=True, timeout=0.5) as browser:
            response = browser.page("http://app.test/").event_source(server.url("/"))
            assert response.text() == "data: 1\n\n"

    def test_a_real_websocket_server(self) -> None:
        from websockets.sync.server import serve as serve_websocket

        with serve_websocket(lambda _: None, "127.0.0.1", 0, origins=["http://app.test"]) as server:  # type: ignore[list-item]
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            port = server.socket.getsockname()[1]
            with Browser(network=True) as browser:
                taken = browser.page("http://app.test/").websocket(f"ws://127.0.0.1:{port}/")
                stranger = browser.page("http://evil.test/").websocket(f"ws://127.0.0.1:{port}/")
            server.shutdown()
            thread.join()
        assert taken.refusal is None
        assert (stranger.accepted, stranger.status) == (False, 403)
