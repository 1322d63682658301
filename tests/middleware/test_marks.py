"""Marks: what is put on a thing, which one counts, and what is known of all of them."""

from __future__ import annotations

import asyncio
import inspect
from types import SimpleNamespace
from typing import Any

import pytest

from crossorigin.middleware.marks import (
    MARKS,
    cors,
    handler_of,
    mark,
    rule_of,
    rule_of_endpoint,
    rule_of_view,
    wrapped,
)
from crossorigin.middleware.rules import Rule
from crossorigin.policy import LivePolicy, Policy, PolicyError

ONE = Policy(allow_origins=["https://one.example"])
TWO = Policy(allow_origins=["https://two.example"])


def view() -> str:
    return "seen"


def policy_of_rule(rule: Rule | None) -> object:
    return None if rule is None else rule.source


class Handlers:
    get = cors(TWO)(wrapped(view))
    put = view
    post = cors(None)(wrapped(view))


class TestMark:
    """A mark changes nothing else."""

    def test_what_is_marked_comes_back(self) -> None:
        def handler() -> None: ...

        assert cors(ONE)(handler) is handler
        assert policy_of_rule(rule_of(handler)) is ONE
        assert cors(allow_origins=["https://two.example"])(Handlers) is Handlers
        assert policy_of_rule(rule_of(Handlers())) == TWO
        del Handlers.__crossorigin__  # type: ignore[attr-defined]

    def test_a_wrapped_view_itself_stays_unmarked(self) -> None:
        first, second = cors(ONE)(wrapped(view)), cors(TWO)(wrapped(view))
        assert (first(), first.__name__, rule_of(view)) == ("seen", "view", None)
        assert [policy_of_rule(rule_of(each)) for each in (first, second)] == [ONE, TWO]

    def test_a_coroutine_function_stays_one(self) -> None:
        async def waits() -> str:
            await asyncio.sleep(0)
            return "seen"

        again = wrapped(waits)
        assert inspect.iscoroutinefunction(again)
        assert asyncio.run(again()) == "seen"

    def test_wrong_use(self) -> None:
        with pytest.raises(TypeError, match="a policy is a Policy or a LivePolicy, and not str"):
            cors("https://one.example")  # type: ignore[arg-type]
        with pytest.raises(PolicyError):
            cors(allow_origins=["https://one.example/"])
        with pytest.raises(TypeError, match="needs a policy"):
            cors(origin_lookup=lambda origin: True)

    def test_whoever_may_refuse_is_noticed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(MARKS, "are_there", False)
        monkeypatch.setattr(MARKS, "may_refuse", False)
        cors(ONE)
        assert (MARKS.are_there, MARKS.may_refuse) == (False, False)
        for rule in (Rule(None, {}), Rule(ONE, {})):
            mark(wrapped(view), rule)
            assert (MARKS.are_there, MARKS.may_refuse) == (True, False)
        mark(wrapped(view), Rule(LivePolicy(ONE), {}))
        assert MARKS.may_refuse


class TestWhichCounts:
    """The most specific one."""

    def test_the_first(self) -> None:
        rule = Rule(ONE, {})
        marked = mark(wrapped(view), rule)
        assert rule_of(None, view, marked, Handlers.get) is rule
        assert rule_of(view) is None
        assert rule_of() is None

    def test_of_a_view(self) -> None:
        def whole() -> None: ...

        whole.view_class = Handlers  # type: ignore[attr-defined]
        assert rule_of_view(whole, "PUT") is None
        assert policy_of_rule(rule_of_view(whole, "PUT", None, cors(TWO)(wrapped(view)))) is TWO
        cors(ONE)(whole)
        found = {method: rule_of_view(whole, method) for method in ("GET", "HEAD", "PUT", "POST", "PURGE", "__class__")}
        assert {method: policy_of_rule(rule) for method, rule in found.items()} == {
            "GET": TWO, "HEAD": TWO, "PUT": ONE, "POST": None, "PURGE": ONE, "__class__": ONE,
        }  # fmt: skip
        assert rule_of_view(None, "GET") is None

    def test_of_an_endpoint(self) -> None:
        outer, inner = SimpleNamespace(), SimpleNamespace()
        app: Any = SimpleNamespace(
            view_functions={"outer.inner.own": Handlers.get, "outer.inner.plain": view, "outer.plain": view},
            blueprints={"outer": cors(ONE)(outer), "outer.inner": inner},
        )
        endpoints = ("outer.inner.own", "outer.inner.plain", "outer.plain", "outer.none", "none")
        found = [policy_of_rule(rule_of_endpoint(app, endpoint, "GET")) for endpoint in endpoints]
        assert found == [TWO, ONE, ONE, ONE, None]
        cors(TWO)(inner)
        assert policy_of_rule(rule_of_endpoint(app, "outer.inner.plain", "GET")) is TWO

    def test_head_is_answered_by_get(self) -> None:
        assert handler_of(Handlers, "HEAD") is Handlers.get
        assert handler_of(Handlers, "PUT") is view
        assert handler_of(view, "HEAD") is None
        assert handler_of(Handlers, "") is None
