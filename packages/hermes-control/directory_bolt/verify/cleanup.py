"""Takes the order of a verification away again, wherever it got to."""

import asyncio
from typing import Any
from uuid import UUID

from directory_bolt.core.verification.causes import Cause
from directory_bolt.core.verification.facts import Seen, in_words, table_of
from directory_bolt.core.verification.findings import Finding
from directory_bolt.verify.target import TargetClient
from hermes_base.clock import Clock
from hermes_base.http.answers import Answer

NAME = "Test order deleted"
TRIES = 4
LOOKS, EVERY_SECONDS = 40, 0.25


async def clean_up(client: TargetClient, job_id: UUID, clock: Clock) -> Finding:
    """Cancel what goes on, wait for the form that is being filled in, delete, and look again."""
    path = f"/api/staff/jobs/{job_id}"
    await _stopped(client, path)
    deleted: Seen | None = None
    for _ in range(TRIES):  # a relay that waits for an absent brain holds the order for a while
        deleted = await client.ask("DELETE", path)
        after = await client.get(path)
        if isinstance(after, Answer) and after.status == 404:
            summary = "The order, its customer, results, message and screenshots were deleted."
            return Finding(3, NAME, "PASS", summary, clock())
        await asyncio.sleep(EVERY_SECONDS)
    return Finding(3, NAME, "FAIL", in_words(deleted), clock(), Cause.LEFT_BEHIND)


async def _stopped(client: TargetClient, path: str) -> None:
    order = table_of(await client.get(path))
    if order is None or order["status"] not in ("pending", "in_progress", "waiting"):
        return
    await client.ask("POST", f"{path}/cancel")
    for _ in range(LOOKS):
        order = table_of(await client.get(path))
        if order is None or not _is_busy(order):
            return
        await asyncio.sleep(EVERY_SECONDS)


def _is_busy(order: dict[str, Any]) -> bool:
    """Whether a worker still fills in a form of it."""
    return any(row["status"] == "submitting" and row["workerId"] for row in order["results"])
