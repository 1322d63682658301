"""The Headers class: what its guard refuses, and what it drops in silence."""

from __future__ import annotations

import pytest

from crossorigin.fetch.headers_guard import Guard, append_guarded, validate
from crossorigin.web.headers import HeaderList

GUARDS: list[Guard] = ["immutable", "request", "request-no-cors", "response", "none"]
FORBIDDEN = [
    ("Accept-Charset", ""),
    ("Accept-Encoding", ""),
    ("Access-Control-Request-Headers", ""),
    ("Access-Control-Request-Method", ""),
    ("Connection", ""),
    ("Content-Length", "1"),
    ("Cookie", "a=1"),
    ("Cookie2", ""),
    ("Date", ""),
    ("DNT", "1"),
    ("Expect", ""),
    ("Host", ""),
    ("Keep-Alive", ""),
    ("Origin", "null"),
    ("Referer", ""),
    ("Set-Cookie", ""),
    ("TE", ""),
    ("Trailer", ""),
    ("Transfer-Encoding", ""),
    ("Upgrade", ""),
    ("Via", ""),
    ("Proxy-", ""),
    ("Proxy-Authorization", ""),
    ("Sec-", ""),
    ("Sec-Fetch-Site", ""),
    ("SEC-x", ""),
    ("cOOKIE", ""),
    ("X-HTTP-Method", "TRACE"),
    ("X-HTTP-Method-Override", "get, connect"),
    ("x-method-override", "TRACK ,x"),
]
FREE = [
    ("X-One", "1"),
    ("Authorization", "a"),
    ("User-Agent", "a"),
    ("Range", "bytes=-1"),
    ("Secure", "a"),
    ("Proxy", "a"),
    ("X-HTTP-Method", "PUT"),
    ("X-Method-Override", '"TRACE"'),
    ("Access-Control-Request-Private-Network", "true"),
]


def add(guard: Guard, *fields: tuple[str, str]) -> HeaderList:
    headers = HeaderList()
    for name, value in fields:
        headers = append_guarded(headers, name.encode(), value.encode("latin-1"), guard)
    return headers


class TestValidate:
    """Not a name, not a value, or an immutable list: TypeError. Forbidden: dropped."""

    @pytest.mark.parametrize("guard", GUARDS)
    @pytest.mark.parametrize(
        ("name", "value"),
        [(b"", b""), (b"a b", b""), (b"a:", b""), (b"\x7f", b""), (b"a", b"\0"), (b"a", b"b\rc"), (b"a", b"b\nc")],
    )
    def test_no_header(self, guard: Guard, name: bytes, value: bytes) -> None:
        with pytest.raises(TypeError):
            validate(name, value, guard)

    def test_immutable(self) -> None:
        with pytest.raises(TypeError, match="cannot be changed"):
            validate(b"X-One", b"1", "immutable")

    @pytest.mark.parametrize(("name", "value"), FORBIDDEN)
    def test_forbidden(self, name: str, value: str) -> None:
        assert not validate(name.encode(), value.encode(), "request")
        assert validate(name.encode(), value.encode(), "none")
        assert add("request", (name, value)) == ()

    @pytest.mark.parametrize(("name", "value"), FREE)
    def test_free(self, name: str, value: str) -> None:
        assert validate(name.encode(), value.encode(), "request")
        assert add("request", (name, value)) == HeaderList.of((name, value))

    @pytest.mark.parametrize("name", [b"Set-Cookie", b"set-cookie2"])
    def test_response(self, name: bytes) -> None:
        assert not validate(name, b"", "response")
        assert validate(b"Cookie", b"", "response")


class TestAppend:
    @pytest.mark.parametrize(
        ("value", "normalized"), [("", ""), (" a ", "a"), ("\t\r\na b\n", "a b"), ("\x0ba", "\x0ba"), ("\xa0", "\xa0")]
    )
    def test_normalized(self, value: str, normalized: str) -> None:
        assert add("none", ("X", value)) == HeaderList.of(("X", normalized))

    def test_the_first_casing_stays(self) -> None:
        assert add("request", ("X-One", "1"), ("x-one", "2")) == HeaderList.of(("X-One", "1"), ("X-One", "2"))


class TestNoCORS:
    """web-platform-tests, headers-no-cors: four names, judged by the combined value, and Range is taken away."""

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("Accept", "*/*"),
            ("Accept-Language", "en"),
            ("Content-Language", "en"),
            ("Content-Type", "text/plain;charset=utf-8"),
            ("content-type", "multipart/form-data"),
        ],
    )
    def test_safelisted(self, name: str, value: str) -> None:
        assert add("request-no-cors", (name, value)) == HeaderList.of((name, value))

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("X-One", "1"),
            ("Authorization", "a"),
            ("Range", "bytes=0-"),
            ("DPR", "2"),
            ("Save-Data", "on"),
            ("Width", "100"),
            ("Accept", "a:b"),
            ("Accept", "1" * 129),
            ("Accept-Language", "\x01"),
            ("Accept-Language", "@"),
            ("Content-Language", "@"),
            ("Content-Type", "text/html"),
            ("Content-Type", "text/plain; long=" + "1" * 120),
        ],
    )
    def test_everything_else(self, name: str, value: str) -> None:
        assert add("request-no-cors", (name, value)) == ()

    @pytest.mark.parametrize("name", ["Accept-Language", "Content-Language", "Accept"])
    def test_the_combined_value_counts(self, name: str) -> None:
        # 63 + 2 + 63 is 128, and one more is too long.
        half = "a" * 63
        assert add("request-no-cors", (name, half), (name, half)) == HeaderList.of((name, half), (name, half))
        assert add("request-no-cors", (name, half), (name, half + "a")) == HeaderList.of((name, half))
        # What was dropped does not spoil what comes later.
        assert add(
            "request-no-cors", (name, half), (name, "@" if name != "Accept" else ":"), (name, "b")
        ) == HeaderList.of((name, half), (name, "b"))

    def test_two_content_types_are_no_mime_type(self) -> None:
        fields = ("Content-Type", "text/plain"), ("Content-Type", "text/plain")
        assert add("request-no-cors", *fields) == HeaderList.of(("Content-Type", "text/plain"))

    def test_range_is_removed_when_anything_is_added(self) -> None:
        # A media element's own Range; script that touches the headers loses it.
        before = HeaderList.of(("Range", "bytes=0-"))
        assert append_guarded(before, b"Accept", b"a", "request-no-cors") == HeaderList.of(("Accept", "a"))
        assert append_guarded(before, b"X-One", b"1", "request-no-cors") == before
        assert append_guarded(before, b"Accept", b"a", "request") == HeaderList.of(
            ("Range", "bytes=0-"), ("Accept", "a")
        )
