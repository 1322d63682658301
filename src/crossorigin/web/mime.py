"""MIME types, as browsers parse them, and the one that a response's `Content-Type` comes to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from crossorigin.web.headers import HeaderList
from crossorigin.web.infra import collect_http_quoted_string, is_token

__all__ = ["MimeType", "extract_mime_type", "is_javascript_mime_type", "parse_mime_type"]

_HTTP_WHITESPACE: Final = "\t\n\r "
# HTTP quoted-string token code point = U+0009 / U+0020 to U+007E / U+0080 to U+00FF
_QUOTED_STRING_TOKENS: Final = re.compile("[\t\x20-\x7e\x80-\xff]*")
_JAVASCRIPT_ESSENCES: Final = frozenset(
    {
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
    }
)


@dataclass(frozen=True, slots=True)
class MimeType:
    """MIME Sniffing, "MIME type": https://mimesniff.spec.whatwg.org/#mime-type

    `type`, `subtype` and the names of parameters are in lower case; no name occurs twice.
    """

    type: str
    subtype: str
    parameters: tuple[tuple[str, str], ...] = ()

    @property
    def essence(self) -> str:
        """MIME Sniffing, "essence": https://mimesniff.spec.whatwg.org/#mime-type-essence"""
        return f"{self.type}/{self.subtype}"

    def parameter(self, name: str) -> str | None:
        """The value of a parameter; None when there is none. Names are in lower case."""
        return next((value for own, value in self.parameters if own == name), None)

    def serialize(self) -> str:
        """MIME Sniffing, "serialize a MIME type": https://mimesniff.spec.whatwg.org/#serialize-a-mime-type"""
        # 1. Type, `/`, subtype.
        parts = [self.essence]
        # 2. `;`, name, `=` and value of each parameter; a value that is no token is quoted.
        for name, value in self.parameters:
            if not _is_token(value):
                value = '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'  # noqa: PLW2901
            parts.append(f";{name}={value}")
        # 3. That is all.
        return "".join(parts)

    def __str__(self) -> str:
        return self.serialize()


def parse_mime_type(text: str) -> MimeType | None:
    """MIME Sniffing, "parse a MIME type": https://mimesniff.spec.whatwg.org/#parse-a-mime-type

    None is failure. Meant for isomorphic decoded bytes; a code point above U+00FF is in no token and no value.
    """
    # 1. Remove HTTP whitespace around it.
    text = text.strip(_HTTP_WHITESPACE)
    # 2-6. The type is a token before a slash.
    type_, slash, rest = text.partition("/")
    if not slash or not _is_token(type_):
        return None
    # 7-9. The subtype is a token before a semicolon, or before the end.
    subtype, _, _ = rest.partition(";")
    position = len(type_) + 1 + len(subtype)
    subtype = subtype.rstrip(_HTTP_WHITESPACE)
    if not _is_token(subtype):
        return None
    # 10-12. Both in lower case, and the parameters, which never fail.
    return MimeType(type_.lower(), subtype.lower(), _parse_parameters(text, position))


def _parse_parameters(text: str, position: int) -> tuple[tuple[str, str], ...]:
    """Step 11 of "parse a MIME type": https://mimesniff.spec.whatwg.org/#parse-a-mime-type"""
    parameters: dict[str, str] = {}
    length = len(text)
    while position < length:
        # 11.1-11.2. Step over the semicolon, and over whitespace.
        position += 1
        while position < length and text[position] in _HTTP_WHITESPACE:
            position += 1
        # 11.3. The name runs to a semicolon or an equals sign.
        start = position
        while position < length and text[position] not in ";=":
            position += 1
        name = text[start:position]
        # 11.5. A name alone is passed over. 11.6. At the end there is nothing more.
        if position < length and text[position] == ";":
            continue
        position += 1
        if position >= length:
            break
        # 11.8. A quoted value, and then everything up to a semicolon is passed over.
        if text[position] == '"':
            value, position = collect_http_quoted_string(text, position, extract_value=True)
            position = _semicolon(text, position)
        # 11.9. A bare value, without whitespace at its end; an empty one is passed over.
        else:
            start, position = position, _semicolon(text, position)
            value = text[start:position].rstrip(_HTTP_WHITESPACE)
            if not value:
                continue
        # 11.4, 11.10. The first of a name counts, if the name is a token and the value has no control characters.
        # Lower-casing waits for the token test: U+212A KELVIN SIGN would become a "k".
        if _is_token(name) and _QUOTED_STRING_TOKENS.fullmatch(value) is not None:
            parameters.setdefault(name.lower(), value)
    return tuple(parameters.items())


def extract_mime_type(headers: HeaderList) -> MimeType | None:
    """Fetch, "extract a MIME type": https://fetch.spec.whatwg.org/#concept-header-extract-mime-type

    None is failure.
    """
    # 1-3. No charset, no essence, no MIME type yet.
    charset: str | None = None
    essence: str | None = None
    mime_type: MimeType | None = None
    # 4-5. The members of Content-Type; absent is failure.
    values = headers.get_decode_split(b"Content-Type")
    # 6. The last one that parses wins.
    for value in values or ():
        # 6.1-6.2. Those that do not parse, and `*/*`, are passed over.
        candidate = parse_mime_type(value)
        if candidate is None or candidate.essence == "*/*":
            continue
        # 6.3-6.4. A new essence brings its own charset, or none.
        if candidate.essence != essence:
            charset, essence = candidate.parameter("charset"), candidate.essence
        # 6.5. The same essence again keeps the charset that it had.
        elif candidate.parameter("charset") is None and charset is not None:
            parameters = (*candidate.parameters, ("charset", charset))
            candidate = MimeType(candidate.type, candidate.subtype, parameters)
        mime_type = candidate
    # 7-8. None of them is failure.
    return mime_type


def is_javascript_mime_type(mime_type: MimeType) -> bool:
    """MIME Sniffing, "JavaScript MIME type": https://mimesniff.spec.whatwg.org/#javascript-mime-type"""
    return mime_type.essence in _JAVASCRIPT_ESSENCES


def _is_token(text: str) -> bool:
    return text.isascii() and is_token(text.encode("ascii"))


def _semicolon(text: str, position: int) -> int:
    found = text.find(";", position)
    return len(text) if found == -1 else found
