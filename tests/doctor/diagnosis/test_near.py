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
        # The other name, a slash, then the port.
        assert [origin for _, origin in asked] == ["http://127.0.0.1:3000", f"{LOCAL}/", "http://localhost:5173"]


class TestMisspellings:
    """7: a slash, scheme, www, port, each asked for as if a browser sent it."""

    @pytest.mark.parametrize(
        ("allowed", "page", "how", "asked"),
        [
            ("http://app.example/", "http://app.example", "with a slash at its end", 1),
            ("https://app.example", "http://app.example", "with https in place of http", 2),
            ("http://www.app.example", "http://app.example", "with www.", 3),
            ("http://app.example", "http://app.example:8080", "without a port", 2),
            (f"{LOCAL}/", LOCAL, "with a slash at its end", 2),
            ("https://localhost:3000", LOCAL, "with https in place of http", 4),
        ],
    )
    def test_each(self, allowed: str, page: str, how: str, asked: int) -> None:
        cause, probes = found(only(allowed), page)
        shown = f"second probe: from {allowed} it was answered 200 with `Access-Control-Allow-Origin: {allowed}`"
        assert cause == Cause(
            CauseCode.ORIGIN_MISSPELT,
            0.95,
            (SAID, shown, f"that is the page's origin {how}"),
            f"Allow {page}, exactly as the browser sends it, in place of {allowed}.",
        )
        assert cause.sureness == "certain"
        assert len(probes) == asked


class TestExcluded:
    """What says nothing about another origin."""

    def test_nobody_is_allowed(self) -> None:
        assert found(only("https://other.example"), LOCAL)[0] is None

    def test_everybody_is_allowed(self) -> None:
        assert found(lambda request: answer(200, ("Access-Control-Allow-Origin", "*")), LOCAL)[0] is None

    def test_the_same_for_everybody(self) -> None:
        fixed = answer(200, ("Access-Control-Allow-Origin", "https://other.example"))
        assert found(lambda request: fixed, LOCAL)[0] is None

    @pytest.mark.parametrize(("page", "asked"), [(LOCAL, 4), ("http://app.example", 3), ("http://app.example:8080", 4)])
    def test_four_are_asked_and_no_more(self, page: str, asked: int) -> None:
        assert len(found(only("https://other.example"), page)[1]) == asked

    def test_a_page_without_origin_has_none(self) -> None:
        assert found(only("https://other.example"), "null") == (None, [])


def test_a_preflight_is_asked_as_a_preflight() -> None:
    cause, asked = found(only("http://127.0.0.1:3000", 204), LOCAL, **JSON)
    assert cause is not None
    assert cause.code is CauseCode.ORIGIN_TWIN
    assert asked == [(b"OPTIONS", "http://127.0.0.1:3000")]
