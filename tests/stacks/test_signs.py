"""Whom an answer is from, by Server and by the shape of an error page."""

from __future__ import annotations

import pytest

from crossorigin.stacks import Evidence, recognise
from crossorigin.stacks.signs import by_server, by_signs
from crossorigin.stacks.stack import UNKNOWN, Recognition

NGINX_PAGE = b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<hr><center>nginx/1.22.1</center>\r\n"
APACHE_PAGE = (
    b'<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>403 Forbidden</title>\n</head><body>\n'
)
HAPROXY_PAGE = (
    b"<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>\n"
)


@pytest.mark.parametrize(
    ("status", "server", "body", "name", "confidence"),
    [
        (200, b"nginx", b"", "nginx", 0.9),
        (200, b"nginx/1.22.1", NGINX_PAGE, "nginx", 0.9),
        (502, b"nginx/1.22.1", NGINX_PAGE, "nginx", 0.99),
        (502, b"cloudflare", NGINX_PAGE, "nginx", 0.8),
        (404, b"openresty/1.21", b"", "nginx", 0.9),
        (200, b"Apache/2.4.71 (Debian)", b"", "apache", 0.9),
        (403, b"", APACHE_PAGE, "apache", 0.8),
        (200, b"Apache-Coyote/1.1", b"", None, 0),
        (200, b"Caddy", b"", "caddy", 0.9),
        (200, b"lighttpd/1.4.69", b"", "lighttpd", 0.9),
        (503, b"", HAPROXY_PAGE, "haproxy", 0.8),
        (200, b"", HAPROXY_PAGE, None, 0),
        (200, b"not-nginx", b"", None, 0),
        (404, b"uvicorn", b'{"detail":"Not Found"}', "fastapi", 0.9),
    ],
)
def test_recognised(status: int, server: bytes, body: bytes, name: str | None, confidence: float) -> None:
    headers = ((b"Server", server),) if server else ()
    found = recognise(Evidence(status=status, headers=headers, body=body))
    assert [(stack.name, seen.confidence) for stack, seen in found[:1]] == ([(name, confidence)] if name else [])


def test_the_signs_are_named() -> None:
    evidence = Evidence(status=500, headers=((b"server", b"Thing/1"),), body=b"<thing>")
    assert by_server("Thing", "thing", b"<thing>")(evidence).because == (
        "Server: Thing/1",
        "the page is Thing's own for 500",
    )


class TestBySigns:
    """Signs that are independent make each other surer; a page that others have too needs more than itself."""

    recognise = staticmethod(
        by_signs(
            ("x-powered-by", "Express", 0.9),
            ("server", "node", 0.5),
            page=(rb"\ANot Found\Z", "the page is its own", 0.4),
            needs=("server",),
            without=("x-other",),
        )
    )

    def found(self, *headers: tuple[bytes, bytes], status: int = 404) -> Recognition:
        return self.recognise(Evidence(status=status, headers=headers, body=b"Not Found"))

    def test_one_sign(self) -> None:
        assert self.found((b"x-powered-by", b"express")) == Recognition(0.9, ("X-Powered-By: express",))

    def test_two_signs_and_the_page(self) -> None:
        found = self.found((b"x-powered-by", b"Express"), (b"server", b"node"))
        assert found.confidence == 0.97
        assert found.because == ("X-Powered-By: Express", "Server: node", "the page is its own")

    def test_the_page_alone_counts_for_nothing_here(self) -> None:
        assert self.found() == UNKNOWN
        assert self.found((b"x-other", b"1")) == UNKNOWN
        assert self.found((b"server", b"x")).confidence == 0.4
        assert self.found((b"server", b"x"), (b"x-other", b"1")) == UNKNOWN
        assert self.found((b"server", b"x"), status=200) == UNKNOWN
