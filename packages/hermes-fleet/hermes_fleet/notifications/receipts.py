"""Looking for what was accepted, where it should arrive."""

import asyncio
from collections.abc import Iterable, Mapping

from hermes_fleet.notifications.channels.channel import Channel
from hermes_fleet.notifications.delivery import Delivery
from hermes_worker import WorkerError

PAUSES = (1, 2, 4, 8, 16, 32)
"""Between looks, in shares of the time that is allowed: most receipts are there at the first look."""
AT_ONCE = 4
SECONDS_MORE = 3.0  # for looks that are answered slowly


async def look_for_receipts(
    deliveries: Iterable[Delivery], channels: Mapping[str, Channel], seconds: float
) -> None:
    """Notes at each accepted delivery whether it was seen within so many seconds."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(delivery: Delivery) -> None:
        async with gate:
            await _look(delivery, channels[delivery.channel], seconds)

    accepted = (each for each in deliveries if each.outcome == "accepted")
    await asyncio.gather(*(one(each) for each in accepted if channels[each.channel].readable))


async def _look(delivery: Delivery, channel: Channel, seconds: float) -> None:
    delivery.receipt = "not seen"
    try:
        async with asyncio.timeout(seconds + SECONDS_MORE):
            await _look_again_and_again(delivery, channel, seconds)
    except TimeoutError:
        delivery.words = f"The {channel.place} does not answer when it is asked what it has."


async def _look_again_and_again(delivery: Delivery, channel: Channel, seconds: float) -> None:
    for pause in (*PAUSES, 0):
        delivery.requests += 1
        delivery.words = ""
        try:
            if await channel.seen(delivery.reference):
                delivery.receipt = "seen"
                return
        except WorkerError as error:
            delivery.words = error.message
        await asyncio.sleep(seconds * pause / sum(PAUSES))
