"""What workers told of themselves in their last connection tests, whatever the site."""

from collections.abc import Sequence
from typing import Any

from hermes_base.postgres.database import Pool


async def told(pool: Pool, slugs: Sequence[str]) -> dict[str, dict[str, Any]]:
    """By service: `told` (what /health said, as the run keeps it), `at` and `run_id` of the last test."""
    rows = await pool.fetch(
        "select distinct on (r.service_slug) r.service_slug, r.id as run_id, r.finished_at as at,"
        " r.metrics_json -> 'worker' as told"
        " from sites s cross join unnest($1::text[]) as wanted (slug) cross join lateral ("
        "  select * from service_runs where site_id = s.id and run_type = 'connection'"
        "  and service_slug = wanted.slug and finished_at is not null and status <> 'cancelled'"
        "  order by created_at desc, id desc limit 1) r"
        " order by r.service_slug, r.created_at desc, r.id desc",
        list(slugs),
    )
    return {row["service_slug"]: dict(row) for row in rows}
