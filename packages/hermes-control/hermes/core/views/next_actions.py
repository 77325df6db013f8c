"""What to do next about a site's services, most useful first."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import get_args
from uuid import UUID

from hermes.core.views import remedies
from hermes.core.views.remedies import Kind, NextAction
from hermes.core.views.runs import RunView
from hermes.core.views.services import MOVING, ServiceRow

STALE_AFTER = timedelta(days=7)
"""How old a verdict may be before it says little about today."""

KINDS: tuple[Kind, ...] = get_args(Kind)


def next_actions(site_id: UUID, rows: Sequence[ServiceRow], now: datetime) -> list[NextAction]:
    """By kind, the most useful first; else as in the table."""
    found = [action for row in rows for action in _of_row(f"/sites/{site_id}", row, now)]
    return sorted(found, key=lambda action: KINDS.index(action.kind))


def _of_row(site: str, row: ServiceRow, now: datetime) -> list[NextAction]:
    if row.readiness == "blocked":
        return []
    if row.readiness == "needs_config":
        return _needs_config(site, row)
    if row.smoke.state in MOVING or row.connection.state in MOVING:
        return []
    if row.connection.run is not None and lost_connection(row):
        return [remedies.connect(row, row.connection.run)]
    return _by_verdict(site, row, now)


def _needs_config(site: str, row: ServiceRow) -> list[NextAction]:
    """A secret and site settings are two things to do."""
    secret = [] if row.configured_from else [remedies.set_secret(site, row)]
    return secret + ([remedies.enter_settings(site, row)] if row.missing_settings else [])


def lost_connection(row: ServiceRow) -> bool:
    """A connection that failed after the latest smoke run outdates its verdict."""
    connection, smoke = row.connection.run, row.smoke.run
    if connection is None or row.connection.state != "failed":
        return False
    return smoke is None or connection.created_at > smoke.created_at


def _by_verdict(site: str, row: ServiceRow, now: datetime) -> list[NextAction]:
    run = row.smoke.run
    if not row.supports_smoke:
        return [remedies.add_smoke_mode(site, row)]
    if run is None or row.smoke.state == "cancelled":
        return [remedies.test_first(site, row)]
    if row.smoke.state == "failed":
        return [remedies.mend(row, run)]
    if row.missing.outputs:
        return [remedies.complete(site, row)]
    return _beyond_smoke(site, row, run, now)


def _beyond_smoke(site: str, row: ServiceRow, run: RunView, now: datetime) -> list[NextAction]:
    """What is left to do where the smoke run delivered everything."""
    if row.smoke.state == "partial":
        return [remedies.mend(row, run)]
    if row.full.run is not None and row.full.is_short:
        return [remedies.mend_full(row, row.full.run)]
    if row.smoke.changed_since:
        return [remedies.test_after_change(site, row)]
    if age := stale_days(row, now):
        return [remedies.test_again(site, row, age, STALE_AFTER.days)]
    return []


def stale_days(row: ServiceRow, now: datetime) -> int | None:
    """Age in days of a verdict older than `STALE_AFTER`; None for one that still counts."""
    ended = row.smoke.run.finished_at if row.smoke.run else None
    if ended is None or now - ended <= STALE_AFTER:
        return None
    return (now - ended).days
