"""Policies of single views: what a mark does to a function, and which mark counts."""

from __future__ import annotations

import asyncio
import inspect

import pytest

from crossorigin.middleware.views import MARKS, mark, put_mark, ruling_of, ruling_of_view
from crossorigin.policy import LivePolicy, Policy

ONE = Policy(allow_origins=["https://one.example"])
TWO = Policy(allow_origins=["https://two.example"])


def view() -> str:
    return "seen"


class TestMark:
    """A mark is on a wrapper, and changes nothing else."""

    def test_the_view_itself_stays_unmarked(self) -> None:
        marked = mark(view, ONE)
        assert (marked(), marked.__name__, ruling_of(view)) == ("seen", "view", None)
        ruling = ruling_of(marked)
        assert ruling is not None
        assert ruling.source is ONE

    def test_one_view_with_two_policies(self) -> None:
        first, second = mark(view, ONE), mark(view, TWO)
        assert [ruling.source for each in (first, second) if (ruling := ruling_of(each))] == [ONE, TWO]

    def test_a_coroutine_function_stays_one(self) -> None:
        async def waits() -> str:
            await asyncio.sleep(0)
            return "seen"

        marked = mark(waits, ONE)
        assert inspect.iscoroutinefunction(marked)
        assert asyncio.run(marked()) == "seen"

    def test_what_is_no_policy(self) -> None:
        with pytest.raises(TypeError, match="a policy is a Policy or a LivePolicy, and not str"):
            mark(view, "https://one.example")  # type: ignore[arg-type]

    def test_whoever_may_refuse_is_noticed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(MARKS, "may_refuse", False)
        mark(view, ONE)
        assert (MARKS.are_there, MARKS.may_refuse) == (True, False)
        mark(view, LivePolicy(ONE))
        assert MARKS.may_refuse


class TestRulingOfView:
    """The handler of the method, then the view."""

    class Handlers:
        get = mark(view, TWO)
        put = view

    def test_most_specific_first(self) -> None:
        def whole() -> None: ...

        whole.view_class = self.Handlers  # type: ignore[attr-defined]
        assert ruling_of_view(whole, "PUT") is None
        put_mark(whole, ONE)
        found = {method: ruling_of_view(whole, method) for method in ("GET", "HEAD", "PUT", "PURGE", "__class__")}
        assert {method: ruling and ruling.source for method, ruling in found.items()} == {
            "GET": TWO, "HEAD": TWO, "PUT": ONE, "PURGE": ONE, "__class__": ONE,
        }  # fmt: skip

    def test_no_view(self) -> None:
        assert ruling_of_view(None, "GET") is None
