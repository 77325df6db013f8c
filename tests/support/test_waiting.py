"""`until` returns what it waited for, and names what did not happen."""

import asyncio
from collections.abc import Callable

import pytest

from tests.support.waiting import until, until_blocking


def third_time() -> Callable[[], str]:
    looks = iter(("", "", "there"))
    return lambda: next(looks)


async def test_it_returns_what_the_condition_returned() -> None:
    look = third_time()

    async def looking() -> str:
        return look()

    assert await until(third_time(), "it is there", every=0) == "there"
    assert await until(looking, "it is there", every=0) == "there"
    assert until_blocking(third_time(), "it is there", every=0) == "there"


async def test_it_fails_with_the_name_of_what_did_not_happen() -> None:
    said = r"It did not happen within 0\.05 s that a row appears\."
    with pytest.raises(AssertionError, match=said):
        await until(lambda: False, "a row appears", seconds=0.05)
    with pytest.raises(AssertionError, match=said):
        await until(asyncio.Event().wait, "a row appears", seconds=0.05)
    with pytest.raises(AssertionError, match=said):
        until_blocking(lambda: False, "a row appears", seconds=0.05)


async def test_a_time_limit_of_the_condition_itself_is_not_taken_for_ours() -> None:
    async def slow() -> bool:
        raise TimeoutError("its own")

    with pytest.raises(TimeoutError, match="its own"):
        await until(slow, "it answers")
