"""Rehearsing a directory: its form is opened and filled in as for an order, and nothing is sent."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from directory_bolt.core.catalog.rehearsals import Rehearsal, RehearsedField
from directory_bolt.core.orders.profile import BusinessProfile
from directory_bolt.core.orders.reason_texts import sentence_of
from directory_bolt.core.orders.states import ResultReason
from directory_bolt.core.rows.directories import MeasuredDirectory
from directory_bolt.storage import directories
from directory_bolt.submitting import Outcome, Submitter, Task
from hermes_base.clock import Clock
from hermes_base.postgres import audit
from hermes_base.postgres.database import Pool
from hermes_base.problems import not_found


class Rehearsals:
    """Visits directories like an order does: robots.txt first, at their pace, up to the click."""

    def __init__(
        self,
        pool: Pool,
        submitter: Submitter,
        clock: Clock,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._pool = pool
        self._submitter = submitter
        self._clock = clock
        self._sleep = sleep

    async def rehearse(
        self, one: MeasuredDirectory, profile: BusinessProfile, actor: str
    ) -> Rehearsal:
        """Fill in the form of one directory, keep what was seen of it, and leave without sending.

        Whether its terms allow submissions does not matter here: nothing is submitted. Raises
        `unknown_directory` where it was deleted meanwhile.
        """
        await self._sleep(await directories.take_turn(self._pool, one.id, self._clock()))
        outcome = await self._submitter.submit(_task(one, profile), _decline)
        found = _seen(outcome, self._clock())
        async with self._pool.acquire() as connection, connection.transaction():
            if not await directories.rehearsed(connection, one.id, found):
                raise not_found("unknown_directory", one.id, "Take an id from the directories.")
            await directories.observed(connection, one.id, found.asks_login, found.has_captcha)
            await audit.record(connection, actor, "directory_rehearsed", one.name)
        return found


async def _decline(filled: dict[str, Any]) -> bool:
    """The answer before the click: a rehearsal ends here."""
    del filled
    return False


def _task(one: MeasuredDirectory, profile: BusinessProfile) -> Task:
    """A visit for no order; its evidence is named after the directory, so that the next one replaces it."""
    return Task(
        job_id=uuid4(), result_id=one.id, directory_id=one.id, directory_name=one.name,
        submission_url=one.submission_url, lookup_url=one.lookup_url, is_demo=one.is_demo,
        profile=profile, idempotency_key=f"rehearsal:{one.id}",
    )  # fmt: skip


def _seen(outcome: Outcome, at: datetime) -> Rehearsal:
    """From the outcome of a visit that declined its click."""
    went_well = outcome.reason is ResultReason.CANCELLED
    reason = None if went_well else outcome.reason
    fields = [_field(name, each) for name, each in outcome.payload.items()]
    text = outcome.message or (sentence_of(reason) if reason else "")
    return Rehearsal(
        at=at,
        reason=reason,
        text="The form can be sent. Nothing was sent." if went_well else text,
        fields=fields,
        screenshot=outcome.screenshot,
    )


def _field(name: str, entry: Mapping[str, Any]) -> RehearsedField:
    return RehearsedField(
        label=str(entry.get("label") or name),
        kind=str(entry.get("kind", "unknown")),
        value=str(entry.get("value", "")),
        confidence=float(entry.get("confidence") or 0),
        note=str(entry.get("note", "")),
    )
