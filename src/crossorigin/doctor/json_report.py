"""The one object that `check --json` prints; `check.schema.json` beside this file describes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crossorigin.browser.real.proxy import PassedRequest
from crossorigin.doctor.causes import Cause
from crossorigin.doctor.consult import Consultation
from crossorigin.doctor.fixes import Fix, Unwritten
from crossorigin.doctor.reality import NotAsked, Reality
from crossorigin.doctor.report import Report, is_allowed
from crossorigin.fetch.profile import Profile
from crossorigin.fetch.trace import Exchange
from crossorigin.web.anchors import section
from crossorigin.web.headers import HeaderList

__all__ = ["to_json"]

JSON = dict[str, Any]


def to_json(consultation: Consultation) -> JSON:
    """The report as values that `json.dumps` takes. Header lists are raw: order, duplicates and casing survive."""
    report = consultation.report
    result = report.main
    return {
        "url": report.question.url.href,
        "origin": report.question.origin.serialize(),
        "allowed": report.allowed,
        "engines": {profile.name: _engine(report, profile) for profile in report.results},
        "preflight": {
            "needed": report.preflight_needed,
            "because": [step.sentence for step in report.preflight_reasons],
        },
        "exchanges": [_exchange(exchange) for exchange in result.exchanges],
        "readable_headers": report.readable_headers,
        "causes": [_cause(cause) for cause in consultation.causes],
        "fixes": [*_fixes(consultation)],
        "after": None if report.allowed else str(consultation.command),
        "failure": None
        if report.failure is None
        else {
            "kind": report.failure.kind.value,
            "detail": report.failure.detail,
        },
    }


def _engine(report: Report, profile: Profile) -> JSON:
    result = report.results[profile]
    error = result.error
    return {
        "allowed": is_allowed(result),
        "block": None
        if error is None
        else {
            "code": error.code.value,
            "step": error.step.sentence,
            "anchor": section(error.step.anchor),
            "console": list(report.console(profile)),
        },
        "warnings": report.warnings(profile),
        "real": _real(report.real.get(profile)),
    }


def _real(reality: Reality | None) -> JSON | None:
    if reality is None:
        return None
    if isinstance(reality, NotAsked):
        return {"not_asked": reality.why}
    return {
        "browser": reality.program,
        "version": reality.version,
        "allowed": reality.allowed,
        "type": reality.outcome.type,
        "status": None if reality.outcome.blocked else reality.outcome.status,
        "readable_headers": reality.readable_headers,
        "requests": [_passed(request) for request in reality.requests],
        "tunnels": list(reality.tunnels),
        "console": list(reality.console),
        "emulated": list(reality.emulated),
        "differences": list(reality.differences),
    }


def _passed(request: PassedRequest) -> JSON:
    return {"method": request.method, "url": request.url, "headers": [list(field) for field in request.headers]}


def _exchange(exchange: Exchange) -> JSON:
    request, response = exchange.request, exchange.response
    return {
        "role": request.role,
        "method": request.method.decode("latin-1"),
        "url": request.url.href,
        "request_headers": _headers(request.headers),
        "status": None if response is None else response.status,
        "response_headers": [] if response is None else _headers(response.headers),
    }


def _headers(headers: HeaderList) -> list[list[str]]:
    return [[name.decode("latin-1"), value.decode("latin-1")] for name, value in headers]


def _cause(cause: Cause) -> JSON:
    return {
        "code": cause.code.value,
        "title": cause.title,
        "confidence": cause.confidence,
        "evidence": list(cause.evidence),
    }


def _fixes(consultation: Consultation) -> Iterator[JSON]:
    """The advice in words, and what to paste, part by part."""
    if consultation.advice is not None:
        yield {"stack": "any", "title": "What to change", "language": "text", "text": consultation.advice}
    fix = consultation.fix
    if isinstance(fix, Unwritten):
        yield {"stack": "any", "title": "Why no configuration is written", "language": "text", "text": fix.sentence}
    elif isinstance(fix, Fix):
        if fix.install:
            title = f"{fix.stack.title}: once, in a shell"
            yield {"stack": fix.stack.name, "title": title, "language": "sh", "text": fix.install}
        for part in fix.parts:
            title = f"{fix.stack.title}: {part.place}"
            yield {"stack": fix.stack.name, "title": title, "language": fix.language, "text": part.text}
