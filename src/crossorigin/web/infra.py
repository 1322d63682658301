"""The bytes and strings that every other module of this floor is made of: whitespace, tokens, quoted strings."""

from __future__ import annotations

import re
from typing import Final

__all__ = [
    "HTTP_TAB_OR_SPACE",
    "HTTP_WHITESPACE",
    "TOKEN_BYTES",
    "collect_http_quoted_string",
    "is_token",
    "isomorphic_decode",
    "isomorphic_encode",
]

HTTP_WHITESPACE: Final = b"\t\n\r "
"""Fetch, "HTTP whitespace byte": https://fetch.spec.whatwg.org/#http-whitespace"""

HTTP_TAB_OR_SPACE: Final = b"\t "
"""Fetch, "HTTP tab or space byte": https://fetch.spec.whatwg.org/#http-tab-or-space"""

TOKEN_BYTES: Final = b"!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
"""RFC 9110, `tchar`: https://www.rfc-editor.org/rfc/rfc9110.html#section-5.6.2

    tchar = "!" / "#" / "$" / "%" / "&" / "'" / "*" / "+" / "-" / "." / "^" / "_" / "`" / "|" / "~" / DIGIT / ALPHA
"""

_QUOTE_OR_BACKSLASH: Final = re.compile(r'["\\]')


def is_token(value: bytes) -> bool:
    """RFC 9110, `token = 1*tchar`: https://www.rfc-editor.org/rfc/rfc9110.html#section-5.6.2"""
    # Deleting every token byte in one go leaves nothing of a token; twice as fast as a pattern.
    return bool(value) and not value.translate(None, TOKEN_BYTES)


def isomorphic_decode(value: bytes) -> str:
    """Infra, "isomorphic decode": https://infra.spec.whatwg.org/#isomorphic-decode"""
    return value.decode("latin-1")


def isomorphic_encode(value: str) -> bytes:
    """Infra, "isomorphic encode": https://infra.spec.whatwg.org/#isomorphic-encode

    The standard asserts that no code point is above U+00FF; here it is a ValueError that names the first one.
    """
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError as error:
        raise ValueError(
            f"{value!r} has U+{ord(value[error.start]):04X} at position {error.start}, "
            "and only U+0000 to U+00FF can stand for a byte: encode it yourself and pass bytes"
        ) from None


def collect_http_quoted_string(text: str, position: int, *, extract_value: bool = False) -> tuple[str, int]:
    """Fetch, "collect an HTTP quoted string": https://fetch.spec.whatwg.org/#collect-an-http-quoted-string

    Returns the string and the position after it. A string that is never closed runs to the end of the text.
    """
    # 1-4. Start after the opening quote.
    start = position
    parts: list[str] = []
    position += 1
    length = len(text)
    # 5. Up to the closing quote, or the end of the text.
    while True:
        # 5.1. Everything that is neither a quote nor a backslash.
        found = _QUOTE_OR_BACKSLASH.search(text, position)
        stop = found.start() if found else length
        parts.append(text[position:stop])
        position = stop
        # 5.2. The text ended first.
        if found is None:
            break
        # 5.3-5.4. Step over the quote or the backslash.
        position += 1
        # 5.6. It was the closing quote.
        if found[0] == '"':
            break
        # 5.5. It was a backslash: it stands for what follows it, or for itself at the very end.
        if position >= length:
            parts.append("\\")
            break
        parts.append(text[position])
        position += 1
    # 6-7. The value without its quotes and escapes, or the text as it stands.
    return ("".join(parts) if extract_value else text[start:position]), position
