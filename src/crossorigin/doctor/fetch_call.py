"""A call of `fetch()`, as DevTools copy it or as people write it, read as the question that it asks.

Chromium's "Copy as fetch" and "Copy as fetch (Node.js)", Firefox's "Copy as Fetch" and Safari's "Copy as fetch" write
the two arguments as JSON. Chromium's "Resend from console" has comments between, and people write single quotes and
names without quotes: that is JSON5, which a library reads. No code is run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar

import json5

from crossorigin.doctor.copied import (
    CREDENTIALS,
    MODES,
    REDIRECTS,
    Copied,
    Words,
    bounded,
    header_lines,
    own_headers_note,
    who_asks,
)
from crossorigin.doctor.copied_headers import CopiedHeaders, Fields, sort_headers
from crossorigin.doctor.question import UsageError

__all__ = ["read_fetch_call"]

_OPTION: Final = "--fetch"

_Choice = TypeVar("_Choice", bound=str)

_CALL: Final = re.compile(r"(?<![\w.$])(?:(?:window|self|globalThis)\s*\.\s*)?fetch\s*\(\s*")
_CURL: Final = re.compile(r"(?:[$%>][ \t]+)?curl(?:\.exe)?\s")
_COMMA: Final = re.compile(r"\s*,\s*")
_CLOSED: Final = re.compile(r"\s*(?:,\s*)?\)")
_SCHEME: Final = re.compile(r"\s*[A-Za-z][A-Za-z0-9+.-]*:")
_LONGEST_BY_HAND: Final = 32 * 1024
"""Characters that are no JSON; the library for JSON5 says of itself that it is slow."""
_MOST_HEADERS: Final = 1000
"""Browsers send a few dozen, and judging them takes time that is quadratic in their number."""
_LONGEST_QUOTE: Final = 40

_AUTHORIZED: Final = (
    "DevTools write credentials include wherever an Authorization header went along. If your page does not include "
    "credentials, add --credentials same-origin."
)
_CREDENTIALS_INCLUDED: Final = "Credentials mode include is assumed, because a cookie went along."
_CREDENTIALS_UNKNOWN: Final = (
    "A call for Node.js does not say the credentials mode; same-origin is assumed, as in fetch(). If your page "
    "includes credentials, add --credentials include."
)
_LOST_PREFLIGHT: Final = (
    "If this is a preflight: a copy as fetch has lost what it asked for. Copy the call itself, or the preflight as "
    "cURL."
)


def read_fetch_call(text: str) -> Copied:
    """The one call of `fetch()` in the text. Raises UsageError, in one sentence, for none, several, or code in it."""
    call = bounded(_OPTION, text)
    if _CURL.match(call):
        raise _mistake("this is a curl command; give it with --curl")
    found = _CALL.search(call)
    if found is None:
        raise _mistake("there is no fetch(...) in it; in the network panel of your browser choose Copy as fetch")
    try:
        url, init, end = _arguments(call, found.end())
    except RecursionError:
        raise _mistake("it is nested too deep to be a call of fetch()") from None
    if _CALL.search(call, end):
        raise _mistake("it has several calls of fetch(), and one is read")
    return _copied(url, init)


def _arguments(call: str, start: int) -> tuple[str, dict[str, Any], int]:
    """What stands in the parentheses that open before `start`, and where they are closed."""
    url, end = _value(call, start)
    init: object = {}
    if (comma := _COMMA.match(call, end)) and not call.startswith(")", comma.end()):
        init, end = _value(call, comma.end())
    closed = _CLOSED.match(call, end)
    if closed is None:
        raise _not_a_value(call, end)
    if not isinstance(url, str) or not isinstance(init, dict):
        raise _mistake("fetch() takes a URL in quotation marks and an object in braces")
    return url, init, closed.end()


def _value(call: str, start: int) -> tuple[object, int]:
    """The value that begins at `start`, and where it ends."""
    try:
        return json.JSONDecoder().raw_decode(call, start)
    except json.JSONDecodeError:
        if len(call) - start > _LONGEST_BY_HAND:
            raise _mistake(
                f"it has more than {_LONGEST_BY_HAND:,} characters that are not JSON; in the network panel of your "
                "browser choose Copy as fetch"
            ) from None
        value, error, end = json5.parse(call, start=start, consume_trailing=False)
        if error is not None:
            raise _not_a_value(call, end) from None
        return value, end


def _not_a_value(call: str, position: int) -> UsageError:
    if not call[position:].strip():
        return _mistake("it ends before the call does; copy the whole of it")
    # The parser stops inside a word: in `new Headers()` behind the n, for it could have been null.
    while position and (call[position - 1].isalnum() or call[position - 1] in "_$."):
        position -= 1
    rest = call[position:].strip()
    return _mistake(
        f"{rest[:_LONGEST_QUOTE]!r} is code, and no code is run; put the value itself there, in quotation marks, or "
        "choose Copy as fetch in the network panel of your browser"
    )


def _copied(url: str, init: dict[str, Any]) -> Copied:
    if not _SCHEME.match(url):
        raise _mistake(f"the URL {url[:_LONGEST_QUOTE]!r} depends on the page's; write the whole of it")
    headers = sort_headers(_fields(init.get("headers") or {}))
    words: Words = {
        "headers": header_lines(headers),
        **who_asks(headers, _text(init, "referrer") or headers.referer),
    }
    if (method := _text(init, "method")) is not None:
        words["method"] = method
    if (body := _text(init, "body")) is not None:
        words["data"] = body
    if (mode := _one_of(init, "mode", MODES)) is not None:
        words["mode"] = mode
    if (redirect := _one_of(init, "redirect", REDIRECTS)) is not None:
        words["redirect"] = redirect
    notes = own_headers_note(headers)
    if method == "OPTIONS" and headers.is_copied:
        notes = (*notes, _LOST_PREFLIGHT)
    return _with_credentials(Copied(_OPTION, url, words, notes=notes), init, headers)


def _with_credentials(call: Copied, init: dict[str, Any], headers: CopiedHeaders) -> Copied:
    words, assumed = call.words.copy(), {}
    said = _one_of(init, "credentials", CREDENTIALS)
    if headers.cookie is not None:
        words["cookie"] = headers.cookie
    if said is not None:
        words["credentials"] = said
        if said == "include" and headers.cookie is None and headers.is_copied and headers.sets("authorization"):
            assumed["credentials"] = _AUTHORIZED
    elif headers.cookie is not None:
        words["credentials"] = "include"
        assumed["credentials"] = _CREDENTIALS_INCLUDED
    elif headers.referer is not None:
        assumed["credentials"] = _CREDENTIALS_UNKNOWN
    return replace(call, words=words, assumed=assumed)


def _fields(headers: object) -> Fields:
    """The pairs of an object, or of an array of pairs."""
    pairs = list(headers.items()) if isinstance(headers, dict) else headers
    if not isinstance(pairs, list):
        raise _mistake("headers is neither an object nor an array of pairs")
    if len(pairs) > _MOST_HEADERS:
        raise _mistake(f"it has {len(pairs):,} headers, and {_MOST_HEADERS:,} are read at most")
    for pair in pairs:
        if not isinstance(pair, list | tuple) or len(pair) != 2 or not all(isinstance(each, str) for each in pair):
            raise _mistake(
                f"headers has {str(pair)[:_LONGEST_QUOTE]}, and each is a name and a value in quotation marks"
            )
    return [(name, value) for name, value in pairs]


def _text(init: dict[str, Any], name: str) -> str | None:
    value = init.get(name)
    if value is None:
        return None
    if isinstance(value, str):
        # JavaScript's strings are of UTF-16, where a character beyond U+FFFF is two.
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    raise _mistake(f"{name} is {str(value)[:_LONGEST_QUOTE]}, which is not a string in quotation marks")


def _one_of(init: dict[str, Any], name: str, choices: Sequence[_Choice]) -> _Choice | None:
    value = _text(init, name)
    if value is None:
        return None
    for choice in choices:
        if choice == value:
            return choice
    raise _mistake(f"{name} is {value[:_LONGEST_QUOTE]!r}, and not one of {', '.join(choices)}")


def _mistake(sentence: str) -> UsageError:
    return UsageError(_OPTION, sentence)
