"""What browsers and curl say of a call without an answer, told by kind."""

from __future__ import annotations

import pytest

from crossorigin.doctor.seen_error import curl_failure_kind, failure_kind, is_cancelled, made_failure
from crossorigin.fetch.wire import HTTPResponse, TransportFailureKind
from crossorigin.web.headers import HeaderList
from crossorigin.web.url import parse_url


class TestBrowsers:
    """Names of net/base/net_error_list.h, and sentences that were seen in WebKitGTK or are CFNetwork's."""

    @pytest.mark.parametrize(
        ("words", "kind"),
        [
            ("net::ERR_NAME_NOT_RESOLVED", "dns"),
            ("ERR_NAME_NOT_RESOLVED", "dns"),
            ("net::ERR_DNS_TIMED_OUT", "dns"),
            ("net::ERR_CONNECTION_REFUSED", "refused"),
            ("net::ERR_ADDRESS_UNREACHABLE", "unreachable"),
            ("net::ERR_INTERNET_DISCONNECTED", "unreachable"),
            ("net::ERR_PROXY_CONNECTION_FAILED", "unreachable"),
            ("net::ERR_CERT_AUTHORITY_INVALID", "tls"),
            ("net::ERR_CERT_DATE_INVALID", "tls"),
            ("net::ERR_SSL_PROTOCOL_ERROR", "tls"),
            ("net::ERR_BAD_SSL_CLIENT_AUTH_CERT", "tls"),
            ("net::ERR_CONNECTION_RESET", "reset"),
            ("net::ERR_EMPTY_RESPONSE", "reset"),
            ("net::ERR_CONTENT_LENGTH_MISMATCH", "reset"),
            ("net::ERR_CONNECTION_TIMED_OUT", "timeout"),
            ("net::ERR_TIMED_OUT", "timeout"),
            ("net::ERR_INVALID_HTTP_RESPONSE", "not-http"),
            ("net::ERR_HTTP2_PROTOCOL_ERROR", "not-http"),
            ("net::ERR_RESPONSE_HEADERS_TOO_BIG", "too-large"),
            ("net::ERR_BLOCKED_BY_CLIENT", "stopped"),
            ("net::ERR_BLOCKED_BY_ADMINISTRATOR", "stopped"),
            ("net::ERR_BLOCKED_BY_CSP", "stopped"),
            ("net::ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS", "stopped"),
            ("A server with the specified hostname could not be found.", "dns"),
            ("Error resolving \u201cnope.invalid\u201d: Name or service not known", "dns"),
            ("Could not connect to the server.", "refused"),
            ("Could not connect to 127.0.0.1: Connection refused", "refused"),
            ("Could not connect to 10.0.0.1: No route to host", "unreachable"),
            ("The Internet connection appears to be offline.", "unreachable"),
            ("Unacceptable TLS certificate", "tls"),
            ("A TLS error caused the secure connection to fail.", "tls"),
            ("An SSL error has occurred and a secure connection to the server cannot be made.", "tls"),
            ("The request timed out.", "timeout"),
            ("Connection terminated unexpectedly", "reset"),
            ("The network connection was lost.", "reset"),
            ("cannot parse response", "not-http"),
            ("The URL was blocked by a content blocker", "stopped"),
        ],
    )
    def test_failures(self, words: str, kind: str) -> None:
        assert failure_kind(words) is TransportFailureKind(kind)

    @pytest.mark.parametrize(
        "words",
        [
            # CORS, and what the page's own rules have against an answer that came.
            "net::ERR_FAILED",
            "net::ERR_BLOCKED_BY_RESPONSE",
            "net::ERR_BLOCKED_BY_RESPONSE.NotSameOrigin",
            "net::ERR_BLOCKED_BY_ORB",
            "net::ERR_UNSAFE_PORT",
            "net::ERR_TOO_MANY_REDIRECTS",
            "net::ERR_INVALID_REDIRECT",
            "Origin https://app.example is not allowed by Access-Control-Allow-Origin. Status code: 200",
            "Preflight response is not successful. Status code: 404",
            "net::ERR_OF_THE_FUTURE",
            "",
            "something else",
        ],
    )
    def test_no_failures_of_the_network(self, words: str) -> None:
        assert failure_kind(words) is None

    @pytest.mark.parametrize("words", ["net::ERR_ABORTED", "Load request cancelled", "cancelled", "NS_BINDING_ABORTED"])
    def test_cancelled(self, words: str) -> None:
        assert is_cancelled(words)

    @pytest.mark.parametrize("words", ["net::ERR_FAILED", "net::ERR_CONNECTION_ABORTED", ""])
    def test_not_cancelled(self, words: str) -> None:
        assert not is_cancelled(words)


class TestCurl:
    """The numbers of the manual's section on exit codes."""

    @pytest.mark.parametrize(
        ("number", "words", "kind"),
        [
            (6, "Could not resolve host: nope.invalid", "dns"),
            (7, "Failed to connect to 127.0.0.1 port 8599 after 0 ms: Couldn't connect to server", "refused"),
            (7, "Failed to connect to h port 1: Connection refused", "refused"),
            (7, "Failed to connect to h port 1: No route to host", "unreachable"),
            (7, "Failed to connect to h port 1: Network is unreachable", "unreachable"),
            (7, "Failed to connect to h port 1: Connection timed out", "timeout"),
            (28, "Connection timed out after 1001 milliseconds", "timeout"),
            (35, "OpenSSL/3.0.19: error:0A00010B:SSL routines::wrong version number", "tls"),
            (60, "SSL certificate problem: self-signed certificate", "tls"),
            (52, "Empty reply from server", "reset"),
            (56, "Recv failure: Connection reset by peer", "reset"),
            (18, "transfer closed with 10 bytes remaining to read", "reset"),
            (1, "Received HTTP/0.9 when not allowed", "not-http"),
            (63, "Maximum file size exceeded", "too-large"),
        ],
    )
    def test_failures(self, number: int, words: str, kind: str) -> None:
        assert curl_failure_kind(number, words) is TransportFailureKind(kind)

    @pytest.mark.parametrize("number", [2, 3, 22, 23, 26, 47, 67, 999])
    def test_what_is_no_failure_of_the_network(self, number: int) -> None:
        assert curl_failure_kind(number, "") is None


class TestSentence:
    """The peer and the words, as a person wants to read them."""

    @pytest.mark.parametrize(
        ("url", "kind", "sentence"),
        [
            ("https://api.example/a", "refused", "api.example:443 refused the connection (words)."),
            ("http://api.example:81/", "timeout", "api.example:81 took too long (words)."),
            ("http://[::1]/", "reset", "[::1]:80 broke the connection off (words)."),
            ("https://api.example/", "dns", "The name api.example was not found (words)."),
            ("https://api.example/", "stopped", "The browser itself stopped the request to api.example:443 (words)."),
        ],
    )
    def test_of(self, url: str, kind: str, sentence: str) -> None:
        parsed = parse_url(url)
        assert parsed is not None
        assert made_failure(TransportFailureKind(kind), "words", parsed).detail == sentence

    def test_every_kind_has_one(self) -> None:
        url = parse_url("https://api.example/")
        assert url is not None
        for kind in TransportFailureKind:
            made = made_failure(kind, "words", url)
            assert (made.kind, made.partial) == (kind, None)
            assert "api.example" in made.detail

    def test_it_is_bounded_and_keeps_what_came(self) -> None:
        url = parse_url("https://api.example/")
        assert url is not None
        head = HTTPResponse(200, HeaderList())
        made = made_failure(TransportFailureKind.RESET, "x" * 10_000, url, head)
        assert len(made.detail) < 400
        assert made.partial is head
