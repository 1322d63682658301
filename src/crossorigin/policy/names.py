"""Methods and header names in a policy: which make no sense there, and why."""

from __future__ import annotations

from typing import Final

from crossorigin.policy.problems import ProblemCode, quoted
from crossorigin.web.forbidden import is_forbidden_request_header, is_forbidden_response_header_name
from crossorigin.web.infra import TOKEN_BYTES
from crossorigin.web.methods import is_forbidden_method

__all__ = ["method_problem", "request_header_problem", "response_header_problem"]

_TOKEN: Final = frozenset(map(chr, TOKEN_BYTES))
_KNOWN_METHODS: Final = frozenset(
    {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "PROPFIND", "PROPPATCH", "REPORT", "SEARCH"}
)
"""Methods that everybody writes in upper case; a method is compared by case, so any other spelling is a mistake."""

_RESPONSE_HEADERS: Final = frozenset(
    {
        "accept-ranges",
        "access-control-allow-credentials",
        "access-control-allow-headers",
        "access-control-allow-methods",
        "access-control-allow-origin",
        "access-control-expose-headers",
        "access-control-max-age",
        "age",
        "etag",
        "location",
        "retry-after",
        "server",
        "strict-transport-security",
        "vary",
        "www-authenticate",
    }
)
_MOST: Final = 128
"""Characters of a method or a header name. None is near it, and the longest bounds what is read of a request."""

Fault = tuple[ProblemCode, int | None, str, str]
"""Code, position, sentence and fix."""


def method_problem(text: str) -> Fault | None:
    """What is wrong with a method in `allow_methods`: https://fetch.spec.whatwg.org/#concept-method"""
    if (fault := _token_fault(text, ProblemCode.BAD_METHOD, "method", '"PUT"')) is not None:
        return fault
    if is_forbidden_method(text.encode("ascii")):
        sentence = "Browsers let no script send CONNECT, TRACE or TRACK, so there is nothing to allow."
        return ProblemCode.FORBIDDEN_METHOD, 0, sentence, "the other methods only"
    upper = text.upper()
    if upper in _KNOWN_METHODS and upper != text:
        position = next(at for at, character in enumerate(text) if character != upper[at])
        sentence = f"Methods are compared by case, and {upper} is upper case; this one would never match."
        return ProblemCode.METHOD_CASE, position, sentence, quoted(upper)
    return None


def request_header_problem(text: str) -> Fault | None:
    """What is wrong with a name in `allow_headers`: https://fetch.spec.whatwg.org/#header-name"""
    if (fault := _token_fault(text, ProblemCode.BAD_HEADER_NAME, "header name", '"content-type"')) is not None:
        return fault
    lower = text.lower()
    if lower in _RESPONSE_HEADERS:
        sentence = "A server sends this header, and a page never does. What script may read is `expose_headers`."
        return ProblemCode.RESPONSE_HEADER_ALLOWED, 0, sentence, f"expose_headers = [{quoted(lower)}]"
    if is_forbidden_request_header(text.encode("ascii"), b""):
        sentence = "Only the browser itself sends this header; script cannot, so there is nothing to allow."
        hint = "allow_credentials" if lower in {"cookie", "cookie2"} else None
        fix = f"{hint}, if cookies are meant" if hint else "the other headers only"
        return ProblemCode.FORBIDDEN_REQUEST_HEADER, 0, sentence, fix
    return None


def response_header_problem(text: str) -> Fault | None:
    """What is wrong with a name in `expose_headers`: https://fetch.spec.whatwg.org/#header-name"""
    if (fault := _token_fault(text, ProblemCode.BAD_HEADER_NAME, "header name", '"etag"')) is not None:
        return fault
    if is_forbidden_response_header_name(text.encode("ascii")):
        sentence = "No script ever sees Set-Cookie, whatever is exposed; send the value in the body if script needs it."
        return ProblemCode.FORBIDDEN_RESPONSE_HEADER, 0, sentence, "the other headers only"
    return None


def _token_fault(text: str, code: ProblemCode, noun: str, example: str) -> Fault | None:
    position = next((at for at, character in enumerate(text) if character not in _TOKEN), None)
    if text and position is None and "*" not in text and len(text) <= _MOST:
        return None
    # `X-Name: value` is one name.
    words = [word.strip("\"'[]:") for word in text[:2048].partition(":")[0].replace(",", " ").replace(";", " ").split()]
    words = [word for word in words if word and set(word) <= _TOKEN and "*" not in word and len(word) <= _MOST]
    if not text:
        return code, 0, f"An empty string is no {noun}.", example
    if len(text) > _MOST:
        return code, _MOST, f"It has {len(text)} characters, and {_MOST} are the most.", example
    if position is None:
        position = text.index("*")
        return code, position, f"`*` stands alone, for any {noun}; it is not a part of one.", example
    sentence = f"{text[position]!r} at position {position} is no part of a {noun}."
    if len(words) > 1:
        sentence = f"It is {len(words)} in one string; each is a string of its own."
    return code, position, sentence, ", ".join(map(quoted, words)) or example
