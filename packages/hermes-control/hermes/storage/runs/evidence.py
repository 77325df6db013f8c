"""Evidence of runs: kept for the newest runs of a service, and for its last failure beyond them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from hermes_base.postgres.database import Connection, Pool

KEPT = 20


async def put(connection: Connection, found: Mapping[UUID, Mapping[str, Any]]) -> None:
    """Merge evidence into that of each run, by kind of exchange."""
    if found:
        seen = [{"run_id": run_id, "evidence": each} for run_id, each in found.items()]
        await connection.execute(
            "insert into run_evidence (run_id, evidence)"
            " select run_id, evidence from jsonb_to_recordset($1) as v (run_id uuid, evidence jsonb)"
            " on conflict (run_id) do update"
            " set evidence = run_evidence.evidence || excluded.evidence, updated_at = now()",
            seen,
        )


async def prune(pool: Pool, kept: int = KEPT) -> int:
    """Forget the evidence of older runs: per site and service the newest stay, and the last failure."""
    done = await pool.execute(
        "delete from run_evidence where run_id in (select id from ("
        " select r.id, r.status = 'failed' as failed,"
        "  row_number() over (partition by site_id, service_slug order by created_at desc, r.id desc) as n,"
        "  row_number() over (partition by site_id, service_slug, r.status = 'failed'"
        "   order by created_at desc, r.id desc) as among_its_kind"
        " from run_evidence join service_runs r on r.id = run_id where r.finished_at is not null) seen"
        " where n > $1 and not (failed and among_its_kind = 1))",
        kept,
    )
    return int(done.split()[-1])
