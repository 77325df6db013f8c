"""So many at once, in the order of coming, and no place is lost."""

import asyncio

from hermes_base.http.gates import Gate
from tests.support.waiting import patience


async def hold(gate: Gate, name: str, entered: list[str], until: asyncio.Event) -> None:
    async with gate:
        entered.append(name)
        await until.wait()


async def test_places_are_given_in_the_order_of_coming() -> None:
    gate, entered, released = Gate(2), list[str](), asyncio.Event()
    tasks = [asyncio.create_task(hold(gate, name, entered, released)) for name in "abcd"]
    await asyncio.sleep(0)
    assert entered == ["a", "b"]
    released.set()
    await asyncio.gather(*tasks)
    assert entered == ["a", "b", "c", "d"]


async def test_a_place_given_to_who_leaves_in_the_same_moment_goes_to_the_next() -> None:
    gate, entered, released = Gate(1), list[str](), asyncio.Event()
    await gate.__aenter__()
    leaving = asyncio.create_task(hold(gate, "leaving", entered, released))
    following = asyncio.create_task(hold(gate, "following", entered, released))
    await asyncio.sleep(0)
    await gate.__aexit__()  # the place is that of the first who waits, who has not heard of it
    leaving.cancel()
    released.set()
    async with patience():
        await following
    assert (leaving.cancelled(), entered) == (True, ["following"])
