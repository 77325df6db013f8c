"""Waiting in tests for something that nothing announces: a row, a file, a process."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar, overload

Found = TypeVar("Found")

LONGEST = 180.0  # s; generous: it only decides how late a broken test fails
EVERY = 0.02  # s between two looks


@overload
async def until(
    condition: Callable[[], Awaitable[Found]], what: str, seconds: float = ..., every: float = ...
) -> Found: ...
@overload
async def until(
    condition: Callable[[], Found], what: str, seconds: float = ..., every: float = ...
) -> Found: ...
async def until(
    condition: Callable[[], Any], what: str, seconds: float = LONGEST, every: float = EVERY
) -> Any:
    """Look again and again until `condition` (plain or async) is true; what it returned then.

    `what` completes the sentence "It did not happen that ..." of the failure after `seconds`.
    """
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            while True:
                found = condition()
                if inspect.isawaitable(found):
                    found = await found
                if found:
                    return found
                await asyncio.sleep(every)
    except TimeoutError:
        if not limit.expired():  # the condition's own
            raise
        raise AssertionError(_late(what, seconds)) from None


def patience() -> asyncio.Timeout:
    """Ends a test that hangs: no promise stands on how long it is, so it is longer than any busy machine needs."""
    return asyncio.timeout(240)


class Rows(Protocol):
    """A pool or a connection of asyncpg."""

    async def fetchval(self, query: str, /, *args: Any) -> Any: ...


async def until_fetched(
    rows: Rows,
    statement: str,
    what: str,
    *values: object,
    seconds: float = LONGEST,
    every: float = EVERY,
) -> Any:
    """Ask the database until the first value of the first row is true; that value then."""

    async def fetched() -> Any:
        return await rows.fetchval(statement, *values)

    return await until(fetched, what, seconds, every)


def until_blocking(
    condition: Callable[[], Found], what: str, seconds: float = LONGEST, every: float = EVERY
) -> Found:
    """The same where no event loop runs."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > end:
            raise AssertionError(_late(what, seconds))
        time.sleep(every)
    return found


def _late(what: str, seconds: float) -> str:
    return f"It did not happen within {seconds:g} s that {what}."
