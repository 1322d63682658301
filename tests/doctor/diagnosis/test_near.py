"""Another origin that the server does allow, where it is one that may have been meant: found by asking as that page."""

from __future__ import annotations

from typing import Any

import pytest

from crossorigin.doctor.causes import Cause, CauseCode
from crossorigin.doctor.diagnosis.case import Case
from crossorigin.doctor.diagnosis.near import near
from crossorigin.doctor.diagnosis.second import SecondProbes
from crossorigin.fetch.wire import HTTPRequest

from ..conftest import JSON, Answer, answer, report  # noqa: TID252
from .cases import Handler, World, origin_of

LOCAL = "http://localhost:3000"
SAID = "GET https://api.example/users/42 was answered 200"


def only(allowed: str, status: int = 200) -> Handler:
    """A server that allows one origin."""

    def handle(request: HTTPRequest) -> Answer:
        fields = [("Access-Control-Allow-Origin", allowed)] if origin_of(request) == allowed else []
        return answer(status, *fields)

    return handle


def found(handler: Handler, page: str, **question: Any) -> tuple[Cause | None, list[tuple[bytes, str]]]:
    world = World(handler)
    blocked = report(answer(200), origin=page, url="http://api.example/users/42", **question)
    case = Case(blocked, SecondProbes(world))
    assert case.failing is not None
    cause = near(case, case.failing, SAID)
    return cause, [(request.method, origin_of(request)) for request in world.requests]


class TestTwins:
    """8: localhost and 127.0.0.1, and the ports of development servers."""

    def test_the_other_name(self) -> None:
        cause, asked = found(only("http://127.0.0.1:3000"), LOCAL)
        assert cause == Cause(
            CauseCode.ORIGIN_TWIN,
            0.96,
            (
                SAID,
                (
                    "second probe: from http://127.0.0.1:3000 it was answered 200 with "
                    "`Access-Control-Allow-Origin: http://127.0.0.1:3000`"
                ),
            ),
            f"Allow {LOCAL} as well, or open the page at http://127.0.0.1:3000: to a browser they are two origins.",
        )
        assert cause.sureness == "certain"
        assert asked == [(b"GET", "http://127.0.0.1:3000")]

    def test_another_port(self) -> None:
        cause, asked = found(only("http://localhost:5173"), LOCAL)
        assert cause is not None
        assert cause.code is CauseCode.ORIGIN_TWIN
        assert [origin for _, origin in asked] == [
            "http://127.0.0.1:3000",
            "http://localhost:3000/",
            "http://localhost:5173",
        ]


class TestMisspellings:
    """7: slash, scheme, www, port."""

    @pytest.mark.parametrize("page", ["http://app.example", LOCAL])
    def test_the_slash(self, page: str) -> None:
        cause, asked = found(only(f"{page}/"), page)
        assert cause == Cause(
            CauseCode.ORIGIN_MISSPELT,
            0.95,
            (
                SAID,
                f"second probe: from {page}/ it was answered 200 with `Access-Control-Allow-Origin: {page}/`",
                "that is the page's origin with a slash at its end",
            ),
            f"Allow {page}, exactly as the browser sends it, in place of {page}/.",
        )
        assert asked[-1] == (b"GET", f"{page}/")

    def test_the_scheme(self) -> None:
        cause, _ = found(only("https://app.example"), "http://app.example")
        assert cause is not None
        assert (cause.code, cause.sureness) == (CauseCode.ORIGIN_MISSPELT, "certain")
        assert cause.evidence[2] == "that is the page's origin with https in place of http"
        fix = "Allow http://app.example, exactly as the browser sends it, in place of https://app.example."
        assert cause.fix == fix

    def test_www(self) -> None:
        cause, asked = found(only("http://www.app.example"), "http://app.example")
        assert cause is not None
        assert cause.code is CauseCode.ORIGIN_MISSPELT
        assert len(asked) == 3

    def test_the_port(self) -> None:
        cause, asked = found(only("http://app.example"), "http://app.example:8080")
        assert cause is not None
        assert asked == [(b"GET", "http://app.example:8080/"), (b"GET", "http://app.example")]


class TestExcluded:
    """What says nothing about another origin."""

    def test_nobody_is_allowed(self) -> None:
        assert found(only("https://other.example"), LOCAL)[0] is None

    def test_everybody_is_allowed(self) -> None:
        assert found(lambda request: answer(200, ("Access-Control-Allow-Origin", "*")), LOCAL)[0] is None

    def test_the_same_for_everybody(self) -> None:
        fixed = answer(200, ("Access-Control-Allow-Origin", "https://other.example"))
        assert found(lambda request: fixed, LOCAL)[0] is None

    @pytest.mark.parametrize(
        ("page", "tried"),
        [
            # The other name, the slash, another port, the scheme; and no fifth.
            (LOCAL, ["http://127.0.0.1:3000", f"{LOCAL}/", "http://localhost:5173", "https://localhost:3000"]),
            ("http://app.example", ["http://app.example/", "https://app.example", "http://www.app.example"]),
            (
                "http://app.example:8080",
                [
                    "http://app.example:8080/",
                    "http://app.example",
                    "https://app.example:8080",
                    "http://www.app.example:8080",
                ],
            ),
        ],
    )
    def test_four_are_asked_and_no_more(self, page: str, tried: list[str]) -> None:
        assert [origin for _, origin in found(only("https://other.example"), page)[1]] == tried

    def test_a_page_without_origin_has_none(self) -> None:
        assert found(only("https://other.example"), "null") == (None, [])


def test_a_preflight_is_asked_as_a_preflight() -> None:
    cause, asked = found(only("http://127.0.0.1:3000", 204), LOCAL, **JSON)
    assert cause is not None
    assert cause.code is CauseCode.ORIGIN_TWIN
    assert asked == [(b"OPTIONS", "http://127.0.0.1:3000")]
