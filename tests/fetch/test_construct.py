"""The requests that script and markup make, and the ones that they cannot make."""

from __future__ import annotations

from typing import Any

import pytest

from crossorigin.fetch import Body, Client, fetch_request, potential_cors_request, xhr_request
from crossorigin.web.headers import HeaderList
from crossorigin.web.origins import parse_origin

from .dialogue import API, OWN, page, url


class TestFetchRefuses:
    """Where `new Request` throws a TypeError, so does `fetch_request`, and names what it was given."""

    @pytest.mark.parametrize(
        ("target", "init", "sentence"),
        [
            ("https://", {}, "'https://' is not a URL"),
            ("https://a b/", {}, "is not a URL"),
            ("https://user:secret@api.other/x", {}, "https://api.other/x: a URL with a user name or password"),
            ("https://user@api.other/", {}, "a URL with a user name or password"),
            ("https://:secret@api.other/", {}, "a URL with a user name or password"),
            (API, {"mode": "navigate"}, 'mode "navigate" is the browser\'s own'),
            (API, {"mode": "websocket"}, 'mode "websocket" is the browser\'s own'),
            (API, {"mode": "nocors"}, "'nocors' is not a mode; it is one of same-origin, cors, no-cors"),
            (API, {"mode": "CORS"}, "'CORS' is not a mode"),
            (API, {"credentials": "always"}, "'always' is not a credentials mode"),
            (API, {"cache": "never"}, "'never' is not a cache mode"),
            (API, {"redirect": "ignore"}, "'ignore' is not a redirect mode"),
            (API, {"referrer_policy": "none"}, "'none' is not a referrer policy"),
            (API, {"referrer": "https://"}, "the referrer 'https://' is not a URL"),
            (API, {"cache": "only-if-cached"}, '"only-if-cached" goes only with mode "same-origin"'),
            (API, {"cache": "only-if-cached", "mode": "no-cors"}, '"only-if-cached" goes only with'),
            (API, {"method": b""}, "'' is not a method"),
            (API, {"method": b"P T"}, "'P T' is not a method"),
            (API, {"method": b"GET\n"}, "is not a method"),
            (API, {"method": b"\xe9"}, "is not a method"),
            (API, {"method": b"CONNECT"}, "cannot use the method CONNECT"),
            (API, {"method": b"trace"}, "cannot use the method trace"),
            (API, {"method": b"TrAcK"}, "cannot use the method TrAcK"),
            (API, {"mode": "no-cors", "method": b"PUT"}, "goes only with GET, HEAD and POST, not PUT"),
            (API, {"mode": "no-cors", "method": b"patch"}, "not patch"),
            (API, {"body": "x"}, "a GET request cannot have a body"),
            (API, {"body": b""}, "a GET request cannot have a body"),
            (API, {"body": "x", "method": b"head"}, "a HEAD request cannot have a body"),
            (API, {"headers": [(b"", b"x")]}, "'' is not a header name"),
            (API, {"headers": [(b"a b", b"x")]}, "'a b' is not a header name"),
            (API, {"headers": [(b"a:", b"x")]}, "is not a header name"),
            (API, {"headers": [(b"\xe9", b"x")]}, "is not a header name"),
            (API, {"headers": [(b"X", b"a\nb")]}, "the value of X is not a header value"),
            (API, {"headers": [(b"X", b"a\0")]}, "the value of X is not a header value"),
            (API, {"headers": [(b"Cookie", b"a\rb")]}, "the value of Cookie is not a header value"),
            (API, {"method": b"POST", "body": Body(b"x", stream=True)}, 'needs duplex: "half"'),
            (
                API,
                {"method": b"POST", "body": Body(b"x", stream=True), "duplex": "half", "mode": "no-cors"},
                'goes only with mode "cors" or "same-origin"',
            ),
            (
                API,
                {"method": b"POST", "body": Body(b"x", stream=True), "duplex": "half", "keepalive": True},
                "does not go with keepalive",
            ),
        ],
    )
    def test_type_error(self, target: str, init: dict[str, Any], sentence: str) -> None:
        with pytest.raises(TypeError) as caught:
            fetch_request(target, page(), **init)
        assert sentence in str(caught.value)
        assert "secret" not in str(caught.value)

    def test_a_relative_url_needs_a_page(self) -> None:
        with pytest.raises(TypeError, match="there is no page to complete it"):
            fetch_request("/data", Client(parse_origin("https://page.example")))


class TestFetch:
    """What the constructor makes of what it accepts."""

    def test_defaults(self) -> None:
        request = fetch_request("../other?q#f", page())
        assert request.current_url == url("https://page.example/other?q#f")
        assert (request.method, request.mode, request.credentials_mode) == (b"GET", "cors", "same-origin")
        assert (request.cache_mode, request.redirect_mode, request.referrer) == ("default", "follow", "client")
        assert (request.referrer_policy, request.destination, request.initiator) == ("", "", "")
        assert (request.unsafe_request, request.use_cors_preflight, request.use_url_credentials) == (True, False, False)
        assert (request.body, request.headers, request.keepalive) == (None, (), False)
        assert request.origin is request.client.origin

    def test_a_url_that_is_parsed_already(self) -> None:
        assert fetch_request(url(API), page()).current_url == url(API)
        with pytest.raises(TypeError, match="user name or password"):
            fetch_request(url("https://user@api.other/"), page())

    @pytest.mark.parametrize(
        ("method", "normalized"),
        [
            (b"get", b"GET"),
            (b"Head", b"HEAD"),
            (b"pOST", b"POST"),
            (b"put", b"PUT"),
            (b"delete", b"DELETE"),
            (b"options", b"OPTIONS"),
            (b"patch", b"patch"),
            (b"Patch", b"Patch"),
            (b"query", b"query"),
            (b"trac", b"trac"),
        ],
    )
    def test_method(self, method: bytes, normalized: bytes) -> None:
        assert fetch_request(API, page(), method=method).method == normalized

    @pytest.mark.parametrize("method", [b"GET", b"get", b"HEAD", b"POST", b"post"])
    def test_no_cors_has_three_methods(self, method: bytes) -> None:
        assert fetch_request(API, page(), method=method, mode="no-cors").method == method.upper()

    @pytest.mark.parametrize(
        ("body", "own", "content", "content_type"),
        [
            ("é", None, b"\xc3\xa9", b"text/plain;charset=UTF-8"),
            ("", None, b"", b"text/plain;charset=UTF-8"),
            ("{}", b"application/json", b"{}", b"application/json"),
            (b"\xff", None, b"\xff", None),
            (b"", b"a/b", b"", b"a/b"),
            (Body(b"x"), None, b"x", None),
        ],
    )
    def test_body(
        self, body: Body | bytes | str, own: bytes | None, content: bytes, content_type: bytes | None
    ) -> None:
        fields = [] if own is None else [(b"content-type", own)]
        request = fetch_request(API, page(), method=b"POST", body=body, headers=fields)
        assert request.body == Body(content)
        assert request.headers.get(b"Content-Type") == content_type
        assert not request.use_cors_preflight

    @pytest.mark.parametrize("mode", ["cors", "same-origin"])
    def test_a_stream_asks_for_a_preflight(self, mode: Any) -> None:
        stream = Body(b"x", stream=True)
        request = fetch_request(OWN, page(), method=b"POST", body=stream, duplex="half", mode=mode)
        assert request.use_cors_preflight
        assert request.headers == ()

    def test_headers(self) -> None:
        fields = [(b"X-One", b" 1 "), (b"Cookie", b"a"), (b"x-one", b"\t2\r\n"), (b"Accept", b""), (b"sec-x", b"3")]
        request = fetch_request(API, page(), headers=fields)
        assert request.headers == HeaderList.of(("X-One", "1"), ("X-One", "2"), ("Accept", ""))
        assert request.dropped_headers == HeaderList.of(("Cookie", "a"), ("sec-x", "3"))

    def test_headers_in_no_cors(self) -> None:
        fields = [(b"Accept", b"a"), (b"X-One", b"1"), (b"Content-Type", b"text/html"), (b"Range", b"bytes=0-")]
        request = fetch_request(API, page(), headers=fields, mode="no-cors", method=b"POST", body="x")
        assert request.headers == HeaderList.of(("Accept", "a"), ("Content-Type", "text/plain;charset=UTF-8"))
        assert request.dropped_headers.names() == [b"X-One", b"Content-Type", b"Range"]

    @pytest.mark.parametrize(
        ("referrer", "expected"),
        [
            (None, "client"),
            ("", "no-referrer"),
            ("about:client", "client"),
            ("about:client?x", "client"),
            ("https://api.other/", "client"),
            ("/x", url("https://page.example/x")),
            ("https://page.example:443", url("https://page.example/")),
        ],
    )
    def test_referrer(self, referrer: str | None, expected: object) -> None:
        assert fetch_request(API, page(), referrer=referrer).referrer == expected

    def test_only_if_cached(self) -> None:
        assert fetch_request(OWN, page(), cache="only-if-cached", mode="same-origin").cache_mode == "only-if-cached"


class TestXHR:
    """XMLHttpRequest: combined headers, no body with GET, upload listeners, a password in the URL."""

    def test_defaults(self) -> None:
        request = xhr_request(API, page())
        assert (request.mode, request.credentials_mode, request.redirect_mode) == ("cors", "same-origin", "follow")
        assert (request.unsafe_request, request.use_cors_preflight) == (True, False)
        assert xhr_request(API, page(), with_credentials=True).credentials_mode == "include"
        assert xhr_request(API, page(), upload_listeners=True).use_cors_preflight

    def test_headers_are_combined(self) -> None:
        fields = [(b"X-One", b" 1 "), (b"x-ONE", b"\t2"), (b"Accept", b"a"), (b"Cookie", b"c"), (b"Proxy-X", b"p")]
        request = xhr_request(API, page(), headers=fields)
        assert request.headers == HeaderList.of(("X-One", "1, 2"), ("Accept", "a"))
        assert request.dropped_headers == HeaderList.of(("Cookie", "c"), ("Proxy-X", "p"))

    @pytest.mark.parametrize("method", [b"GET", b"head"])
    def test_no_body_with_get_and_head(self, method: bytes) -> None:
        request = xhr_request(API, page(), method=method, body="x")
        assert (request.body, request.headers) == (None, ())

    @pytest.mark.parametrize("method", [b"POST", b"DELETE", b"patch"])
    def test_body(self, method: bytes) -> None:
        request = xhr_request(API, page(), method=method, body="é")
        assert request.body == Body(b"\xc3\xa9")
        assert request.headers == HeaderList.of(("Content-Type", "text/plain;charset=UTF-8"))

    def test_a_password_in_the_url(self) -> None:
        request = xhr_request("https://user:secret@api.other/", page())
        assert request.current_url.includes_credentials
        assert request.use_url_credentials
        assert not xhr_request(API, page()).use_url_credentials

    @pytest.mark.parametrize(
        ("target", "init"),
        [
            ("https://", {}),
            (API, {"method": b"CONNECT"}),
            (API, {"method": b"P T"}),
            (API, {"headers": [(b"a b", b"x")]}),
            (API, {"headers": [(b"X", b"a\nb")]}),
        ],
    )
    def test_type_error(self, target: str, init: dict[str, Any]) -> None:
        with pytest.raises(TypeError):
            xhr_request(target, page(), **init)


class TestElements:
    """HTML, "create a potential-CORS request": what the crossorigin attribute makes of a load."""

    @pytest.mark.parametrize(
        ("crossorigin", "fallback", "mode", "credentials"),
        [
            (None, False, "no-cors", "include"),
            (None, True, "same-origin", "include"),
            ("anonymous", False, "cors", "same-origin"),
            ("anonymous", True, "cors", "same-origin"),
            ("use-credentials", False, "cors", "include"),
            ("use-credentials", True, "cors", "include"),
        ],
    )
    def test_attribute(self, crossorigin: Any, fallback: bool, mode: str, credentials: str) -> None:
        request = potential_cors_request(API, page(), "image", crossorigin, same_origin_fallback=fallback)
        assert (request.mode, request.credentials_mode, request.destination) == (mode, credentials, "image")
        assert (request.unsafe_request, request.use_url_credentials) == (False, True)

    def test_a_password_in_the_url(self) -> None:
        target = "https://user:secret@api.other/"
        assert str(potential_cors_request(target, page(), "image", None).current_url) == target

    def test_type_error(self) -> None:
        with pytest.raises(TypeError, match="is not a URL"):
            potential_cors_request("https://", page(), "image", None)
