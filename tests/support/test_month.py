"""The month that pictures and benches see: through all of Hermes it comes to what its story says, and to no more."""

from datetime import UTC, datetime, timedelta

import pytest

from hermes.bootstrap import load_catalog
from hermes_base.postgres.database import open_pool
from hermes_base.settings import Settings
from hermes_sandbox.history import FAULTS, LAST_TUESDAY
from tests.support.month import play

UNTIL = datetime(2026, 11, 26, tzinfo=UTC)  # a Thursday
DAYS = 6


@pytest.mark.timeout(120)
async def test_what_goes_wrong_in_the_month_is_what_its_story_says(database_url: str) -> None:
    pool = await open_pool(database_url)
    assert await play(pool, load_catalog(Settings()), UNTIL, DAYS) == DAYS * 16
    rows = await pool.fetch(
        "select service_slug, created_at, status from service_runs where run_type = 'smoke' and status <> 'success'"
    )
    await pool.close()
    found = {(row["service_slug"], (UNTIL.date() - row["created_at"].date()).days, row["status"]) for row in rows}  # fmt: skip
    expected = {
        (fault.service, back, "failed" if fault.output is None else "partial")
        for fault in FAULTS
        for back in range(fault.until, min(fault.since + 1, DAYS))
    }
    tuesday = (UNTIL - timedelta(days=2)).date()
    assert found == expected | {(LAST_TUESDAY.service, (UNTIL.date() - tuesday).days, "failed")}
