"""Artifacts of runs, and what ended runs delivered: what workers build on, through Hermes alone."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from asyncpg import Record

from hermes_base.postgres.database import Connection, Pool, Reader

KEPT = 20


async def put(connection: Connection, found: Mapping[UUID, Mapping[str, Any]]) -> None:
    """Keep the artifacts of runs; a run has one set of them."""
    if found:
        rows = [{"run_id": run_id, "artifacts": dict(each)} for run_id, each in found.items()]
        await connection.execute(
            "insert into run_artifacts (run_id, artifacts)"
            " select run_id, artifacts from jsonb_to_recordset($1) as v (run_id uuid, artifacts jsonb)"
            " on conflict (run_id) do update set artifacts = excluded.artifacts",
            rows,
        )


async def delivered(
    pool: Reader, site_id: UUID, slug: str, run_type: str | None, limit: int
) -> list[Record]:
    """The newest runs of a service that delivered something, each with its artifacts."""
    return await pool.fetch(
        "select r.*, coalesce(a.artifacts, '{}') as artifacts from service_runs r"
        " left join run_artifacts a on a.run_id = r.id"
        " where site_id = $1 and service_slug = $2 and run_type <> 'connection'"
        " and ($3::text is null or run_type = $3) and status in ('success', 'partial')"
        " order by created_at desc, r.id desc limit $4",
        site_id, slug, run_type, limit,
    )  # fmt: skip


async def prune(pool: Pool, kept: int = KEPT) -> int:
    """Forget the artifacts of older runs: per site, service and type the newest stay."""
    done = await pool.execute(
        "delete from run_artifacts where run_id in (select id from ("
        " select r.id, row_number() over (partition by site_id, service_slug, run_type"
        "  order by created_at desc, r.id desc) as n"
        " from run_artifacts join service_runs r on r.id = run_id) seen where n > $1)",
        kept,
    )
    return int(done.split()[-1])
