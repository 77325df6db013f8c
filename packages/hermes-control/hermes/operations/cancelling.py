"""Cancelling runs: queued ones end now, running ones are marked for their runner."""

from collections.abc import Sequence
from uuid import UUID

from hermes.operations.scope import Scope
from hermes.storage.runs import cancelling, jobs, standings
from hermes.storage.runs.events import announce, wake_runners
from hermes_base.postgres import audit
from hermes_base.problems import Problem


async def cancel(
    scope: Scope, run_ids: Sequence[UUID], job_id: UUID, site_id: UUID, actor: str, what: str
) -> None:
    """Cancel runs of one job. `what` is cancelled, for the audit: `job` or `run`."""
    now = scope.clock()
    async with scope.pool.acquire() as connection, connection.transaction():
        locked = await jobs.lock_jobs(connection, [job_id])
        detail = f"Cancelled by {actor} before it started."
        ended = await cancelling.cancel_queued(connection, run_ids, detail, now)
        await standings.keep_cancelled(connection, [row["id"] for row in ended])
        marked = await cancelling.request_cancel(connection, run_ids, now)
        closed = await jobs.close_jobs(connection, locked, now)
        await audit.record(connection, actor, f"{what}_cancelled", str(job_id), site_id)
        moved = [row["service_slug"] for row in (*ended, *marked)]
        event = {"jobId": job_id, "siteId": site_id, "closed": bool(closed), "services": moved}
        await announce(connection, [event])
        await wake_runners(connection, [row["id"] for row in marked])


def already_over(what: str, status: str) -> Problem:
    """`already_over`: there is nothing to cancel."""
    return Problem("already_over", f"The {what} is {status}.", "There is nothing to cancel.")
