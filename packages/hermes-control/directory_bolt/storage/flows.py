"""Flow runs: the durable hand-over of an order to the engine that works it off."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from directory_bolt.core.rows.deliveries import FlowRun
from hermes_base.postgres import rows
from hermes_base.postgres.database import Connection, Pool


async def schedule(
    connection: Connection, job_id: UUID, engine: str, external_id: str | None = None
) -> FlowRun | None:
    """Add a flow run for an order, due now. None when the order has one that is not over."""
    row = await connection.fetchrow(
        "insert into flow_runs (job_id, engine, external_id) values ($1, $2, $3)"
        " on conflict (job_id) where finished_at is null do nothing returning *",
        job_id, engine, external_id,
    )  # fmt: skip
    if row is not None:
        await connection.execute("select pg_notify('hermes_flow', '{}')")
    return rows.value_or_none(FlowRun, row)


async def claim(
    pool: Pool, engine: str, worker_id: str, lease: float, busy: Sequence[UUID] = ()
) -> FlowRun | None:
    """Take the most urgent flow run of an engine that is due: new, or of a worker that went silent.

    `busy`: what this worker has under way; its leases may have lapsed while the database was away.
    The lease doubles with every worker that went silent without getting on, up to 16 times `lease`
    seconds: so the attempts of an order outlast a bad quarter of an hour, and one that kills its
    workers does so ever more rarely.
    """
    found = await pool.fetchrow(
        "update flow_runs f set state = 'running', leased_by = $1, attempts = f.attempts + 1,"
        " due_at = clock_timestamp() + make_interval(secs => $2 * least(power(2, f.attempts), 16)),"
        " started_at = coalesce(f.started_at, clock_timestamp()) where f.id = ("
        "  select r.id from flow_runs r join jobs j on j.id = r.job_id where r.engine = $4"
        "  and r.finished_at is null and r.due_at <= clock_timestamp() and r.id <> all($3::uuid[])"
        "  order by j.priority, r.created_at limit 1 for update of r skip locked) returning f.*",
        worker_id, lease, list(busy), engine,
    )  # fmt: skip
    return rows.value_or_none(FlowRun, found)


async def handed_over(pool: Pool, flow_id: UUID, external_id: str) -> None:
    """Write down the engine's own id of a flow run, unless one is there already."""
    await pool.execute(
        "update flow_runs set external_id = coalesce(external_id, $2) where id = $1",
        flow_id,
        external_id,
    )


async def replaced(
    connection: Connection, flow_id: UUID, lost: str, external_id: str
) -> FlowRun | None:
    """Replace the engine's run `lost` by its follower; None when that was done, or the flow is over."""
    found = await connection.fetchrow(
        "update flow_runs set external_id = $3, attempts = greatest(attempts, 1) + 1"
        " where id = $1 and external_id = $2 and finished_at is null returning *",
        flow_id, lost, external_id,
    )  # fmt: skip
    return rows.value_or_none(FlowRun, found)


async def take(
    pool: Pool, engine: str, flow_id: UUID, worker_id: str, lease: float
) -> FlowRun | None:
    """Give a flow run to a run of an engine that starts its own runs, for `lease` seconds.

    An earlier run of it loses its hold. None when the flow is over, or belongs to another engine.
    """
    found = await pool.fetchrow(
        "update flow_runs set state = 'running', leased_by = $2, attempts = greatest(attempts, 1),"
        " due_at = clock_timestamp() + make_interval(secs => $3),"
        " started_at = coalesce(started_at, clock_timestamp())"
        " where id = $1 and engine = $4 and finished_at is null returning *",
        flow_id, worker_id, lease, engine,
    )  # fmt: skip
    return rows.value_or_none(FlowRun, found)


async def unfinished(pool: Pool, engine: str) -> list[FlowRun]:
    """Flow runs of an engine that are not over."""
    found = await pool.fetch(
        "select * from flow_runs where engine = $1 and finished_at is null order by created_at",
        engine,
    )
    return rows.values(FlowRun, found)


async def keep(pool: Pool, flow_id: UUID, worker_id: str, lease: float) -> bool:
    """Renew a lease for as long as `claim` gave it; False when another worker has it, or it is over."""
    done = await pool.execute(
        "update flow_runs set due_at = clock_timestamp()"
        " + make_interval(secs => $3 * least(power(2, greatest(attempts, 1) - 1), 16))"
        " where id = $1 and leased_by = $2 and finished_at is null",
        flow_id, worker_id, lease,
    )  # fmt: skip
    return done == "UPDATE 1"


async def progressed(connection: Connection, flow_id: UUID) -> None:
    """Count the attempts anew, because a directory was done: this flow does not kill its workers."""
    await connection.execute("update flow_runs set attempts = 1 where id = $1", flow_id)


async def release(pool: Pool, worker_id: str, flow_id: UUID | None = None) -> None:
    """Release all flow runs of a worker, or one, so that another may claim it now; no attempt counts."""
    await pool.execute(
        "update flow_runs set leased_by = null, due_at = now(), attempts = attempts - 1,"
        " state = 'scheduled' where leased_by = $1 and finished_at is null"
        " and ($2::uuid is null or id = $2)",
        worker_id, flow_id,
    )  # fmt: skip


async def finish(
    connection: Connection, flow_id: UUID, worker_id: str | None, state: str, detail: str = ""
) -> bool:
    """End a flow run; False when it is over or another worker holds it."""
    done = await connection.execute(
        "update flow_runs set state = $3, detail = $4, finished_at = now(), due_at = null,"
        " leased_by = null where id = $1 and ($2::text is null or leased_by = $2)"
        " and finished_at is null",
        flow_id, worker_id, state, detail,
    )  # fmt: skip
    return done == "UPDATE 1"


async def holds(connection: Connection, flow_id: UUID, worker_id: str) -> bool:
    """Whether a worker still holds a flow; locks it until the transaction ends."""
    found = await connection.fetchval(
        "select true from flow_runs where id = $1 and leased_by = $2 and finished_at is null for update",
        flow_id, worker_id,
    )  # fmt: skip
    return bool(found)


async def open_flow(connection: Pool | Connection, job_id: UUID) -> FlowRun | None:
    """The flow run of an order that is not over, if there is one."""
    found = await connection.fetchrow(
        "select * from flow_runs where job_id = $1 and finished_at is null", job_id
    )
    return rows.value_or_none(FlowRun, found)


async def lock_open_flow(connection: Connection, job_id: UUID) -> FlowRun | None:
    """The same, locked until the transaction ends: before the order itself, as its worker locks them."""
    found = await connection.fetchrow(
        "select * from flow_runs where job_id = $1 and finished_at is null for update", job_id
    )
    return rows.value_or_none(FlowRun, found)


async def lapsed(pool: Pool, engine: str, before: datetime) -> list[FlowRun]:
    """Flow runs of an engine that were due before a time and that no worker has claimed."""
    found = await pool.fetch(
        "select * from flow_runs where engine = $1 and finished_at is null and due_at < $2",
        engine,
        before,
    )
    return rows.values(FlowRun, found)


async def flow(connection: Pool | Connection, flow_id: UUID) -> FlowRun | None:
    """A flow run by its id; None where there is none."""
    found = await connection.fetchrow("select * from flow_runs where id = $1", flow_id)
    return rows.value_or_none(FlowRun, found)
