"""Evidence of runs: kept for the newest runs of a service, and for its last failure beyond them."""

from hermes_base.postgres.database import Pool

KEPT = 20


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
