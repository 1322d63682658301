from __future__ import annotations

from typing import Any

import pytest

from crossorigin.browser.form_data import (
    Fields,
    File,
    encode_form,
    json_bytes,
    multipart,
    text_plain,
    urlencoded,
)


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, ""),
        ({"a": "b", "c": ""}, "a=b&c="),
        ([("a", "1"), ("a", "2")], "a=1&a=2"),
        # The examples of the URL standard's percent-encode set: `*-._` stay, `~` and `'` do not.
        ({"a b": "*-._~'()!&=+%"}, "a+b=*-._%7E%27%28%29%21%26%3D%2B%25"),
        ({"é": "☃\n"}, "%C3%A9=%E2%98%83%0A"),
        ({"lone": "\ud800"}, "lone=%EF%BF%BD"),
        ({"file": File("a.txt", b"content")}, "file=a.txt"),
    ],
)
def test_urlencoded(fields: Fields, text: str) -> None:
    assert urlencoded(fields) == text


def test_multipart() -> None:
    body, content_type = multipart([("a\n", "1\n2"), ('f"', File('x"\r\n.txt', b"\0\n", "text/x\r\nEvil: 1"))])
    boundary = content_type.removeprefix("multipart/form-data; boundary=")
    assert (
        body
        == (
            f'--{boundary}\r\nContent-Disposition: form-data; name="a%0D%0A"\r\n\r\n1\r\n2\r\n'
            f'--{boundary}\r\nContent-Disposition: form-data; name="f%22"; filename="x%22%0D%0A.txt"\r\n'
            f"Content-Type: text/xEvil: 1\r\n\r\n\0\n\r\n--{boundary}--\r\n"
        ).encode()
    )


def test_the_boundary_is_not_in_the_data() -> None:
    boundary = multipart({})[1].removeprefix("multipart/form-data; boundary=")
    body, content_type = multipart({"a": f"--{boundary}"})
    assert content_type.endswith(f"{boundary}1")
    assert body.endswith(f"--{boundary}1--\r\n".encode())


def test_text_plain() -> None:
    assert text_plain([("a", "1 2"), ("b\r", "x\ny")]) == "a=1 2\r\nb\r\n=x\r\ny\r\n"


@pytest.mark.parametrize("enctype", ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"])
def test_encodings(enctype: Any) -> None:
    body, content_type = encode_form({"a": "b"}, enctype)
    assert content_type.startswith(enctype)
    assert b"b" in body


def test_no_encoding() -> None:
    wrong: Any = "application/json"
    with pytest.raises(ValueError, match="it is one of"):
        encode_form({}, wrong)


@pytest.mark.parametrize("fields", [{"a": 1}, {"a": None}, [(1, "a")]])
def test_no_fields(fields: Any) -> None:
    with pytest.raises(TypeError, match="names and values are text"):
        urlencoded(fields)


def test_json() -> None:
    assert json_bytes({"a": [1, None, "é"]}) == '{"a":[1,null,"é"]}'.encode()
    for wrong in (float("nan"), object()):
        with pytest.raises((TypeError, ValueError)):
            json_bytes(wrong)
