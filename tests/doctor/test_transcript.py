"""What curl prints, read back. The transcripts are curl 7.88's, as it printed them, of servers on loopback."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossorigin.doctor import transcript as module
from crossorigin.doctor.explained import NobodyAsksError, explain
from crossorigin.doctor.recorded import RecordedExchange
from crossorigin.doctor.transcript import TranscriptError, read_transcript
from crossorigin.web.headers import HeaderList
from crossorigin.web.origins import TupleOrigin
from crossorigin.web.url import parse_url

PAGE = "http://127.0.0.1:8501"
ORIGIN = TupleOrigin("http", "127.0.0.1", 8501)

METER = "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n"
ZERO = "\r  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0"

VERBOSE = f"""{METER}{ZERO}*   Trying 127.0.0.1:8502...
* Connected to 127.0.0.1 (127.0.0.1) port 8502 (#0)
> OPTIONS /pre404 HTTP/1.1
> Host: 127.0.0.1:8502
> User-Agent: curl/7.88.1
> Accept: */*
> Origin:{PAGE}
> Access-Control-Request-Method: PUT
> Access-Control-Request-Headers: content-type
>\x20
< HTTP/1.1 404 Not Found
< Server: BaseHTTP/0.6 Python/3.11.7
< Content-Length: 15
<\x20
{{ [15 bytes data]
\r100    15  100    15    0     0  15120      0 --:--:-- --:--:-- --:--:-- 15000
* Connection #0 to host 127.0.0.1 left intact
{{"some":"json"}}"""

REDIRECTED = f"""*   Trying 127.0.0.1:8502...
* Connected to 127.0.0.1 (127.0.0.1) port 8502 (#0)
> GET /redircross HTTP/1.1
> Host: 127.0.0.1:8502
> Origin:{PAGE}
>
< HTTP/1.1 302 Found
< Access-Control-Allow-Origin: {PAGE}
< Location: http://127.0.0.1:8504/ok
<
* Ignoring the response-body
* Connection #0 to host 127.0.0.1 left intact
* Clear auth, redirects to port from 8502 to 8504
* Issue another request to this URL: 'http://127.0.0.1:8504/ok'
*   Trying 127.0.0.1:8504...
* Connected to 127.0.0.1 (127.0.0.1) port 8504 (#1)
> GET /ok HTTP/1.1
> Host: 127.0.0.1:8504
> Origin:{PAGE}
>
< HTTP/1.1 200 OK
< Access-Control-Allow-Origin: {PAGE}
<
"""

HTTP2 = """*   Trying 127.0.0.1:8544...
* Connected to 127.0.0.1 (127.0.0.1) port 8544 (#0)
* ALPN: offers h2,http/1.1
* TLSv1.3 (OUT), TLS handshake, Client hello (1):
} [512 bytes data]
* SSL connection using TLSv1.2 / ECDHE-RSA-AES256-GCM-SHA384
* ALPN: server accepted h2
* using HTTP/2
* h2h3 [:method: GET]
* h2h3 [:path: /old]
* h2h3 [:scheme: https]
* h2h3 [:authority: 127.0.0.1:8544]
* Using Stream ID: 1 (easy handle 0x559a48b062b0)
> GET /old HTTP/2
> Host: 127.0.0.1:8544
> user-agent: curl/7.88.1
> accept: */*
> origin: https://app.example.com
>\x20
{ [5 bytes data]
< HTTP/2 301\x20
< server: nginx/1.22.1
< location: https://127.0.0.1:8544/new
<\x20
* Issue another request to this URL: 'https://127.0.0.1:8544/new'
* Re-using existing connection #0 with host 127.0.0.1
* h2h3 [:scheme: https]
> GET /new HTTP/2
> Host: 127.0.0.1:8544
> origin: https://app.example.com
>\x20
< HTTP/2 200\x20
< server: nginx/1.22.1
<\x20
{}"""

INCLUDED = f"""HTTP/1.1 302 Found
Access-Control-Allow-Origin: {PAGE}
Location: /none
Content-Length: 15

HTTP/1.1 200 OK
Content-Type: application/json

{{"some":"json"}}"""


def exchanges(text: str, *, url: str | None = None, origin: TupleOrigin | None = None) -> list[RecordedExchange]:
    asked = None if url is None else parse_url(url)
    return list(read_transcript(text, url=asked, origin=origin).exchanges)


def lines(text: str, **more: str) -> list[str]:
    """Each exchange in a line: method, URL and status."""
    return [
        f"{each.method.decode()} {each.url.href} {each.response.status if each.response else None}"
        for each in exchanges(text, **more)  # type: ignore[arg-type]
    ]


class TestVerbose:
    """`curl -v`: requests and responses, and what curl says of the connection."""

    def test_a_preflight(self) -> None:
        (only,) = exchanges(VERBOSE)
        assert (only.method, only.url.href) == (b"OPTIONS", "http://127.0.0.1:8502/pre404")
        assert only.headers == HeaderList.of(
            ("Host", "127.0.0.1:8502"),
            ("User-Agent", "curl/7.88.1"),
            ("Accept", "*/*"),
            ("Origin", PAGE),
            ("Access-Control-Request-Method", "PUT"),
            ("Access-Control-Request-Headers", "content-type"),
        )
        assert only.is_preflight
        assert only.response is not None
        assert (only.response.status, only.response.status_message) == (404, b"Not Found")
        assert only.response.headers == HeaderList.of(
            ("Server", "BaseHTTP/0.6 Python/3.11.7"), ("Content-Length", "15")
        )
        assert (only.seen, only.failure, only.place) == ("unsaid", None, "line 5")

    def test_a_redirect(self) -> None:
        assert lines(REDIRECTED) == ["GET http://127.0.0.1:8502/redircross 302", "GET http://127.0.0.1:8504/ok 200"]

    def test_http_2_over_tls(self) -> None:
        assert lines(HTTP2) == ["GET https://127.0.0.1:8544/old 301", "GET https://127.0.0.1:8544/new 200"]

    @pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
    def test_line_endings(self, ending: str) -> None:
        assert lines(REDIRECTED.replace("\n", ending)) == lines(REDIRECTED)

    def test_without_what_curl_says_of_itself(self) -> None:
        bare = "\n".join(line for line in REDIRECTED.splitlines() if line[0] != "*")
        assert lines(bare) == lines(REDIRECTED)

    def test_in_the_colours_of_a_terminal(self) -> None:
        coloured = VERBOSE.replace("< Server:", "< \x1b[1mServer\x1b[0m:")
        assert exchanges(coloured) == exchanges(VERBOSE)

    def test_with_the_answer_printed_twice(self) -> None:
        # curl -v -i: the same head, marked and unmarked.
        both = VERBOSE.replace("< HTTP/1.1 404 Not Found", "< HTTP/1.1 404 Not Found\nHTTP/1.1 404 Not Found")
        assert lines(both) == lines(VERBOSE)

    def test_informational_answers_are_none(self) -> None:
        text = REDIRECTED.replace("< HTTP/1.1 302", "< HTTP/1.1 100 Continue\n<\n< HTTP/1.1 302")
        assert lines(text) == lines(REDIRECTED)

    def test_after_the_progress_meter(self) -> None:
        ask = f"{ZERO}> GET /a HTTP/1.1\n> Host: 127.0.0.1:8502\n>\n< HTTP/1.1 200 OK\n<\n"
        assert lines(f"{VERBOSE}\n{ask}") == [*lines(VERBOSE), "GET http://127.0.0.1:8502/a 200"]

    def test_a_connection_that_is_used_again(self) -> None:
        ask = "> GET /{} HTTP/1.1\n> Host: api.example:8080\n>\n< HTTP/1.1 200 OK\n<\n"
        again = "* Re-using existing connection #0 with host api.example\n"
        plain = f"* Connected to api.example (10.0.0.1) port 8080 (#0)\n{ask.format('a')}{again}{ask.format('b')}"
        assert lines(plain) == ["GET http://api.example:8080/a 200", "GET http://api.example:8080/b 200"]

    def test_a_tunnel_is_not_asked_for_by_the_page(self) -> None:
        tunnel = "> CONNECT api.example:443 HTTP/1.1\n> Host: api.example\n>\n< HTTP/1.1 200 Established\n<\n"
        secure = "* SSL connection using TLSv1.3 / TLS_AES_256_GCM_SHA384\n"
        inside = f"> GET /a HTTP/1.1\n> Host: api.example\n> Origin: {PAGE}\n>\n< HTTP/1.1 200 OK\n<\n"
        assert lines(tunnel + secure + inside) == ["GET https://api.example/a 200"]

    def test_a_request_through_a_proxy(self) -> None:
        text = f"> GET http://api.example/a HTTP/1.1\n> Host: api.example\n> Origin: {PAGE}\n>\n< HTTP/1.1 200 OK\n<\n"
        assert lines(text) == ["GET http://api.example/a 200"]

    @pytest.mark.parametrize(
        ("host", "url"),
        [
            ("api.example", "https://api.example/a"),
            ("api.example:443", "https://api.example/a"),
            ("api.example:8443", "https://api.example:8443/a"),
            ("api.example:80", "http://api.example/a"),
            ("localhost:3000", "http://localhost:3000/a"),
            ("127.0.0.1:8000", "http://127.0.0.1:8000/a"),
            ("[::1]:8000", "http://[::1]:8000/a"),
        ],
    )
    def test_the_scheme_where_nothing_tells(self, host: str, url: str) -> None:
        assert lines(f"> GET /a HTTP/1.1\n> Host: {host}\n>\n< HTTP/1.1 200 OK\n<\n") == [f"GET {url} 200"]

    @pytest.mark.parametrize(
        ("field", "has_body"),
        [("Content-Length: 2", True), ("Content-Length: 0", False), ("Transfer-Encoding: chunked", True)],
    )
    def test_a_body(self, field: str, has_body: bool) -> None:
        (only,) = exchanges(f"> PUT /a HTTP/1.1\n> Host: api.example\n> {field}\n>\n< HTTP/1.1 200 OK\n<\n")
        assert only.has_body is has_body


class TestHeads:
    """Without marks: `curl -i`, `curl -sD-`, and other clients that print both."""

    def test_answers_alone(self) -> None:
        first, second = exchanges(INCLUDED, url="http://127.0.0.1:8502/redir", origin=ORIGIN)
        assert (first.method, first.url.href) == (b"GET", "http://127.0.0.1:8502/redir")
        # Where the redirect leads.
        assert (second.method, second.url.href) == (b"GET", "http://127.0.0.1:8502/none")
        assert first.is_assumed
        assert second.is_assumed
        assert first.headers == second.headers == HeaderList.of(("Origin", PAGE))

    def test_nobody_knows_what_was_asked(self) -> None:
        with pytest.raises(TranscriptError) as raised:
            exchanges(INCLUDED)
        assert str(raised.value) == (
            "there is no HTTP exchange in this text; paste what curl -v prints, or say what was asked with --url"
        )

    def test_requests_too(self) -> None:
        text = (
            f"OPTIONS /users HTTP/1.1\nHost: api.example\nOrigin: {PAGE}\n\n\nHTTP/1.1 204 No Content\nVary: Origin\n\n"
        )
        (only,) = exchanges(text)
        assert (only.method, only.url.href, only.is_assumed) == (b"OPTIONS", "https://api.example/users", False)
        assert only.response is not None
        assert only.response.headers == HeaderList.of(("Vary", "Origin"))

    def test_a_body_is_no_head(self) -> None:
        text = "HTTP/1.1 200 OK\nA: 1\n\nB: 2\nnot a header\n"
        (only,) = exchanges(text, url="https://api.example/", origin=ORIGIN)
        assert only.response is not None
        assert only.response.headers == HeaderList.of(("A", "1"))

    def test_duplicates_and_order_survive(self) -> None:
        text = "HTTP/2 200\naccess-control-allow-origin: a\nvary: x\nAccess-Control-Allow-Origin: b\n\n"
        (only,) = exchanges(text, url="https://api.example/", origin=ORIGIN)
        assert only.response is not None
        assert only.response.headers == HeaderList.of(
            ("access-control-allow-origin", "a"), ("vary", "x"), ("Access-Control-Allow-Origin", "b")
        )


CONNECTED = "*   Trying 127.0.0.1:8503...\n* Connected to 127.0.0.1 (127.0.0.1) port 8503 (#0)\n"
REFUSED = "curl: (7) Failed to connect to 127.0.0.1 port 8599 after 0 ms: Couldn't connect to server\n"
NO_NAME = "* Could not resolve host: nope.invalid\ncurl: (6) Could not resolve host: nope.invalid\n"
UNTRUSTED = f"{CONNECTED}* ALPN: offers h2\ncurl: (60) SSL certificate problem: self-signed certificate\nMore: x\n"
NO_TLS = f"{CONNECTED}* TLSv1.3 (OUT), TLS handshake, Client hello (1):\ncurl: (35) error: wrong version number\n"
EMPTY = f"{CONNECTED}> GET /close HTTP/1.1\n> Host: 127.0.0.1:8503\n>\ncurl: (52) Empty reply from server\n"
SLOW = f"{CONNECTED}> GET /slow HTTP/1.1\n> Host: 127.0.0.1:8503\n>\ncurl: (28) Operation timed out\n"
TOLD = (
    (f"* connect to 127.0.0.1 port 8599 failed: Connection refused\n{REFUSED}", "http://127.0.0.1:8599/", "refused"),
    (NO_NAME, "https://nope.invalid/", "dns"),
    (UNTRUSTED, "https://127.0.0.1:8503/", "tls"),
    (NO_TLS, "https://127.0.0.1:8503/", "tls"),
    (EMPTY, "http://127.0.0.1:8503/close", "reset"),
    (SLOW, "http://127.0.0.1:8503/slow", "timeout"),
)


class TestFailures:
    """`curl: (number) …`"""

    @pytest.mark.parametrize(("text", "url", "kind"), TOLD, ids=[kind for _, _, kind in TOLD])
    def test_of(self, text: str, url: str, kind: str) -> None:
        (only,) = exchanges(text)
        assert (only.url.href, only.seen, only.response) == (url, "failed", None)
        assert only.failure is not None
        assert only.failure.kind.value == kind
        assert only.error is not None
        assert only.error.startswith("curl: (")

    def test_after_the_head(self) -> None:
        text = VERBOSE + "\ncurl: (18) transfer closed with 10 bytes remaining to read\n"
        (only,) = exchanges(text)
        assert only.failure is not None
        assert only.failure.partial is only.response
        assert only.response is not None

    def test_of_the_next_request(self) -> None:
        first, second = exchanges(f"{VERBOSE}\n{REFUSED}")
        assert first.failure is None
        assert (second.url.href, second.is_assumed) == ("http://127.0.0.1:8599/", True)

    def test_where_the_url_is_said(self) -> None:
        (only,) = exchanges(REFUSED, url="https://api.example/users")
        assert only.url.href == "https://api.example/users"

    def test_what_is_no_failure_of_the_network(self) -> None:
        (only,) = exchanges(f"{VERBOSE}\ncurl: (23) Failure writing output to destination\n")
        assert only.failure is None


class TestRefused:
    """One sentence."""

    @pytest.mark.parametrize("text", ["", "some words", "> quoted\n> words", "< a\n* b", "HTTP/1.1\nHTTP/1.1 2000 OK"])
    def test_no_transcript(self, text: str) -> None:
        with pytest.raises(TranscriptError) as raised:
            exchanges(text, url="https://api.example/", origin=ORIGIN)
        assert str(raised.value) == "there is no HTTP exchange in this text; paste what curl -v prints"

    def test_too_long(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "LONGEST", 100)
        with pytest.raises(TranscriptError, match=r"^the text has more than 100 characters; leave the bodies out"):
            exchanges("x" * 101)

    def test_too_many_headers(self) -> None:
        with pytest.raises(TranscriptError, match=r"^line 202: a message with more than 200 headers is not read$"):
            exchanges("HTTP/1.1 200 OK\n" + "a: b\n" * 201, url="https://api.example/")

    def test_too_many_exchanges(self) -> None:
        with pytest.raises(TranscriptError, match=r"^line 2001: more than 1,000 exchanges are not read; paste a part$"):
            exchanges("HTTP/1.1 200 OK\n\n" * 1_001, url="https://api.example/")

    def test_nobody_asks(self) -> None:
        text = "> GET /a HTTP/1.1\n> Host: api.example\n>\n< HTTP/1.1 200 OK\n<\n"
        with pytest.raises(NobodyAsksError) as raised:
            explain(read_transcript(text))
        assert str(raised.value) == (
            "line 1: the request has no Origin header; say which page asks, such as https://app.example.com"
        )


PIECES = st.sampled_from(
    ("> GET /a HTTP/1.1", "> Host: a", "> Origin: http://b", ">", "<", "< HTTP/1.1 302 Found", "< Location: /b", "\r",
     "HTTP/2 200", "a: b", "", "curl: (7) x", "curl: (52)", "* Connected to a (b) port 1", "* TLSv1", "\x1b[1m", "{}",
     "* Issue another request to this URL: 'x:'", "> CONNECT a:1 HTTP/1.1", "< HTTP/1.1 100 Continue", "> Host: [")
)  # fmt: skip


class TestAnything:
    """No text ends in anything but a recording or one sentence."""

    @given(st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=25).map("\n".join)), st.booleans())
    def test_text(self, text: str, said: bool) -> None:
        try:
            read = read_transcript(text, url=parse_url("https://api.example/") if said else None, origin=ORIGIN)
        except TranscriptError as error:
            sentence = str(error)
        else:
            sentence = ""
            explain(read, origin=ORIGIN)
        assert "\n" not in sentence

    @pytest.mark.parametrize(
        "line",
        ["0" * 60_000, " " * 60_000 + "x", "HTTP/1.1 200 " + " " * 60_000 + "x", "> " + "a" * 60_000, "\x1b[" * 30_000],
    )
    def test_long_lines_take_no_time_of_their_own(self, line: str) -> None:
        # A hundred lines of 64 KiB: seconds, if any of them were looked at twice.
        with pytest.raises(TranscriptError):
            exchanges("\n".join([line] * 100))
