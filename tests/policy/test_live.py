"""A live policy: validate, then swap; an invalid one leaves the old running; the same one changes nothing."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given

from crossorigin.policy import LivePolicy, Policy, PolicyDiff, PolicyError

from .strategies import policies

OLD = Policy(allow_origins=["https://a.com"])
NEW = Policy(allow_origins=["https://a.com", "https://b.com"])


def test_replace() -> None:
    told: list[tuple[Policy, PolicyDiff]] = []
    live = LivePolicy(OLD, on_change=lambda policy, change: told.append((policy, change)))
    change = live.replace(NEW)
    assert live.policy is NEW
    assert live.compiled is NEW.compiled
    assert change.newly_allows == ("origin https://b.com",)
    assert told == [(NEW, change)]
    assert live.replace({"allow_origins": ["https://a.com"]}).no_longer_allows == ("origin https://b.com",)
    assert live.policy == OLD


def test_an_invalid_one_leaves_the_old_running() -> None:
    live = LivePolicy(OLD, on_change=lambda *_: pytest.fail("nothing changed"))
    with pytest.raises(PolicyError, match="P104"):
        live.replace({"allow_origins": ["https://b.com/"]})
    assert live.policy is OLD
    assert live.compiled is OLD.compiled


@given(policies())
def test_the_same_one_changes_nothing(policy: Policy) -> None:
    live = LivePolicy(policy, on_change=lambda *_: pytest.fail("nothing changed"))
    compiled = live.compiled
    for same in (policy, Policy(**policy.to_dict()), policy.to_dict()):  # type: ignore[arg-type]
        assert not live.replace(same)
        assert live.policy is policy
        assert live.compiled is compiled


def test_readers_always_see_a_whole_policy() -> None:
    live = LivePolicy(OLD)
    answers = {OLD.compiled.actual(b"https://b.com"), NEW.compiled.actual(b"https://b.com")}
    stop = threading.Event()
    seen: set[object] = set()

    def read() -> None:
        while not stop.is_set():
            seen.add(live.compiled.actual(b"https://b.com"))

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(500):
        live.replace(NEW)
        live.replace(OLD)
    stop.set()
    reader.join()
    assert seen <= answers


def test_repr() -> None:
    assert repr(LivePolicy(OLD)) == "LivePolicy(Policy(allow_origins=['https://a.com']))"
