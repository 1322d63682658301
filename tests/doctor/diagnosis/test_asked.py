"""What a policy refuses that allows the origin: the method, or a header, told apart by asking for less."""

from __future__ import annotations

from typing import Any

import pytest

from crossorigin.doctor.causes import CauseCode
from crossorigin.doctor.diagnosis.asked import by_what_is_asked, is_plain_allowed
from crossorigin.doctor.diagnosis.case import Case
from crossorigin.doctor.diagnosis.second import SecondProbes
from crossorigin.fetch.wire import HTTPRequest

from ..conftest import ALLOW, JSON, PAGE, Answer, answer, report  # noqa: TID252
from .cases import Found, Handler, World, diagnosed

PLAIN = f"second probe: a preflight for GET without headers was answered 204 with `Access-Control-Allow-Origin: {PAGE}`"


def silent(*methods: bytes, names: bytes = b"", status: int = 403, body: bytes = b"Invalid CORS request") -> Handler:
    """A policy that knows the page, these methods and this header, and answers anything else with the same words."""

    def handle(request: HTTPRequest) -> Answer:
        asked = request.headers.get(b"Access-Control-Request-Method")
        unlisted = set((request.headers.get(b"Access-Control-Request-Headers") or b"").split(b",")) - {b"", names}
        known = asked in {b"GET", b"HEAD", b"POST", *methods} and not unlisted
        return answer(204, ALLOW) if known else answer(status, body=body)

    return handle


def asked_of(handler: Handler | None, **question: Any) -> tuple[bool | None, list[CauseCode], list[str]]:
    case = Case(report(answer(403), **question), SecondProbes(None if handler is None else World(handler)))
    assert case.failing is not None
    evidence: list[str] = []
    is_allowed = is_plain_allowed(case, case.failing)
    return is_allowed, [cause.code for cause in by_what_is_asked(case, case.failing, evidence)], evidence


class TestByItself:
    """The parts of it."""

    def test_the_method(self) -> None:
        assert asked_of(silent(), method="PUT") == (True, [CauseCode.METHOD_NOT_ALLOWED], [PLAIN])

    def test_a_header(self) -> None:
        is_allowed, codes, evidence = asked_of(silent(b"PUT"), **JSON)
        without = f"second probe: the same without headers was answered 204 with `Access-Control-Allow-Origin: {PAGE}`"
        assert (is_allowed, codes, evidence) == (True, [CauseCode.HEADER_NOT_ALLOWED], [PLAIN, without])

    def test_nobody_to_ask(self) -> None:
        codes = [CauseCode.HEADER_NOT_ALLOWED, CauseCode.METHOD_NOT_ALLOWED]
        assert asked_of(None, **JSON) == (None, codes, [])

    def test_the_origin(self) -> None:
        case = Case(report(answer(403), method="PUT"), SecondProbes(World(lambda request: answer(403))))
        assert case.failing is not None
        assert is_plain_allowed(case, case.failing) is False


class TestSpring:
    """https://docs.spring.io/spring-framework/reference/web/webmvc-cors.html: one refusal for all that is refused."""

    @staticmethod
    def found(handler: Handler) -> Found:
        return diagnosed(handler, **JSON)

    @pytest.mark.parametrize(
        ("handler", "code"),
        [
            (silent(names=b"content-type"), CauseCode.METHOD_NOT_ALLOWED),
            (silent(b"PUT"), CauseCode.HEADER_NOT_ALLOWED),
            (lambda request: answer(403, body=b"Invalid CORS request"), CauseCode.ORIGIN_NOT_ALLOWED),
        ],
    )
    def test_what_it_refuses(self, handler: Handler, code: CauseCode) -> None:
        found = self.found(handler)
        assert found.codes == [code]
        assert found.causes[0].evidence[1].startswith('"Invalid CORS request"')
