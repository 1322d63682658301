"""The CORS check, with every way to fail it kept apart, and the TAO check beside it."""

from __future__ import annotations

from enum import Enum
from typing import Final

from crossorigin.fetch.blocks import BlockCode
from crossorigin.fetch.request import Request, byte_serialize_request_origin, serialize_request_origin
from crossorigin.fetch.trace import Trace
from crossorigin.web.headers import HeaderList
from crossorigin.web.origins import OriginSyntaxError, is_origin_or_null, parse_origin, same_origin

__all__ = ["BLOCKED_PREFLIGHT", "BLOCKED_RESPONSE", "CorsCheckFailure", "cors_check", "tao_check"]

_ALLOW_ORIGIN: Final = b"Access-Control-Allow-Origin"
_ALLOW_CREDENTIALS: Final = b"Access-Control-Allow-Credentials"
_ANCHOR: Final = "concept-cors-check"


class CorsCheckFailure(Enum):
    """Why a CORS check failed. The standard has three failing steps; four of these are its step 4, told apart."""

    MISSING = "missing"
    WILDCARD = "wildcard"
    SEVERAL = "several"
    INVALID = "invalid"
    MISMATCH = "mismatch"
    TAINTED = "tainted"
    CREDENTIALS_MISSING = "credentials-missing"
    CREDENTIALS_INVALID = "credentials-invalid"


BLOCKED_PREFLIGHT: Final = {
    CorsCheckFailure.MISSING: BlockCode.PREFLIGHT_ALLOW_ORIGIN_MISSING,
    CorsCheckFailure.WILDCARD: BlockCode.PREFLIGHT_ALLOW_ORIGIN_WILDCARD,
    CorsCheckFailure.SEVERAL: BlockCode.PREFLIGHT_ALLOW_ORIGIN_SEVERAL,
    CorsCheckFailure.INVALID: BlockCode.PREFLIGHT_ALLOW_ORIGIN_INVALID,
    CorsCheckFailure.MISMATCH: BlockCode.PREFLIGHT_ALLOW_ORIGIN_MISMATCH,
    CorsCheckFailure.TAINTED: BlockCode.PREFLIGHT_ORIGIN_TAINTED,
    CorsCheckFailure.CREDENTIALS_MISSING: BlockCode.PREFLIGHT_ALLOW_CREDENTIALS_MISSING,
    CorsCheckFailure.CREDENTIALS_INVALID: BlockCode.PREFLIGHT_ALLOW_CREDENTIALS_INVALID,
}
BLOCKED_RESPONSE: Final = {
    CorsCheckFailure.MISSING: BlockCode.ALLOW_ORIGIN_MISSING,
    CorsCheckFailure.WILDCARD: BlockCode.ALLOW_ORIGIN_WILDCARD,
    CorsCheckFailure.SEVERAL: BlockCode.ALLOW_ORIGIN_SEVERAL,
    CorsCheckFailure.INVALID: BlockCode.ALLOW_ORIGIN_INVALID,
    CorsCheckFailure.MISMATCH: BlockCode.ALLOW_ORIGIN_MISMATCH,
    CorsCheckFailure.TAINTED: BlockCode.ORIGIN_TAINTED,
    CorsCheckFailure.CREDENTIALS_MISSING: BlockCode.ALLOW_CREDENTIALS_MISSING,
    CorsCheckFailure.CREDENTIALS_INVALID: BlockCode.ALLOW_CREDENTIALS_INVALID,
}


def cors_check(request: Request, headers: HeaderList, trace: Trace) -> CorsCheckFailure | None:
    """Fetch, "CORS check": https://fetch.spec.whatwg.org/#concept-cors-check

    `headers` are the response's. None is success. Byte-exact throughout: no case folding, no trailing slash, and two
    fields become one value that equals nothing.
    """
    # 1-2. The response must carry Access-Control-Allow-Origin; absent means failure (null is not `null`).
    allowed = headers.get(_ALLOW_ORIGIN)
    if allowed is None:
        trace.add(
            _ANCHOR,
            "fail",
            "The response has no Access-Control-Allow-Origin.",
            (_ALLOW_ORIGIN.decode(), None),
            header=_ALLOW_ORIGIN,
        )
        return CorsCheckFailure.MISSING
    # 3. `*` satisfies every credentials mode except "include".
    include = request.credentials_mode == "include"
    if not include and allowed == b"*":
        trace.add(
            _ANCHOR,
            "pass",
            "Access-Control-Allow-Origin is `*`, and the credentials mode is not include.",
            (_ALLOW_ORIGIN.decode(), allowed),
            header=_ALLOW_ORIGIN,
        )
        return None
    # 4. Otherwise it must be the request's origin, byte for byte.
    origin = byte_serialize_request_origin(request)
    if origin != allowed:
        failure, sentence = _mismatch(request, headers, allowed, origin)
        trace.add(
            _ANCHOR,
            "fail",
            sentence,
            (_ALLOW_ORIGIN.decode(), allowed),
            ("request origin", origin),
            header=_ALLOW_ORIGIN,
        )
        return failure
    # 5. Without credentials that is all.
    trace.add(
        _ANCHOR,
        "pass",
        "Access-Control-Allow-Origin equals the request's origin.",
        (_ALLOW_ORIGIN.decode(), allowed),
        ("request origin", origin),
        header=_ALLOW_ORIGIN,
    )
    if not include:
        return None
    # 6-8. With them, Access-Control-Allow-Credentials must be exactly `true`.
    credentials = headers.get(_ALLOW_CREDENTIALS)
    if credentials == b"true":
        trace.add(
            _ANCHOR,
            "pass",
            "Access-Control-Allow-Credentials is `true`, as credentials mode include asks.",
            (_ALLOW_CREDENTIALS.decode(), credentials),
            header=_ALLOW_CREDENTIALS,
        )
        return None
    trace.add(
        _ANCHOR,
        "fail",
        "The response has no Access-Control-Allow-Credentials, and the credentials mode is include."
        if credentials is None
        else "Access-Control-Allow-Credentials is not exactly `true`, and the credentials mode is include.",
        (_ALLOW_CREDENTIALS.decode(), credentials),
        ("needed", b"true"),
        header=_ALLOW_CREDENTIALS,
    )
    return CorsCheckFailure.CREDENTIALS_MISSING if credentials is None else CorsCheckFailure.CREDENTIALS_INVALID


def _mismatch(request: Request, headers: HeaderList, allowed: bytes, origin: bytes) -> tuple[CorsCheckFailure, str]:
    """Which kind of step 4 failed: the standard knows one, people need to know which."""
    if allowed == b"*":
        return (
            CorsCheckFailure.WILDCARD,
            "Access-Control-Allow-Origin is `*`, which does not count when the credentials mode is include.",
        )
    fields = headers.get_all(_ALLOW_ORIGIN)
    if len(fields) > 1:
        return (
            CorsCheckFailure.SEVERAL,
            f"Access-Control-Allow-Origin stands there {len(fields)} times; the values are joined and equal no origin.",
        )
    if b"," in allowed or sum(b"://" in part or part in {b"*", b"null"} for part in allowed.split()) > 1:
        return (
            CorsCheckFailure.SEVERAL,
            "Access-Control-Allow-Origin holds more than one value; it is one origin, `*` or `null`.",
        )
    if origin == b"null" and allowed == request.origin.serialize().encode():
        sentence = (
            "The request was redirected from one origin to another that is not the page's, so its origin is now null; "
            "Access-Control-Allow-Origin names the page's origin."
        )
        return CorsCheckFailure.TAINTED, sentence
    if not is_origin_or_null(allowed):
        return (CorsCheckFailure.INVALID, f"Access-Control-Allow-Origin is not an origin: {_why_no_origin(allowed)}.")
    return (CorsCheckFailure.MISMATCH, "Access-Control-Allow-Origin is not the request's origin, byte for byte.")


def _why_no_origin(value: bytes) -> str:
    try:
        parse_origin(value)
    except OriginSyntaxError as error:
        return error.sentence
    return "no browser sends it so"


def tao_check(request: Request, headers: HeaderList) -> bool:
    """Fetch, "TAO check": https://fetch.spec.whatwg.org/#concept-tao-check

    True is success: the page may see how long this response took.
    """
    # 2. One failure in the redirect chain is final.
    if request.timing_allow_failed:
        return False
    # 3-5. `*` or the request's origin, as one member of the list.
    values = headers.get_decode_split(b"Timing-Allow-Origin")
    if values is not None and ("*" in values or serialize_request_origin(request) in values):
        return True
    # 6. A nested document's navigation shows nothing of another origin.
    if request.mode == "navigate" and not same_origin(request.current_url.origin, request.origin):
        return False
    # 7-8.
    return request.response_tainting == "basic"
