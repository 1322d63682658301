"""Causes that lie in a service's own rules: a storage bucket's, an API gateway's. No code of yours is asked there."""

from __future__ import annotations

from collections.abc import Iterator

from crossorigin.doctor.causes import Cause, CauseCode
from crossorigin.doctor.diagnosis.answers import text_of
from crossorigin.doctor.diagnosis.case import Case
from crossorigin.doctor.diagnosis.services import BUCKET_SAYS, GATEWAY_SAYS, service_of, sign_of
from crossorigin.fetch.trace import Exchange
from crossorigin.fetch.wire import HTTPResponse

__all__ = ["causes"]


def causes(case: Case) -> Iterator[Cause]:
    """Those that hold, in no order."""
    failing, answer = case.failing, case.answer
    if failing is None or answer is None:
        return
    service = service_of(answer)
    if service == "bucket":
        yield _bucket(case, failing, answer)
    elif service == "gateway":
        yield _gateway(case, failing, answer)


def _bucket(case: Case, failing: Exchange, answer: HTTPResponse) -> Cause:
    said = BUCKET_SAYS.search(text_of(answer))
    evidence = [case.said(failing), f'its body says "{said[0]}"' if said else None, sign_of(answer, "bucket")]
    method = case.question.method.decode("latin-1")
    names = b", ".join(case.header_names).decode("latin-1")
    headers = f" and the headers {names}" if names else ""
    fix = f"Add a rule for the origin {case.origin}, the method {method}{headers} to the bucket's CORS rules."
    return Cause(CauseCode.BUCKET, 0.95 if said else 0.75, tuple(filter(None, evidence)), fix)


def _gateway(case: Case, failing: Exchange, answer: HTTPResponse) -> Cause:
    says = GATEWAY_SAYS in text_of(answer)
    words = f'its body says "{GATEWAY_SAYS}", API Gateway\'s words for a method that it lacks' if says else None
    sign = sign_of(answer, "gateway")
    fix = (
        "Add an OPTIONS method to the resource (REST: a mock integration without authorization; HTTP API: its "
        f"CorsConfiguration) with {case.needed_headers}, and the same origin on the gateway's own 4XX and 5XX "
        "responses."
    )
    evidence = tuple(filter(None, [case.said(failing), words, sign]))
    return Cause(CauseCode.GATEWAY, 0.95 if says and sign else 0.8, evidence, fix)
