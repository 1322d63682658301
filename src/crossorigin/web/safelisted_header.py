"""What makes a request header CORS-safelisted, and when it is not, why: the header, the rule, the byte.

Most preflights that surprise people come from here: a name that is not in the list, `application/json`, or one byte.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from crossorigin.web.infra import isomorphic_decode
from crossorigin.web.mime import parse_mime_type
from crossorigin.web.ranges import parse_single_range

__all__ = [
    "MAX_SAFELISTED_SIZE",
    "MAX_SAFELISTED_VALUE",
    "UnsafeRequestHeader",
    "UnsafeRule",
    "is_cors_safelisted_request_header",
    "is_cors_unsafe_request_header_byte",
    "why_not_cors_safelisted",
]

UnsafeRule: TypeAlias = Literal["name", "length", "byte", "mime-type", "essence", "range", "total-length"]

MAX_SAFELISTED_VALUE: Final = 128
"""Bytes of one value, by step 1 of "CORS-safelisted request-header"."""
MAX_SAFELISTED_SIZE: Final = 1024
"""Bytes of all safelisted values together, by step 5 of "CORS-unsafe request-header names"."""

# Below 0x20 except HT; the delimiters of RFC 9110 except `,` `/` `;` `=`; and DEL. 0x80 and above are safe.
_UNSAFE_BYTES: Final = bytes([*range(0x09), *range(0x0A, 0x20), *b'"():<>?@[\\]{}', 0x7F])
_UNSAFE: Final = frozenset(_UNSAFE_BYTES)
_NOT_UNSAFE: Final = bytes(byte for byte in range(256) if byte not in _UNSAFE)
_LANGUAGE: Final = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz *,-.;="
# Name in lower case → the bytes that its value can have; None where another rule decides.
_ALLOWED_BYTES: Final[dict[bytes, bytes | None]] = {
    b"accept": _NOT_UNSAFE,
    b"accept-language": _LANGUAGE,
    b"content-language": _LANGUAGE,
    b"content-type": _NOT_UNSAFE,
    b"range": None,
}
_ESSENCES: Final = frozenset({"application/x-www-form-urlencoded", "multipart/form-data", "text/plain"})


@dataclass(frozen=True, slots=True)
class UnsafeRequestHeader:
    """A request header that is not CORS-safelisted, the rule that it breaks, and the position of the byte, if one does.

    `total` is the size of all safelisted values together, where it is that which is too much.
    """

    name: bytes
    value: bytes
    rule: UnsafeRule
    position: int | None = None
    total: int | None = None

    @property
    def sentence(self) -> str:
        """One sentence for people."""
        return f"{isomorphic_decode(self.name)} is not CORS-safelisted: {self._reason()}."

    def _reason(self) -> str:
        value = isomorphic_decode(self.value)
        match self.rule:
            case "byte":
                position = self.position or 0
                return f"its value has the byte {_byte(self.value[position])} at position {position}"
            case "length":
                return f"its value has {len(self.value)} bytes, and {MAX_SAFELISTED_VALUE} is the most"
            case "mime-type":
                return f"its value {value!r} is not a MIME type"
            case "essence":
                mime_type = parse_mime_type(value)
                essence = mime_type.essence if mime_type else value
                return f"{essence} is not one of {', '.join(sorted(_ESSENCES))}"
            case "range":
                return f"{value!r} is not a single range with a start, as in 'bytes=0-499'"
            case "total-length":
                return (
                    f"the safelisted values have {self.total} bytes together, and {MAX_SAFELISTED_SIZE} is the most, "
                    "so none of them is"
                )
            case "name":
                return "its name is not one of Accept, Accept-Language, Content-Language, Content-Type, Range"


def why_not_cors_safelisted(name: bytes, value: bytes) -> UnsafeRequestHeader | None:
    """Fetch, "CORS-safelisted request-header", with the reason: https://fetch.spec.whatwg.org/#simple-header

    None when the header is safelisted. The standard asks for the length first; here the name goes first, so that a
    long value under a name that can never be safelisted is told of its name. The answer is the same.
    """
    # 2. Byte-lowercase the name and switch on it.
    lower = name.lower()
    if lower not in _ALLOWED_BYTES:
        return UnsafeRequestHeader(name, value, "name")
    # 1. A value of more than 128 bytes is not.
    if len(value) > MAX_SAFELISTED_VALUE:
        return UnsafeRequestHeader(name, value, "length")
    # `accept`, `content-type`: no CORS-unsafe request-header byte. The two languages: only the bytes of theirs.
    allowed = _ALLOWED_BYTES[lower]
    if allowed is not None and (rest := value.translate(None, allowed)):
        return UnsafeRequestHeader(name, value, "byte", value.index(rest[:1]))
    # `content-type`: it must parse, to one of three essences. Not "extract a MIME type", which is too forgiving.
    if lower == b"content-type":
        mime_type = parse_mime_type(isomorphic_decode(value))
        if mime_type is None:
            return UnsafeRequestHeader(name, value, "mime-type")
        if mime_type.essence not in _ESSENCES:
            return UnsafeRequestHeader(name, value, "essence")
    # `range`: a single range with a start; browsers have never sent `bytes=-500`.
    if lower == b"range":
        range_value = parse_single_range(value, allow_whitespace=False)
        if range_value is None or range_value[0] is None:
            return UnsafeRequestHeader(name, value, "range")
    # 3. It is safelisted.
    return None


def is_cors_safelisted_request_header(name: bytes, value: bytes) -> bool:
    """Fetch, "CORS-safelisted request-header": https://fetch.spec.whatwg.org/#simple-header"""
    return why_not_cors_safelisted(name, value) is None


def is_cors_unsafe_request_header_byte(byte: int) -> bool:
    """Fetch, "CORS-unsafe request-header byte": https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte"""
    return byte in _UNSAFE


def _byte(byte: int) -> str:
    return f"0x{byte:02X} ({chr(byte)})" if 0x20 < byte < 0x7F else f"0x{byte:02X}"
