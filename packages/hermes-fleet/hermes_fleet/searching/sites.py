"""The site and its competitors, read side by side; who cannot be read is named and sinks nobody."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from hermes_fleet.searching.settings import Competitor
from hermes_fleet.searching.site_reader import Reading
from hermes_worker import WorkerError

Read = Callable[[str], Awaitable[Reading]]


@dataclass(frozen=True, slots=True)
class Unread:
    """A competitor that gave nothing, and why."""

    site: str
    reason: str
    message: str


@dataclass(slots=True)
class Others:
    """Competitors that were read, those that could not be, and those that were not looked at."""

    readings: list[Reading] = field(default_factory=list[Reading])
    unread: list[Unread] = field(default_factory=list[Unread])
    left_out: list[str] = field(default_factory=list[str])

    def rows(self) -> list[dict[str, Any]]:
        """One row for every competitor, for people to see what a comparison rests on."""
        read = [row(each) for each in self.readings]
        unread = [
            {"site": each.site, "pages": 0, "reason": each.reason, "message": each.message}
            for each in self.unread
        ]
        left = [{"site": each, "pages": 0, "reason": "not looked at"} for each in self.left_out]
        return [*read, *unread, *left]


def row(reading: Reading) -> dict[str, Any]:
    """How much of a site was read."""
    return {
        "site": reading.home,
        "pages": len(reading.documents),
        "not_visited": reading.left,
    }


async def read_others(competitors: Sequence[Competitor], wanted: int, read: Read) -> Others:
    """`wanted` competitors that can be read, taken from the top of the list."""
    others = Others()
    waiting = list(competitors)
    while waiting and len(others.readings) < wanted:
        count = wanted - len(others.readings)
        batch, waiting = waiting[:count], waiting[count:]
        for found in await asyncio.gather(*(_one(each, read) for each in batch)):
            if isinstance(found, Reading):
                others.readings.append(found)
            else:
                others.unread.append(found)
    others.left_out = [each.home or each.entered for each in waiting]
    return others


async def _one(competitor: Competitor, read: Read) -> Reading | Unread:
    if competitor.home is None:
        return Unread(competitor.entered, "invalid_site", competitor.fault)
    try:
        return await read(competitor.home)
    except WorkerError as error:
        return Unread(competitor.home, error.code, error.message)
