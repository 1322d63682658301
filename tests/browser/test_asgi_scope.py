from __future__ import annotations

import pytest

from crossorigin.browser.asgi_scope import asgi_scope, host_field

from .applications import ask, url


def test_a_scope() -> None:
    state = {"db": 1}
    scope = asgi_scope(ask("https://api.example.com/caf%C3%A9/a%2Fb?x=%20", ("X-A", "b"), method=b"PUT"), state)
    assert scope["state"] == state
    assert scope["state"] is not state
    assert {name: scope[name] for name in scope if name not in {"state", "asgi", "client", "extensions"}} == {
        "type": "http",
        "http_version": "1.1",
        "method": "PUT",
        "scheme": "https",
        "path": "/café/a/b",
        "raw_path": b"/caf%C3%A9/a%2Fb",
        "query_string": b"x=%20",
        "root_path": "",
        "headers": [(b"host", b"api.example.com"), (b"x-a", b"b")],
        "server": ("api.example.com", 443),
    }


@pytest.mark.parametrize(
    ("address", "host", "server"),
    [
        ("http://localhost:8000/", "localhost:8000", ("localhost", 8000)),
        ("http://[::1]:8000/", "[::1]:8000", ("::1", 8000)),
        ("http://a.test/", "a.test", ("a.test", 80)),
    ],
)
def test_the_server(address: str, host: str, server: tuple[str, int]) -> None:
    assert asgi_scope(ask(address), {})["server"] == server
    assert host_field(url(address)) == host


def test_a_websocket() -> None:
    scope = asgi_scope(ask("https://a.test/", ("Sec-WebSocket-Protocol", "chat, soap")), {}, websocket=True)
    assert (scope["type"], scope["scheme"], scope["subprotocols"]) == ("websocket", "wss", ["chat", "soap"])
    assert "method" not in scope
    assert asgi_scope(ask("http://a.test/"), {}, websocket=True)["scheme"] == "ws"
