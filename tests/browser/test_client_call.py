"""What a client asks for, as script would."""

from __future__ import annotations

import pytest

from crossorigin.browser import Browser
from crossorigin.browser.client_call import client_call, client_fields, page_of

from .applications import ALLOW, API, PAGE, wsgi


@pytest.mark.parametrize("origin", ["https://app.example.com", "https://app.example.com/", "http://localhost:3000"])
def test_the_page_of_an_origin(origin: str) -> None:
    assert page_of(origin) == f"{origin.removesuffix('/')}/"


@pytest.mark.parametrize("origin", ["app.example.com", "https://app.example.com/x", "null", ""])
def test_what_is_no_origin(origin: str) -> None:
    with pytest.raises(ValueError, match="write scheme and host of the page"):
        page_of(origin)


def test_the_librarys_own_headers_are_left_out() -> None:
    page = Browser({API: wsgi(ALLOW)}).page(PAGE)
    fields = [(b"User-Agent", b"python-httpx/1"), (b"Accept", b"*/*"), (b"Cookie", b"a=1"), (b"X-Own", b"1")]
    request = client_call(page, "PUT", API, fields, b"", "include").request
    assert list(request.headers) == [(b"Accept", b"*/*"), (b"X-Own", b"1")]
    assert (request.method, request.body, request.credentials_mode) == (b"PUT", None, "include")
    own = client_call(page, "GET", API, [(b"User-Agent", b"ours/1")], None, "omit").request
    assert own.headers.get(b"User-Agent") == b"ours/1"


def test_headers_without_what_describes_the_coding() -> None:
    page = Browser({API: wsgi(ALLOW, ("Content-Type", "text/plain"), ("Content-Length", "2"))}).page(PAGE)
    assert client_fields(page.fetch(API)) == [(b"Content-Type", b"text/plain")]
