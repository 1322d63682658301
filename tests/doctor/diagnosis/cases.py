"""A server that is a function, what the doctor makes of it, and how a table says what is expected of that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from crossorigin.doctor.causes import Cause, CauseCode
from crossorigin.doctor.check import check
from crossorigin.doctor.diagnosis import diagnose
from crossorigin.doctor.question import Question, ask
from crossorigin.doctor.report import Report
from crossorigin.fetch.profile import STANDARD, Profile
from crossorigin.fetch.wire import HTTPRequest, HTTPResponse

from ..conftest import API, PAGE, Answer  # noqa: TID252

Handler = Callable[[HTTPRequest], Answer]

ALLOW_PUT = ("Access-Control-Allow-Methods", "PUT")
ALLOW_TYPE = ("Access-Control-Allow-Headers", "content-type")


def site(other: Answer | Handler | None = None, /, **by_method: Answer | Handler) -> Handler:
    """A server by methods, `site(OPTIONS=…, GET=…)`; `other` answers the rest. Every answer is an object of its own."""

    def handle(request: HTTPRequest) -> Answer:
        found = by_method.get(request.method.decode("latin-1"), other)
        assert found is not None, f"nobody answers {request.method.decode('latin-1')}"
        answer = found(request) if callable(found) else found
        return replace(answer)

    return handle


def origin_of(request: HTTPRequest) -> str:
    return (request.headers.get(b"Origin") or b"").decode()


@dataclass
class World:
    """A server that remembers what it was asked."""

    handler: Handler
    requests: list[HTTPRequest] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    def send(self, request: HTTPRequest, /) -> Answer:
        self.requests.append(request)
        self.answers.append(self.handler(request))
        return self.answers[-1]


@dataclass(frozen=True)
class Found:
    """A report, its causes, and the second probes that were sent for them."""

    report: Report
    causes: tuple[Cause, ...]
    probes: tuple[HTTPRequest, ...]
    replies: tuple[Answer, ...]

    @property
    def answered(self) -> list[HTTPResponse]:
        """What the second probes were answered that asked as the page itself."""
        page = self.report.question.origin.serialize()
        pairs = zip(self.probes, self.replies, strict=True)
        return [reply for probe, reply in pairs if origin_of(probe) == page and isinstance(reply, HTTPResponse)]

    @property
    def codes(self) -> list[CauseCode]:
        return [cause.code for cause in self.causes]

    @property
    def asked(self) -> list[str]:
        """The second probes, `GET https://… from https://…`."""
        return [f"{each.method.decode()} {each.url.href} from {origin_of(each)}" for each in self.probes]

    def of(self, code: CauseCode) -> Cause:
        assert code in self.codes, f"{code} is not among {self.codes}"
        return self.causes[self.codes.index(code)]


def diagnosed(
    handler: Handler | Answer,
    *,
    probes: bool = True,
    profiles: Sequence[Profile] = (STANDARD,),
    addresses: Sequence[str] = (),
    url: str = API,
    **question: Any,
) -> Found:
    """What the doctor finds at this server; the page is at PAGE unless said otherwise."""
    if not {"origin", "page"} & question.keys():
        question["origin"] = PAGE
    handler = handler if callable(handler) else site(handler)
    return check_and_diagnose(ask(url, **question), handler, profiles, addresses, probes=probes)


def check_and_diagnose(
    question: Question, handler: Handler, profiles: Sequence[Profile], addresses: Sequence[str] = (), *, probes: bool
) -> Found:
    """What the doctor finds where this is asked."""
    world = World(handler)
    report = check(question, world, profiles, addresses)
    before = len(world.requests)
    causes = diagnose(report, world if probes else None)
    return Found(report, causes, tuple(world.requests[before:]), tuple(world.answers[before:]))


@dataclass(frozen=True, kw_only=True)
class Expected:
    """The first cause of a case: code, sureness, every line of evidence, words of the fix; and how many were asked."""

    code: CauseCode
    sureness: str
    evidence: tuple[str, ...]
    fix: tuple[str, ...]
    others: tuple[CauseCode, ...] = ()
    probes: int = 0


def hold(found: Found, expected: Expected) -> None:
    """Compare the whole of the first cause, and the codes of all the others."""
    assert found.causes, "no cause"
    first = found.causes[0]
    assert (first.code, first.sureness) == (expected.code, expected.sureness)
    assert first.evidence == expected.evidence
    for words in expected.fix:
        assert words in first.fix
    assert found.codes[1:] == list(expected.others)
    assert len(found.probes) == expected.probes


def response(answer: Answer) -> HTTPResponse:
    """An answer that is a response, for what takes only those."""
    assert isinstance(answer, HTTPResponse)
    return answer
