"""Causes that stand before CORS on the server: routers, authentication, firewalls and redirects that answer first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from crossorigin.doctor.causes import Cause, CauseCode
from crossorigin.doctor.diagnosis.answers import (
    allows,
    field,
    refusal,
    speaks_cors,
    status_line,
    text_of,
    vary_names,
    wants_tls,
)
from crossorigin.doctor.diagnosis.case import Case
from crossorigin.doctor.diagnosis.hosted import service_of
from crossorigin.fetch.trace import Exchange
from crossorigin.fetch.wire import HTTPResponse
from crossorigin.web.statuses import is_ok_status, is_redirect_status

__all__ = ["causes"]

_LONGEST: Final = 300
_NO_ROUTE: Final = frozenset({404, 405, 501})
_PROXYS_OWN: Final = frozenset({413, 429, 431, 502, 503, 504, 520, 521, 522, 523, 524, 525, 526})
_FIREWALL: Final = re.compile(
    r"attention required! \| cloudflare|cf-error-details|request blocked|blocked by (?:the )?(?:firewall|waf|security)|"
    r"web application firewall|mod_security|incapsula|sucuri|the requested url was rejected|reference #[0-9a-f.]{8,}",
    re.IGNORECASE,
)
_CSRF: Final = re.compile(r"\bc?[sx]rf\b|cross[- ]site request forgery", re.IGNORECASE)
_AUTHENTICATION: Final = re.compile(
    r"unauthori[sz]ed|not authenticated|authentication (?:required|credentials)|credentials were not provided|"
    r"(?:invalid|missing|no|expired)[\w ]{0,20} (?:token|api key|credentials)|\bjwt\b|\bbearer\b|log ?in required|"
    r"permission denied|must be logged in",
    re.IGNORECASE,
)


def causes(case: Case) -> Iterator[Cause]:
    """Those that hold, in no order; all of them are about a preflight that did not reach the policy."""
    failing, answer = case.failing, case.answer
    if failing is None or answer is None or not case.fails_on_preflight:
        return
    status = answer.status
    if is_ok_status(status) or is_redirect_status(status) or status in _PROXYS_OWN:
        return
    if refusal(answer) is not None or wants_tls(failing) is not None:
        return
    if service_of(answer) is not None:
        return  # the service's own rules tell
    if status in _NO_ROUTE:
        yield from _no_route(case, failing, answer)
    elif 400 <= status < 500:
        yield from _refused(case, failing, answer)


def _no_route(case: Case, failing: Exchange, answer: HTTPResponse) -> Iterator[Cause]:
    evidence = [case.said(failing)]
    allow = answer.headers.get(b"Allow")
    if allow is not None:
        evidence.append(f"it names the methods that have a route: {field('Allow', allow)}")
    confidence = 0.75
    other = case.second.get(failing.request.url, case.origin)
    if other is not None:
        evidence.append(f"{case.second.mark(other)}GET was answered {status_line(other)} {_leave(other, case.origin)}")
        if speaks_cors(other):
            confidence = 0.97
        elif is_ok_status(other.status):
            confidence = 0.65
    fix = (
        f"Put the CORS layer before the router, so that OPTIONS {failing.request.url.path} is a 204 with "
        f"{case.needed_headers}. The first of them belongs on every other answer too."
    )
    yield Cause(CauseCode.NO_ROUTE, confidence, tuple(evidence), fix)


def _refused(case: Case, failing: Exchange, answer: HTTPResponse) -> Iterator[Cause]:
    """A 401, a 403 or the like: somebody asks the preflight for what it never has."""
    if {"access-control-request-method", "access-control-request-headers"} & vary_names(answer):
        return  # it was CORS that refused: its answer varies by what a preflight asks
    text = text_of(answer)
    evidence = [case.said(failing)]
    if answer.headers.contains(b"cf-mitigated"):
        # https://developers.cloudflare.com/cloudflare-challenges/challenge-types/challenge-pages/detect-response/
        mitigated = field("cf-mitigated", answer.headers.get(b"cf-mitigated") or b"")
        said = (*evidence, f"it is a challenge of Cloudflare's: {mitigated}")
        yield Cause(CauseCode.FIREWALL, 0.96, said, _pass_firewall(case))
        return
    challenge = answer.headers.get(b"WWW-Authenticate")
    if challenge is not None:
        evidence.append(f"it asks for authentication: {field('WWW-Authenticate', challenge)}")
    fix = (
        f"Let OPTIONS with Access-Control-Request-Method pass without authentication: a preflight never has "
        f"credentials. Put the CORS layer outermost, before authentication, so that it answers with "
        f"{case.needed_headers}."
    )
    if answer.status == 401 or challenge is not None:
        yield Cause(CauseCode.AUTHENTICATION, 0.95, tuple(evidence), fix)
        return
    for regex, what in ((_FIREWALL, "a firewall's page"), (_CSRF, "a check against CSRF")):
        if found := regex.search(text):
            said = (*evidence, f'its body is that of {what}: "{found[0]}"')
            yield Cause(CauseCode.FIREWALL, 0.92, said, _pass_firewall(case))
            return
    if found := _AUTHENTICATION.search(text):
        said = (*evidence, f'its body speaks of authentication: "{found[0]}"')
        yield Cause(CauseCode.AUTHENTICATION, 0.9, said, fix)
        return
    yield from _by_second_probe(case, failing, evidence, fix)


def _by_second_probe(case: Case, failing: Exchange, evidence: list[str], fix: str) -> Iterator[Cause]:
    other = case.second.get(failing.request.url, case.origin)
    if other is None:
        yield Cause(CauseCode.FIREWALL, 0.5, tuple(evidence), _pass_firewall(case))
        yield Cause(CauseCode.AUTHENTICATION, 0.45, tuple(evidence), fix)
        return
    said = (*evidence, f"{case.second.mark(other)}GET was answered {status_line(other)} {_leave(other, case.origin)}")
    if other.status in {401, 403}:
        yield Cause(CauseCode.AUTHENTICATION, 0.75, said, fix)
        yield Cause(CauseCode.FIREWALL, 0.4, said, _pass_firewall(case))
    else:
        yield Cause(CauseCode.FIREWALL, 0.75, said, _pass_firewall(case))
        yield Cause(CauseCode.AUTHENTICATION, 0.5, said, fix)


def _pass_firewall(case: Case) -> str:
    return (
        "Let OPTIONS with Access-Control-Request-Method pass what refuses it (a firewall's rule, a check against CSRF, "
        f"a list of methods), and answer it with {case.needed_headers}."
    )


def _leave(answer: HTTPResponse, origin: str) -> str:
    if allows(answer, origin):
        return "with leave for this origin"
    return "without leave for this origin" if speaks_cors(answer) else "without any sign of CORS"
