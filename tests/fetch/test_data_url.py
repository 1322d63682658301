"""data: URLs, and forgiving base64."""

from __future__ import annotations

import pytest

from crossorigin.fetch import BlockCode, fetch_request
from crossorigin.fetch.data_url import forgiving_base64_decode, parse_data_url

from .dialogue import blocked, page, readable, sandboxed, talk, url

ASCII = "text/plain;charset=US-ASCII"

# web-platform-tests, fetch/data-urls/resources/data-urls.json: URL, MIME type, body; None is failure.
DATA_URLS: list[tuple[str, str | None, bytes]] = [
    ("data://test/,X", ASCII, b"X"),
    ("data:,X", ASCII, b"X"),
    ("data:", None, b""),
    ("data:text/html", None, b""),
    ("data:text/html    ;charset=x   ", None, b""),
    ("data:,", ASCII, b""),
    ("data:,X#X", ASCII, b"X"),
    ("data:,X?X", ASCII, b"X?X"),
    ("data:,%FF", ASCII, b"\xff"),
    ("data:text/plain,X", "text/plain", b"X"),
    ("data:text/plain ,X", "text/plain", b"X"),
    ("data:text/plain%20,X", "text/plain%20", b"X"),
    ("data:text/plain%00,X", "text/plain%00", b"X"),
    ("data:text/plain;,X", "text/plain", b"X"),
    ("data:;x=x;charset=x,X", "text/plain;x=x;charset=x", b"X"),
    ("data:;x=x,X", "text/plain;x=x", b"X"),
    ("data:text/plain;charset=windows-1252,%C2%B1", "text/plain;charset=windows-1252", b"\xc2\xb1"),
    ("data:text/plain;Charset=UTF-8,%C2%B1", "text/plain;charset=UTF-8", b"\xc2\xb1"),
    ("data:text/plain;charset=windows-1252,áñçə💩", "text/plain;charset=windows-1252", "áñçə💩".encode()),
    ("data:image/gif,%C2%B1", "image/gif", b"\xc2\xb1"),
    ("data:IMAGE/gif,%C2%B1", "image/gif", b"\xc2\xb1"),
    ("data:IMAGE/gif;hi=x,%C2%B1", "image/gif;hi=x", b"\xc2\xb1"),
    ("data:IMAGE/gif;CHARSET=x,%C2%B1", "image/gif;charset=x", b"\xc2\xb1"),
    ("data: ,%FF", ASCII, b"\xff"),
    ("data:%20,%FF", ASCII, b"\xff"),
    ("data:\f,%FF", ASCII, b"\xff"),
    ("data:%1F,%FF", ASCII, b"\xff"),
    ("data:%00,%FF", ASCII, b"\xff"),
    ("data:text/html  ,X", "text/html", b"X"),
    ("data:text / html,X", ASCII, b"X"),
    ("data:†,X", ASCII, b"X"),
    ("data:†/†,X", "%e2%80%a0/%e2%80%a0", b"X"),
    ("data:X,X", ASCII, b"X"),
    ("data:image/png,X X", "image/png", b"X X"),
    ("data:application/javascript,X X", "application/javascript", b"X X"),
    ("data:text/javascript,X X", "text/javascript", b"X X"),
    ("data:text/plain;base64,WA", "text/plain", b"X"),
    ("data:x/x;base64,WA", "x/x", b"X"),
    ("data:x;base64,WA", ASCII, b"X"),
    ("data:x;base64;x,WA", ASCII, b"WA"),
    ("data:x;base64=x,WA", ASCII, b"WA"),
    ("data:; base64,WA", ASCII, b"X"),
    ("data:;  base64,WA", ASCII, b"X"),
    ("data:  ;charset=x   ;  base64,WA", "text/plain;charset=x", b"X"),
    ("data:;base64;,WA", "text/plain", b"WA"),
    ("data:;base64 ,WA", ASCII, b"X"),
    ("data:;base64   ,WA", ASCII, b"X"),
    ("data:;base 64,WA", "text/plain", b"WA"),
    ("data:;BASe64,WA", ASCII, b"X"),
    ("data:;%62ase64,WA", "text/plain", b"WA"),
    ("data:%3Bbase64,WA", ASCII, b"WA"),
    ("data:;charset=x,X", "text/plain;charset=x", b"X"),
    ("data:; charset=x,X", "text/plain;charset=x", b"X"),
    ("data:;charset =x,X", "text/plain", b"X"),
    ("data:;charset= x,X", 'text/plain;charset=" x"', b"X"),
    ("data:;charset=,X", "text/plain", b"X"),
    ("data:;charset,X", "text/plain", b"X"),
    ('data:;charset="x",X', "text/plain;charset=x", b"X"),
    ('data:;CHARSET="X",X', "text/plain;charset=X", b"X"),
    ("data:;base64,W%20A", ASCII, b"X"),
    ("data:;base64,W%0CA", ASCII, b"X"),
    ("data:;base64,%57%41", ASCII, b"X"),
    ("data:;base64,W", None, b""),
    ("data:;base64,W A", ASCII, b"X"),
    ("data:;base64,WA=", None, b""),
    ("data:;base64,WA==", ASCII, b"X"),
    ("data:;base64,W*", None, b""),
    ("data:;base64", None, b""),
    ("data:;base64,", ASCII, b""),
]


@pytest.mark.parametrize(
    ("text", "mime_type", "body"),
    DATA_URLS,
    ids=[row[0].encode("ascii", "backslashreplace").decode() for row in DATA_URLS],
)
def test_data_url(text: str, mime_type: str | None, body: bytes) -> None:
    parsed = parse_data_url(url(text))
    if mime_type is None:
        assert parsed is None
        assert blocked(talk(fetch_request(text, page()))) == BlockCode.SCHEME_NOT_FETCHED
    else:
        assert parsed is not None
        assert (parsed.mime_type.serialize(), parsed.body) == (mime_type, body)
        response = readable(talk(fetch_request(text, page())))
        assert (response.type, response.status, response.status_message) == ("basic", 200, b"OK")
        assert response.headers == ((b"Content-Type", mime_type.encode("latin-1")),)
        assert response.body == body


@pytest.mark.parametrize("mode", ["cors", "no-cors", "same-origin"])
@pytest.mark.parametrize("method", [b"GET", b"POST", b"HEAD"])
def test_in_every_mode_and_for_everyone(mode: str, method: bytes) -> None:
    for client in (page(), sandboxed()):
        response = readable(talk(fetch_request("data:,x#y", client, mode=mode, method=method)))  # type: ignore[arg-type]
        assert (response.type, response.url) == ("basic", "data:,x")


OK = bytes([105, 183, 29])
# web-platform-tests, fetch/data-urls/resources/base64.json
BASE64: list[tuple[bytes, bytes | None]] = [
    (b"", b""),
    (b"abcd", OK),
    (b" abcd", OK),
    (b"abcd ", OK),
    (b" abcd===", None),
    (b"abcd=== ", None),
    (b"abcd ===", None),
    (b"a", None),
    (b"ab", OK[:1]),
    (b"abc", OK[:2]),
    (b"abcde", None),
    ("𐀀".encode(), None),
    *((b"=" * count, None) for count in range(1, 6)),
    *((b"a" + b"=" * count, None) for count in range(1, 6)),
    (b"ab=", None),
    (b"ab==", OK[:1]),
    (b"ab===", None),
    (b"ab====", None),
    (b"ab=====", None),
    (b"abc=", OK[:2]),
    (b"abc==", None),
    (b"abc===", None),
    (b"abc====", None),
    (b"abc=====", None),
    *((b"abcd" + b"=" * count, None) for count in range(1, 6)),
    *((b"abcde" + b"=" * count, None) for count in range(1, 6)),
    (b"=a", None),
    (b"=a=", None),
    (b"a=b", None),
    (b"a=b=", None),
    (b"ab=c", None),
    (b"ab=c=", None),
    (b"abc=d", None),
    (b"abc=d=", None),
    (b"ab\tcd", OK),
    (b"ab\ncd", OK),
    (b"ab\fcd", OK),
    (b"ab\rcd", OK),
    (b"ab cd", OK),
    (b"ab\xa0cd", None),
    (b"ab\x0bcd", None),
    (b"ab\t\n\f\r cd", OK),
    (b" \t\n\f\r ab\t\n\f\r cd\t\n\f\r ", OK),
    (b"ab\t\n\f\r =\t\n\f\r =\t\n\f\r ", OK[:1]),
    (b"A", None),
    (b"/A", b"\xfc"),
    (b"//A", b"\xff\xf0"),
    (b"///A", b"\xff\xff\xc0"),
    (b"////A", None),
    (b"/", None),
    (b"A/", b"\x03"),
    (b"AA/", b"\x00\x0f"),
    (b"AAA/", b"\x00\x00\x3f"),
    (b"AAAA/", None),
    (b"\0nonsense", None),
    (b"abcd\0nonsense", None),
    (b"YQ", b"a"),
    (b"YR", b"a"),
    (b"~~", None),
    (b"??", None),
    (b"--", None),
    (b"__", None),
]


@pytest.mark.parametrize(("data", "decoded"), BASE64, ids=[repr(row[0]) for row in BASE64])
def test_forgiving_base64(data: bytes, decoded: bytes | None) -> None:
    assert forgiving_base64_decode(data) == decoded


def test_a_long_one() -> None:
    assert readable(talk(fetch_request("data:;base64," + "A" * 1_000_000, page()))).body == bytes(750_000)
