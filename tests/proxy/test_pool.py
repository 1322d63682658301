"""Which connection is taken, which is kept, and for how long."""

from __future__ import annotations

from crossorigin.proxy.pool import MAX_IDLE, MAX_IDLE_TIME, Pool
from crossorigin.proxy.target import Target
from crossorigin.proxy.upstream import UpstreamConnection

A = Target("http", "a", 80)
B = Target("http", "b", 80)


class Idle(UpstreamConnection):
    """A connection without a socket."""

    def __init__(self) -> None:
        super().__init__()
        self.is_open = True

    def close(self) -> None:
        self.is_open = False

    abort = close


class TestPool:
    def test_the_last_used_first_and_each_once(self) -> None:
        pool, first, second = Pool(), Idle(), Idle()
        pool.give(A, first, 1.0)
        pool.give(A, second, 2.0)
        assert len(pool) == 2
        assert pool.take(B, 2.0, is_repeatable=True) is None
        assert pool.take(A, 2.0, is_repeatable=True) is second
        assert pool.take(A, 2.0, is_repeatable=True) is first
        assert pool.take(A, 2.0, is_repeatable=True) is None

    def test_another_judgement_of_the_certificate_is_another_target(self) -> None:
        pool = Pool()
        pool.give(Target("https", "a", 443, verifies=False), Idle(), 1.0)
        assert pool.take(Target("https", "a", 443), 1.0, is_repeatable=True) is None

    def test_one_that_was_closed_is_not_taken(self) -> None:
        pool, open_one, closed = Pool(), Idle(), Idle()
        pool.give(A, open_one, 1.0)
        pool.give(A, closed, 1.0)
        closed.is_open = False
        assert pool.take(A, 1.0, is_repeatable=True) is open_one

    def test_what_must_not_be_sent_twice_gets_a_fresh_one(self) -> None:
        pool, idle = Pool(), Idle()
        pool.give(A, idle, 0.0)
        assert pool.take(A, 1.5, is_repeatable=False) is None
        assert pool.take(A, 1.5, is_repeatable=True) is idle
        pool.give(A, idle, 2.0)
        assert pool.take(A, 2.5, is_repeatable=False) is idle

    def test_none_is_taken_that_the_backend_is_about_to_close(self) -> None:
        pool, idle = Pool(), Idle()
        pool.give(A, idle, 0.0)
        assert pool.take(A, MAX_IDLE_TIME + 0.1, is_repeatable=True) is None

    def test_expiry(self) -> None:
        pool, old, young = Pool(), Idle(), Idle()
        pool.give(A, old, 0.0)
        pool.give(A, young, 3.0)
        pool.expire(MAX_IDLE_TIME)
        assert (old.is_open, young.is_open, len(pool)) == (True, True, 2)
        pool.expire(MAX_IDLE_TIME + 1)
        assert (old.is_open, young.is_open, len(pool)) == (False, True, 1)
        pool.clear()
        assert (young.is_open, len(pool)) == (False, 0)

    def test_bounded(self) -> None:
        pool = Pool()
        many = [Idle() for _ in range(MAX_IDLE + 1)]
        for each in many:
            pool.give(A, each, 0.0)
        assert len(pool) == MAX_IDLE
        assert [each.is_open for each in many] == [True] * MAX_IDLE + [False]
