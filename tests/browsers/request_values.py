"""The request headers that scenarios try, each list of them under a label."""

from __future__ import annotations

from typing import Final

__all__ = ["REQUEST_HEADERS"]

Headers = tuple[tuple[str, str], ...]

_UNSAFE_BYTES: Final = {
    "quote": '"',
    "parenthesis": "(",
    "colon": ":",
    "less": "<",
    "question mark": "?",
    "at": "@",
    "bracket": "[",
    "backslash": "\\",
    "brace": "{",
    "closing brace": "}",
    "DEL": "\x7f",
    "0x80": "\x80",
    "0xE9": "\xe9",
    "0xFF": "\xff",
    "tab": "\t",
    "slash": "/",
    "underscore": "_",
}
"""With three that only the languages forbid. Left out: other control bytes, which not every HTTP stack sends."""

_CONTENT_TYPES: Final = {
    "text": "text/plain",
    "form": "application/x-www-form-urlencoded",
    "multipart": "multipart/form-data",
    "boundary": "multipart/form-data; boundary=x",
    "parameter": "text/plain;charset=UTF-8",
    "spaced parameter": "text/plain ; charset=utf-8",
    "quoted parameter": 'text/plain; a="b"',
    "padded": "  text/plain  ",
    "capitals": "TEXT/Plain",
    "semicolon": "text/plain;",
    "json": "application/json",
    "html": "text/html",
    "no subtype": "text/",
    "no slash": "text",
    "empty": "",
    "space within": "te xt/plain",
    "list": "text/plain, application/json",
    "any": "*/*",
    "prefix": "text/plainer",
    "auction": "message/ad-auction-trusted-signals-request",
}

_RANGES: Final = {
    "closed": "bytes=0-9",
    "open": "bytes=0-",
    "one byte": "bytes=3-3",
    "suffix": "bytes=-5",
    "several": "bytes=1-2,4-5",
    "backwards": "bytes=5-1",
    "no equals": "bytes 0-9",
    "capitals": "BYTES=0-9",
    "spaced": "bytes = 0-9",
    "unit": "items=0-9",
    "empty": "bytes=-",
}


def _long(total: int) -> Headers:
    """Accept again and again, no value over 128 bytes, `total` bytes together.

    Accept-Language is there because a user agent adds its own where there is none, and by the text that counts, too:
    the limit would depend on the browser's language.
    """
    language = ("Accept-Language", "de")
    return (language, *(("Accept", "a" * min(128, total - start)) for start in range(len(language[1]), total, 128)))


REQUEST_HEADERS: Final[dict[str, Headers]] = {
    "accept": (("Accept", "text/html, application/json;q=0.9"),),
    "accept, empty": (("Accept", ""),),
    "accept-language": (("Accept-Language", "en-GB,de;q=0.5"),),
    "accept-language, any": (("Accept-Language", "*"),),
    "content-language": (("Content-Language", "de, en"),),
    "all safelisted": (("Accept", "*/*"), ("Accept-Language", "de"), ("Content-Language", "de"), ("Range", "bytes=0-")),
    **{f"accept of {size} bytes": (("Accept", "a" * size),) for size in (127, 128, 129)},
    **{f"content-language of {size} bytes": (("Content-Language", "a" * size),) for size in (128, 129)},
    **{
        f"content-type of {size} bytes": (("Content-Type", "text/plain;a=" + "a" * (size - 13)),) for size in (128, 129)
    },
    **{f"sum of {total} bytes": _long(total) for total in (1023, 1024, 1025)},
    "sum of 1025 bytes, and a custom one": (*_long(1025), ("Content-Language", "de"), ("X-Custom", "1")),
    **{f"accept with {label}": (("Accept", f"a{byte}b"),) for label, byte in _UNSAFE_BYTES.items()},
    **{
        f"{name} with {label}": ((name, f"a{_UNSAFE_BYTES[label]}b"),)
        for name, label in (
            ("Accept-Language", "underscore"),
            ("Accept-Language", "slash"),
            ("Accept-Language", "0xE9"),
            ("Accept-Language", "quote"),
            ("Content-Language", "underscore"),
            ("Content-Language", "at"),
            ("Content-Language", "tab"),
        )
    },
    "content-type with parenthesis": (("Content-Type", "text/plain; a=(b"),),
    "content-type with 0xE9": (("Content-Type", "text/plain; a=\xe9"),),
    **{f"content-type: {label}": (("Content-Type", value),) for label, value in _CONTENT_TYPES.items()},
    **{f"range: {label}": (("Range", value),) for label, value in _RANGES.items()},
    "range and custom": (("Range", "bytes=0-9"), ("X-Custom", "1")),
    "authorization": (("Authorization", "Bearer x"),),
    "authorization and custom": (("X-Custom", "1"), ("authorization", "Basic eDp5")),
    "authorization and content-type": (("AUTHORIZATION", "x"), ("Content-Type", "application/json")),
    "custom": (("X-Custom", "1"),),
    "custom, odd case": (("x-ODD-caSe", "1"),),
    "custom, out of order": (("X-B", "1"), ("x-c", "2"), ("X-A", "3")),
    "custom, empty": (("X-Custom", ""),),
    "custom, non-ASCII": (("X-Custom", "\xe9"),),
    "custom, odd name": (("!#$%&'*+-.^_`|~9", "1"),),
    "custom, name of a property": (("constructor", "1"),),
    "requested with": (("X-Requested-With", "XMLHttpRequest"),),
    "many": tuple((f"X-Name-{number}", str(number)) for number in range(30)),
    "repeated": (("X-Custom", "1"), ("x-custom", "2")),
    "accept, repeated": (("Accept", "text/html"), ("accept", "text/plain")),
    "accept, long together": (("Accept", "a" * 70), ("Accept", "b" * 70)),
    "content-type, repeated": (("Content-Type", "text/plain"), ("Content-Type", "text/plain")),
    "DPR": (("DPR", "2"),),
    "Save-Data": (("Save-Data", "on"),),
    "Save-Data, off": (("Save-Data", "off"),),
    "Viewport-Width": (("Viewport-Width", "100"),),
    "Width": (("Width", "100"),),
    "Device-Memory": (("Device-Memory", "4"),),
    "hints and custom": (("DPR", "1.5"), ("Downlink", "10"), ("ECT", "4g"), ("RTT", "50"), ("X-Custom", "1")),
    "cache-control": (("Cache-Control", "no-cache"), ("Pragma", "no-cache")),
    "conditional": (("If-None-Match", '"x"'),),
    "user-agent": (("User-Agent", "x"),),
    "upgrade": (("Upgrade-Insecure-Requests", "1"),),
    "forbidden": (("Cookie", "x=1"), ("Sec-Custom", "1"), ("Accept-Charset", "utf-8"), ("Origin", "http://x.test")),
    "forbidden and custom": (("X-HTTP-Method-Override", "TRACE"), ("X-Method-Override", "PUT")),
}
