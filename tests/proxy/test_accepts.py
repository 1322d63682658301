"""HTML for eyes, JSON for script, text for terminals."""

from __future__ import annotations

import pytest

from crossorigin.proxy.accepts import kind

CASES = [
    ("nothing said", {}, "text"),
    ("curl", {b"accept": b"*/*"}, "text"),
    ("Chromium's navigation", {b"accept": b"text/html,application/xhtml+xml,*/*;q=0.8"}, "html"),
    ("axios", {b"accept": b"application/json, text/plain, */*"}, "json"),
    ("another JSON", {b"accept": b"application/problem+json"}, "json"),
    ("JSON behind HTML", {b"accept": b"text/html, application/json"}, "html"),
    ("JSON before HTML", {b"accept": b"application/json, text/html"}, "json"),
    ("JSON wanted more", {b"accept": b"text/html;q=0.5, application/json;q=0.9"}, "json"),
    ("HTML refused", {b"accept": b"text/html;q=0, application/json;q=0.1"}, "json"),
    ("in upper case", {b"accept": b"Application/JSON"}, "json"),
    ("fetch()", {b"accept": b"*/*", b"sec-fetch-dest": b"empty"}, "json"),
    ("fetch() without Accept", {b"sec-fetch-dest": b"empty"}, "json"),
    ("fetch() for text", {b"accept": b"text/plain", b"sec-fetch-dest": b"empty"}, "text"),
    ("a picture", {b"accept": b"image/avif,*/*", b"sec-fetch-dest": b"image"}, "text"),
    ("a quality that is none", {b"accept": b"text/html;q=high"}, "text"),
    ("a quality that is no number", {b"accept": b"text/html;q=nan, application/json"}, "json"),
    ("too long to be read", {b"accept": b"x/y," * 1000 + b"text/html"}, "text"),
]


@pytest.mark.parametrize(("fields", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_kind(fields: dict[bytes, bytes], expected: str) -> None:
    assert kind(fields) == expected
