"""Form data on the wire, in the three encodings of HTML."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias
from urllib.parse import quote_plus

__all__ = ["Enctype", "Fields", "File", "encode_form", "json_bytes", "multipart", "text_plain", "urlencoded"]

Enctype = Literal["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"]

_LINE_BREAK: Final = re.compile(r"\r\n|\r|\n")
_BOUNDARY: Final = "----crossoriginFormBoundary7MA4YWxkTrZu0gW"
"""Always the same, so that a test may compare bytes; where the data holds it, a number is put behind."""


@dataclass(frozen=True, slots=True)
class File:
    """A file in a form: only multipart/form-data sends its content, the others its name."""

    name: str
    content: bytes
    content_type: str = "application/octet-stream"


Fields: TypeAlias = Mapping[str, "str | File"] | Iterable[tuple[str, "str | File"]]
"""Names and values, in order; pairs where a name stands twice."""


def encode_form(fields: Fields, enctype: Enctype) -> tuple[bytes, str]:
    """The body, and the Content-Type that goes with it.

    https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#form-submission-algorithm
    """
    pairs = _pairs(fields)
    if enctype == "multipart/form-data":
        return multipart(pairs)
    if enctype == "text/plain":
        return text_plain(pairs).encode(), enctype
    if enctype == "application/x-www-form-urlencoded":
        return urlencoded(pairs).encode("ascii"), enctype
    raise ValueError(
        f"{enctype!r} is not an encoding of forms; it is one of application/x-www-form-urlencoded, "
        "multipart/form-data, text/plain"
    )


def urlencoded(fields: Fields) -> str:
    """URL, "application/x-www-form-urlencoded serializer": https://url.spec.whatwg.org/#urlencoded-serializing"""
    return "&".join(f"{_percent_encoded(name)}={_percent_encoded(_named(value))}" for name, value in _pairs(fields))


def _percent_encoded(text: str) -> str:
    # Python leaves `~` and encodes `*`; the standard does it the other way round. Lone surrogates are U+FFFD.
    scalar = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return quote_plus(scalar, safe="*").replace("~", "%7E")


def multipart(fields: Fields) -> tuple[bytes, str]:
    """HTML, "multipart/form-data encoding algorithm", the body and its Content-Type.

    https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data
    """
    pairs = _pairs(fields)
    data = b"".join(value.content if isinstance(value, File) else value.encode() for _, value in pairs)
    boundary, number = _BOUNDARY, 0
    while boundary.encode() in data:
        number += 1
        boundary = f"{_BOUNDARY}{number}"
    parts = []
    for name, value in pairs:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{_escaped(_newlines(name))}"'
        if isinstance(value, File):
            kind = re.sub(r"[\r\n\0]", "", value.content_type)
            head += f'; filename="{_escaped(value.name)}"\r\nContent-Type: {kind}'
            parts.append(head.encode() + b"\r\n\r\n" + value.content + b"\r\n")
        else:
            parts.append(f"{head}\r\n\r\n{_newlines(value)}\r\n".encode())
    return b"".join(parts) + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def _escaped(text: str) -> str:
    return text.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")


def text_plain(fields: Fields) -> str:
    """HTML, "text/plain encoding algorithm".

    https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#text/plain-encoding-algorithm
    """
    return "".join(f"{_newlines(name)}={_newlines(_named(value))}\r\n" for name, value in _pairs(fields))


def json_bytes(value: Any) -> bytes:
    """JSON as `JSON.stringify` writes it, without spaces; raises TypeError or ValueError for what is not JSON."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "surrogatepass") if text.isascii() else text.encode()


def _newlines(text: str) -> str:
    return _LINE_BREAK.sub("\r\n", text)


def _named(value: str | File) -> str:
    return value.name if isinstance(value, File) else value


def _pairs(fields: Fields) -> list[tuple[str, str | File]]:
    pairs = list(fields.items() if isinstance(fields, Mapping) else fields)
    for name, value in pairs:
        if not isinstance(name, str) or not isinstance(value, str | File):
            raise TypeError(f"the form field {name!r} holds {value!r:.100}: names and values are text, or a File")
    return pairs
