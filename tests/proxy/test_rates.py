"""Token buckets, with the time written down."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossorigin.proxy.rates import Rates, client_key


class TestTake:
    def test_a_burst_and_then_one_each_second(self) -> None:
        rates = Rates(per_minute=60, burst=2)
        assert [rates.take("a", 0.0) for _ in range(4)] == [None, None, 1.0, 1.0]
        assert rates.take("a", 0.75) == pytest.approx(0.25)
        assert rates.take("a", 1.0) is None
        assert rates.take("a", 1.0) == pytest.approx(1.0)

    def test_a_pause_saves_up_no_more_than_the_burst(self) -> None:
        rates = Rates(per_minute=60, burst=2)
        assert rates.take("a", 0.0) is None
        assert [rates.take("a", 1000.0) for _ in range(3)] == [None, None, 1.0]

    def test_keys_are_apart(self) -> None:
        rates = Rates(per_minute=1, burst=1)
        assert rates.take("a", 0.0) is None
        assert rates.take("b", 0.0) is None
        assert rates.take("a", 0.0) == pytest.approx(60.0)

    def test_a_clock_that_goes_back_gives_nothing(self) -> None:
        rates = Rates(per_minute=60, burst=1)
        assert rates.take("a", 100.0) is None
        assert rates.take("a", 0.0) == pytest.approx(1.0)

    def test_the_longest_silent_is_forgotten(self) -> None:
        rates = Rates(per_minute=1, burst=1, keys=2)
        for key in ("a", "b", "a", "c"):
            rates.take(key, 0.0)
        assert len(rates) == 2
        assert rates.take("a", 0.0) is not None
        assert rates.take("b", 0.0) is None

    @given(st.lists(st.floats(0, 5), max_size=200))
    def test_never_more_than_the_burst_and_the_rate(self, pauses: list[float]) -> None:
        rates, now, allowed = Rates(per_minute=60, burst=3), 0.0, 0
        for pause in pauses:
            now += pause
            allowed += rates.take("a", now) is None
        assert allowed <= 3 + now + 1e-6


@pytest.mark.parametrize("numbers", [(0, 1, 1), (1, 0, 1), (1, 1, 0)])
def test_numbers_below_one(numbers: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="has to be 1 or more"):
        Rates(*numbers)


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("/run/socket", "/run/socket"),
    ],
)
def test_client_key(address: str, key: str) -> None:
    assert client_key(address) == key
