"""Runs that somebody looks at: remembered for a while, and looked at again soon."""

from datetime import datetime, timedelta
from uuid import UUID

from hermes.core.runs.intervals import WATCHED_WAIT
from hermes_base.postgres.database import Pool

WATCH = timedelta(seconds=30)
"""How long one look counts."""

_WATCH = """
    with seen as (
        select id, greatest($2::timestamptz + $4::interval, (metrics_json->>'notBefore')::timestamptz) as soon
        from service_runs where (id = $1 or job_id = $1) and status = 'running' and phase = 'poll'
    )
    update service_runs r set watched_until = $3,
        due_at = case when r.leased_by is null then least(r.due_at, seen.soon) else r.due_at end
    from seen where r.id = seen.id and r.status = 'running' and r.phase = 'poll'
        and (r.watched_until is null or r.watched_until < $2::timestamptz + ($3::timestamptz - $2::timestamptz) * 0.5
             or (r.leased_by is null and r.due_at > seen.soon))
"""


async def watch(pool: Pool, wanted: UUID, now: datetime) -> None:
    """Remember that somebody looks at this run, or at the runs of this job, and let those that are polled
    be due within WATCHED_WAIT, though not before their worker wants to be asked."""
    soon = timedelta(seconds=WATCHED_WAIT)
    await pool.execute(_WATCH, wanted, now, now + WATCH, soon)
