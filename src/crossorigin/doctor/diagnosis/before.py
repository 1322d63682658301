"""Causes that stand before CORS on the server: routers, authentication, firewalls and redirects that answer first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from crossorigin.doctor.advice import advise
from crossorigin.doctor.causes import Cause, CauseCode
from crossorigin.doctor.diagnosis.answers import (
    allows,
    bucket_sign,
    field,
    is_proxys_page,
    refusal,
    speaks_cors,
    status_line,
    text_of,
    vary_names,
    wants_tls,
)
from crossorigin.doctor.diagnosis.case import Case
from crossorigin.doctor.diagnosis.refusers import refuser_of
from crossorigin.doctor.diagnosis.siblings import by_origin
from crossorigin.doctor.words import all_of, shortened
from crossorigin.fetch.trace import Exchange
from crossorigin.fetch.wire import HTTPResponse
from crossorigin.web.methods import is_cors_safelisted_method
from crossorigin.web.origins import OpaqueOrigin
from crossorigin.web.statuses import is_ok_status, is_redirect_status

__all__ = ["causes"]

_LONGEST: Final = 300
_NO_ROUTE: Final = frozenset({404, 405, 501})
_BUCKET: Final = re.compile(
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors-troubleshooting.html
    r"CORSResponse: [^<]{1,160}|"
    # https://learn.microsoft.com/rest/api/storageservices/cross-origin-resource-sharing--cors--support-for-the-azure-storage-services
    r"CORS not enabled or no matching rule found for this request|"
    # Cloudflare R2, and others that speak S3's language
    r"CORS (?:is )?not (?:configured|enabled) for this bucket",
    re.IGNORECASE,
)
_NO_MATCH: Final = "no Route matched with those values"
"""Kong's words for a method or a path that none of its routes has: https://github.com/Kong/kong/issues/4859"""
_GATEWAY_FIELDS: Final = (b"x-amzn-errortype", b"x-amz-apigw-id", b"x-amzn-requestid", b"apigw-requestid")


def causes(case: Case) -> Iterator[Cause]:
    """Those that hold, in no order; all of them are about a preflight that did not reach the policy."""
    failing, answer = case.failing, case.answer
    if failing is None or answer is None or not case.fails_on_preflight:
        return
    status = answer.status
    if is_ok_status(status) or is_redirect_status(status) or is_proxys_page(answer):
        return
    if isinstance(case.question.origin, OpaqueOrigin) and not allows(answer, case.origin):
        return  # that the page has none is the cause
    if refusal(answer) is not None or wants_tls(failing) is not None:
        return
    bucket, gateway = [*_bucket(case, failing, answer)], [*_gateway(case, failing, answer)]
    yield from bucket
    yield from gateway
    if bucket or gateway:
        return
    if status in _NO_ROUTE:
        yield from _no_route(case, failing, answer)
    elif 400 <= status < 500:
        yield from _refused(case, failing, answer)
    elif status < 400 or status > 599:
        evidence = (case.said(failing), "a preflight is answered rightly with a status from 200 to 299 alone")
        yield Cause(CauseCode.NO_ROUTE, 0.6, evidence, _route(case, failing))


def _bucket(case: Case, failing: Exchange, answer: HTTPResponse) -> Iterator[Cause]:
    said = _BUCKET.search(text_of(answer))
    sign = bucket_sign(answer)
    if said is None and (sign is None or answer.status != 403 or _is_gateway(answer)):
        return
    evidence = [case.said(failing)]
    if said is not None:
        evidence.append(f'its body says "{said[0]}"')
    if sign is not None:
        evidence.append(f"it has {sign}")
    yield Cause(CauseCode.BUCKET, 0.95 if said else 0.7, tuple(evidence), _allow_in(case, "the bucket's CORS rules"))


def _is_gateway(answer: HTTPResponse) -> bool:
    return any(map(answer.headers.contains, _GATEWAY_FIELDS))


def _gateway(case: Case, failing: Exchange, answer: HTTPResponse) -> Iterator[Cause]:
    text = text_of(answer)
    if _NO_MATCH in text and answer.status == 404:
        yield _kong(case, failing)
        return
    names = "Missing Authentication Token" in text
    sign = next((name for name in _GATEWAY_FIELDS if answer.headers.contains(name)), None)
    if not (names or sign) or answer.status not in {400, 403, 404}:
        return
    evidence = [case.said(failing)]
    if names:
        evidence.append('its body says "Missing Authentication Token", API Gateway\'s words for a method that it lacks')
    if sign is not None:
        evidence.append(f"it has {field(sign.decode(), answer.headers.get(sign) or b'')}")
    fix = (
        "Add an OPTIONS method to the resource (REST: a mock integration without authorization; HTTP API: its "
        f"CorsConfiguration) with {_headers(case)}, and the same origin on the gateway's own 4XX and 5XX responses."
    )
    yield Cause(CauseCode.GATEWAY, 0.95 if names and sign else 0.8, tuple(evidence), fix)


def _kong(case: Case, failing: Exchange) -> Cause:
    evidence = [case.said(failing), f'its body says "{_NO_MATCH}": these are the words of Kong']
    confidence = 0.85
    other = case.second.get(failing.request.url, case.origin)
    if other is not None:
        if _NO_MATCH in text_of(other):
            confidence = 0.7  # the path may be wrong, or have no GET
        evidence.append(f"{case.second.mark(other)}GET was answered {status_line(other)}")
    fix = f"Add OPTIONS to the methods of the route, and Kong's plugin cors to it, so that it has {_headers(case)}."
    return Cause(CauseCode.GATEWAY, confidence, tuple(evidence), fix)


def _no_route(case: Case, failing: Exchange, answer: HTTPResponse) -> Iterator[Cause]:
    evidence = [case.said(failing)]
    allow = answer.headers.get(b"Allow")
    if allow is not None:
        evidence.append(f"it names the methods that have a route: {field('Allow', allow)}")
    confidence = 0.75
    other = case.second.get(failing.request.url, case.origin)
    if other is not None:
        evidence.append(f"{case.second.mark(other)}GET was answered {status_line(other)} {_leave(other, case.origin)}")
        if allows(other, case.origin):
            confidence = 0.97
        elif speaks_cors(other):
            # A policy that does not allow the origin: some pass a preflight on to the router then.
            confidence = 0.6 if speaks_cors(answer) else 0.85
        elif is_ok_status(other.status):
            confidence = 0.65
    yield Cause(CauseCode.NO_ROUTE, confidence, tuple(evidence), _route(case, failing))


def _route(case: Case, failing: Exchange) -> str:
    return (
        f"Put the CORS layer before the router, so that OPTIONS {shortened(failing.request.url.path)} is a 204 with "
        f"{_headers(case)}. The first of them belongs on every other answer too."
    )


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
        f"credentials. Put the CORS layer outermost, before authentication, so that it answers with {_headers(case)}."
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
    refused = by_origin(case, failing, other)
    if refused is not None:
        fix = advise(case.question, case.result, case.error) if case.error is not None else fix
        yield Cause(CauseCode.ORIGIN_NOT_ALLOWED, 0.85, (*said, refused), fix)
    elif other.status in {401, 403}:
        yield Cause(CauseCode.AUTHENTICATION, 0.75, said, fix)
        yield Cause(CauseCode.FIREWALL, 0.4, said, _pass_firewall(case))
    else:
        yield Cause(CauseCode.FIREWALL, 0.75, said, _pass_firewall(case))
        yield Cause(CauseCode.AUTHENTICATION, 0.5, said, fix)


def _pass_firewall(case: Case) -> str:
    return (
        "Let OPTIONS with Access-Control-Request-Method pass what refuses it (a firewall's rule, a check against CSRF, "
        f"a list of methods), and answer it with {_headers(case)}."
    )


def _allow_in(case: Case, where: str) -> str:
    method = case.question.method.decode("latin-1")
    names = b", ".join(case.header_names).decode("latin-1")
    headers = f" and the headers {names[:_LONGEST]}" if names else ""
    return f"Add a rule for the origin {case.origin}, the method {method}{headers} to {where}."


def _headers(case: Case) -> str:
    """What an answer to the preflight has to have, in words with the values filled in."""
    if isinstance(case.question.origin, OpaqueOrigin):
        return "the CORS headers"  # no one should allow `null`
    fields = [f"`Access-Control-Allow-Origin: {case.origin}`"]
    if case.has_credentials:
        fields.append("`Access-Control-Allow-Credentials: true`")
    if not is_cors_safelisted_method(case.question.method):
        fields.append(f"`Access-Control-Allow-Methods: {case.question.method.decode('latin-1')}`")
    if case.header_names:
        fields.append(f"`Access-Control-Allow-Headers: {b', '.join(case.header_names).decode('latin-1')[:_LONGEST]}`")
    return all_of([*fields, "`Vary: Origin`"])


def _leave(answer: HTTPResponse, origin: str) -> str:
    if allows(answer, origin):
        return "with leave for this origin"
    return "without leave for this origin" if speaks_cors(answer) else "without any sign of CORS"
