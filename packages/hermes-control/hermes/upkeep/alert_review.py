"""Alerts turned by judged smoke runs, and delivered through the notifications worker."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from asyncpg import Record

from hermes.core.alerts import CHANNEL, MOST_MESSAGES, AlertRule, Judged, message, muting, turns
from hermes.core.runs.actors import ALERTS
from hermes.core.views.alerts import why_of
from hermes.operations.jobs import Jobs
from hermes.operations.scope import Scope
from hermes.operations.starting import StartHook
from hermes.storage import alerts, windows
from hermes.storage.runs.events import announce
from hermes_base.postgres.database import Connection
from hermes_base.problems import Problem

Pair = tuple[UUID, str]
"""A site and the slug of a service."""
LATER = ("job_open", "try_again")
"""Problems of a delivery that pass by themselves."""

ITSELF = "Not delivered: the Notifications service itself is failing."


class AlertReview:
    """Opens and closes alerts, and delivers what is open. `address` is that of this Hermes, for the
    links in messages; empty where nobody else can reach it."""

    def __init__(self, scope: Scope, jobs: Jobs, address: str = "") -> None:
        self._scope = scope
        self._jobs = jobs
        self._address = address

    async def review(self, pairs: Iterable[Pair] | None = None) -> int:
        """Open or close the alerts of these services by what was judged since they were reviewed last; of
        all services without pairs. Returns how many opened or closed. Several runners may review at
        once: each verdict is reviewed by one of them."""
        wanted = list(pairs) if pairs is not None else await self._everything()
        async with self._scope.pool.acquire() as connection, connection.transaction():
            rule = await alerts.rule(connection)
            rows = await alerts.new_verdicts(connection, wanted)
            turned = 0
            for (site_id, slug), some in groupby(rows, key=lambda r: (r["site_id"], r["slug"])):
                turned += await _turn(connection, site_id, slug, list(some), rule)
        return turned

    async def _everything(self) -> list[Pair]:
        slugs = [service.slug for service in self._scope.catalog.workers]
        return [(site.id, slug) for site in await self._scope.sites() for slug in slugs]

    async def deliver(self) -> int:
        """Start the delivery of alerts that are open, not muted and not delivered: one job a site. Returns
        the number of alerts."""
        now, delivered = self._scope.clock(), 0
        muted = await windows.open_windows(self._scope.pool, now)
        rows = [
            row
            for row in await alerts.undelivered(self._scope.pool)
            if muting(muted, row["site_id"], row["service_slug"], now) is None
        ]
        own = [row["id"] for row in rows if row["service_slug"] == CHANNEL]
        await alerts.note_delivery(self._scope.pool, own, ITSELF)
        others = [row for row in rows if row["service_slug"] != CHANNEL]
        for site_id in dict.fromkeys(row["site_id"] for row in others):
            mine = [row for row in others if row["site_id"] == site_id]
            delivered += await self._hand_over(mine[:MOST_MESSAGES])
        return delivered

    async def _hand_over(self, rows: Sequence[Record]) -> int:
        ids = [row["id"] for row in rows]
        payload = {"messages": [self._message(row) for row in rows]}
        hook = self._delivering(ids)
        try:
            await self._jobs.start(
                "full", rows[0]["site_id"], ALERTS, CHANNEL, payload=payload, before_commit=hook
            )
        except Problem as problem:
            if problem.code not in LATER:
                note = f"Not delivered: no channel is available. {_why(problem)}"
                await alerts.note_delivery(self._scope.pool, ids, note)
            return 0
        return len(ids)

    def _message(self, row: Record) -> dict[str, Any]:
        service = self._scope.catalog.find(row["service_slug"])
        name = service.name if service else row["service_slug"]
        place = f"/sites/{row['site_id']}/services/{row['service_slug']}"
        url = f"{self._address}{place}" if self._address else ""
        return message(name, row["site"], row["fail_after"], why_of(row), f"alert-{row['id']}", url)

    def _delivering(self, ids: Sequence[UUID]) -> StartHook:
        """Marks the alerts together with the start; undoes it where they are not all ours to deliver."""

        async def hook(connection: Connection, job_id: UUID, is_new: bool) -> None:
            if not is_new:
                raise Problem("job_open", "Other messages are being delivered.", "Look again.")
            taken = await alerts.deliver(connection, ids, job_id, self._scope.clock())
            if taken != len(ids):
                raise Problem("try_again", "Some of them closed meanwhile.", "Look again.")

        return hook


async def _turn(
    connection: Connection, site_id: UUID, slug: str, rows: Sequence[Record], rule: AlertRule
) -> int:
    """Write the turns of one service's alert, and notify open pages."""
    alert_id: UUID | None = rows[0]["alert_id"] if rows[0]["is_open"] else None
    judged = [Judged(r["id"], r["status"], r["created_at"], r["finished_at"]) for r in rows]
    found = turns(judged, rule, is_open=alert_id is not None)
    for turn in found:
        run = turn.run
        if alert_id is None:
            alert_id = await alerts.open_alert(
                connection, site_id, slug, run.id, run.finished_at, run.created_at, rule.fail_after
            )
        else:
            await alerts.close_alert(connection, alert_id, run.id, run.finished_at, run.created_at)
            alert_id = None
    if found:
        event = {"jobId": None, "siteId": site_id, "closed": False, "services": [slug]}
        await announce(connection, [event])
    return len(found)


def _why(problem: Problem) -> str:
    """The reason of the one service that was asked for, else the problem's own words."""
    details: Any = problem.details
    if not isinstance(details, list) or not details:
        return problem.message
    return f"{details[0]['displayName']}: {details[0]['reason']}"
