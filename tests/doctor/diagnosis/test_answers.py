"""What one answer tells by itself: that a cache gave it, that CORS had a part in it, and in whose words it refuses."""

from __future__ import annotations

import gzip

import pytest

from crossorigin.doctor.diagnosis.answers import (
    PROXYS_STATUSES,
    allow_origins,
    allows,
    bucket_sign,
    cached_by,
    field,
    fields,
    granted,
    is_proxys_page,
    refusal,
    sign_of,
    speaks_cors,
    status_line,
    text_of,
    vary_names,
    wants_tls,
)
from crossorigin.fetch.trace import Exchange
from crossorigin.fetch.wire import HTTPRequest, HTTPResponse
from crossorigin.web.headers import HeaderList
from crossorigin.web.url import parse_url

PAGE = "https://app.example"


def answer(*headers: tuple[str, str], status: int = 200, body: bytes = b"", reason: bytes = b"") -> HTTPResponse:
    return HTTPResponse(status, HeaderList.of(*headers), body, reason)


def allowing(*values: str) -> HTTPResponse:
    return answer(*(("Access-Control-Allow-Origin", value) for value in values))


class TestHowEvidenceShowsThings:
    """Whole where they are short, and bounded, for a server sends what it likes."""

    def test_status(self) -> None:
        assert status_line(answer(status=405, reason=b"Method Not Allowed")) == "405 Method Not Allowed"
        # HTTP/2 has no reason phrases.
        assert status_line(answer(status=405)) == "405"
        assert len(status_line(answer(reason=b"x" * 5000))) < 130

    def test_a_header(self) -> None:
        assert field("Allow", b"GET, PUT") == "`Allow: GET, PUT`"
        assert field("Allow", b"x" * 121) == f"`Allow: {'x' * 119}…`"
        assert field("Server", b"\xe9\x1b[31m") == r"`Server: é\x1b[31m`"

    def test_several_lines(self) -> None:
        assert fields("A", [b"1"]) == "`A: 1`"
        assert fields("A", [b"1", b"2"]) == "`A: 1` and `A: 2`"
        assert fields("A", [b"1", b"2", b"3"]) == "`A: 1`, `A: 2` and `A: 3`"
        assert fields("A", [b"%d" % number for number in range(1, 201)]) == "`A: 1`, `A: 2`, `A: 3` and 197 more"


class TestLeave:
    """As the CORS check reads it, byte for byte, credentials aside: https://fetch.spec.whatwg.org/#cors-check"""

    @pytest.mark.parametrize("value", ["*", PAGE])
    def test_given(self, value: str) -> None:
        assert allows(allowing(value), PAGE)

    @pytest.mark.parametrize(
        "value", ["", "null", f"{PAGE}/", "http://app.example", "HTTPS://APP.EXAMPLE", f'"{PAGE}"']
    )
    def test_not_given(self, value: str) -> None:
        assert not allows(allowing(value), PAGE)

    def test_two_lines_are_none(self) -> None:
        assert allow_origins(allowing("*", PAGE)) == [b"*", PAGE.encode()]
        assert not allows(allowing(PAGE, PAGE), PAGE)
        assert not allows(answer(), PAGE)


class TestSpeaksCors:
    """Any sign that something there knows of CORS."""

    @pytest.mark.parametrize(
        "header",
        [
            ("access-control-allow-methods", "GET"),
            ("Access-Control-Max-Age", "5"),
            ("ACCESS-CONTROL-ALLOW-ORIGIN", "https://other.example"),
            ("Vary", "Accept-Encoding, origin"),
        ],
    )
    def test_signs(self, header: tuple[str, str]) -> None:
        assert speaks_cors(answer(header))

    @pytest.mark.parametrize(
        "header", [("Vary", "Accept-Encoding"), ("Vary", "*"), ("Allow", "OPTIONS"), ("X", "Origin")]
    )
    def test_no_signs(self, header: tuple[str, str]) -> None:
        assert not speaks_cors(answer(header))

    def test_vary_is_one_list(self) -> None:
        assert vary_names(answer(("Vary", "Accept,Origin"), ("vary", " Cookie , "))) == {"accept", "origin", "cookie"}
        assert vary_names(answer()) == set()


HITS = {
    "CloudFront": ("X-Cache", "Hit from cloudfront"),
    "Fastly, at its second node": ("X-Cache", "MISS, HIT"),
    "Akamai": ("X-Cache", "TCP_HIT from a199-117-103-28.deploy.akamaitechnologies.com (AkamaiGHost/9.0.2)"),
    "Azure": ("X-Cache", "TCP_REMOTE_HIT"),
    "nginx, as people name it": ("X-Cache-Status", "HIT"),
    "nginx, a stale one": ("X-Cache-Status", "STALE"),
    "another name for it": ("X-Proxy-Cache", "HIT"),
    "Cloudflare": ("CF-Cache-Status", "HIT"),
    "Cloudflare, asked again": ("CF-Cache-Status", "REVALIDATED"),
    "Vercel": ("X-Vercel-Cache", "STALE"),
    "RFC 9211": ("Cache-Status", "ExampleCache; hit; ttl=376"),
    "Varnish, with the request that filled it": ("X-Varnish", "32770 3"),
    "RFC 9111": ("Age", "1"),
}
MISSES = {
    "CloudFront": ("X-Cache", "Miss from cloudfront"),
    "a word with hit in it": ("X-Cache", "whitelisted"),
    "Cloudflare": ("CF-Cache-Status", "DYNAMIC"),
    "RFC 9211": ("Cache-Status", "ExampleCache; fwd=uri-miss"),
    "Varnish, fetched just now": ("X-Varnish", "32770"),
    "no age": ("Age", "0"),
    "no number": ("Age", "young"),
}


class TestWordsForIt:
    """How evidence goes on about an answer."""

    def test_one_with_leave(self) -> None:
        assert granted(answer(("Access-Control-Allow-Origin", "*"), reason=b"OK")) == (
            "200 OK with `Access-Control-Allow-Origin: *`"
        )

    @pytest.mark.parametrize(
        ("fields", "shown"),
        [
            ([("Vary", "Origin"), ("access-control-max-age", "5")], "`access-control-max-age: 5`"),
            ([("Server", "x"), ("Vary", "Accept, Origin")], "`Vary: Accept, Origin`"),
        ],
    )
    def test_signs(self, fields: list[tuple[str, str]], shown: str) -> None:
        assert sign_of(answer(*fields)) == f"something there knows CORS: it sends {shown}"


class TestProxysPages:
    """Statuses that proxies give by themselves, unless an application says that nothing stands before it."""

    @pytest.mark.parametrize("status", PROXYS_STATUSES)
    def test_statuses(self, status: int) -> None:
        assert is_proxys_page(answer(status=status))
        assert is_proxys_page(answer(("Server", "nginx/1.22.1"), status=status))

    @pytest.mark.parametrize("status", [200, 400, 404, 500, 501])
    def test_others(self, status: int) -> None:
        assert not is_proxys_page(answer(("Server", "nginx"), status=status))

    @pytest.mark.parametrize(
        "server",
        [
            "uvicorn", "gunicorn", "hypercorn-h11", "daphne", "waitress", "Werkzeug/3.0 Python/3.11", "granian",
            "Python/3.11 aiohttp/3.9", "TornadoServer/6.4", "WSGIServer/0.2", "Kestrel", "Jetty(9.4)",
            "Apache-Coyote/1.1", "Cowboy", "PHP/8.2",
        ],
    )  # fmt: skip
    def test_an_application_that_is_alone(self, server: str) -> None:
        assert not is_proxys_page(answer(("Server", server), status=503))


class TestBuckets:
    """Storage that is reached over HTTP, by the headers that each sends."""

    @pytest.mark.parametrize(
        ("header", "value"),
        [
            ("Server", "AmazonS3"),
            ("Server", "UploadServer"),
            ("Server", "Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0"),
            ("x-amz-request-id", "4442587FB7D0A2F9"),
            ("x-amz-id-2", "abc"),
            ("x-ms-request-id", "506ff092"),
            ("x-guploader-uploadid", "ABPtcPo"),
        ],
    )
    def test_signs(self, header: str, value: str) -> None:
        assert bucket_sign(answer((header, value))) == f"`{header}: {value}`"

    @pytest.mark.parametrize("header", [("Server", "nginx"), ("x-amzn-requestid", "abc"), ("X-Served-By", "AmazonS3")])
    def test_no_signs(self, header: tuple[str, str]) -> None:
        assert bucket_sign(answer(header)) is None


class TestCaches:
    """Who says that a cache gave an answer."""

    @pytest.mark.parametrize("name", HITS)
    def test_hits(self, name: str) -> None:
        header, value = HITS[name]
        assert cached_by(answer((header, value))) == f"`{header.title()}: {value}`"

    @pytest.mark.parametrize("name", MISSES)
    def test_misses(self, name: str) -> None:
        assert cached_by(answer(MISSES[name])) is None

    def test_the_word_of_a_cache_before_the_age(self) -> None:
        assert cached_by(answer(("Age", "5"), ("X-Cache", "HIT"))) == "`X-Cache: HIT`"


class TestText:
    """The beginning of a body."""

    def test_a_coding_is_taken_off(self) -> None:
        assert text_of(answer(("Content-Encoding", "gzip"), body=gzip.compress(b"Not Found"))) == "Not Found"

    def test_what_does_not_decode_says_nothing(self) -> None:
        assert text_of(answer(("Content-Encoding", "gzip"), body=b"Not Found")) == ""

    def test_bytes_that_are_not_utf_8(self) -> None:
        assert text_of(answer(body=b"a\xffb")) == "a\ufffdb"

    def test_bounded(self) -> None:
        assert len(text_of(answer(body=b"x" * 10**6))) == 16 * 1024


STARLETTE = "the CORS middleware of Starlette or Litestar"
REFUSALS: dict[str, tuple[HTTPResponse, tuple[str, str, set[str]]]] = {
    # starlette/middleware/cors.py, preflight_response
    "Starlette, the origin": (
        answer(status=400, body=b"Disallowed CORS origin"),
        ('"Disallowed CORS origin"', STARLETTE, {"origin"}),
    ),
    "Starlette, all three": (
        answer(status=400, body=b"Disallowed CORS origin, method, headers"),
        ('"Disallowed CORS origin, method, headers"', STARLETTE, {"origin", "method", "headers"}),
    ),
    "Starlette, a method": (
        answer(status=400, body=b"Disallowed CORS method"),
        ('"Disallowed CORS method"', STARLETTE, {"method"}),
    ),
    "Litestar": (
        answer(status=400, body=b'{"status_code":400,"detail":"Disallowed CORS Origin"}'),
        ('"Disallowed CORS Origin"', STARLETTE, {"origin"}),
    ),
    # What the README of cors for Express has its callback raise.
    "Express": (
        answer(status=500, body=b"<pre>Error: Not allowed by CORS<br> at origin"),
        ('"Not allowed by CORS"', "the origin callback of Express's cors", {"origin"}),
    ),
    # DefaultCorsProcessor.rejectRequest: one text for everything
    "Spring": (
        answer(status=403, body=b"Invalid CORS request"),
        ('"Invalid CORS request"', "Spring's CORS processor", set()),
    ),
    # aiohttp_cors/preflight_handler.py
    "aiohttp-cors, the origin": (
        answer(status=403, body=b"CORS preflight request failed: origin 'https://headers.example' is not allowed"),
        (
            "\"CORS preflight request failed: origin 'https://headers.example' is not allowed\"",
            "aiohttp-cors",
            {"origin"},
        ),
    ),
    "aiohttp-cors, no origin at all": (
        answer(status=403, body=b"CORS preflight request failed: no origins are allowed"),
        ('"CORS preflight request failed: no origins are allowed"', "aiohttp-cors", {"origin"}),
    ),
    "aiohttp-cors, the method": (
        answer(
            status=403,
            body=b"CORS preflight request failed: request method 'PUT' is not allowed for 'https://app.example' origin",
        ),
        (
            ("\"CORS preflight request failed: request method 'PUT' is not allowed for 'https://app.example' origin\""),
            "aiohttp-cors",
            {"method"},
        ),
    ),
    "aiohttp-cors, a header": (
        answer(status=403, body=b"CORS preflight request failed: headers are not allowed: X-ORIGIN, X-METHOD"),
        ('"CORS preflight request failed: headers are not allowed: X-ORIGIN, X-METHOD"', "aiohttp-cors", {"headers"}),
    ),
    # rack-cors, lib/rack/cors/result.rb
    "rack-cors, the origin": (
        answer(("X-Rack-CORS", "preflight-miss; no-origin")),
        ("`X-Rack-CORS: preflight-miss; no-origin`", "rack-cors", {"origin"}),
    ),
    "rack-cors, the path": (
        answer(("X-Rack-CORS", "miss; no-path")),
        ("`X-Rack-CORS: miss; no-path`", "rack-cors", set()),
    ),
    "rack-cors, the method": (
        answer(("X-Rack-CORS", "preflight-miss; deny-method")),
        ("`X-Rack-CORS: preflight-miss; deny-method`", "rack-cors", {"method"}),
    ),
    "rack-cors, a header": (
        answer(("X-Rack-CORS", "preflight-miss; deny-header")),
        ("`X-Rack-CORS: preflight-miss; deny-header`", "rack-cors", {"headers"}),
    ),
}
NO_REFUSALS = {
    "rack-cors lets it pass": answer(("X-Rack-CORS", "preflight-hit")),
    "words in an answer that refuses nothing": answer(body=b"How to mend: Invalid CORS request"),
    "something else that is disallowed": answer(status=400, body=b"Disallowed CORS"),
    "aiohttp-cors, asked by no browser": answer(
        status=403,
        body=b"CORS preflight request failed: 'Access-Control-Request-Method' header is not specified",
    ),
    "nothing": answer(status=403),
}


class TestRefusal:
    """The words with which CORS layers say no, from their sources."""

    @pytest.mark.parametrize("name", REFUSALS)
    def test_words(self, name: str) -> None:
        response, (words, who, what) = REFUSALS[name]
        assert refusal(response) == (words, who, frozenset(what))

    @pytest.mark.parametrize("name", NO_REFUSALS)
    def test_none(self, name: str) -> None:
        assert refusal(NO_REFUSALS[name]) is None

    def test_bounded(self) -> None:
        body = b"CORS preflight request failed: headers are not allowed: " + b"x" * 5000
        said = refusal(answer(status=403, body=body))
        assert said is not None
        assert len(said[0]) < 200


class TestPlainHTTPToTLS:
    """A server that says, in plain HTTP, that it wants TLS; the words are in test_elsewhere.py."""

    @staticmethod
    def said(url: str, body: bytes) -> str | None:
        target = parse_url(url)
        assert target is not None
        request = HTTPRequest(b"GET", target, HeaderList(), None, "actual", False)
        return wants_tls(Exchange(request, answer(status=400, body=body)))

    def test_over_http_only(self) -> None:
        words = b"Client sent an HTTP request to an HTTPS server.\n"
        assert self.said("http://api.example/", words) == "Client sent an HTTP request to an HTTPS server"
        assert self.said("https://api.example/", words) is None
        assert self.said("http://api.example/", b"Bad Request") is None
