from __future__ import annotations

import sys

from crossorigin.browser.wsgi_environ import wsgi_environ

from .applications import ask


def test_an_environ() -> None:
    request = ask(
        "https://api.example.com:8443/caf%C3%A9/x?a=%20b",
        ("Content-Type", "text/plain"),
        ("Content-Length", "4"),
        ("X-A", "one"),
        ("x-a", "two"),
        ("Cookie", "a=1"),
        ("Cookie", "b=2"),
        method=b"POST",
        body=b"body",
    )
    environ = wsgi_environ(request, multithread=True)
    assert environ.pop("wsgi.input").read() == b"body"
    assert environ == {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/caf\xc3\xa9/x",
        "QUERY_STRING": "a=%20b",
        "REQUEST_URI": "/caf%C3%A9/x?a=%20b",
        "SERVER_NAME": "api.example.com",
        "SERVER_PORT": "8443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "api.example.com:8443",
        "CONTENT_TYPE": "text/plain",
        "CONTENT_LENGTH": "4",
        "HTTP_X_A": "one,two",
        "HTTP_COOKIE": "a=1; b=2",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https",
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
    }


def test_defaults() -> None:
    environ = wsgi_environ(ask("http://[::1]/"), multithread=False)
    assert (environ["SERVER_NAME"], environ["SERVER_PORT"], environ["QUERY_STRING"]) == ("::1", "80", "")
    assert environ["wsgi.input"].read() == b""
