"""The web-platform-tests' thousand cases are in test_vectors.py; here are the standard's examples and our own rules."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossorigin.web.headers import HeaderList
from crossorigin.web.mime import MimeType, extract_mime_type, is_javascript_mime_type, parse_mime_type


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("text/html", MimeType("text", "html")),
        (" \tTEXT/HTML\r\n", MimeType("text", "html")),
        ("text/html ;", MimeType("text", "html")),
        ("text/html;charset=UTF-8", MimeType("text", "html", (("charset", "UTF-8"),))),
        ('text/html;charset="shift_jis"iso-2022-jp', MimeType("text", "html", (("charset", "shift_jis"),))),
        ("text/html;CHARSET=a;charset=b", MimeType("text", "html", (("charset", "a"),))),
        ("a/b;c;=d;e=;f=g", MimeType("a", "b", (("f", "g"),))),
        ('a/b;c=""', MimeType("a", "b", (("c", ""),))),
        ("a/b;c= d ;", MimeType("a", "b", (("c", " d"),))),
        ("a/b;\u212a=1", MimeType("a", "b")),
        ("a/b;k=\u0100", MimeType("a", "b")),
    ],
)
def test_parse(text: str, expected: MimeType) -> None:
    assert parse_mime_type(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "text", "/", "text/", "/html", "text/ html", "te xt/html", "text/html/x", "téxt/html", "\u212a/b", "a/\u212a"],
)
def test_failure(text: str) -> None:
    assert parse_mime_type(text) is None


@pytest.mark.parametrize(
    ("mime_type", "text"),
    [
        (MimeType("text", "html"), "text/html"),
        (MimeType("a", "b", (("c", "d"),)), "a/b;c=d"),
        (MimeType("a", "b", (("c", ""),)), 'a/b;c=""'),
        (MimeType("a", "b", (("c", 'd"e\\f'),)), 'a/b;c="d\\"e\\\\f"'),
        (MimeType("a", "b", (("c", "d e"), ("f", "é"))), 'a/b;c="d e";f="é"'),
    ],
)
def test_serialize(mime_type: MimeType, text: str) -> None:
    assert mime_type.serialize() == str(mime_type) == text
    assert parse_mime_type(text) == mime_type


def test_parts() -> None:
    mime_type = parse_mime_type("Text/Plain;Charset=x;b=c")
    assert mime_type is not None
    assert mime_type.essence == "text/plain"
    assert mime_type.parameter("charset") == "x"
    assert mime_type.parameter("b") == "c"
    assert mime_type.parameter("boundary") is None


@given(st.text(alphabet='aB/;="\\ \t\u212a\xe9'))
def test_what_is_serialized_parses_to_the_same(text: str) -> None:
    mime_type = parse_mime_type("a/b;" + text)
    assert mime_type is not None
    assert parse_mime_type(mime_type.serialize()) == mime_type


@given(st.text())
def test_never_an_exception(text: str) -> None:
    parse_mime_type(text)
    parse_mime_type("a/b" + text)


# https://fetch.spec.whatwg.org/#example-extract-a-mime-type
@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["text/plain;charset=gbk, text/html"], "text/html"),
        (["text/html;charset=gbk;a=b, text/html;x=y"], "text/html;x=y;charset=gbk"),
        (["text/html;charset=gbk;a=b", "text/html;x=y"], "text/html;x=y;charset=gbk"),
        (["text/html;charset=gbk", "x/x", "text/html;x=y"], "text/html;x=y"),
        (["text/html", "cannot-parse"], "text/html"),
        (["text/html", "*/*"], "text/html"),
        (["text/html", ""], "text/html"),
        # By hand.
        (["text/html;charset=a", "text/html;charset=b", "text/html"], "text/html;charset=a"),
        (["*/*"], None),
        ([""], None),
        ([], None),
    ],
)
def test_extract_mime_type(values: list[str], expected: str | None) -> None:
    mime_type = extract_mime_type(HeaderList.of(*(("content-type", value) for value in values)))
    assert (None if mime_type is None else mime_type.serialize()) == expected


JAVASCRIPT = [
    "application/ecmascript",
    "application/javascript",
    "application/x-ecmascript",
    "application/x-javascript",
    "text/ecmascript",
    "text/javascript",
    "text/javascript1.0",
    "text/javascript1.1",
    "text/javascript1.2",
    "text/javascript1.3",
    "text/javascript1.4",
    "text/javascript1.5",
    "text/jscript",
    "text/livescript",
    "text/x-ecmascript",
    "text/x-javascript",
]


def test_javascript_mime_types() -> None:
    assert len(JAVASCRIPT) == 16
    for essence in JAVASCRIPT:
        mime_type = parse_mime_type(f"{essence.upper()};charset=utf-8")
        assert mime_type is not None
        assert is_javascript_mime_type(mime_type)


@pytest.mark.parametrize("text", ["text/plain", "application/json", "text/javascript1.6", "text/json", "text/css"])
def test_not_javascript(text: str) -> None:
    mime_type = parse_mime_type(text)
    assert mime_type is not None
    assert not is_javascript_mime_type(mime_type)
