"""Causes of an answer without Access-Control-Allow-Origin: no policy, one that says no, or one that was passed by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from crossorigin.doctor.advice import advise
from crossorigin.doctor.causes import Cause, CauseCode
from crossorigin.doctor.diagnosis.answers import (
    allow_origins,
    allows,
    field,
    refusal,
    speaks_cors,
    status_line,
    text_of,
    vary_names,
    wants_tls,
)
from crossorigin.doctor.diagnosis.caches import fresh_is_allowed
from crossorigin.doctor.diagnosis.case import Case
from crossorigin.doctor.diagnosis.hosted import service_of
from crossorigin.doctor.diagnosis.origins import neighbours, twins
from crossorigin.fetch.blocks import BlockCode
from crossorigin.fetch.trace import Exchange
from crossorigin.fetch.wire import HTTPResponse
from crossorigin.web.origins import OpaqueOrigin
from crossorigin.web.statuses import is_ok_status, is_redirect_status
from crossorigin.web.url import URL, parse_url

__all__ = ["causes"]

_MISSING: Final = frozenset({BlockCode.ALLOW_ORIGIN_MISSING, BlockCode.PREFLIGHT_ALLOW_ORIGIN_MISSING})
_PROXYS_OWN: Final = {
    413: "the body is larger than the proxy takes",
    429: "the proxy limits how often it is called",
    431: "the headers are larger than the proxy takes",
    502: "the proxy got no proper answer from the application",
    503: "the proxy has no application to ask",
    504: "the application took too long for the proxy",
    520: "the application's answer was none",
    521: "the application refused the connection",
    522: "the application did not take the connection",
    523: "the application could not be reached",
    524: "the application took too long",
    525: "TLS to the application failed",
    526: "the application's certificate is not valid",
}
"""Statuses that are mostly given by what stands before an application; 520 to 526 are Cloudflare's."""
_MOST_TWINS: Final = 2


def causes(case: Case) -> Iterator[Cause]:
    """Those that hold, in no order."""
    failing, answer = case.failing, case.answer
    if failing is None or answer is None or isinstance(case.question.origin, OpaqueOrigin):
        return
    status_fails = case.code is BlockCode.PREFLIGHT_STATUS
    if case.code not in _MISSING and not status_fails:
        return
    if is_redirect_status(answer.status) or failing.request.headers.get(b"Origin") == b"null":
        return  # what redirects do is told by their own rules
    if refusal(answer) is not None or service_of(answer) is not None or wants_tls(failing) is not None:
        return
    if answer.status in _PROXYS_OWN:
        yield from _proxys_page(case, failing, answer)
    elif answer.status >= 500:
        yield from _crash(case, failing, answer)
    elif status_fails and allows(answer, case.origin):
        return  # the policy has spoken, and it said yes
    elif case.fails_on_preflight:
        yield from _preflight(case, failing, answer)
    else:
        yield from _response(case, failing, answer)


def _proxys_page(case: Case, failing: Exchange, answer: HTTPResponse) -> Iterator[Cause]:
    evidence = [case.said(failing), _PROXYS_OWN[answer.status]]
    server = answer.headers.get(b"Server")
    if server is not None:
        evidence.append(f"the page is from {field('Server', server)}")
    confidence = 0.9
    if answer.status in {429, 503} and server is None:
        confidence = 0.7
    fix = (
        f"Mend the {answer.status} first: {_PROXYS_OWN[answer.status]}. Then let the proxy add the CORS headers to its "
        f"own error pages (in nginx `add_header … always`), so that script can read the status."
    )
    yield Cause(CauseCode.PROXY_ERROR, confidence, tuple(evidence), fix)


def _crash(case: Case, failing: Exchange, answer: HTTPResponse) -> Iterator[Cause]:
    evidence = [case.said(failing)]
    text = text_of(answer)
    trace = next((sign for sign in _TRACES if sign in text), None)
    if trace is not None:
        evidence.append(f'its body is that of a crash: "{trace}"')
    confidence = 0.85 if trace else 0.65
    if not case.fails_on_preflight:
        elsewhere = _cors_elsewhere(case, failing)
        if elsewhere is not None:
            evidence.append(elsewhere)
            confidence = 0.95
    fix = (
        f"Mend the {answer.status} first; the server's log has it. Then put CORS outside of what handles errors, so "
        "that script can read them too: an unhandled error often passes the layer that adds the headers by."
    )
    yield Cause(CauseCode.APPLICATION_ERROR, confidence, tuple(evidence), fix)


_TRACES: Final = (
    "Traceback (most recent call last)",
    "Internal Server Error",
    "Whitelabel Error Page",
    "    at ",
    "Exception",
    "Server Error",
    "stack trace",
    "panic:",
)


def _cors_elsewhere(case: Case, failing: Exchange) -> str | None:
    """Evidence that the server does allow this origin in another answer; None where none is known."""
    if case.preflight is not None and case.preflight.response and allows(case.preflight.response, case.origin):
        return (
            f"{case.said(case.preflight)} with {field('Access-Control-Allow-Origin', _first(case.preflight.response))}"
        )
    url = failing.request.url
    method = case.question.method
    probe = case.second.preflight(url, case.origin, method, case.header_names)
    if probe is not None and allows(probe, case.origin):
        return f"second probe: a preflight for {method.decode('latin-1')} was answered {_shown(probe)}"
    root = _root(url)
    if root is not None:
        probe = case.second.get(root, case.origin)
        if probe is not None and allows(probe, case.origin):
            return f"{case.second.mark(probe)}GET {root.href} was answered {_shown(probe)}"
    return None


def _root(url: URL) -> URL | None:
    root = parse_url("/", url)
    return None if root is None or root.href == url.href else root


def _first(answer: HTTPResponse) -> bytes:
    return allow_origins(answer)[0]


def _shown(answer: HTTPResponse) -> str:
    return f"{status_line(answer)} with {field('Access-Control-Allow-Origin', _first(answer))}"


def _preflight(case: Case, failing: Exchange, answer: HTTPResponse) -> Iterator[Cause]:
    """The preflight was answered, well or with a refusal, and leave was not given."""
    evidence = [case.said(failing) + " without Access-Control-Allow-Origin"]
    if _decides(answer):
        yield from _says_no(case, failing, answer, evidence)
        return
    if not is_ok_status(answer.status):
        # Something stood before the policy, or there is none: what a GET says about it decides.
        other = case.second.get(failing.request.url, case.origin)
        if other is not None and not speaks_cors(other):
            evidence.append(f"{case.second.mark(other)}GET was answered {status_line(other)} without any sign of CORS")
            confidence = 0.75 if is_ok_status(other.status) else 0.55
            if answer.status in {404, 405, 501} or not is_ok_status(other.status):
                yield _unconfigured(case, evidence, confidence)
            else:
                yield _unconfigured(case, evidence, 0.5)
        elif other is None and answer.status in {404, 405, 501}:
            yield _unconfigured(case, evidence, 0.5)
        return
    yield from _nothing_said(case, failing, evidence)


def _decides(answer: HTTPResponse) -> bool:
    """Whether a CORS layer gave this answer: it names a grant, or varies by what it is asked."""
    asked = {"access-control-request-method", "access-control-request-headers"}
    return speaks_cors(answer) or bool(asked & vary_names(answer))


def _says_no(case: Case, failing: Exchange, answer: HTTPResponse, evidence: list[str]) -> Iterator[Cause]:
    """A policy is there. For which of the three things does it say no?"""
    evidence.append(_sign(answer))
    url, method = failing.request.url, case.question.method
    if case.fails_on_preflight:
        plain = case.second.preflight(url, case.origin, b"GET")
        if plain is not None and allows(plain, case.origin):
            evidence.append(f"second probe: a preflight for GET without headers was answered {_shown(plain)}")
            yield from _by_what_is_asked(case, failing, evidence, method)
            return
    near = _near(case, failing)
    if near is not None:
        yield near
        return
    yield Cause(CauseCode.ORIGIN_NOT_ALLOWED, 0.85, tuple(evidence), _fix(case))


def _by_what_is_asked(case: Case, failing: Exchange, evidence: list[str], method: bytes) -> Iterator[Cause]:
    names = case.header_names
    without = case.second.preflight(failing.request.url, case.origin, method) if names else None
    allowed = [b", ".join(names).decode("latin-1")]
    if without is not None and allows(without, case.origin):
        evidence.append(f"second probe: the same without headers was answered {_shown(without)}")
        fix = f"Allow the request headers {allowed[0]} in the server's policy."
        yield Cause(CauseCode.HEADER_NOT_ALLOWED, 0.93, tuple(evidence), fix)
    else:
        fix = f"Allow the method {method.decode('latin-1')} in the server's policy."
        yield Cause(CauseCode.METHOD_NOT_ALLOWED, 0.9, tuple(evidence), fix)


def _sign(answer: HTTPResponse) -> str:
    for name, value in answer.headers:
        if name.lower().startswith(b"access-control-"):
            return f"something there knows CORS: it sends {field(name.decode('latin-1'), value)}"
    return f"something there knows CORS: it sends {field('Vary', answer.headers.get(b'Vary') or b'')}"


def _nothing_said(case: Case, failing: Exchange, evidence: list[str]) -> Iterator[Cause]:
    """Status fine, and not a word about CORS: mostly there is no policy; some say no by silence."""
    near = _near(case, failing)
    if near is not None:
        yield near
        return
    if case.fails_on_preflight:
        other = case.second.get(failing.request.url, case.origin)
        if other is not None:
            if allows(other, case.origin):
                evidence.append(f"{case.second.mark(other)}GET was answered {_shown(other)}")
                fix = f"{_fix(case)} The responses have it already: the preflight is answered by something else."
                yield Cause(CauseCode.NO_ROUTE, 0.85, tuple(evidence), fix)
                return
            if speaks_cors(other):
                evidence.append(f"{case.second.mark(other)}GET was answered {status_line(other)}, and {_sign(other)}")
                yield Cause(CauseCode.ORIGIN_NOT_ALLOWED, 0.8, tuple(evidence), _fix(case))
                return
            evidence.append(f"{case.second.mark(other)}GET was answered {status_line(other)} without any sign of CORS")
    evidence.append("nothing in it speaks of CORS, and it does not vary by Origin")
    # Where nobody could be asked, an error, a cache or a forgotten route may be behind it as well.
    yield _unconfigured(case, evidence, 0.85 if case.second.are_possible else 0.7)


def _response(case: Case, failing: Exchange, answer: HTTPResponse) -> Iterator[Cause]:
    """The call itself was answered, and its answer says nothing of the origin."""
    if fresh_is_allowed(case) is not None:
        return  # a cache's doing
    evidence = [case.said(failing) + " without Access-Control-Allow-Origin"]
    elsewhere = _cors_elsewhere(case, failing)
    if elsewhere is not None:
        evidence.append(elsewhere)
        yield from _partly(case, answer, evidence)
    elif _decides(answer):
        yield from _says_no(case, failing, answer, evidence)
    elif not is_ok_status(answer.status):
        near = _near(case, failing)
        if near is not None:
            yield near
            return
        yield _unconfigured(case, evidence, 0.7)
        yield Cause(CauseCode.SOME_ANSWERS, 0.4, tuple(evidence), _everywhere(case, answer))
    else:
        yield from _nothing_said(case, failing, evidence)


def _partly(case: Case, answer: HTTPResponse, evidence: list[str]) -> Iterator[Cause]:
    if case.preflight is not None and is_ok_status(answer.status):
        fix = (
            f"Send `Access-Control-Allow-Origin: {case.origin}` on the answer to "
            f"{case.question.method.decode('latin-1')} too, not in the handler of OPTIONS alone: CORS belongs around "
            "all routes."
        )
        yield Cause(CauseCode.PREFLIGHT_ONLY, 0.95, tuple(evidence), fix)
    elif is_ok_status(answer.status) and "preflight" in evidence[-1]:
        fix = f"Send `Access-Control-Allow-Origin: {case.origin}` on every answer, not on those to OPTIONS alone."
        yield Cause(CauseCode.PREFLIGHT_ONLY, 0.85, tuple(evidence), fix)
    else:
        yield Cause(CauseCode.SOME_ANSWERS, 0.9, tuple(evidence), _everywhere(case, answer))


def _everywhere(case: Case, answer: HTTPResponse) -> str:
    return (
        f"Send `Access-Control-Allow-Origin: {case.origin}` on every answer, on the {answer.status} too. In nginx that "
        "takes `always`, and a location or `if` with an `add_header` of its own inherits none; in a framework put CORS "
        "outside of what handles errors and authentication."
    )


def _near(case: Case, failing: Exchange) -> Cause | None:
    """Another origin that the server does allow, where it is one that may have been meant."""
    url = failing.request.url
    for twin in [*twins(case.question.origin), *neighbours(case.question.origin)][:_MOST_TWINS]:
        if case.fails_on_preflight:
            probe = case.second.preflight(url, twin, case.question.method, case.header_names)
        else:
            probe = case.second.get(url, twin)
        if probe is None or allow_origins(probe) != [twin.encode()]:
            continue
        evidence = (
            case.said(failing) + " without Access-Control-Allow-Origin",
            f"second probe: from {twin} it was answered {_shown(probe)}",
        )
        if twin in twins(case.question.origin):
            fix = f"Allow {case.origin} as well, or open the page at {twin}: to a browser they are two origins."
            return Cause(CauseCode.ORIGIN_TWIN, 0.96, evidence, fix)
        fix = f"Allow {case.origin}, as the browser sends it, in place of {twin}."
        return Cause(CauseCode.ORIGIN_MISSPELT, 0.95, evidence, fix)
    return None


def _unconfigured(case: Case, evidence: list[str], confidence: float) -> Cause:
    return Cause(CauseCode.NO_CORS_CONFIGURED, confidence, tuple(evidence), _fix(case))


def _fix(case: Case) -> str:
    assert case.error is not None  # noqa: S101 - only called for a block
    return advise(case.question, case.result, case.error)
