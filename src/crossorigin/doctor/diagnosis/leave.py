"""Leave that the server gives the page in another answer, where the failing one has none."""

from __future__ import annotations

from collections.abc import Iterator

from crossorigin.doctor.diagnosis.answers import allow_origins, allows, field, status_line
from crossorigin.doctor.diagnosis.case import Case
from crossorigin.fetch.wire import HTTPResponse
from crossorigin.web.url import URL, parse_url

__all__ = ["leave_elsewhere", "with_leave"]


def leave_elsewhere(case: Case) -> str | None:
    """The other answer as evidence: the preflight's, or by second probes; None where none is known."""
    if case.failing is None:
        return None
    if case.preflight is not None and case.preflight.response and allows(case.preflight.response, case.origin):
        return f"{case.said(case.preflight)} with {_allowed(case.preflight.response)}"
    url, method = case.failing.request.url, case.question.method
    probe = case.second.preflight(url, case.origin, method, case.header_names)
    if probe is not None and allows(probe, case.origin):
        return f"second probe: a preflight for {method.decode('latin-1')} was answered {with_leave(probe)}"
    for other in _above(url):
        probe = case.second.get(other, case.origin)
        if probe is not None and allows(probe, case.origin):
            return f"{case.second.mark(probe)}GET {other.href} was answered {with_leave(probe)}"
    return None


def with_leave(answer: HTTPResponse) -> str:
    """An answer that gives leave, as evidence: its status and the header."""
    return f"{status_line(answer)} with {_allowed(answer)}"


def _allowed(answer: HTTPResponse) -> str:
    return field("Access-Control-Allow-Origin", allow_origins(answer)[0])


def _above(url: URL) -> Iterator[URL]:
    """The path above, as collections have it (`/items` of `/items/7`), and the root."""
    above = url.path.rstrip("/").rpartition("/")[0]
    for path in dict.fromkeys([above or "/", "/"]):
        found = parse_url(path, url)
        if found is not None and found.path != url.path:
            yield found
