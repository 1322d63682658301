"""Causes that stand before CORS on the server: routers, authentication, firewalls and redirects that answer first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from crossorigin.doctor.causes import Cause, CauseCode
from crossorigin.doctor.diagnosis.answers import (
    allows,
    field,
    refusal,
    speaks_cors,
    status_line,
    vary_names,
    wants_tls,
)
from crossorigin.doctor.diagnosis.case import Case
from crossorigin.doctor.diagnosis.refusers import refuser_of
from crossorigin.doctor.diagnosis.services import service_of
from crossorigin.fetch.trace import Exchange
from crossorigin.fetch.wire import HTTPResponse
from crossorigin.web.statuses import is_ok_status, is_redirect_status

__all__ = ["causes"]

_NO_ROUTE: Final = frozenset({404, 405, 501})
_PROXYS_OWN: Final = frozenset({413, 429, 431, 502, 503, 504, 520, 521, 522, 523, 524, 525, 526})


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
    asked = {"access-control-request-method", "access-control-request-headers"}
    if asked & vary_names(answer) and not allows(answer, case.origin):
        return  # it was CORS that refused: its answer varies by what a preflight asks
    evidence = [case.said(failing)]
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
    refuser = refuser_of(answer)
    if refuser is None:
        yield from _by_second_probe(case, failing, evidence, fix)
    elif refuser.kind == "authentication":
        yield Cause(CauseCode.AUTHENTICATION, refuser.confidence, (*evidence, refuser.evidence), fix)
    else:
        yield Cause(CauseCode.FIREWALL, refuser.confidence, (*evidence, refuser.evidence), _pass_firewall(case))


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
