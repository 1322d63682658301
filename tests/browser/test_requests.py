"""requests under CORS: what a session sees, what goes through another adapter, and what a blocked call raises."""

from __future__ import annotations

import gzip
import io
from typing import Any

import pytest
import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse

from crossorigin.browser import CORSError, NotMountedError
from crossorigin.browser.requests import CORSAdapter, CORSBlockedError

from .applications import ALLOW, API, CREDENTIALS, ORIGIN, wsgi

GRANTS = (ALLOW, CREDENTIALS, ("access-control-allow-methods", "PUT"), ("access-control-allow-headers", "content-type"))


class Server(BaseAdapter):
    """Answers as told and remembers the requests."""

    def __init__(self, *headers: tuple[str, str], body: bytes = b"hello", status: int = 200) -> None:
        super().__init__()
        self.headers, self.body, self.status = headers, body, status
        self.requests: list[requests.PreparedRequest] = []
        self.words: dict[str, Any] = {}
        self.closed = False

    def send(self, request: requests.PreparedRequest, **words: Any) -> requests.Response:  # type: ignore[override]
        self.requests.append(request)
        self.words = words
        fields = HTTPHeaderDict()
        for name, value in self.headers:
            fields.add(name, value)
        raw = HTTPResponse(io.BytesIO(self.body), fields, self.status, reason="Fine", preload_content=False)
        return HTTPAdapter().build_response(request, raw)

    def close(self) -> None:
        self.closed = True


def session(adapter: CORSAdapter) -> requests.Session:
    ours = requests.Session()
    ours.mount("https://", adapter)
    return ours


def test_a_call_as_script_makes_it() -> None:
    server = Server(*GRANTS, ("X-A", "1"), ("Set-Cookie", "a=1"), ("Content-Type", "text/plain; charset=utf-8"))
    with session(CORSAdapter(origin=ORIGIN, adapter=server)) as ours:
        response = ours.put(f"{API}/users?a=1", json={"name": "é"}, timeout=3)
    preflight, actual = server.requests
    assert (preflight.method, preflight.headers["access-control-request-method"]) == ("OPTIONS", "PUT")
    assert (actual.method, actual.url, actual.headers["Origin"]) == ("PUT", f"{API}/users?a=1", ORIGIN)
    assert actual.headers["Content-Length"] == str(len(actual.body or b""))
    assert server.words["timeout"] == 3
    assert (response.status_code, response.reason, response.text) == (200, "Fine", "hello")
    assert (dict(response.headers), response.encoding) == ({"Content-Type": "text/plain; charset=utf-8"}, "utf-8")
    assert (response.url, response.request.method) == (f"{API}/users?a=1", "PUT")
    assert server.closed


def test_a_blocked_call() -> None:
    ours = session(CORSAdapter(origin=ORIGIN, adapter=Server()))
    with pytest.raises(CORSBlockedError) as raised:
        ours.get(API)
    assert isinstance(raised.value, requests.exceptions.ConnectionError)
    assert isinstance(raised.value.error, CORSError)
    assert raised.value.__cause__ is raised.value.error
    assert raised.value.request is not None
    assert raised.value.request.url == f"{API}/"


def test_codings_are_taken_off_and_fields_stay_apart() -> None:
    packed = Server(ALLOW, ("Content-Encoding", "gzip"), ("Vary", "a"), ("Vary", "b"), body=gzip.compress(b"hello"))
    adapter = CORSAdapter(origin=ORIGIN, adapter=packed)
    response = session(adapter).get(API, stream=True)
    assert b"".join(response.iter_content(2)) == b"hello"
    with pytest.raises(CORSBlockedError) as raised:
        session(CORSAdapter(origin=ORIGIN, adapter=Server(ALLOW, ALLOW))).get(API)
    assert raised.value.error.code == "B303"


def test_cookies_are_the_browsers() -> None:
    server = Server(ALLOW, CREDENTIALS, ("Set-Cookie", "a=1; Secure; SameSite=None"))
    adapter = CORSAdapter(origin=ORIGIN, adapter=server, credentials="include")
    with session(adapter) as ours:
        ours.get(API, cookies={"forged": "1"})
        ours.get(API)
        assert "a" not in ours.cookies
    assert [request.headers.get("Cookie") for request in server.requests] == [None, "a=1"]


@pytest.mark.parametrize("data", ["text", b"text", io.BytesIO(b"text"), iter([b"te", b"xt"])])
def test_bodies(data: Any) -> None:
    server = Server(*GRANTS)
    session(CORSAdapter(origin=ORIGIN, adapter=server)).post(API, data=data)
    assert server.requests[-1].body == b"text"


def test_applications() -> None:
    with session(CORSAdapter(origin=ORIGIN, apps={API: wsgi(ALLOW)}, engine="webkit")) as ours:
        assert ours.get(API).json() == {}
        with pytest.raises(NotMountedError):
            ours.get("https://other.example/")


def test_applications_and_an_adapter() -> None:
    far = Server(ALLOW, body=b"far")
    with session(CORSAdapter(origin=ORIGIN, apps={API: wsgi(ALLOW, content=b"near")}, adapter=far)) as ours:
        assert [ours.get(url).text for url in (API, "https://other.example/")] == ["near", "far"]


def test_the_network_is_the_default() -> None:
    with session(CORSAdapter(origin="http://app.example.com")) as ours:
        ours.mount("http://", ours.get_adapter("https://"))
        # Port 9 of the loopback: nobody listens, and requests itself says so.
        with pytest.raises(requests.exceptions.ConnectionError) as raised:
            ours.get("http://127.0.0.1:47/")
    assert not isinstance(raised.value, CORSBlockedError)
