"""The question as it is to be asked after a fix: where the page has to change, it is not the same any more."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from crossorigin.doctor.causes import Cause, CauseCode
from crossorigin.doctor.diagnosis.redirects import target_of
from crossorigin.doctor.question import Question
from crossorigin.doctor.report import Report
from crossorigin.web.headers import HeaderList
from crossorigin.web.statuses import is_redirect_status
from crossorigin.web.url import URL

__all__ = ["mended"]

_LONGEST: Final = 2000
"""Characters of a redirect's target that a command takes over: it is the server's text, and is shown whole."""
_CALL_THE_TARGET: Final = frozenset(
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
    if code is CauseCode.MIXED_CONTENT or (code is CauseCode.TLS and report.failure is None):
        return replace(question, url=question.url.with_scheme("https"))
    if code is CauseCode.MODE_OR_REDIRECT and question.mode != "cors":
        return replace(question, mode="cors")
    target = _last_target(report) if code in _CALL_THE_TARGET else None
    return question if target is None else replace(question, url=target, redirect="follow")


def _without_response_headers(headers: HeaderList) -> HeaderList:
    return HeaderList(field for field in headers if not field[0].lower().startswith(b"access-control-"))


def _last_target(report: Report) -> URL | None:
    """Where the last redirect led, if that can be called."""
    # A Location means something else with a 201.
    redirects = [each for each in report.main.exchanges if each.response and is_redirect_status(each.response.status)]
    target = next((each for each in map(target_of, reversed(redirects)) if each is not None), None)
    if target is None or not target.is_http_family or target.includes_credentials or len(target.href) > _LONGEST:
        return None
    return target
