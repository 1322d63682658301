"""The proxy's own answers: complete, escaped, bounded."""

from __future__ import annotations

import json

import pytest

from crossorigin.proxy.answers import Page, failure_page, oversized_head, reply, serve_page
from crossorigin.proxy.plan import Failure

HTML = {b"accept": b"text/html"}
JSON = {b"accept": b"application/json"}
DOWN = Failure(
    502,
    "connection refused",
    "http://localhost:8080",
    ("127.0.0.1:8080", "[::1]:8080"),
    "Start the backend, or change the route.",
)


class TestBackendDown:
    """vercel/next.js#24391, vitejs/vite#4886, PR 7398, chimurai/http-proxy-middleware#496: a hang, or an empty 502."""

    def test_as_text(self) -> None:
        made = reply(failure_page(DOWN, route="/api"), {})
        assert made.status == 502
        assert made.body.decode() == (
            "502 Bad Gateway: http://localhost:8080 cannot be reached.\n"
            "  target: http://localhost:8080\n"
            "  tried: 127.0.0.1:8080, [::1]:8080\n"
            "  cause: connection refused\n"
            "  route: /api\n"
            "Start the backend, or change the route.\n"
        )
        assert made.why == "http://localhost:8080 cannot be reached."
        assert made.headers == (
            (b"Content-Type", b"text/plain; charset=utf-8"),
            (b"Cache-Control", b"no-store"),
            (b"X-Content-Type-Options", b"nosniff"),
            (b"Vary", b"Accept, Sec-Fetch-Dest"),
        )

    def test_as_json(self) -> None:
        made = reply(failure_page(DOWN, route="/api"), JSON)
        assert dict(made.headers)[b"Content-Type"] == b"application/json"
        assert json.loads(made.body) == {
            "status": 502,
            "title": "Bad Gateway",
            "error": "http://localhost:8080 cannot be reached.",
            "target": "http://localhost:8080",
            "tried": "127.0.0.1:8080, [::1]:8080",
            "cause": "connection refused",
            "route": "/api",
            "advice": "Start the backend, or change the route.",
        }

    def test_as_a_page(self) -> None:
        made = reply(failure_page(DOWN), HTML)
        page = made.body.decode()
        for text in ("502", "http://localhost:8080", "127.0.0.1:8080, [::1]:8080", "connection refused", "Start the"):
            assert text in page
        assert "color-scheme: light dark" in page
        assert "<dt>route" not in page
        # Self-contained: nothing is loaded, and nothing could be.
        assert not {"src=", "href=", "@import", "url("} & set(page.split())
        assert dict(made.headers)[b"Content-Security-Policy"] == b"default-src 'none'; style-src 'unsafe-inline'"

    @pytest.mark.parametrize(
        ("status", "sentence"),
        [
            (503, "http://h cannot take the request now."),
            (504, "http://h did not answer in time."),
            (413, "The request for http://h was given up."),
        ],
    )
    def test_other_failures(self, status: int, sentence: str) -> None:
        assert failure_page(Failure(status, "x", "http://h")).sentence == sentence

    def test_a_failure_without_a_target(self) -> None:
        assert failure_page(Failure(502, "x")).sentence == "The target cannot be reached."


class TestReflection:
    """Nothing that an outsider sent gets into a page as it is, or without an end."""

    EVIL = "<script>alert(1)</script>\"'&\x1b[31m{status}"

    def page(self) -> Page:
        return Page(404, self.EVIL, ((self.EVIL, self.EVIL),), self.EVIL)

    def test_html_is_escaped(self) -> None:
        body = reply(self.page(), HTML).body.decode()
        assert "<script" not in body
        assert body.count("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;&amp;") == 4
        assert "{status}" in body

    def test_terminals_are_not_driven(self) -> None:
        made = reply(self.page(), {})
        assert b"\x1b" not in made.body
        assert "\x1b" not in made.why

    def test_json_is_json(self) -> None:
        assert json.loads(reply(self.page(), JSON).body)["error"] == self.EVIL

    @pytest.mark.parametrize("fields", [HTML, JSON, {}])
    def test_bounded(self, fields: dict[bytes, bytes]) -> None:
        long = "x" * 100_000
        facts = tuple((f"{number}{long}", long) for number in range(40))
        made = reply(Page(404, long, facts, long), fields)
        assert len(made.body) < 8_000_000
        assert len(made.why) < 5_000

    def test_what_is_no_text(self) -> None:
        assert reply(Page(404, "\udcff"), HTML).status == 404

    def test_a_status_without_a_name(self) -> None:
        assert Page(499, "x").title == "Error"


def test_headers_of_a_scope() -> None:
    assert serve_page(Page(404, "x"), [(b"Accept", b"application/json")]).body.startswith(b"{")


class TestOversizedHead:
    """vitejs/vite PR 9324: 431 for the cookies of all that ever ran on localhost."""

    def test_the_biggest_cookies_are_named(self) -> None:
        cookie = f"a=1; big={'x' * 5000}; sid={'s' * 40}; a=22"
        head = f"GET / HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\nX: y".encode()
        sentence = oversized_head(head, 65536)
        assert sentence == (
            "The head of the request is longer than 65536 bytes. The biggest cookies are big (5004 bytes), "
            "sid (44 bytes), a (7 bytes): delete them for this host, on which the servers of all ports share them."
        )
        assert "ssss" not in sentence

    def test_without_cookies(self) -> None:
        assert oversized_head(b"GET /" + b"x" * 70_000, 65536) == "The head of the request is longer than 65536 bytes."

    def test_cut_anywhere(self) -> None:
        assert "half (8 bytes)" in oversized_head(b"GET / HTTP/1.1\r\ncookie: half=val", 10)

    def test_bounded(self) -> None:
        cookies = "; ".join(f"{'n' * 100}{number}=v" for number in range(500))
        sentence = oversized_head(f"GET / HTTP/1.1\r\nCookie: {cookies}".encode(), 10)
        assert len(sentence) < 1_500

    def test_names_that_are_no_text(self) -> None:
        sentence = oversized_head(b"GET / HTTP/1.1\r\nCookie: \x1b\xff<b>=1", 10)
        assert sentence.isprintable()

    def test_many_are_counted(self) -> None:
        cookies = "; ".join(f"c{number:02}=v" for number in range(10))
        assert "c07 (5 bytes) and 2 more: delete" in oversized_head(f"GET /\r\nCookie: {cookies}".encode(), 10)
