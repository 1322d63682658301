"""One case before the doctor: what was asked, what was answered, and where it came to its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from crossorigin.doctor.diagnosis.answers import allows, field, refusal, status_line, wants_tls
from crossorigin.doctor.diagnosis.redirects import kind_of
from crossorigin.doctor.diagnosis.second import SecondProbes
from crossorigin.doctor.question import Question
from crossorigin.doctor.report import Report
from crossorigin.doctor.words import shortened
from crossorigin.fetch.blocks import BlockCode
from crossorigin.fetch.response import FetchResult, NetworkError
from crossorigin.fetch.trace import Exchange
from crossorigin.fetch.wire import HTTPResponse
from crossorigin.web.safelists import cors_unsafe_request_header_names
from crossorigin.web.statuses import is_redirect_status

__all__ = ["Case"]

_SILENT: Final = frozenset(
    {BlockCode.ALLOW_ORIGIN_MISSING, BlockCode.PREFLIGHT_ALLOW_ORIGIN_MISSING, BlockCode.PREFLIGHT_STATUS}
)


@dataclass(frozen=True, slots=True)
class Case:
    """A report, read for its causes; `second` answers further questions, or does not."""

    report: Report
    second: SecondProbes

    @property
    def question(self) -> Question:
        """What the page asked."""
        return self.report.question

    @property
    def result(self) -> FetchResult:
        """How the fetch went that is explained: of the first engine that blocked."""
        return self.report.main

    @property
    def error(self) -> NetworkError | None:
        """How it was blocked, if it was."""
        return self.result.error

    @property
    def code(self) -> BlockCode | None:
        """Which step blocked it, if one did."""
        return None if self.error is None else self.error.code

    @property
    def reason(self) -> str:
        """What the step said that blocked, as a clause; empty where none did."""
        return "" if self.error is None else self.error.step.sentence.removesuffix(".")

    @property
    def origin(self) -> str:
        """The page's origin, serialized."""
        return self.question.origin.serialize()

    @property
    def failing(self) -> Exchange | None:
        """The exchange that was judged and failed."""
        if self.error is None or self.error.step.exchange is None:
            return None
        return self.result.exchanges[self.error.step.exchange]

    @property
    def answer(self) -> HTTPResponse | None:
        """What was answered in the failing exchange."""
        return None if self.failing is None else self.failing.response

    @property
    def fails_on_preflight(self) -> bool:
        """Whether the failing exchange is a preflight."""
        return self.failing is not None and self.failing.request.role == "preflight"

    @property
    def is_silent(self) -> bool:
        """Whether leave was not given, or a preflight's status was not ok, and the answer does not say why itself.

        Redirects, a CORS layer's own words, and an origin that is null on the wire have rules of their own.
        """
        if self.failing is None or self.answer is None or self.code not in _SILENT:
            return False
        if is_redirect_status(self.answer.status) or refusal(self.answer) is not None or wants_tls(self.failing):
            return False
        if any(kind_of(redirect) == "login" for redirect in self.redirects):
            return False  # a login page is not to be read at all
        is_null = self.failing.request.headers.get(b"Origin") == b"null"
        return not is_null or (self.code is BlockCode.PREFLIGHT_STATUS and allows(self.answer, "null"))

    @property
    def preflight(self) -> Exchange | None:
        """The last preflight, failing or not."""
        return next((each for each in reversed(self.result.exchanges) if each.request.role == "preflight"), None)

    @property
    def redirects(self) -> list[Exchange]:
        """The answers that are redirects, preflights too, in order."""
        return [each for each in self.result.exchanges if each.response and is_redirect_status(each.response.status)]

    @property
    def header_names(self) -> list[bytes]:
        """The names that a preflight of this call asks for: lower-case, sorted."""
        return cors_unsafe_request_header_names(self.question.headers)

    @property
    def has_credentials(self) -> bool:
        """Whether the call may carry cookies across origins."""
        return self.question.credentials == "include"

    def said(self, exchange: Exchange) -> str:
        """An answer as evidence begins: `OPTIONS https://api.example.com/users was answered 405 Method Not Allowed`."""
        request, response = exchange.request, exchange.response
        status = "nothing" if response is None else status_line(response)
        return f"{request.method.decode('latin-1')} {shortened(request.url.href)} was answered {status}"

    def header(self, exchange: Exchange, name: str) -> str | None:
        """A header of an answer as evidence, None where it is not there."""
        value = None if exchange.response is None else exchange.response.headers.get(name.encode())
        return None if value is None else field(name, value)
