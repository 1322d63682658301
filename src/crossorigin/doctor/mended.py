"""The question as it is to be asked after a fix: where the page has to change, it is not the same any more."""

from __future__ import annotations

from dataclasses import replace

from crossorigin.doctor.causes import Cause, CauseCode
from crossorigin.doctor.diagnosis.redirects import target_of
from crossorigin.doctor.question import Question
from crossorigin.doctor.report import Report
from crossorigin.web.headers import HeaderList
from crossorigin.web.url import URL

__all__ = ["mended"]

_CALL_THE_TARGET = frozenset(
    {
        CauseCode.TO_HTTPS,
        CauseCode.TRAILING_SLASH,
        CauseCode.MOVED,
        CauseCode.TAINTED_ORIGIN,
        CauseCode.MODE_OR_REDIRECT,
    }
)


def mended(report: Report, cause: Cause | None) -> Question:
    """The report's question, changed as the fix of this cause changes the page."""
    question = report.question
    if cause is None:
        return question
    code = cause.code
    if code is CauseCode.NO_CORS:
        return replace(question, mode="cors")
    if code is CauseCode.METHOD_CASE:
        return replace(question, method=question.method.upper())
    if code is CauseCode.RESPONSE_HEADER_ON_REQUEST:
        return replace(question, headers=_without_response_headers(question.headers))
    if code is CauseCode.MIXED_CONTENT:
        return replace(question, url=question.url.with_scheme("https"))
    if code is CauseCode.MODE_OR_REDIRECT and question.mode != "cors":
        return replace(question, mode="cors")
    target = _last_target(report) if code in _CALL_THE_TARGET else None
    return question if target is None else replace(question, url=target, redirect="follow")


def _without_response_headers(headers: HeaderList) -> HeaderList:
    return HeaderList(field for field in headers if not field[0].lower().startswith(b"access-control-"))


def _last_target(report: Report) -> URL | None:
    """Where the last redirect led, if that can be called."""
    targets = [target_of(exchange) for exchange in report.main.exchanges]
    target = next((each for each in reversed(targets) if each is not None), None)
    usable = target is not None and target.is_http_family and not target.includes_credentials
    return target if usable else None
