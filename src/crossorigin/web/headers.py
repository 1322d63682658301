"""Header lists: ordered, raw, with duplicates, exactly as they go over the wire.

A header list is the standard's list and not a mapping: two `Access-Control-Allow-Origin` fields are two fields, and
that they are joined with `, ` into a value that matches nothing is precisely what people need to be told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from crossorigin.web.infra import (
    HTTP_TAB_OR_SPACE,
    HTTP_WHITESPACE,
    collect_http_quoted_string,
    is_token,
    isomorphic_decode,
    isomorphic_encode,
)

__all__ = [
    "HeaderList",
    "get_decode_and_split",
    "is_header_name",
    "is_header_value",
    "normalize",
    "sorted_lowercase_set",
]

_NEVER_IN_A_VALUE: Final = b"\0\n\r"
_QUOTE_OR_COMMA: Final = re.compile('[",]')


class HeaderList(tuple[tuple[bytes, bytes], ...]):
    """Fetch, "header list": https://fetch.spec.whatwg.org/#concept-header-list

    Immutable: what changes a list in the standard returns a new one here. Names match in any case.
    """

    __slots__ = ()

    @classmethod
    def of(cls, *pairs: tuple[str | bytes, str | bytes]) -> HeaderList:
        """A header list from text or bytes: `HeaderList.of(("Accept", "*/*"))`."""
        return cls([(_bytes(name), _bytes(value)) for name, value in pairs])

    def contains(self, name: bytes) -> bool:
        """Fetch, "contains": https://fetch.spec.whatwg.org/#header-list-contains"""
        name = name.lower()
        return any(own.lower() == name for own, _ in self)

    def get(self, name: bytes) -> bytes | None:
        """Fetch, "get", every value joined with `, `: https://fetch.spec.whatwg.org/#concept-header-list-get"""
        values = self.get_all(name)
        # 1. Null when there is no such header.
        if not values:
            return None
        # 2. All values, separated by 0x2C 0x20, in order.
        return values[0] if len(values) == 1 else b", ".join(values)

    def get_all(self, name: bytes) -> list[bytes]:
        """The values under a name, one by one and in order; an empty list when there is none."""
        name = name.lower()
        return [value for own, value in self if own.lower() == name]

    def get_decode_split(self, name: bytes) -> list[str] | None:
        """Fetch, "get, decode, and split": https://fetch.spec.whatwg.org/#concept-header-list-get-decode-split"""
        # 1-2. The combined value; null when there is none.
        value = self.get(name)
        # 3. Its members.
        return None if value is None else get_decode_and_split(value)

    def append(self, name: bytes, value: bytes) -> HeaderList:
        """Fetch, "append": https://fetch.spec.whatwg.org/#concept-header-list-append"""
        # 1. Reuse the casing of the first header of that name.
        lower = name.lower()
        name = next((own for own, _ in self if own.lower() == lower), name)
        # 2. Append.
        return HeaderList((*self, (name, value)))

    def delete(self, name: bytes) -> HeaderList:
        """Fetch, "delete": https://fetch.spec.whatwg.org/#concept-header-list-delete"""
        name = name.lower()
        return HeaderList([field for field in self if field[0].lower() != name])

    def set(self, name: bytes, value: bytes) -> HeaderList:
        """Fetch, "set": https://fetch.spec.whatwg.org/#concept-header-list-set"""
        first = self._first(name)
        # 2. Append when there is none.
        if first is None:
            return HeaderList((*self, (name, value)))
        # 1. Otherwise the first takes the value, and the others go.
        kept = HeaderList(self[first + 1 :]).delete(name)
        return HeaderList((*self[:first], (self[first][0], value), *kept))

    def combine(self, name: bytes, value: bytes) -> HeaderList:
        """Fetch, "combine": https://fetch.spec.whatwg.org/#concept-header-list-combine"""
        first = self._first(name)
        # 2. Append when there is none.
        if first is None:
            return HeaderList((*self, (name, value)))
        # 1. Otherwise the first is followed by 0x2C 0x20 and the value; the others stay as they are.
        own, before = self[first]
        return HeaderList((*self[:first], (own, b"%b, %b" % (before, value)), *self[first + 1 :]))

    def sort_and_combine(self) -> HeaderList:
        """Fetch, "sort and combine": https://fetch.spec.whatwg.org/#concept-header-list-sort-and-combine"""
        fields: list[tuple[bytes, bytes]] = []
        # 2-3. Every name once, in lower case and in order.
        for name in sorted_lowercase_set(self.names()):
            values = self.get_all(name)
            # 3.1. Set-Cookie is never combined, because its values have commas of their own.
            # 3.2. Everything else is.
            fields.extend((name, value) for value in (values if name == b"set-cookie" else [b", ".join(values)]))
        return HeaderList(fields)

    def names(self) -> list[bytes]:
        """The name of every header, in order, duplicates too."""
        return [name for name, _ in self]

    def _first(self, name: bytes) -> int | None:
        name = name.lower()
        return next((index for index, (own, _) in enumerate(self) if own.lower() == name), None)

    def __repr__(self) -> str:
        pairs = ((isomorphic_decode(name), isomorphic_decode(value)) for name, value in self)
        return f"HeaderList.of({', '.join(map(repr, pairs))})"


def get_decode_and_split(value: bytes) -> list[str]:
    """Fetch, "get, decode, and split" a value: https://fetch.spec.whatwg.org/#header-value-get-decode-and-split"""
    # 1. Isomorphic decode.
    text = isomorphic_decode(value)
    # Without a quotation mark the walk below is a plain split, and nearly every value has none.
    if '"' not in text:
        return [member.strip("\t ") for member in text.split(",")]
    # 2-4. From the start, with nothing yet.
    position, values, member = 0, list[str](), ""
    # 5. Member by member.
    while True:
        # 5.1. Everything up to a quotation mark or a comma.
        found = _QUOTE_OR_COMMA.search(text, position)
        stop = found.start() if found else len(text)
        member += text[position:stop]
        position = stop
        # 5.2. A quoted string is taken as it stands, commas and all, and the member goes on after it.
        if position < len(text) and text[position] == '"':
            quoted, position = collect_http_quoted_string(text, position)
            member += quoted
            if position < len(text):
                continue
        # 5.3-5.5. Strip tabs and spaces; that is one member.
        values.append(member.strip("\t "))
        member = ""
        # 5.6. The end.
        if position >= len(text):
            return values
        # 5.7-5.8. Step over the comma.
        position += 1


def normalize(value: bytes) -> bytes:
    """Fetch, "normalize" a value: https://fetch.spec.whatwg.org/#concept-header-value-normalize"""
    return value.strip(HTTP_WHITESPACE)


def is_header_name(name: bytes) -> bool:
    """Fetch, "header name", a token: https://fetch.spec.whatwg.org/#header-name"""
    return is_token(name)


def is_header_value(value: bytes) -> bool:
    """Fetch, "header value": https://fetch.spec.whatwg.org/#header-value"""
    # No leading or trailing tab or space, and no NUL, CR or LF anywhere.
    return value == value.strip(HTTP_TAB_OR_SPACE) and len(value.translate(None, _NEVER_IN_A_VALUE)) == len(value)


def sorted_lowercase_set(names: Iterable[bytes]) -> list[bytes]:
    """Fetch, "convert header names to a sorted-lowercase set".

    https://fetch.spec.whatwg.org/#convert-header-names-to-a-sorted-lowercase-set
    """
    return sorted({name.lower() for name in names})


def _bytes(text: str | bytes) -> bytes:
    return isomorphic_encode(text) if isinstance(text, str) else bytes(text)
