"""Causes that lie in a service's own rules: a storage bucket's, an API gateway's. No code of yours is asked there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal

from crossorigin.doctor.causes import Cause, CauseCode
from crossorigin.doctor.diagnosis.answers import allow_origins, field, speaks_cors, text_of
from crossorigin.doctor.diagnosis.case import Case
from crossorigin.fetch.trace import Exchange
from crossorigin.fetch.wire import HTTPResponse
from crossorigin.web.statuses import is_ok_status

__all__ = ["causes", "service_of"]

Service = Literal["bucket", "gateway"]

_BUCKET_SAYS: Final = re.compile(
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors-troubleshooting.html
    r"CORSResponse: [^<]{1,160}|"
    # https://learn.microsoft.com/rest/api/storageservices/cross-origin-resource-sharing--cors--support-for-the-azure-storage-services
    r"CORS not enabled or no matching rule found for this request",
)
_BUCKET_FIELDS: Final = (b"x-amz-request-id", b"x-amz-id-2", b"x-ms-request-id", b"x-guploader-uploadid")
_GATEWAY_SAYS: Final = "Missing Authentication Token"
_GATEWAY_FIELDS: Final = (b"x-amzn-errortype", b"x-amz-apigw-id", b"x-amzn-requestid", b"apigw-requestid")


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


def service_of(answer: HTTPResponse) -> Service | None:
    """Which service refused a call, or passed it over in silence, by rules of its own; None where none did."""
    if allow_origins(answer):
        return None  # its rules have spoken, and what they say is judged as any other policy
    text = text_of(answer)
    if _BUCKET_SAYS.search(text):
        return "bucket"
    if _sign(answer, _GATEWAY_FIELDS) or _GATEWAY_SAYS in text:
        return "gateway" if answer.status in {400, 403, 404} else None
    # A bucket without rules answers a GET as if there were no Origin, and some a preflight too.
    silent = answer.status == 403 or (is_ok_status(answer.status) and not speaks_cors(answer))
    return "bucket" if silent and _sign(answer, _BUCKET_FIELDS) else None


def _sign(answer: HTTPResponse, names: tuple[bytes, ...]) -> str | None:
    """The first of these headers that it has, as evidence."""
    name = next(filter(answer.headers.contains, names), None)
    return None if name is None else f"it has {field(name.decode(), answer.headers.get(name) or b'')}"


def _bucket(case: Case, failing: Exchange, answer: HTTPResponse) -> Cause:
    said = _BUCKET_SAYS.search(text_of(answer))
    evidence = [case.said(failing), f'its body says "{said[0]}"' if said else None, _sign(answer, _BUCKET_FIELDS)]
    method = case.question.method.decode("latin-1")
    names = b", ".join(case.header_names).decode("latin-1")
    headers = f" and the headers {names}" if names else ""
    fix = f"Add a rule for the origin {case.origin}, the method {method}{headers} to the bucket's CORS rules."
    return Cause(CauseCode.BUCKET, 0.95 if said else 0.75, tuple(filter(None, evidence)), fix)


def _gateway(case: Case, failing: Exchange, answer: HTTPResponse) -> Cause:
    says = _GATEWAY_SAYS in text_of(answer)
    words = f'its body says "{_GATEWAY_SAYS}", API Gateway\'s words for a method that it lacks' if says else None
    sign = _sign(answer, _GATEWAY_FIELDS)
    fix = (
        "Add an OPTIONS method to the resource (REST: a mock integration without authorization; HTTP API: its "
        f"CorsConfiguration) with {case.needed_headers}, and the same origin on the gateway's own 4XX and 5XX "
        "responses."
    )
    evidence = tuple(filter(None, [case.said(failing), words, sign]))
    return Cause(CauseCode.GATEWAY, 0.95 if says and sign else 0.8, evidence, fix)
