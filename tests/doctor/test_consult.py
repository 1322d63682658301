"""A report with what the doctor makes of it: the first cause, the others, the advice, the fix, the next command."""

from __future__ import annotations

from crossorigin.doctor.causes import CauseCode
from crossorigin.doctor.check import check
from crossorigin.doctor.consult import Consultation, consult
from crossorigin.doctor.fixes import Fix, Unwritten
from crossorigin.doctor.question import ask
from crossorigin.fetch.wire import HTTPRequest
from crossorigin.stacks import get_stack

from .conftest import (
    ALLOW,
    ALLOW_ALL,
    API,
    INCLUDE,
    JSON,
    PAGE,
    VARY,
    Answer,
    Server,
    answer,
    failure,
    report,
)

EXPRESS = ("X-Powered-By", "Express")
CHECK = f"crossorigin check {API} --origin {PAGE}"


class TestCauses:
    """The first is why a call does not succeed; of one that does nothing is."""

    def test_blocked(self) -> None:
        made = consult(report(answer(200, ALLOW_ALL), **INCLUDE))
        assert made.cause is made.causes[0]
        assert made.cause.code is CauseCode.WILDCARD_WITH_CREDENTIALS
        assert made.others == ()

    def test_not_readable(self) -> None:
        cause = consult(report(answer(200), mode="no-cors")).cause
        assert cause is not None
        assert cause.code is CauseCode.NO_CORS

    def test_no_answer(self) -> None:
        cause = consult(report(failure())).cause
        assert cause is not None
        assert cause.code is CauseCode.UNREACHABLE

    def test_allowed(self) -> None:
        made = consult(report(answer(200, ALLOW, VARY, ("X-Total", "3"))))
        assert made.cause is None
        assert [cause.code for cause in made.others] == [CauseCode.HEADER_NOT_EXPOSED]

    def test_others_are_worth_a_line_from_possible_on(self) -> None:
        # A remembered preflight is possible always, and worth no line.
        granted = answer(204, ALLOW, ("Access-Control-Allow-Methods", "PUT"))
        made = consult(report(granted, answer(200, ALLOW, VARY), method="PUT"))
        assert [cause.code for cause in made.causes] == [CauseCode.PREFLIGHT_CACHE]
        assert made.others == ()
        made = consult(report(answer(404), **JSON))
        assert [cause.code for cause in made.others] == [CauseCode.NO_CORS_CONFIGURED]


class TestAdvice:
    """That of the cause where it is likely, that of the step which blocked where it is not."""

    def test_of_the_cause(self) -> None:
        made = consult(report(answer(404), **JSON))
        assert made.cause is not None
        assert made.advice == made.cause.fix
        assert made.advice.startswith("Put the CORS layer before the router")

    def test_of_the_step(self) -> None:
        found = report(answer(403), **JSON)
        made = consult(found)
        assert made.cause is not None
        assert made.cause.sureness == "possible"
        assert made.advice == found.advice

    def test_none(self) -> None:
        assert consult(report(answer(200, ALLOW, VARY, ("X-Total", "3")))).advice is None


class Asked(Server):
    """No route answers OPTIONS, and every page may read the rest."""

    def send(self, request: HTTPRequest, /) -> Answer:
        self.requests.append(request)
        return answer(404) if request.method == b"OPTIONS" else answer(200, ALLOW, EXPRESS)


class TestSecondProbes:
    """Sent where somebody sends them."""

    def test_with_a_sender(self) -> None:
        server = Asked([])
        found = check(ask(API, origin=PAGE, **JSON), server)
        server.requests.clear()
        made = consult(found, server)
        assert made.cause is not None
        assert (made.cause.code, made.cause.sureness) == (CauseCode.NO_ROUTE, "certain")
        assert [request.method for request in server.requests] == [b"GET"]

    def test_without(self) -> None:
        cause = consult(check(ask(API, origin=PAGE, **JSON), Asked([]))).cause
        assert cause is not None
        assert (cause.code, cause.sureness) == (CauseCode.NO_ROUTE, "likely")


class TestFix:
    """For the stack that answered, or the one that was asked for."""

    @staticmethod
    def names(made: Consultation) -> str | None:
        return made.fix.stack.name if isinstance(made.fix, Fix) else None

    def test_the_one_that_answered(self) -> None:
        assert self.names(consult(report(answer(404, EXPRESS)))) == "express"

    def test_the_one_that_was_asked_for(self) -> None:
        assert self.names(consult(report(answer(404, EXPRESS)), stack=get_stack("koa"))) == "koa"

    def test_nobody_knows(self) -> None:
        assert consult(report(answer(404))).fix is None

    def test_of_an_allowed_call_only_who_asks(self) -> None:
        found = report(answer(200, ALLOW, VARY, EXPRESS, ("X-Total", "3")))
        assert consult(found).fix is None
        assert self.names(consult(found, stack=get_stack("nginx"))) == "nginx"

    def test_nothing_to_mend(self) -> None:
        made = consult(report(answer(200, ALLOW, VARY)), stack=get_stack("nginx"))
        assert made.fix == Unwritten("There is nothing in nginx to configure for this.")

    def test_style(self) -> None:
        stack = get_stack("express")
        texts = {style: consult(report(answer(200)), stack=stack, style=style).fix for style in stack.styles}
        assert len({fix.parts[0].text for fix in texts.values() if isinstance(fix, Fix)}) == len(stack.styles) == 2


class TestCommand:
    """What to run when the fix is there."""

    def test_the_same_again(self) -> None:
        assert str(consult(report(answer(200))).command) == CHECK

    def test_what_the_page_asks_then(self) -> None:
        made = consult(report(answer(302, ALLOW_ALL, ("Location", "https://cdn.example/x")), answer(200, ALLOW)))
        assert str(made.command) == f"crossorigin check https://cdn.example/x --origin {PAGE}"

    def test_flags(self) -> None:
        flags = [["--insecure"], ["--browser", "firefox"]]
        assert str(consult(report(answer(200)), flags=flags).command) == f"{CHECK} --insecure --browser firefox"

    def test_of_an_allowed_call_the_same(self) -> None:
        assert str(consult(report(answer(200, ALLOW, VARY, ("Set-Cookie", "a=b")))).command) == CHECK
