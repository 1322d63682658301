"""What the calls of script send, by the standards that prescribe it."""

from __future__ import annotations

from typing import Any

import pytest

from crossorigin.browser import CORSError, FetchError, File, Handshake

from .applications import ALLOW, API, CREDENTIALS, ORIGIN, PAGE, Heard, SyncAsk, answers, body, both, start

OPEN = (
    ALLOW,
    CREDENTIALS,
    ("access-control-allow-methods", "PUT"),
    ("access-control-allow-headers", "content-type, x-a"),
)


class TestFetch:
    """`fetch()`: https://fetch.spec.whatwg.org/#fetch-method"""

    @both
    def test_the_words_of_a_call(self, kind: Any) -> None:
        app = Heard(*OPEN)
        response = kind()(
            {API: app},
            "fetch",
            f"{API}/users/42?x",
            method="put",
            json={"a": "é"},
            headers={"X-A": "1", "Cookie": "no"},
        )
        assert response.preflighted
        assert [scope["method"] for scope in app.scopes] == ["OPTIONS", "PUT"]
        assert app.scopes[1]["path"] == "/users/42"
        assert app.bodies == [b"", '{"a":"é"}'.encode()]
        assert app.field("content-type") == "application/json"
        assert app.field("x-a") == "1"
        assert app.field("origin") == ORIGIN
        assert app.field("cookie") is None
        assert app.field("sec-fetch-mode") == "cors"
        assert app.field("access-control-request-headers", 0) == "content-type,x-a"

    @pytest.mark.parametrize(
        ("words", "content", "content_type"),
        [
            ({"body": "é"}, "é".encode(), "text/plain;charset=UTF-8"),
            ({"body": b"x"}, b"x", None),
            ({"body": bytearray(b"x")}, b"x", None),
            ({"form": {"a": "b c"}}, b"a=b+c", "application/x-www-form-urlencoded;charset=UTF-8"),
            ({"form": [("a", "1"), ("a", "2")]}, b"a=1&a=2", "application/x-www-form-urlencoded;charset=UTF-8"),
            ({"json": 0}, b"0", "application/json"),
            ({"json": {}, "headers": {"content-type": "application/ld+json"}}, b"{}", "application/ld+json"),
        ],
    )
    def test_bodies(self, words: dict[str, Any], content: bytes, content_type: str | None) -> None:
        app = Heard(*OPEN)
        SyncAsk()({API: app}, "fetch", API, method="POST", **words)
        assert app.bodies[-1] == content
        assert app.field("content-type") == content_type
        assert app.field("content-length") == str(len(content))

    def test_a_form_with_a_file(self) -> None:
        app = Heard(*OPEN)
        SyncAsk()({API: app}, "fetch", API, method="POST", form={"f": File("a.txt", b"data")})
        assert (app.field("content-type") or "").startswith("multipart/form-data; boundary=")
        assert b"data" in app.bodies[0]
        assert len(app.scopes) == 1

    def test_a_stream_needs_a_preflight_and_has_no_length(self) -> None:
        app = Heard(*OPEN)
        response = SyncAsk()({API: app}, "fetch", API, method="POST", body=(piece for piece in [b"a", b"b"]))
        assert response.preflighted
        assert app.bodies[-1] == b"ab"
        assert app.field("content-length") is None

    def test_relative_urls_and_referrers(self) -> None:
        app = Heard()
        SyncAsk()({ORIGIN: app}, "fetch", "users/42")
        assert app.scopes[0]["path"] == "/users/42"
        assert app.field("referer") == PAGE
        SyncAsk()({ORIGIN: app}, "fetch", "/", referrer="")
        assert app.field("referer") is None
        SyncAsk()({ORIGIN: app}, "fetch", "/", referrer="/other", referrer_policy="origin")
        assert app.field("referer") == f"{ORIGIN}/"
        SyncAsk()({ORIGIN: app}, "fetch", "/", page={"referrer_policy": "no-referrer"})
        assert app.field("referer") is None

    def test_cache_modes(self) -> None:
        app = Heard(*OPEN)
        SyncAsk()({API: app}, "fetch", API, cache="no-store")
        assert app.field("cache-control") == "no-cache"
        assert not app.field("access-control-request-method")

    def test_a_sandboxed_page(self) -> None:
        app = Heard(("access-control-allow-origin", "null"))
        response = SyncAsk()({API: app}, "fetch", API, page={"sandboxed": True})
        assert response.type == "cors"
        assert app.field("origin") == "null"
        assert app.field("referer") is None
        with pytest.raises(CORSError):
            SyncAsk()({API: answers(ALLOW)}, "fetch", API, page={"sandboxed": True})

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            ({"method": "TRACE"}, "cannot use the method TRACE"),
            ({"method": "B AD"}, "is not a method"),
            ({"body": b"x"}, "a GET request cannot have a body"),
            ({"method": "POST", "body": b"x", "json": {}}, "one body"),
            ({"mode": "navigate"}, "browser's own"),
            ({"credentials": "yes"}, "is not a credentials mode"),
            ({"headers": {"a": "b\nc"}}, "not a header value"),
            ({"url": "https://u:p@api.example.com/"}, "user name or password"),
            ({"url": "https://["}, "is not a URL"),
        ],
    )
    def test_what_script_cannot_make(self, words: dict[str, Any], said: str) -> None:
        with pytest.raises(TypeError, match=said) as caught:
            SyncAsk()({API: answers()}, "fetch", **{"url": API, **words})
        assert not isinstance(caught.value, FetchError)


class TestXHR:
    """`XMLHttpRequest`: https://xhr.spec.whatwg.org/#the-send()-method"""

    @both
    def test_upload_listeners(self, kind: Any) -> None:
        app = Heard(*OPEN)
        response = kind()({API: app}, "xhr", API, method="POST", body="x", upload_listeners=True)
        assert response.preflighted
        assert not SyncAsk()({API: app}, "xhr", API, method="POST", body="x").preflighted

    def test_credentials_and_bodies(self) -> None:
        app = Heard(*OPEN)
        response = SyncAsk()({API: app}, "xhr", API, with_credentials=True)
        assert response.exchange.request.include_credentials
        assert not SyncAsk()({API: app}, "xhr", API).exchange.request.include_credentials
        SyncAsk()({API: app}, "xhr", API, method="POST", json={"a": 1})
        assert app.field("content-type") == "application/json"
        SyncAsk()({API: app}, "xhr", API, method="POST", body=b"x")
        assert app.field("content-type") is None

    def test_the_console_names_it(self) -> None:
        with pytest.raises(CORSError, match="Access to XMLHttpRequest at"):
            SyncAsk()({API: answers()}, "xhr", API)


class TestEventSource:
    """`EventSource`: what it sends, and streams that never end."""

    @both
    def test_a_stream_that_goes_on(self, kind: Any) -> None:
        ended = []

        async def app(scope: Any, receive: Any, send: Any) -> None:
            assert scope["type"] == "http"
            await send(start(200, ALLOW, ("content-type", "text/event-stream")))
            try:
                while True:
                    await send(body(b": comment\n\ndata: tick\r\n\r\n", more=True))
            finally:
                ended.append(True)

        response = kind()({API: app}, "event_source", API, events=3)
        assert response.text().count("data: tick") == 3
        assert ended == [True]

    def test_what_it_sends(self) -> None:
        app = Heard(*OPEN)
        response = SyncAsk()({API: app}, "event_source", API, with_credentials=True, last_event_id="é")
        assert app.field("accept") == "text/event-stream"
        assert app.field("cache-control") == "no-cache"
        assert app.field("origin") == ORIGIN
        assert app.scopes[0]["headers"].count((b"last-event-id", "é".encode())) == 1
        assert response.exchange.request.include_credentials
        assert not response.preflighted
        assert not SyncAsk()({API: app}, "event_source", API).exchange.request.include_credentials

    def test_blocked(self) -> None:
        with pytest.raises(CORSError):
            SyncAsk()({API: answers()}, "event_source", API)


class TestBeacon:
    """`sendBeacon`: https://w3c.github.io/beacon/#sendbeacon-method"""

    @pytest.mark.parametrize(
        ("words", "content_type", "preflighted"),
        [
            ({"data": "x"}, "text/plain;charset=UTF-8", False),
            ({"data": b"x"}, None, False),
            ({"data": b"{}", "content_type": "application/json"}, "application/json", True),
            ({"data": "a=b", "content_type": "application/x-www-form-urlencoded"}, None, False),
            ({"data": {"a": "b"}}, None, False),
            ({}, None, False),
        ],
    )
    def test_of(self, words: dict[str, Any], content_type: str | None, preflighted: bool) -> None:
        app = Heard(*OPEN)
        response = SyncAsk()({API: app}, "send_beacon", API, **words)
        assert response.type == "opaque"
        assert response.preflighted is preflighted
        assert app.scopes[-1]["method"] == "POST"
        assert app.field("sec-fetch-mode") == ("cors" if preflighted else "no-cors")
        assert app.field("origin") == ORIGIN
        assert response.exchange.request.include_credentials
        if content_type is not None or not words or words["data"] == b"x":
            assert app.field("content-type") == content_type

    @both
    def test_blocked_by_its_preflight(self, kind: Any) -> None:
        with pytest.raises(CORSError):
            kind()({API: answers()}, "send_beacon", API, "{}", content_type="application/json")

    def test_no_url(self) -> None:
        with pytest.raises(TypeError, match="http and https only"):
            SyncAsk()({}, "send_beacon", "data:,x")

    def test_too_long(self) -> None:
        with pytest.raises(FetchError, match="B108"):
            SyncAsk()({API: answers()}, "send_beacon", API, b"x" * 65537)


class TestWebSocket:
    """The handshake: no CORS, and an Origin that the server may look at."""

    @staticmethod
    async def picky(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "websocket"
        assert scope["scheme"] == "wss"
        await receive()
        origin = dict(scope["headers"])[b"origin"]
        if origin != ORIGIN.encode():
            await send({"type": "websocket.close"})
            return
        await send({"type": "websocket.accept", "subprotocol": (scope["subprotocols"] or [None])[0]})
        await receive()

    @both
    def test_of(self, kind: Any) -> None:
        taken: Handshake = kind()({API: self.picky}, "websocket", "wss://api.example.com/ws")
        assert taken.accepted
        assert taken.status == 101
        refused = kind()({API: self.picky}, "websocket", "/ws", page={"url": f"{API}/"}) if kind is SyncAsk else None
        assert refused is None or not refused
        stranger = kind()({API: self.picky}, "websocket", f"{API}/ws", page={"url": "https://evil.test/"})
        assert (stranger.accepted, stranger.status) == (False, 403)

    def test_protocols(self) -> None:
        shaken = SyncAsk()({API: self.picky}, "websocket", f"{API}/", protocols=["chat", "soap"])
        assert shaken.protocol == "chat"
        assert shaken.exchange.request.headers.get(b"Sec-WebSocket-Protocol") == b"chat, soap"

    def test_http_only_applications_answer_as_such(self) -> None:
        from .applications import wsgi

        assert SyncAsk()({API: wsgi()}, "websocket", "wss://api.example.com/").status == 200

    @pytest.mark.parametrize("address", ["ftp://a.test/", "wss://a.test/#x", "wss://["])
    def test_no_urls(self, address: str) -> None:
        with pytest.raises(ValueError, match="not the URL of a WebSocket"):
            SyncAsk()({}, "websocket", address)

    @pytest.mark.parametrize("protocols", [["a", "A"], ["a b"], [""]])
    def test_no_protocols(self, protocols: list[str]) -> None:
        with pytest.raises(ValueError, match="names of WebSocket protocols"):
            SyncAsk()({}, "websocket", "wss://a.test/", protocols=protocols)

    def test_mixed_content(self) -> None:
        with pytest.raises(FetchError, match="B101"):
            SyncAsk()({}, "websocket", "ws://api.example.com/")
