"""The outbox at work: what is due is handed to its channel, and stays until the channel has taken it."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Protocol
from uuid import UUID

import structlog
from asyncpg import Record

from hermes.channels.carrier import Channel
from hermes.core.alerting.backing_off import GIVEN_UP, pause
from hermes.core.alerting.letters import Failing, News, letter
from hermes.core.alerting.life import Letter
from hermes.core.alerting.wire import ChannelFault
from hermes.core.views.alerts import reason_of, why_of
from hermes.operations.scope import Scope
from hermes.storage import alerts, outbox
from hermes.upkeep.worker_channel import WorkerChannel
from hermes_base.view import Row

log = structlog.get_logger()

LEASE = timedelta(minutes=2)
"""How long one caller has to deliver what it claimed; a batch takes less."""
BATCH = 20


class Carries(Protocol):
    """What takes a letter to a channel, or raises ChannelFault."""

    async def carry(self, channel: Channel, letter: Letter) -> None: ...


class AlertDelivery:
    """Delivers what is due. Any number of runners may do so at once; one that dies loses nothing: what it
    claimed is due again, and goes out under the same id. `address`: of this Hermes, for links."""

    def __init__(
        self, scope: Scope, worker: WorkerChannel, carrier: Carries | None, address: str = ""
    ) -> None:
        self._scope = scope
        self._worker = worker
        self._carrier = carrier
        self._address = address

    async def deliver(self) -> int:
        """Everything that is due; how much of it was taken, or handed to the Notifications service."""
        now, pool = self._scope.clock(), self._scope.pool
        await self._worker.settle(now)
        for lost in await outbox.give_up(pool, now - GIVEN_UP, now):
            log.error("an alert was given up", alert=str(lost["alert_id"]), fault=lost["fault"])
        done = 0
        while claimed := await outbox.claim(pool, now, LEASE, BATCH):
            letters = await self._letters(claimed)
            rows = sorted(claimed, key=lambda row: (str(row["channel_id"]), row["id"]))
            by_channel = [list(some) for _, some in groupby(rows, key=lambda r: r["channel_id"])]
            taken = await asyncio.gather(*(self._over(some, letters) for some in by_channel))
            done += sum(taken)
        return done

    async def _letters(self, claimed: Sequence[Record]) -> dict[int, tuple[Letter, list[Record]]]:
        """The letter of each delivery, and the services below its alert."""
        ids = list({row["alert_id"] for row in claimed})
        below: dict[UUID, list[Record]] = {each: [] for each in ids}
        for row in await alerts.services_of(self._scope.pool, ids, None):
            below[row["alert_id"]].append(row)
        return {
            row["id"]: (self._letter(row, below[row["alert_id"]]), below[row["alert_id"]])
            for row in claimed
        }

    def _letter(self, row: Row, below: Sequence[Record]) -> Letter:
        failing = [each for each in below if each["closed_at"] is None] or list(below)
        news = News(
            row["alert_id"], row["what"], row["number"], row["severity"], row["opened_at"],
            row["closed_at"], row["flaps"], row["text"], [self._failing(each) for each in failing],
        )  # fmt: skip
        return letter(news, self._address)

    def _failing(self, row: Row) -> Failing:
        service = self._scope.catalog.find(row["service_slug"])
        name = service.name if service else row["service_slug"]
        path = f"/sites/{row['site_id']}/services/{row['service_slug']}"
        label = reason_of(row).label
        return Failing(
            name,
            row["site"],
            row["fail_after"],
            label,
            why_of(row),
            path,
            row["opened_as"] == "partial",
        )

    async def _over(
        self, rows: Sequence[Record], letters: dict[int, tuple[Letter, list[Record]]]
    ) -> int:
        """One channel's letters, in turn; after one that failed the others of this round wait with it."""
        if rows[0]["kind"] == "notifications":
            return await self._worker.hand_over([(row, *letters[row["id"]]) for row in rows])
        channel = Channel(rows[0]["channel"], rows[0]["kind"], rows[0]["target"], rows[0]["secret"])
        fault: ChannelFault | None = None
        taken = 0
        for row in rows:
            fault = fault or await self._try(channel, letters[row["id"]][0])
            if fault is None:
                taken += 1
                ids = [row["id"], *row["later"]]
                await outbox.confirm(self._scope.pool, ids, self._scope.clock())
            else:
                await self._keep(row, fault)
        return taken

    async def _try(self, channel: Channel, one: Letter) -> ChannelFault | None:
        if self._carrier is None:
            return ChannelFault("This process reaches no channels.")
        try:
            await self._carrier.carry(channel, one)
        except ChannelFault as fault:
            log.warning("alert not delivered", channel=channel.name, fault=fault.words)
            return fault
        log.info("alert delivered", channel=channel.name, letter=one.id)
        return None

    async def _keep(self, row: Row, fault: ChannelFault) -> None:
        due = self._again(row["attempts"], fault)
        await outbox.fail(self._scope.pool, row["id"], fault.words, due)

    def _again(self, attempts: int, fault: ChannelFault) -> datetime:
        return self._scope.clock() + pause(attempts, timedelta(seconds=fault.after))
