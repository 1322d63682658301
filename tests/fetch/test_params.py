"""What the steps of one fetch pass along, and how a step blocks."""

from __future__ import annotations

from crossorigin.fetch import BLOCKS, BlockCode, UserAgent, fetch_request
from crossorigin.fetch.params import FetchParams
from crossorigin.fetch.trace import Step

from .dialogue import API, page


def test_a_block_is_a_step_that_failed() -> None:
    params = FetchParams(fetch_request(API, page()), UserAgent())
    error = params.block(BlockCode.BAD_PORT, "Port 1 is bad.", ("port", b"1"), header=b"X")
    assert (error.code, error.failure) == (BlockCode.BAD_PORT, None)
    assert error.step == Step(
        BLOCKS[BlockCode.BAD_PORT].anchor, "fail", "Port 1 is bad.", (("port", b"1"),), None, b"X"
    )
    assert params.trace.steps == [error.step]


def test_a_step_that_is_recorded_already_is_not_recorded_twice() -> None:
    params = FetchParams(fetch_request(API, page()), UserAgent())
    step = params.trace.add("concept-cors-check", "fail", "No.")
    error = params.blocked(BlockCode.ALLOW_ORIGIN_MISSING, step)
    assert error.step is step
    assert params.trace.steps == [step]


def test_each_fetch_has_its_own_trace() -> None:
    request, agent = fetch_request(API, page()), UserAgent()
    assert FetchParams(request, agent).trace is not FetchParams(request, agent).trace
