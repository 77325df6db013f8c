"""A browser whose start is given up leaves nothing behind."""

import asyncio
from collections.abc import Set
from contextlib import suppress

import psutil
import pytest

import hermes_browser

PATIENCE = 20.0


def children() -> set[int]:
    """Processes below this one."""
    return {child.pid for child in psutil.Process().children(recursive=True)}


async def gone(before: Set[int]) -> bool:
    """Whether everything that came since has ended."""
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while children() - before:
                await asyncio.sleep(0.05)
            return True
    return False


async def opened(ready: asyncio.Event) -> None:
    async with hermes_browser.browser():
        ready.set()
        await asyncio.Event().wait()


@pytest.mark.browser
@pytest.mark.parametrize("seconds", [0.0, 0.05, 0.3, 0.6])
async def test_a_start_that_is_cancelled_leaves_no_process(seconds: float) -> None:
    before = children()
    starting = asyncio.create_task(opened(asyncio.Event()))
    await asyncio.sleep(seconds)  # how far the start has come is what this test is about
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert await gone(before)


@pytest.mark.browser
async def test_a_cancel_that_is_repeated_while_it_closes_leaves_no_process() -> None:
    before = children()
    ready = asyncio.Event()
    running = asyncio.create_task(opened(ready))
    await ready.wait()
    for _ in range(3):
        running.cancel()
        await asyncio.sleep(0.01)
    with pytest.raises(asyncio.CancelledError):
        await running
    assert await gone(before)
