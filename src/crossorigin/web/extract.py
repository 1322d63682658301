"""Header values by their grammar: a list of members, null when absent, failure when the text does not parse.

The standard says "parse per the ABNF for the header's name"; this is the table of those names. A list (`#token`) may
have empty members, `GET,, POST`; a header that allows a single field fails when there are two.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal, TypeAlias

from crossorigin.web.headers import HeaderList
from crossorigin.web.infra import HTTP_TAB_OR_SPACE, TOKEN_BYTES, is_token, isomorphic_decode
from crossorigin.web.origins import OriginSyntaxError, is_origin_or_null, parse_origin

__all__ = ["FAILURE", "Failure", "Fault", "extract_fault", "extract_header_list_values"]


class _Outcome(Enum):
    FAILURE = "failure"

    def __repr__(self) -> str:
        return "FAILURE"


FAILURE: Final = _Outcome.FAILURE
"""The standard's failure: neither null nor a list. Compare with `is`."""

Failure: TypeAlias = Literal[_Outcome.FAILURE]


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a value leaves its grammar: the member that does not parse, and the position of its first wrong byte."""

    name: bytes
    value: bytes
    member: bytes
    position: int
    sentence: str


_Parser: TypeAlias = Callable[[bytes], "list[bytes] | Failure"]


def _tokens(value: bytes) -> list[bytes] | Failure:
    # #token = [ token ] *( OWS "," OWS [ token ] ), as a recipient reads it: RFC 9110, section 5.6.1.2
    if is_token(value):
        return [value]
    members = [member for part in value.split(b",") if (member := part.strip(HTTP_TAB_OR_SPACE))]
    return members if all(map(is_token, members)) else FAILURE


def _some_tokens(value: bytes) -> list[bytes] | Failure:
    # 1#token is the same with one member at least; empty ones do not count.
    members = _tokens(value)
    return members or FAILURE


def _only(test: Callable[[bytes], bool]) -> _Parser:
    """The grammar of one value that passes a test."""

    def parse(value: bytes) -> list[bytes] | Failure:
        return [value] if test(value) else FAILURE

    return parse


_CORP_VALUES: Final = frozenset({b"same-origin", b"same-site", b"cross-origin"})
_origin_null_or_wildcard = _only(lambda value: value == b"*" or is_origin_or_null(value))

_LIST: Final = False
_SINGLE: Final = True
# Name in lower case → whether a single field is allowed, and the grammar of its value.
_GRAMMAR: Final[dict[bytes, tuple[bool, _Parser]]] = {
    # origin-or-null / "*"
    b"access-control-allow-origin": (_SINGLE, _origin_null_or_wildcard),
    # %s"true"
    b"access-control-allow-credentials": (_SINGLE, _only(b"true".__eq__)),
    # #method
    b"access-control-allow-methods": (_LIST, _tokens),
    # #field-name
    b"access-control-allow-headers": (_LIST, _tokens),
    b"access-control-expose-headers": (_LIST, _tokens),
    # delta-seconds = 1*DIGIT
    b"access-control-max-age": (_SINGLE, _only(bytes.isdigit)),
    # 1#field-name
    b"access-control-request-headers": (_LIST, _some_tokens),
    # method
    b"access-control-request-method": (_SINGLE, _only(is_token)),
    # %s"same-origin" / %s"same-site" / %s"cross-origin"
    b"cross-origin-resource-policy": (_SINGLE, _only(_CORP_VALUES.__contains__)),
    # URI-reference, but browsers follow what is none (spaces, raw UTF-8): the URL parser is the judge of it.
    b"location": (_SINGLE, lambda value: [value]),
    # A list of policies or of the letters and hyphens of policies to come. Laxer, as browsers are: a list of tokens,
    # so that a name nobody knows, whatever it is made of, does not take the known ones with it.
    b"referrer-policy": (_LIST, _some_tokens),
}


def extract_header_list_values(name: bytes, headers: HeaderList) -> list[bytes] | Failure | None:
    """Fetch, "extract header list values": https://fetch.spec.whatwg.org/#extract-header-list-values

    Raises LookupError for a name whose grammar is not in the table, so that none is taken for parsed.
    """
    single, parse = _grammar(name)
    fields = headers.get_all(name)
    # 1. Null when there is no such header.
    if not fields:
        return None
    # 2. Failure when a single one is allowed and there are more.
    if single and len(fields) > 1:
        return FAILURE
    # 3. No values yet.
    values: list[bytes] = []
    # 4. The values of each field, in order; one that does not parse fails the whole.
    for field in fields:
        extracted = parse(field)
        if extracted is FAILURE:
            return FAILURE
        values += extracted
    # 5. All of them.
    return values


def extract_fault(name: bytes, value: bytes) -> Fault | None:
    """Where one value does not parse by the grammar of its name; None when it does.

    The same grammar as "extract header values": https://fetch.spec.whatwg.org/#extract-header-values
    """
    _, parse = _grammar(name)
    if parse(value) is not FAILURE:
        return None
    if parse in {_tokens, _some_tokens}:
        return _list_fault(name, value)
    if parse is _origin_null_or_wildcard:
        return _origin_fault(name, value)
    position = _first_not_in(value, _SINGLE_ALPHABETS.get(name.lower(), b""))
    sentence = f"{_shown(name)}: {_shown(value)!r} is not {_EXPECTED[name.lower()]}"
    return Fault(name, value, value, position, sentence)


_SINGLE_ALPHABETS: Final = {
    b"access-control-max-age": b"0123456789",
    b"access-control-request-method": TOKEN_BYTES,
}
_EXPECTED: Final = {
    b"access-control-allow-credentials": "'true', in lower case",
    b"access-control-max-age": "a number of seconds",
    b"access-control-request-method": "a method",
    b"cross-origin-resource-policy": "'same-origin', 'same-site' or 'cross-origin'",
}


def _list_fault(name: bytes, value: bytes) -> Fault:
    start = number = 0
    for part in value.split(b","):
        member = part.strip(HTTP_TAB_OR_SPACE)
        number += bool(member)
        if member and not is_token(member):
            at = _first_not_in(member, TOKEN_BYTES)
            why = f"member {number} `{_shown(member)}` holds {_named(member[at])}"
            return Fault(name, value, member, start + part.index(member) + at, _no_list(name, why))
        start += len(part) + 1
    return Fault(name, value, b"", 0, _no_list(name, "it is empty, and needs one member at least"))


def _no_list(name: bytes, why: str) -> str:
    return f"{_shown(name)} is not a comma-separated list of tokens: {why}."


def _named(byte: int) -> str:
    if byte in _NAMED:
        return _NAMED[byte]
    return f"`{chr(byte)}`" if 0x20 < byte < 0x7F else f"the byte 0x{byte:02X}"


_NAMED: Final = {ord(" "): "a space", ord("\t"): "a tab"}


def _origin_fault(name: bytes, value: bytes) -> Fault:
    position, sentence = 0, f"{_shown(value)!r} is not an origin"
    try:
        parse_origin(value)
    except OriginSyntaxError as error:
        position, sentence = error.position, str(error)
    return Fault(name, value, value, position, f"{_shown(name)}: {sentence}")


def _grammar(name: bytes) -> tuple[bool, _Parser]:
    try:
        return _GRAMMAR[name.lower()]
    except KeyError:
        raise LookupError(f"no grammar is known for {_shown(name)!r}: add it to the table in {__name__}") from None


def _first_not_in(value: bytes, alphabet: bytes) -> int:
    rest = value.translate(None, alphabet)
    return value.index(rest[:1]) if rest else 0


def _shown(value: bytes) -> str:
    text = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in isomorphic_decode(value))
    return text if len(text) <= 80 else f"{text[:77]}..."
