"""Results (table job_results): one row per order and directory, from the first attempt to the end."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from directory_bolt.core.rows.submissions import (
    IdentifiedSubmission,
    OpenSubmission,
    Submission,
    SubmissionEnd,
)
from hermes_base.postgres import rows
from hermes_base.postgres.database import Connection, Pool


async def open_work(connection: Pool | Connection, job_id: UUID) -> list[OpenSubmission]:
    """The directories of a work list that are not done, in its order, each with its earlier attempt."""
    found = await connection.fetch(
        "select d.id as directory_id, d.name as directory_name, d.submission_url, d.lookup_url,"
        " d.is_demo, d.enabled, d.terms_decision, r.id as result_id, r.clicked_at, r.next_try_at,"
        " r.idempotency_key, r.revision from job_directories l"
        " join directories d on d.id = l.directory_id"
        " left join job_results r on r.job_id = l.job_id and r.directory_id = l.directory_id"
        " where l.job_id = $1 and (r.id is null or r.status = 'submitting') order by l.position",
        job_id,
    )
    return rows.values(OpenSubmission, found)


async def begin(
    connection: Connection,
    job_id: UUID,
    directory: OpenSubmission,
    key: str,
    worker_id: str,
) -> Submission | None:
    """Write `submitting` before anything is done; an attempt that sent nothing is begun again.

    None when the row is done, or its form may have been sent: then it must not be sent again.
    """
    found = await connection.fetchrow(
        "insert into job_results (job_id, directory_id, directory_name, status, idempotency_key, worker_id)"
        " values ($1, $2, $3, 'submitting', $4, $5)"
        " on conflict (job_id, directory_id) do update set attempts = job_results.attempts + 1,"
        " worker_id = excluded.worker_id, next_try_at = null, updated_at = now()"
        " where job_results.status = 'submitting' and job_results.clicked_at is null returning *",
        job_id, directory.directory_id, directory.directory_name, key, worker_id,
    )  # fmt: skip
    return rows.value_or_none(Submission, found)


async def click(
    connection: Pool | Connection, result_id: UUID, worker_id: str, flow_id: UUID, payload: Any
) -> bool:
    """Mark, directly before the click, that the form may have been sent from here on. False: do not click.

    Only the worker that began this attempt may click, while it holds the order's flow and the order
    is going on.
    """
    done = await connection.execute(
        "update job_results r set clicked_at = now(), payload = $4, updated_at = now()"
        " from jobs j, flow_runs f where r.id = $1 and r.worker_id = $2 and r.clicked_at is null"
        " and r.status = 'submitting' and j.id = r.job_id and j.status = 'in_progress'"
        " and f.id = $3 and f.job_id = j.id and f.leased_by = $2 and f.finished_at is null",
        result_id, worker_id, flow_id, payload,
    )  # fmt: skip
    return done == "UPDATE 1"


async def end(
    connection: Connection, result_id: UUID, worker_id: str | None, ending: SubmissionEnd
) -> Submission | None:
    """Write how an attempt ended; None when it is over already or belongs to another worker."""
    found = await connection.fetchrow(
        "update job_results set status = $3, reason = $4, error_message = $5,"
        " payload = coalesce($6, payload), response_log = $7, screenshot = $8, listing_url = $9,"
        " confirmation = $10, finished_at = now(), updated_at = now(), next_try_at = null"
        " where id = $1 and status = 'submitting' and ($2::text is null or worker_id = $2) returning *",
        result_id, worker_id, ending.status, ending.reason, ending.message or None,
        ending.payload, ending.response_log, ending.screenshot, ending.listing_url,
        ending.confirmation,
    )  # fmt: skip
    return rows.value_or_none(Submission, found)


async def put_over(
    connection: Connection,
    job_id: UUID,
    directory: OpenSubmission,
    key: str,
    reason: str,
    text: str,
) -> Submission | None:
    """Add the result of a directory that is skipped without a visit; None when it has one already."""
    found = await connection.fetchrow(
        "insert into job_results (job_id, directory_id, directory_name, status, idempotency_key, reason,"
        " error_message, finished_at) values ($1, $2, $3, 'skipped', $4, $5, $6, now())"
        " on conflict (job_id, directory_id) do nothing returning *",
        job_id, directory.directory_id, directory.directory_name, key, reason, text,
    )  # fmt: skip
    return rows.value_or_none(Submission, found)


async def try_later(
    connection: Connection, result_id: UUID, worker_id: str, at: datetime, message: str
) -> bool:
    """Plan another attempt of a submission of which nothing was sent."""
    done = await connection.execute(
        "update job_results set next_try_at = $3, error_message = $4, updated_at = now()"
        " where id = $1 and worker_id = $2 and status = 'submitting' and clicked_at is null",
        result_id, worker_id, at, message,
    )  # fmt: skip
    return done == "UPDATE 1"


async def adopt(connection: Connection, result_id: UUID, worker_id: str) -> bool:
    """Take over an attempt whose worker died after the click, to ask what became of it."""
    done = await connection.execute(
        "update job_results set worker_id = $2, updated_at = now()"
        " where id = $1 and status = 'submitting' and clicked_at is not null",
        result_id,
        worker_id,
    )
    return done == "UPDATE 1"


async def drop_unsent(connection: Connection, job_id: UUID) -> None:
    """Delete the first attempts of a stopped order that sent nothing: nothing happened."""
    await connection.execute(
        "delete from job_results where job_id = $1 and status = 'submitting' and clicked_at is null"
        " and revision = 0",
        job_id,
    )


async def skip_unsent(connection: Connection, job_id: UUID, message: str) -> list[Submission]:
    """End the re-submissions of a stopped order that sent nothing; their rows are kept for their past."""
    found = await connection.fetch(
        "update job_results set status = 'skipped', reason = 'cancelled', error_message = $2,"
        " next_try_at = null, finished_at = now(), updated_at = now() where job_id = $1"
        " and status = 'submitting' and clicked_at is null and revision > 0 returning *",
        job_id, message,
    )  # fmt: skip
    return rows.values(Submission, found)


async def interrupt_sent(connection: Connection, job_id: UUID, message: str) -> list[Submission]:
    """Hand the attempts of a stopped order that may have been sent to a person. Returns them."""
    found = await connection.fetch(
        "update job_results set status = 'needs_manual', reason = 'interrupted', error_message = $2,"
        " finished_at = now(), updated_at = now() where job_id = $1 and status = 'submitting'"
        " and clicked_at is not null returning *",
        job_id, message,
    )  # fmt: skip
    return rows.values(Submission, found)


async def is_listed_elsewhere(
    connection: Pool | Connection, identity: str, directory_id: UUID, job_id: UUID
) -> bool:
    """Whether the same business was, or may have been, submitted to a directory in another order."""
    found = await connection.fetchval(
        "select true from job_results r join jobs j on j.id = r.job_id"
        " join customers c on c.id = j.customer_id where c.identity = $1 and r.directory_id = $2"
        " and r.job_id <> $3 and (r.status = 'submitted' or r.clicked_at is not null) limit 1",
        identity,
        directory_id,
        job_id,
    )
    return bool(found)


async def resolve(
    connection: Connection,
    result_id: UUID,
    status: str,
    reason: str | None,
    text: str,
    url: str | None,
    reference: str | None,
) -> Submission | None:
    """End a submission that needs a person, as a person says; None when it does not need one.

    Without an address or a reference those that the row holds are kept.
    """
    found = await connection.fetchrow(
        "update job_results set status = $2, reason = $3, error_message = $4,"
        " listing_url = coalesce($5, listing_url), confirmation = coalesce($6, confirmation),"
        " finished_at = now(), updated_at = now()"
        " where id = $1 and status = 'needs_manual' returning *",
        result_id, status, reason, text or None, url, reference,
    )  # fmt: skip
    return rows.value_or_none(Submission, found)


async def unresolve(connection: Connection, result_id: UUID) -> bool:
    """Let a submission need a person as before somebody recorded its outcome; False where nobody did."""
    done = await connection.execute(
        "update job_results r set status = 'needs_manual', reason = coalesce(h.before->>'reason',"
        "  'outcome_unknown'), error_message = h.before->>'message',"
        " listing_url = h.before->>'listing_url', confirmation = h.before->>'confirmation',"
        " finished_at = now(), updated_at = now() from (select q.job_id, q.directory_name,"
        "  q.details->'before' as before, q.created_at from queue_history q"
        "  join job_results s on s.job_id = q.job_id and s.directory_name = q.directory_name"
        "  where s.id = $1 and q.event = 'manual_resolved' order by q.id desc limit 1) h"
        " where r.id = $1 and r.status in ('submitted', 'failed', 'skipped')"
        " and h.created_at >= r.finished_at",
        result_id,
    )
    return done == "UPDATE 1"


async def begin_anew(
    connection: Connection, result_id: UUID, key: str, statuses: Sequence[str]
) -> Submission | None:
    """Open a submission again under a new key and revision; None when it is in no state of `statuses`."""
    found = await connection.fetchrow(
        "update job_results set status = 'submitting', revision = revision + 1, idempotency_key = $2,"
        " reason = null, error_message = null, clicked_at = null, finished_at = null, worker_id = null,"
        " next_try_at = null, screenshot = null, confirmation = null, updated_at = now()"
        " where id = $1 and status = any($3::text[]) returning *",
        result_id, key, list(statuses),
    )  # fmt: skip
    return rows.value_or_none(Submission, found)


async def result(connection: Pool | Connection, result_id: UUID) -> IdentifiedSubmission | None:
    """One submission with the identity of its customer's business, or None."""
    found = await connection.fetchrow(
        "select r.*, c.identity from job_results r join jobs j on j.id = r.job_id"
        " join customers c on c.id = j.customer_id where r.id = $1",
        result_id,
    )
    return rows.value_or_none(IdentifiedSubmission, found)


async def of_job(connection: Pool | Connection, job_id: UUID) -> list[Submission]:
    """All results of an order in the order of its work list."""
    found = await connection.fetch(
        "select r.* from job_results r join job_directories l using (job_id, directory_id)"
        " where r.job_id = $1 order by l.position",
        job_id,
    )
    return rows.values(Submission, found)


async def erase(connection: Connection, jobs: Sequence[UUID]) -> list[str]:
    """Take the personal data out of results; returns what the names of their evidence files begin with."""
    found = await connection.fetch(
        "with old as (select id, screenshot from job_results where job_id = any($1::uuid[]))"
        " update job_results r set payload = '{}', response_log = '{}', screenshot = null,"
        " listing_url = null, confirmation = null, error_message = null from old where r.id = old.id"
        " returning old.id, old.screenshot",
        list(jobs),
    )
    return [name for row in found for name in _names(row["id"], row["screenshot"])]


def evidence_of(row: Submission) -> list[str]:
    """What the names of a result's evidence files begin with."""
    return _names(row.id, row.screenshot)


def _names(result_id: UUID, screenshot: str | None) -> list[str]:
    """An attempt that was cut off left files under its id, with no screenshot in its row."""
    named = screenshot.rpartition(".")[0] or screenshot if screenshot else None
    return [str(result_id), *([named] if named else [])]
