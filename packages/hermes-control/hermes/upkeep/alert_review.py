"""Alerts opened and closed by judged smoke runs: what fails for the same cause is one alert."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from uuid import UUID

from asyncpg import Record

from hermes.core.alerting.causes import alert_key
from hermes.core.alerts import AlertRule, Judged, Turn, turns
from hermes.operations.scope import Scope
from hermes.storage import alerts
from hermes.storage.runs.events import announce
from hermes_base.alerts.model import CALM
from hermes_base.alerts.storage import raised
from hermes_base.postgres.database import Connection

Pair = tuple[UUID, str]
"""A site and the slug of a service."""


class AlertReview:
    """Opens and closes alerts by what was judged since they were reviewed last."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def review(self, pairs: Iterable[Pair] | None = None) -> int:
        """Review these services, all of them without pairs. Returns how many turned. Several runners may
        review at once: each verdict is reviewed by one of them."""
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


async def _turn(
    connection: Connection, site_id: UUID, slug: str, rows: Sequence[Record], rule: AlertRule
) -> int:
    """Write the turns of one service, and notify open pages."""
    by_run = {row["id"]: row for row in rows}
    judged = [Judged(r["id"], r["status"], r["created_at"], r["finished_at"]) for r in rows]
    turn_id: UUID | None = rows[0]["turn_id"] if rows[0]["is_open"] else None
    found = turns(judged, rule, is_open=turn_id is not None)
    for turn in found:
        if turn.to == "open":
            await _open(connection, site_id, slug, turn, by_run[turn.run.id], rule)
        else:
            await alerts.close_service(
                connection, turn_id, site_id, slug, turn.run.id, turn.run.finished_at, turn.run.created_at
            )  # fmt: skip
            turn_id = None
    if found:
        event = {"jobId": None, "siteId": site_id, "closed": False, "services": [slug]}
        await announce(connection, [event])
    return len(found)


async def _open(
    connection: Connection, site_id: UUID, slug: str, turn: Turn, row: Record, rule: AlertRule
) -> None:
    """Join the alert of its cause, or open it; one that this service alone had a moment ago is the same."""
    run = turn.run
    failed = run.status == "failed"
    last = await alerts.key_of_last(connection, site_id, slug, run.finished_at - CALM)
    key = last or alert_key(
        site_id, slug, row["reason"], row["detail"], row["outputs_json"], row["metrics_json"]
    )
    alert_id, _ = await raised(
        connection,
        "control_room",
        key,
        "smoke_tests",
        "",
        at=run.finished_at,
        severity="critical" if failed else "warning",
    )
    await alerts.add_service(
        connection, alert_id, site_id, slug, run.id, run.finished_at, run.created_at,
        rule.fail_after if failed else rule.partial_after, run.status,
    )  # fmt: skip
