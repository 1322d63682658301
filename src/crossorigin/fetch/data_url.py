"""data: URLs, the one kind of response that needs no server."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_to_bytes

from crossorigin.web.mime import MimeType, parse_mime_type
from crossorigin.web.url import URL

__all__ = ["DataURL", "forgiving_base64_decode", "parse_data_url"]

_DEFAULT: Final = MimeType("text", "plain", (("charset", "US-ASCII"),))
_ASCII_WHITESPACE: Final = b"\t\n\f\r "


@dataclass(frozen=True, slots=True)
class DataURL:
    """A MIME type and a body."""

    mime_type: MimeType
    body: bytes


def parse_data_url(url: URL) -> DataURL | None:
    """Fetch, "data: URL processor": https://fetch.spec.whatwg.org/#data-url-processor

    None is failure.
    """
    # 2-4.
    text = url.serialize(exclude_fragment=True).removeprefix("data:")
    # 5-8.
    mime_text, comma, encoded = text.partition(",")
    if not comma:
        return None
    mime_text = mime_text.strip("\t\n\f\r ")
    # 9-10.
    body: bytes | None = unquote_to_bytes(encoded)
    # 11. `;base64` at the end, spaces between allowed.
    head, semicolon, tail = mime_text.rpartition(";")
    if semicolon and tail.lstrip(" ").lower() == "base64":
        body = forgiving_base64_decode(unquote_to_bytes(encoded))
        if body is None:
            return None
        mime_text = head
    # 12.
    if mime_text.startswith(";"):
        mime_text = f"text/plain{mime_text}"
    # 13-14.
    return DataURL(parse_mime_type(mime_text) or _DEFAULT, body or b"")


def forgiving_base64_decode(data: bytes) -> bytes | None:
    """Infra: https://infra.spec.whatwg.org/#forgiving-base64-decode

    None is failure.
    """
    # 1.
    data = data.translate(None, _ASCII_WHITESPACE)
    # 2. Padding only where it completes a group of four.
    if len(data) % 4 == 0:
        data = data[:-2] if data.endswith(b"==") else data.removesuffix(b"=")
    # 3-4. A lone character holds no byte; a `=` left is an illegal character.
    if len(data) % 4 == 1 or b"=" in data:
        return None
    # 5-10.
    try:
        return base64.b64decode(data + b"=" * (-len(data) % 4), validate=True)
    except binascii.Error:
        return None
