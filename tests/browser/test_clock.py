from __future__ import annotations

import math
import time

import pytest

from crossorigin.browser.clock import Clock


def test_it_is_the_time() -> None:
    assert abs(Clock()() - time.time()) < 5


def test_it_can_be_advanced() -> None:
    clock = Clock(lambda: 100.0)
    clock.advance(601)
    clock.advance(0)
    assert clock() == 701
    assert repr(clock) == "<Clock at 701.000>"


@pytest.mark.parametrize("seconds", [-1, math.nan, math.inf])
def test_it_goes_forward_only(seconds: float) -> None:
    with pytest.raises(ValueError, match="give seconds, 0 or more"):
        Clock().advance(seconds)
