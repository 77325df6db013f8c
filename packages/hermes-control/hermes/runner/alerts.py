"""Watches over verdicts: what is announced is reviewed within a second, and open alerts are delivered."""

import asyncio
import time
from typing import Any
from uuid import UUID

import structlog

from hermes.core.catalog import Catalogs
from hermes.upkeep.alert_review import Pair
from hermes.upkeep.alerting import Alerting
from hermes_base.postgres.database import LOST_DATABASE
from hermes_base.postgres.listening import Listener

log = structlog.get_logger()

GATHER_SECONDS = 1.0
DELIVER_SECONDS = 10.0
"""How soon alerts of orders, what is due again, and the end of a maintenance window are noticed."""
PING_SECONDS = 60.0


class AlertWatch:
    """Reviews the services that an announcement names; all of them when something may have been missed."""

    def __init__(
        self, alerts: Alerting, catalogs: Catalogs, listener: Listener, ping_url: str = ""
    ) -> None:
        self._alerts = alerts
        self._ping_url = ping_url
        self._pinged_at = 0.0
        self._catalogs = catalogs
        self._heard: set[Pair] = set()
        self._missed = True
        self._woken = asyncio.Event()
        self._delivered_at = 0.0
        listener.subscribe("hermes", self._hear)

    async def run(self) -> None:
        """Until cancelled; a lost database is waited for, and then everything is reviewed."""
        while True:
            try:
                await self.turn()
            except LOST_DATABASE as error:
                self._missed = True
                log.warning("database away, alerts wait", error=type(error).__name__)
            except Exception:
                log.exception("a review of alerts failed")
            await asyncio.sleep(GATHER_SECONDS)
            await self._woken_or_late()

    async def turn(self) -> None:
        """Review what was heard of, and deliver what is open."""
        self._woken.clear()
        heard, self._heard = self._heard, set()
        missed, self._missed = self._missed, False
        turned = await self._alerts.review(None if missed else heard) if heard or missed else 0
        late = time.monotonic() - self._delivered_at >= DELIVER_SECONDS
        if turned or late:
            self._delivered_at = time.monotonic()
            await self._alerts.deliver()
        await self._ping()

    async def _ping(self) -> None:
        """Only after a turn that went well: the watcher outside is to miss us when alerts are stuck."""
        if self._ping_url and time.monotonic() - self._pinged_at >= PING_SECONDS:
            self._pinged_at = time.monotonic()
            await self._alerts.ping(self._ping_url)

    def _hear(self, event: dict[str, Any]) -> None:
        if event.get("resync"):
            self._missed = True
        elif event.get("jobId"):
            # a long list is announced as an empty one
            slugs = event["services"] or [each.slug for each in self._catalogs().workers]
            self._heard.update((UUID(event["siteId"]), slug) for slug in slugs)
        self._woken.set()

    async def _woken_or_late(self) -> None:
        try:
            await asyncio.wait_for(self._woken.wait(), DELIVER_SECONDS)
        except TimeoutError:
            return
