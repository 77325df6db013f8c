"""All of alerts at work: reviewed, told to the outbox, delivered, and the watcher outside kept informed."""

from collections.abc import Iterable
from pathlib import Path

from hermes.channels.carrier import Carrier
from hermes.operations.jobs import Jobs
from hermes.operations.scope import Scope
from hermes.storage import outbox
from hermes.upkeep.alert_delivery import AlertDelivery
from hermes.upkeep.alert_review import AlertReview, Pair
from hermes.upkeep.alert_telling import AlertTelling
from hermes.upkeep.own_health import OwnHealth
from hermes.upkeep.worker_channel import WorkerChannel


class Alerting:
    """What a runner does about alerts. `carrier`: to channels; without one the Notifications service alone is
    reached. `address`: of this Hermes, for links; empty where nobody else can reach it.
    `home`: the folder of this installation, whose disk is watched."""

    def __init__(
        self,
        scope: Scope,
        jobs: Jobs,
        address: str = "",
        carrier: Carrier | None = None,
        home: Path | None = None,
    ) -> None:
        self._scope = scope
        self._review = AlertReview(scope)
        self._telling = AlertTelling(scope)
        self._own = OwnHealth(scope, home)
        self._carrier = carrier
        self._delivery = AlertDelivery(scope, WorkerChannel(scope, jobs), carrier, address)

    async def review(self, pairs: Iterable[Pair] | None = None) -> int:
        """Open or close the alerts of these services, of all without pairs; how many turned."""
        return await self._review.review(pairs)

    async def deliver(self) -> int:
        """Write what is to be said into the outbox, and deliver what is due; how much of it was taken."""
        await self._own.look()
        await self._telling.tell()
        return await self._delivery.deliver()

    async def ping(self, url: str) -> None:
        """Tell the watcher outside that alerts are looked after; a Hermes that is dead tells nobody."""
        if url and self._carrier is not None:
            fault = await self._carrier.ping(url)
            await outbox.pinged(self._scope.pool, self._scope.clock(), fault)
