"""Whose a header is. The lists are what Chromium 156, Firefox 153 and WebKitGTK 2.50 sent to a server on loopback."""

from __future__ import annotations

import pytest

from crossorigin.doctor.copied_headers import CopiedHeaders, Fields, sort_headers

CHROMIUM = [
    ("Host", "127.0.0.1:42343"),
    ("Connection", "keep-alive"),
    ("Content-Length", "2"),
    ("sec-ch-ua-platform", '"Linux"'),
    (
        "User-Agent",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
    ),
    ("sec-ch-ua", '"Not:A-Brand";v="8", "Chromium";v="156"'),
    ("content-type", "application/json"),
    ("sec-ch-ua-mobile", "?0"),
    ("Accept", "*/*"),
    ("Origin", "http://localhost:42343"),
    ("Sec-Fetch-Site", "cross-site"),
    ("Sec-Fetch-Mode", "cors"),
    ("Sec-Fetch-Dest", "empty"),
    ("Referer", "http://localhost:42343/"),
    ("Accept-Encoding", "gzip, deflate, br, zstd"),
    ("Accept-Language", "en-US,en;q=0.9"),
]
FIREFOX = [
    ("Host", "127.0.0.1:42343"),
    ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0"),
    ("Accept", "*/*"),
    ("Accept-Language", "en-US,en;q=0.9"),
    ("Accept-Encoding", "gzip, deflate, br, zstd"),
    ("Referer", "http://localhost:42343/"),
    ("content-type", "application/json"),
    ("Content-Length", "2"),
    ("Origin", "http://localhost:42343"),
    ("Connection", "keep-alive"),
    ("Sec-Fetch-Dest", "empty"),
    ("Sec-Fetch-Mode", "cors"),
    ("Sec-Fetch-Site", "cross-site"),
    ("Priority", "u=4"),
]
WEBKIT_XHR = [
    ("content-type", "application/json"),
    ("Origin", "http://localhost:42343"),
    ("Referer", "http://localhost:42343/"),
    (
        "User-Agent",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/60.5 Safari/605.1.15",
    ),
    ("Accept", "*/*"),
    ("Accept-Encoding", "gzip, deflate"),
    ("Accept-Language", "C"),
    ("Connection", "Keep-Alive"),
    ("Host", "127.0.0.1:42343"),
]
NOT_CACHED = [("Pragma", "no-cache"), ("Cache-Control", "no-cache")]
BROWSERS = {
    "Chromium": (CHROMIUM, {"accept", "accept-language", "user-agent"}),
    "Firefox": (FIREFOX, {"accept", "accept-language", "priority", "user-agent"}),
    "WebKit, XHR": (WEBKIT_XHR, {"accept", "accept-language", "user-agent"}),
    "its cache switched off": (
        [*CHROMIUM, *NOT_CACHED],
        {"accept", "accept-language", "user-agent", "pragma", "cache-control"},
    ),
    "revalidating": (
        [*FIREFOX, ("If-None-Match", '"1"'), ("Cache-Control", "max-age=0")],
        {"accept", "accept-language", "priority", "user-agent", "if-none-match", "cache-control"},
    ),
    "an older Chrome, over HTTP/2": (
        [("authority", "api.example"), *CHROMIUM, ("dnt", "1"), ("upgrade-insecure-requests", "1")],
        {"accept", "accept-language", "user-agent", "authority", "upgrade-insecure-requests"},
    ),
}
KEY = ("X-Key", "1")


class TestBrowsers:
    """Of what a browser sends only what script set is left."""

    @pytest.mark.parametrize("name", BROWSERS)
    def test_of(self, name: str) -> None:
        fields, own = BROWSERS[name]
        told = sort_headers([*fields, KEY])
        assert list(told.script) == [("content-type", "application/json"), KEY]
        assert told.own == tuple(sorted(own))
        assert told.is_copied
        assert (told.origin, told.referer) == ("http://localhost:42343", "http://localhost:42343/")
        assert told.sets("x-key")
        assert not told.sets("accept")

    @pytest.mark.parametrize(
        "value",
        [
            "*/*",
            (
                "text/html,application/xhtml+xml,application/xml;q=0.9,image/jxl,image/avif,image/webp,image/apng,*/*;q=0.8,"
                "application/signed-exchange;v=b3;q=0.7"
            ),
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "image/jxl,image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8",
            "image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5",
            "image/webp,image/avif,video/*;q=0.8,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5",
            "text/css,*/*;q=0.1",
        ],
    )
    def test_their_own_accept(self, value: str) -> None:
        assert sort_headers([("Accept", value)]) == CopiedHeaders(own=("accept",))

    @pytest.mark.parametrize(
        "value",
        [
            "application/json",
            "application/json, text/plain, */*",
            "text/html",
            "image/png",
            "text/css",
            "text/html, */*",
        ],
    )
    def test_accept_of_script(self, value: str) -> None:
        assert sort_headers([("Accept", value)]).script == (("Accept", value),)


SCRIPTS: dict[str, Fields] = {
    "Cache-Control alone": [("Cache-Control", "no-cache")],
    "Pragma alone": [("Pragma", "no-cache")],
    "others of Cache-Control": [("Cache-Control", "no-store"), ("Pragma", "no-cache")],
    "jQuery's": [("X-Requested-With", "XMLHttpRequest")],
    "Authorization": [("Authorization", "Bearer x")],
    "a language that is not safelisted": [("Accept-Language", "de_DE")],
    "Range": [("Range", "bytes=0-99")],
    "an empty one": [("X-Key", "")],
    "no name at all": [("", "x")],
    "a name that is none": [("é€", "x")],
}


class TestScript:
    """What stays script's although a browser could have written something like it."""

    @pytest.mark.parametrize("name", SCRIPTS)
    def test_in_a_copied_call(self, name: str) -> None:
        assert sort_headers([("Sec-Fetch-Mode", "cors"), *SCRIPTS[name]]).script == tuple(SCRIPTS[name])

    @pytest.mark.parametrize(
        "fields", [NOT_CACHED, [("If-None-Match", '"1"')], [("Cache-Control", "max-age=0")], [("Device-Memory", "8")]]
    )
    def test_in_a_call_that_nobody_copied(self, fields: Fields) -> None:
        told = sort_headers(fields)
        assert told.script == tuple(fields)
        assert not told.is_copied

    @pytest.mark.parametrize("value", ["curl/8.5.0", "Mozilla/5.0 (X11)"])
    def test_user_agent_never(self, value: str) -> None:
        told = sort_headers([("User-Agent", value), KEY])
        assert told.script == (KEY,)
        assert told.is_copied == value.startswith("Mozilla")

    @pytest.mark.parametrize(
        "name", ["Cookie", "Origin", "Referer", "Host", "DNT", "TE", "Sec-GPC", "Proxy-Authorization", "Content-Length"]
    )
    def test_what_it_cannot_set(self, name: str) -> None:
        assert sort_headers([(name, "1"), KEY]).script == (KEY,)

    def test_two_of_a_name(self) -> None:
        told = sort_headers([("Accept", "*/*"), ("accept", "application/json")])
        assert told == CopiedHeaders(script=(("accept", "application/json"),), own=("accept",))

    def test_an_override_of_the_method_is_forbidden_only_for_forbidden_methods(self) -> None:
        assert sort_headers([("X-HTTP-Method", "TRACE"), ("X-HTTP-Method", "PUT")]).script == (
            ("X-HTTP-Method", "PUT"),
        )


class TestWhatElseTheySay:
    """Cookies, modes and preflights."""

    def test_cookies(self) -> None:
        assert sort_headers([("cookie", "a=b"), ("Cookie", "c=d")]).cookie == "a=b; c=d"
        assert sort_headers([("Cookie", "")]).cookie is None

    def test_mode(self) -> None:
        assert sort_headers([("sec-fetch-mode", "navigate")]).mode == "navigate"

    def test_a_preflight(self) -> None:
        told = sort_headers(
            [
                ("Access-Control-Request-Method", "PUT"),
                ("Access-Control-Request-Headers", "content-type, x-key,"),
                ("Access-Control-Request-Private-Network", "true"),
                ("Accept-Language", "en"),
            ]
        )
        assert (told.preflight_for, told.preflight_names) == ("PUT", ("content-type", "x-key"))
        assert told.script == ()

    def test_nothing(self) -> None:
        assert sort_headers([]) == CopiedHeaders()

    def test_a_long_value_is_looked_at_once(self) -> None:
        """A pattern that tried every comma would not come to an end."""
        value = "image/" + "a," * 100_000
        assert sort_headers([("Accept", value)]).script == (("Accept", value),)
