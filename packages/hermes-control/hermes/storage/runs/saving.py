"""Saving the updates of runs in batches, together with the end of their jobs."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from hermes.core.runs.model import RunUpdate
from hermes.storage.runs import artifacts, daily, evidence, jobs, standings
from hermes.storage.runs.events import announce
from hermes_base.postgres.database import Pool

_SAVE = """
    update service_runs r set
        status = v.status, phase = v.phase, reason = v.reason, detail = v.detail,
        outputs_json = v.outputs, metrics_json = v.metrics, polls = v.polls, holds_slot = v.holds_slot,
        trouble_since = v.trouble_since, finished_at = v.finished_at, leased_by = null,
        due_at = case when r.cancel_requested_at is not null and not v.saw_cancel and v.finished_at is null
                 then $3 else v.due_at end
    from jsonb_to_recordset($1) as v (
        id uuid, lease_no int, status text, phase text, due_at timestamptz, reason text, detail text,
        outputs jsonb, metrics jsonb, polls int, holds_slot boolean, trouble_since timestamptz,
        finished_at timestamptz, saw_cancel boolean)
    where r.id = v.id and r.leased_by = $2 and r.lease_no = v.lease_no
    returning r.id, r.job_id, r.site_id, r.service_slug
"""


async def save(
    pool: Pool,
    runner: str,
    updates: Sequence[RunUpdate],
    seen: Mapping[UUID, Mapping[str, Any]],
    now: datetime,
) -> set[UUID]:
    """Write a batch of updates with the evidence `seen`, close the jobs that they end, and announce it:
    one transaction. Only runs still leased by `runner` under the same lease number are written.
    Returns their ids.
    """
    ends = [u for u in updates if u.finished_at is not None and not u.run.over]
    ending = {u.run.job_id for u in ends}
    async with pool.acquire() as connection, connection.transaction():
        # jobs before runs, as whoever cancels locks them: else two batches could wait for each other
        locked = await jobs.lock_jobs(connection, ending) if ending else []
        rows = await connection.fetch(_SAVE, [_row(update) for update in updates], runner, now)
        written = {row["id"] for row in rows}
        await evidence.put(connection, {i: e for i, e in seen.items() if i in written})
        await artifacts.put(
            connection,
            {u.run.id: u.artifacts for u in updates if u.artifacts and u.run.id in written},
        )
        ended = [u for u in ends if u.run.id in written]
        await daily.count(connection, ended)
        await standings.keep(connection, ended)
        closed = await jobs.close_jobs(connection, locked, now)
        await announce(connection, _events(rows, closed))
        return written


def _row(update: RunUpdate) -> dict[str, Any]:
    return {
        "id": update.run.id,
        "lease_no": update.run.lease_no,
        "status": update.status,
        "phase": update.phase,
        "due_at": update.due_at,
        "reason": update.reason,
        "detail": update.detail,
        "outputs": update.outputs,
        "metrics": update.metrics,
        "polls": update.polls,
        "holds_slot": update.holds_slot,
        "trouble_since": update.trouble_since,
        "finished_at": update.finished_at,
        "saw_cancel": update.run.cancel_requested_at is not None,
    }


def _events(rows: Sequence[Record], closed: Collection[UUID]) -> list[dict[str, Any]]:
    """One event a job: which runs moved, and whether it closed."""
    by_job: dict[UUID, dict[str, Any]] = {}
    for row in rows:
        job_id = row["job_id"]
        if job_id not in by_job:
            event = {"jobId": job_id, "siteId": row["site_id"], "closed": job_id in closed}
            by_job[job_id] = {**event, "services": []}
        by_job[job_id]["services"].append(row["service_slug"])
    return list(by_job.values())
