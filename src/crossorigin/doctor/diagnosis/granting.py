"""Causes in what a policy grants: the origin, the method or the headers that it names are not those that were asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from crossorigin.doctor.advice import advise
from crossorigin.doctor.causes import Cause, CauseCode
from crossorigin.doctor.diagnosis.answers import allow_origins, allows, cached_by, field, fields, refusal
from crossorigin.doctor.diagnosis.asked import by_what_is_asked, is_plain_allowed
from crossorigin.doctor.diagnosis.caches import fresh_is_allowed
from crossorigin.doctor.diagnosis.case import Case
from crossorigin.doctor.diagnosis.near import near
from crossorigin.doctor.diagnosis.origins import ONE_LETTER_OFF, is_twin, misspelling
from crossorigin.doctor.diagnosis.page import (
    asks_for_response_headers,
    is_lower_case,
    is_to_change,
    remove_headers,
    write_upper,
)
from crossorigin.doctor.report import Report
from crossorigin.doctor.words import shortened
from crossorigin.fetch.blocks import BlockCode
from crossorigin.fetch.response import Response
from crossorigin.fetch.trace import Exchange
from crossorigin.fetch.wire import HTTPResponse
from crossorigin.web.origins import OpaqueOrigin

__all__ = ["causes", "lists_in_another_case", "wanted_headers"]

_BY_BLOCK: Final = {
    BlockCode.PREFLIGHT_ALLOW_ORIGIN_WILDCARD: CauseCode.WILDCARD_WITH_CREDENTIALS,
    BlockCode.ALLOW_ORIGIN_WILDCARD: CauseCode.WILDCARD_WITH_CREDENTIALS,
    BlockCode.PREFLIGHT_METHOD_WILDCARD: CauseCode.WILDCARD_WITH_CREDENTIALS,
    BlockCode.PREFLIGHT_HEADER_WILDCARD: CauseCode.WILDCARD_WITH_CREDENTIALS,
    BlockCode.PREFLIGHT_ALLOW_CREDENTIALS_MISSING: CauseCode.CREDENTIALS_NOT_ALLOWED,
    BlockCode.PREFLIGHT_ALLOW_CREDENTIALS_INVALID: CauseCode.CREDENTIALS_NOT_ALLOWED,
    BlockCode.ALLOW_CREDENTIALS_MISSING: CauseCode.CREDENTIALS_NOT_ALLOWED,
    BlockCode.ALLOW_CREDENTIALS_INVALID: CauseCode.CREDENTIALS_NOT_ALLOWED,
    BlockCode.PREFLIGHT_ALLOW_METHODS_UNPARSABLE: CauseCode.UNPARSABLE_LIST,
    BlockCode.PREFLIGHT_ALLOW_HEADERS_UNPARSABLE: CauseCode.UNPARSABLE_LIST,
    BlockCode.PREFLIGHT_METHOD: CauseCode.METHOD_NOT_ALLOWED,
    BlockCode.PREFLIGHT_METHOD_CASE: CauseCode.METHOD_CASE,
    BlockCode.PREFLIGHT_HEADER: CauseCode.HEADER_NOT_ALLOWED,
    BlockCode.PREFLIGHT_AUTHORIZATION_WILDCARD: CauseCode.HEADER_NOT_ALLOWED,
}
"""Steps that have one cause on the server, whatever else is known."""
_SEVERAL: Final = frozenset({BlockCode.ALLOW_ORIGIN_SEVERAL, BlockCode.PREFLIGHT_ALLOW_ORIGIN_SEVERAL})
_WRONG_ORIGIN: Final = frozenset(
    {
        BlockCode.ALLOW_ORIGIN_MISMATCH,
        BlockCode.ALLOW_ORIGIN_INVALID,
        BlockCode.PREFLIGHT_ALLOW_ORIGIN_MISMATCH,
        BlockCode.PREFLIGHT_ALLOW_ORIGIN_INVALID,
    }
)
_NEVER_WANTED: Final = frozenset(
    {
        "alt-svc", "age", "accept-ranges", "cf-cache-status", "content-encoding", "content-security-policy",
        "cross-origin-opener-policy", "cross-origin-resource-policy", "keep-alive", "nel", "origin-agent-cluster",
        "permissions-policy", "referrer-policy", "report-to", "reporting-endpoints", "server-timing",
        "strict-transport-security", "transfer-encoding", "via", "x-amz-cf-id", "x-amz-cf-pop", "x-cache",
        "x-cache-hits", "x-content-type-options", "x-dns-prefetch-control", "x-download-options", "x-frame-options",
        "x-permitted-cross-domain-policies", "x-powered-by", "x-served-by", "x-timer", "x-varnish", "x-xss-protection",
    }
)  # fmt: skip
"""Response headers that speak to the browser, or to who runs the server, and not to script."""


def causes(case: Case) -> Iterator[Cause]:
    """Those that hold, in no order."""
    failing, answer = case.failing, case.answer
    if case.error is None:
        yield from _hidden(case)
    elif failing is not None and answer is not None:
        yield from _of_the_step(case, failing, answer)
        yield from _several(case, failing, answer)
        yield from _wrong_origin(case, failing, answer)
        yield from _refused(case, failing, answer)


def _fix(case: Case) -> str:
    assert case.error is not None  # noqa: S101 - only called for a block
    return advise(case.question, case.result, case.error)


def _of_the_step(case: Case, failing: Exchange, answer: HTTPResponse) -> Iterator[Cause]:
    assert case.error is not None  # noqa: S101 - only called for a block
    code = None if case.code is None else _BY_BLOCK.get(case.code)
    if code is None or is_to_change(case):
        return
    name = case.error.step.header or b""
    value = answer.headers.get(name)
    shown = f"without {name.decode('latin-1')}" if value is None else f"with {field(name.decode('latin-1'), value)}"
    evidence = (
        [f"{case.said(failing)} {shown}"] if name.lower().startswith(b"access-control-") else [case.said(failing)]
    )
    evidence.append(case.reason)
    yield Cause(code, 0.96, tuple(evidence), _in_capitals(case) if code is CauseCode.METHOD_CASE else _fix(case))


def lists_in_another_case(report: Report) -> str | None:
    """The entry of Access-Control-Allow-Methods that is the call's method in other letters, where that is upper-case.

    None where there is none, or the page is to change.
    """
    method = report.question.method
    preflights = [each for each in report.main.exchanges if each.request.role == "preflight" and each.response]
    if not preflights or preflights[-1].response is None or method != method.upper():
        return None
    listed = preflights[-1].response.headers.get_decode_split(b"Access-Control-Allow-Methods") or []
    wanted = method.decode("latin-1")
    if wanted in listed:
        return None
    return next((name for name in listed if name.upper() == wanted), None)


def _in_capitals(case: Case) -> str:
    method = case.question.method.decode("latin-1")
    return f"Write {method} in capitals in the server's list of methods: it is compared letter by letter."


def _several(case: Case, failing: Exchange, answer: HTTPResponse) -> Iterator[Cause]:
    if case.code not in _SEVERAL:
        return
    lines = allow_origins(answer)
    members = [member.strip() for line in lines for member in line.split(b",")]
    evidence = (f"{case.said(failing)} with {fields('Access-Control-Allow-Origin', lines)}",)
    is_echo = case.origin.encode() in members or b"*" in members
    repeated = len(set(members)) < len(members)
    if len(lines) > 1:
        # An application that adds one line for each of its origins is rarer than a proxy that adds its own.
        yield Cause(CauseCode.TWO_LAYERS, 0.95 if is_echo or repeated else 0.7, evidence, _fix(case))
    elif repeated or b"*" in members:
        # Two lines that a server in between has joined: no one writes the same origin twice.
        yield Cause(CauseCode.TWO_LAYERS, 0.9, evidence, _fix(case))
    else:
        yield Cause(CauseCode.SEVERAL_IN_ONE, 0.95, evidence, _fix(case))


def _wrong_origin(case: Case, failing: Exchange, answer: HTTPResponse) -> Iterator[Cause]:
    if case.code not in _WRONG_ORIGIN or failing.request.headers.get(b"Origin") == b"null":
        return
    if fresh_is_allowed(case) is not None:
        return  # another page's answer, handed on by a cache
    value = allow_origins(answer)[0].decode("latin-1")
    evidence = (
        f"{case.said(failing)} with {field('Access-Control-Allow-Origin', value.encode('latin-1'))}",
        f"the page's origin is {case.origin}",
    )
    # What a cache gave may have been right for the page that it was given first.
    doubtful = case.code is BlockCode.ALLOW_ORIGIN_MISMATCH and cached_by(answer) and not case.second.are_possible
    most = 0.6 if doubtful else 1.0
    how = misspelling(value, case.origin)
    if value == failing.request.url.origin.serialize():
        said = (*evidence, "what it allows is the server's own origin, for which nobody needs leave")
        yield Cause(CauseCode.ORIGIN_NOT_ALLOWED, min(0.95, most), said, _fix(case))
    elif how is not None:
        said = (*evidence, f"that is the page's origin {how}")
        # A letter may tell two front ends apart: app1 and app2.
        sure = 0.7 if how == ONE_LETTER_OFF else 0.95
        yield Cause(CauseCode.ORIGIN_MISSPELT, min(sure, most), said, _written(case, value))
    elif is_twin(value, case.origin):
        said = (*evidence, "both are this machine, and to a browser they are two origins")
        yield Cause(CauseCode.ORIGIN_TWIN, min(0.95, most), said, _both(case, value))
    elif case.code in {BlockCode.ALLOW_ORIGIN_INVALID, BlockCode.PREFLIGHT_ALLOW_ORIGIN_INVALID}:
        yield Cause(CauseCode.SEVERAL_IN_ONE, min(0.9, most), evidence, _fix(case))
    else:
        yield Cause(CauseCode.ORIGIN_NOT_ALLOWED, min(0.9, most), evidence, _fix(case))


def _written(case: Case, value: str) -> str:
    return (
        f"Write the origin exactly as browsers send it: {case.origin}, in place of {shortened(value)}. Scheme and host "
        "in lower case, the port only where it is not the scheme's own, and nothing after it, no slash either."
    )


def _both(case: Case, value: str) -> str:
    return (
        f"Allow {case.origin} as well, or open the page at {shortened(value)}: localhost, 127.0.0.1 and every port are "
        "origins of their own."
    )


def _refused(case: Case, failing: Exchange, answer: HTTPResponse) -> Iterator[Cause]:
    """A CORS layer that says in words what it refuses."""
    said = refusal(answer)
    if said is None or case.code in _WRONG_ORIGIN:
        return
    words, who, what = said
    evidence = (case.said(failing), f"{words}: these are the words of {who}")
    method = case.question.method.decode("latin-1")
    names = shortened(b", ".join(case.header_names).decode("latin-1"))
    if not what and case.fails_on_preflight and is_plain_allowed(case, failing):
        yield from by_what_is_asked(case, failing, [*evidence])
        return
    if "origin" in what or not what:
        is_allowed = allows(answer, case.origin)  # by the header, whatever the words say
        meant = None if is_allowed else near(case, failing, evidence[0])
        if meant is not None:
            yield replace(meant, evidence=(*evidence, *meant.evidence[1:]))
            return
        # Where it names other things besides, the origin is the first to be mended.
        is_sure = what and not is_allowed and not isinstance(case.question.origin, OpaqueOrigin)
        yield Cause(CauseCode.ORIGIN_NOT_ALLOWED, 0.9 if is_sure else 0.6, evidence, _fix(case))
    if "method" in what and is_lower_case(case):
        yield Cause(CauseCode.METHOD_CASE, 0.9, evidence, write_upper(case))
    elif "method" in what and (other := lists_in_another_case(case.report)) is not None:
        said_what = f"its list of methods has {shortened(other)} in place of {method}"
        yield Cause(CauseCode.METHOD_CASE, 0.95, (*evidence, said_what), _in_capitals(case))
    elif "method" in what:
        fix = f"Add {method} to the methods that {who} allows."
        yield Cause(CauseCode.METHOD_NOT_ALLOWED, 0.95 if "origin" not in what else 0.85, evidence, fix)
    if what == {"headers"} and asks_for_response_headers(case):
        yield Cause(CauseCode.RESPONSE_HEADER_ON_REQUEST, 0.95, evidence, remove_headers(case))
    elif "headers" in what:
        fix = f"Add {names or 'the header'} to the headers that {who} allows."
        sure = 0.95 if not what & {"origin", "method"} else 0.82
        yield Cause(CauseCode.HEADER_NOT_ALLOWED, sure, evidence, fix)


def wanted_headers(report: Report) -> list[str]:
    """Names of the response headers that came, that script may not read, and that speak to it."""
    return [name for name in report.hidden_headers if name not in _NEVER_WANTED]


def _hidden(case: Case) -> Iterator[Cause]:
    """Headers that came and that script does not see: nothing is blocked, and the value is null all the same."""
    response = case.result.response
    if not isinstance(response, Response) or response.type != "cors":
        return
    hidden = wanted_headers(case.report)
    if not hidden:
        return
    exposed = response.internal.headers.get(b"Access-Control-Expose-Headers")
    shown = "there is no Access-Control-Expose-Headers"
    literal = False
    if exposed is not None:
        shown = f"the answer has {field('Access-Control-Expose-Headers', exposed)}"
        literal = case.has_credentials and b"*" in {each.strip() for each in exposed.split(b",")}
    if literal:
        shown += ", and with credentials `*` is a name like any other"
    names = ", ".join(map(shortened, hidden[:5]))
    fix = f"Name what script is to read in `Access-Control-Expose-Headers`: {names}."
    # Nobody has said that script wants them.
    yield Cause(CauseCode.HEADER_NOT_EXPOSED, 0.8 if literal else 0.5, (f"script cannot see {names}", shown), fix)
