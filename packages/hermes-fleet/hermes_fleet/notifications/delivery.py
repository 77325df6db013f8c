"""What became of one message on one channel, and the look for it where it should arrive."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from hermes_fleet.notifications.channels.channel import Channel
from hermes_worker import WorkerError

Outcome = Literal["accepted", "refused", "held"]
Receipt = Literal["seen", "not seen", "none given"]
PAUSES = (1, 2, 4, 8, 16, 32)
"""Between looks, in shares of the time that is allowed: most receipts are there at the first look."""
AT_ONCE = 4
SECONDS_MORE = 3.0  # for looks that are answered slowly


@dataclass(slots=True)
class Delivery:
    """`message` counts from 1; `reason` and `words` say why when it was not accepted.

    `accepted_ms`: from the first try to acceptance; `requests`: tries, and looks for the receipt.
    """

    message: int
    channel: str
    outcome: Outcome
    reason: str = ""
    words: str = ""
    reference: str = ""
    receipt: Receipt = "none given"
    accepted_ms: int | None = None
    requests: int = 0

    def payload(self) -> dict[str, Any]:
        """For people, without what is empty."""
        facts = {
            "message": self.message,
            "channel": self.channel,
            "outcome": self.outcome,
            "receipt": self.receipt if self.outcome == "accepted" else "",
            "reason": self.reason,
            "words": self.words,
            "accepted_ms": self.accepted_ms,
        }
        return {name: fact for name, fact in facts.items() if fact not in ("", None)}


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
        delivery.words = f"The {channel.place} does not respond when Hermes checks for the message."


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
