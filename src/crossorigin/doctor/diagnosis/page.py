"""Causes that lie in the page: what its script sends, asks for, or expects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from crossorigin.doctor.advice import advise
from crossorigin.doctor.causes import Cause, CauseCode
from crossorigin.doctor.diagnosis.answers import allows, field, status_line
from crossorigin.doctor.diagnosis.case import Case
from crossorigin.doctor.words import shortened
from crossorigin.fetch.blocks import BlockCode
from crossorigin.fetch.response import Response
from crossorigin.fetch.wire import HTTPResponse
from crossorigin.web.origins import OpaqueOrigin
from crossorigin.web.safelists import cors_unsafe_request_header_names
from crossorigin.web.sites import same_site

__all__ = ["asks_for_response_headers", "causes", "is_lower_case", "is_to_change", "remove_headers", "write_upper"]

_RESPONSE_HEADERS: Final = (
    b"access-control-allow-origin",
    b"access-control-allow-methods",
    b"access-control-allow-headers",
    b"access-control-allow-credentials",
    b"access-control-expose-headers",
    b"access-control-max-age",
)
_OPTIONS_OF_THE_CALL: Final = frozenset(
    {
        BlockCode.MODE_SAME_ORIGIN,
        BlockCode.NO_CORS_REDIRECT_MODE,
        BlockCode.REDIRECT_MODE_ERROR,
        BlockCode.KEEPALIVE_TOO_LARGE,
        BlockCode.NOT_CACHED,
    }
)
_METHOD_BLOCKS: Final = frozenset({BlockCode.PREFLIGHT_METHOD, BlockCode.PREFLIGHT_METHOD_CASE})
_NULL_BLOCKS: Final = frozenset(
    {
        BlockCode.PREFLIGHT_ALLOW_ORIGIN_MISSING,
        BlockCode.PREFLIGHT_ALLOW_ORIGIN_MISMATCH,
        BlockCode.PREFLIGHT_ALLOW_ORIGIN_INVALID,
        BlockCode.PREFLIGHT_STATUS,
        BlockCode.ALLOW_ORIGIN_MISSING,
        BlockCode.ALLOW_ORIGIN_MISMATCH,
        BlockCode.ALLOW_ORIGIN_INVALID,
    }
)
"""What a server that does not know the origin `null` makes of it."""


def causes(case: Case) -> Iterator[Cause]:
    """Those that hold, in no order."""
    yield from _response_headers(case)
    yield from _no_origin(case)
    yield from _method_case(case)
    yield from _options(case)
    yield from _opaque(case)
    yield from _cookies(case)


def is_to_change(case: Case) -> bool:
    """Whether it is the page that has to change, where a preflight's method or header was not allowed."""
    if case.code in _METHOD_BLOCKS:
        return is_lower_case(case)
    return _names_response_header(case)


def is_lower_case(case: Case) -> bool:
    """Whether the method is one that browsers leave in lower case, and that no server takes for the upper-case one."""
    return case.question.method != case.question.method.upper()


def write_upper(case: Case) -> str:
    """The fix where it is."""
    upper = case.question.method.upper().decode("latin-1")
    return f"Write {upper} in the page. Browsers upper-case only DELETE, GET, HEAD, OPTIONS, POST and PUT."


def asks_for_response_headers(case: Case) -> bool:
    """Whether a preflight asks for headers that belong on the response, and for no others."""
    return bool(case.header_names) and set(case.header_names) <= set(_RESPONSE_HEADERS)


def remove_headers(case: Case) -> str:
    """The fix where headers that belong on the response are on the request."""
    listed = ", ".join(_misplaced(case))
    return f"Remove {listed} from the page's request: the server sends such headers, in its response."


def _misplaced(case: Case) -> list[str]:
    return [name.decode() for name in case.question.headers.names() if name.lower() in _RESPONSE_HEADERS]


def _response_headers(case: Case) -> Iterator[Cause]:
    listed = ", ".join(_misplaced(case))
    if not listed:
        return
    evidence = [f"the page's request has {listed}, which no server reads"]
    confidence = 0.6
    if case.preflight is not None:
        asked = case.preflight.request.headers.get(b"Access-Control-Request-Headers") or b""
        evidence.append(f"the preflight asks leave for it: {field('Access-Control-Request-Headers', asked)}")
        if _names_response_header(case):
            confidence = 0.97
        elif (without := _without_preflight(case)) is not None:
            evidence.append(f"{case.second.mark(without)}GET without it was answered {status_line(without)} with leave")
            confidence = 0.97
    yield Cause(CauseCode.RESPONSE_HEADER_ON_REQUEST, confidence, tuple(evidence), remove_headers(case))


def _names_response_header(case: Case) -> bool:
    """Whether it is such a header that the preflight was not given leave for."""
    compared = () if case.error is None else case.error.step.compared
    return any(what == "header name" and value in _RESPONSE_HEADERS for what, value in compared)


def _without_preflight(case: Case) -> HTTPResponse | None:
    """The answer that the page could read if such headers were not all that the failing preflight asks leave for."""
    if not case.fails_on_preflight or case.failing is None or case.question.method != b"GET":
        return None
    if not asks_for_response_headers(case):
        return None
    answer = case.second.get(case.failing.request.url, case.origin)
    return answer if answer is not None and allows(answer, case.origin) else None


def _no_origin(case: Case) -> Iterator[Cause]:
    if case.error is None or case.code not in _NULL_BLOCKS or not isinstance(case.question.origin, OpaqueOrigin):
        return
    if case.answer is not None and allows(case.answer, case.origin):
        return  # the origin was no obstacle, the status was
    evidence = "the page's origin is null, as that of a file or a sandboxed frame: no server can know which page asks"
    yield Cause(CauseCode.NO_ORIGIN, 0.95, (evidence,), advise(case.question, case.result, case.error))


def _method_case(case: Case) -> Iterator[Cause]:
    method = case.question.method
    if case.code not in _METHOD_BLOCKS or not is_lower_case(case):
        return
    evidence = [f"the page's method is {method.decode('latin-1')}, and methods are case-sensitive"]
    listed = None if case.answer is None else case.answer.headers.get(b"Access-Control-Allow-Methods")
    if listed is not None:
        evidence.append(f"the preflight was answered with {field('Access-Control-Allow-Methods', listed)}")
    fix = write_upper(case)
    if case.code is BlockCode.PREFLIGHT_METHOD:
        fix += f" Then list {method.upper().decode('latin-1')} in `Access-Control-Allow-Methods` as well."
    yield Cause(CauseCode.METHOD_CASE, 0.97, tuple(evidence), fix)


def _options(case: Case) -> Iterator[Cause]:
    if case.error is not None and case.code in _OPTIONS_OF_THE_CALL:
        fix = advise(case.question, case.result, case.error)
        yield Cause(CauseCode.MODE_OR_REDIRECT, 0.97, (case.reason,), fix)


def _opaque(case: Case) -> Iterator[Cause]:
    response = case.result.response
    if not isinstance(response, Response) or response.type not in {"opaque", "opaqueredirect"}:
        return
    if response.type == "opaqueredirect":
        evidence = 'the page asks with redirect mode "manual", and a redirect came: it sees neither status nor Location'
        fix = 'Use redirect mode "follow", or call the final URL.'
        yield Cause(CauseCode.MODE_OR_REDIRECT, 0.97, (evidence,), fix)
        return
    dropped = [step.sentence.removesuffix(".") for step in case.result.steps if step.anchor == "concept-headers-append"]
    evidence = 'the page asks with mode "no-cors": the response is opaque, its status is 0 and its body is empty'
    fix = 'Remove mode "no-cors" from the page, and let the server allow its origin.'
    yield Cause(CauseCode.NO_CORS, 0.97, (evidence, *dropped), fix)


def _cookies(case: Case) -> Iterator[Cause]:
    """What becomes of cookies when nothing is blocked; the answer is then the one for a stranger."""
    question, response = case.question, case.result.response
    if not isinstance(response, Response) or response.type != "cors":
        return
    requests = [each.request for each in case.result.exchanges if each.request.role != "preflight"]
    if question.cookie is not None and not any(each.headers.contains(b"Cookie") for each in requests):
        evidence = f"the browser holds a cookie; credentials mode {question.credentials} sends none to another origin"
        fix = 'Add credentials: "include" in the page, and `Access-Control-Allow-Credentials: true` on the server.'
        yield Cause(CauseCode.COOKIES, 0.9, (evidence,), fix)
        return
    if (lacks := _lacks_session(case, response)) is not None:
        fix = 'Add credentials: "include" in the page, where the login is a cookie; else send the token that it wants.'
        yield Cause(CauseCode.COOKIES, 0.6, (lacks,), fix)
        return
    set_cookies = response.internal.headers.get_all(b"Set-Cookie")
    if not set_cookies:
        return
    if question.credentials != "include":
        evidence = f"the answer sets a cookie; credentials mode {question.credentials} keeps none from another origin"
        fix = 'Add credentials: "include" in the page, and `Access-Control-Allow-Credentials: true` on the server.'
        yield Cause(CauseCode.COOKIES, 0.7, (evidence,), fix)
    elif not same_site(question.origin, question.url.origin):
        yield from _cross_site_cookies(set_cookies)


def _lacks_session(case: Case, response: Response) -> str | None:
    """The evidence that a server wanted the cookie that the page does not send; None where nothing speaks for that.

    It answers 401 to a call that names nobody, asks for no other credentials, and allows those that the browser keeps.
    """
    headers, asked = response.internal.headers, case.question.headers
    if response.internal.status != 401 or case.has_credentials or headers.contains(b"WWW-Authenticate"):
        return None
    if headers.get(b"Access-Control-Allow-Credentials") != b"true" or cors_unsafe_request_header_names(asked):
        return None
    return (
        f"it answers 401 and allows credentials, and credentials mode {case.question.credentials} sends no cookie to "
        "another origin"
    )


def _cross_site_cookies(set_cookies: list[bytes]) -> Iterator[Cause]:
    for value in set_cookies:
        attributes = {part.strip().lower() for part in value.split(b";")[1:]}
        lacking = [name for name in ("SameSite=None", "Secure") if name.lower().encode() not in attributes]
        pair = value.partition(b";")[0].strip()
        # A cookie may have no name; one that has no value either is none.
        name = shortened((pair.partition(b"=")[0].strip() or pair).decode("latin-1")[:60])
        if lacking and name:
            evidence = (
                f"page and URL are cross-site, and the cookie {name} is set without {' and '.join(lacking)}: "
                "browsers keep it from such calls"
            )
            fix = (
                f"Set {name} with `SameSite=None; Secure` (and `Partitioned`, where third-party cookies are blocked); "
                "better, serve the API on a subdomain of the page's site."
            )
            yield Cause(CauseCode.COOKIES, 0.85, (evidence,), fix)
            return
