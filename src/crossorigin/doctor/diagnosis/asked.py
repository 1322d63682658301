"""A policy that allows the origin and not what a preflight asks for: whether it is the method, or a header."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from crossorigin.doctor.causes import Cause, CauseCode
from crossorigin.doctor.diagnosis.answers import allows, granted
from crossorigin.doctor.diagnosis.case import Case
from crossorigin.doctor.diagnosis.page import asks_for_response_headers, is_lower_case, remove_headers, write_upper
from crossorigin.fetch.trace import Exchange

__all__ = ["by_what_is_asked", "is_plain_allowed"]

_LONGEST: Final = 300


def is_plain_allowed(case: Case, failing: Exchange) -> bool | None:
    """Whether the origin alone has leave: that of a preflight for GET without headers. None where nobody can know."""
    plain = case.second.preflight(failing.request.url, case.origin, b"GET")
    return None if plain is None else allows(plain, case.origin)


def by_what_is_asked(case: Case, failing: Exchange, evidence: list[str]) -> Iterator[Cause]:
    """The causes where it is, told apart by the same preflight without its headers."""
    plain = case.second.preflight(failing.request.url, case.origin, b"GET")
    if plain is not None:
        evidence.append(f"second probe: a preflight for GET without headers was answered {granted(plain)}")
    names = case.header_names
    without = case.second.preflight(failing.request.url, case.origin, case.question.method) if names else None
    if without is not None and allows(without, case.origin):
        evidence.append(f"second probe: the same without headers was answered {granted(without)}")
        yield _by_header(case, evidence, 0.93)
    elif names and without is None:
        yield _by_header(case, evidence, 0.6)
        yield _by_method(case, evidence, 0.5)
    else:
        yield _by_method(case, evidence, 0.9)


def _by_header(case: Case, evidence: list[str], confidence: float) -> Cause:
    if asks_for_response_headers(case):
        return Cause(CauseCode.RESPONSE_HEADER_ON_REQUEST, confidence, tuple(evidence), remove_headers(case))
    names = b", ".join(case.header_names).decode("latin-1")[:_LONGEST]
    fix = f"Allow the request headers {names} in the server's policy."
    return Cause(CauseCode.HEADER_NOT_ALLOWED, confidence, tuple(evidence), fix)


def _by_method(case: Case, evidence: list[str], confidence: float) -> Cause:
    if is_lower_case(case):
        return Cause(CauseCode.METHOD_CASE, confidence, tuple(evidence), write_upper(case))
    fix = f"Allow the method {case.question.method.decode('latin-1')} in the server's policy."
    return Cause(CauseCode.METHOD_NOT_ALLOWED, confidence, tuple(evidence), fix)
