"""Leases: renewed while the work runs, given up when another worker has them, and drained at a stop."""

import asyncio
from collections.abc import Awaitable, Callable

from hermes_base.background.leases import RENEWALS, InFlight, renewed

SHORT = 0.02 * RENEWALS


def counting(
    *answers: bool | Exception,
) -> tuple[Callable[[], Awaitable[bool]], list[int], asyncio.Event]:
    """A renewal that gives these answers in turn; an event says when the last was given."""
    calls: list[int] = []
    all_given = asyncio.Event()

    async def renew() -> bool:
        answer = answers[min(len(calls), len(answers) - 1)]
        calls.append(len(calls))
        if len(calls) == len(answers):
            all_given.set()
        if isinstance(answer, Exception):
            raise answer
        return answer

    return renew, calls, all_given


async def test_a_lease_is_renewed_while_the_work_runs_and_not_after_it() -> None:
    renew, calls, thrice = counting(True, True, True)
    async with renewed(renew, SHORT):
        await asyncio.wait_for(thrice.wait(), 10)
    done = len(calls)
    other, _, twice = counting(True, True)
    async with renewed(other, SHORT):  # time in which the first would have been renewed again
        await asyncio.wait_for(twice.wait(), 10)
    assert len(calls) == done


async def test_a_database_that_is_away_does_not_end_the_renewals() -> None:
    renew, _, thrice = counting(ConnectionError("away"), TimeoutError("away"), True)
    async with renewed(renew, SHORT):
        await asyncio.wait_for(thrice.wait(), 10)


async def test_a_lost_lease_is_told_once_and_renewed_no_more() -> None:
    renew, calls, _ = counting(True, False)
    lost = asyncio.Event()
    async with renewed(renew, SHORT, lost.set):
        await asyncio.wait_for(lost.wait(), 10)
        other, _, thrice = counting(True, True, True)
        async with renewed(other, SHORT):
            await asyncio.wait_for(thrice.wait(), 10)
    assert len(calls) == 2


async def test_what_ends_within_the_limit_is_seen_to_its_end_and_the_rest_is_cancelled() -> None:
    ended: list[str] = []
    released = asyncio.Event()

    async def work(name: str, until: asyncio.Event) -> None:
        try:
            await until.wait()
            ended.append(name)
        except asyncio.CancelledError:
            ended.append(f"{name} cancelled")
            raise

    flight = InFlight[str]()
    flight.start("quick", work("quick", released))
    flight.start("slow", work("slow", asyncio.Event()))
    await asyncio.sleep(0)
    released.set()
    await flight.drain(0.2)
    assert ended == ["quick", "slow cancelled"]
    assert len(flight) == 0


async def test_only_some_are_waited_for_where_only_those_matter() -> None:
    flight = InFlight[str]()
    flight.start("poll", asyncio.sleep(3600))
    flight.start("start", asyncio.sleep(0))
    await asyncio.wait_for(flight.drain(3600, only={"start"}), 10)
    assert len(flight) == 0


async def test_a_key_claimed_anew_stands_for_the_newer_task() -> None:
    flight = InFlight[str]()
    first = asyncio.Event()
    flight.start("run", _until(first))
    flight.start("run", asyncio.sleep(3600))
    first.set()
    for _ in range(3):  # the first ends, and takes the second's entry away if it may
        await asyncio.sleep(0)
    assert flight.keys() == ["run"]
    flight.cancel("run")
    await flight.any_ended()
    await asyncio.sleep(0)
    assert flight.keys() == []


async def _until(event: asyncio.Event) -> None:
    await event.wait()


async def test_whoever_claimed_hears_of_each_end_and_of_no_task_that_a_newer_one_replaced() -> None:
    heard: list[tuple[str, bool]] = []
    flight = InFlight[str](lambda key: heard.append((key, key in flight)))
    first, second = asyncio.Event(), asyncio.Event()
    flight.start("run", _until(first))
    flight.start("run", _until(second))
    first.set()
    for _ in range(3):  # the first ends, and is heard of if it may be
        await asyncio.sleep(0)
    assert heard == []
    second.set()
    flight.start("never begun", asyncio.sleep(3600))
    flight.cancel("never begun")
    await flight.drain(10, only={"run"})
    assert sorted(heard) == [("never begun", False), ("run", False)]
