from __future__ import annotations

import asyncio
import threading
import time

import pytest

from crossorigin.browser.loop_thread import BlockedLoopError, LoopThread


async def _thread() -> threading.Thread:
    return threading.current_thread()


def test_it_runs_in_one_thread_that_ends() -> None:
    loop = LoopThread()
    first, second = loop.run(_thread()), loop.run(_thread())
    assert first is second is not threading.current_thread()
    loop.close()
    loop.close()
    assert not first.is_alive()


def test_what_is_raised_passes() -> None:
    async def fails() -> None:
        raise TimeoutError("its own")

    loop = LoopThread()
    with pytest.raises(TimeoutError, match="its own"):
        loop.run(fails(), 5)
    loop.close()


def test_a_task_that_is_left_is_cancelled() -> None:
    ended = []

    async def lingers() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    async def begin() -> asyncio.Task[None]:
        task = asyncio.create_task(lingers())
        await asyncio.sleep(0)
        return task

    loop = LoopThread()
    assert not loop.run(begin()).done()
    loop.close()
    assert ended == [True]


def test_a_loop_that_is_blocked() -> None:
    async def blocks() -> None:
        time.sleep(0.3)

    loop = LoopThread()
    with pytest.raises(BlockedLoopError):
        loop.run(blocks(), 0.05)
    loop.close()
