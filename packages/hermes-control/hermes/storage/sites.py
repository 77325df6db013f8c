"""Sites: what the fleet works on."""

from typing import Any
from uuid import UUID

from asyncpg import Record, UniqueViolationError

from hermes.core.sites.site import Site
from hermes_base.postgres.database import Connection, Pool, Reader


def _site(row: Record) -> Site:
    names = ("id", "name", "base_url", "is_demo", "settings", "updated_at")
    return Site(*(row[name] for name in names))


async def sites(pool: Reader) -> list[Site]:
    """All sites by name; the demo site last."""
    rows = await pool.fetch("select * from sites order by is_demo, lower(name), id")
    return [_site(row) for row in rows]


async def named(pool: Reader, only: UUID | None, limit: int) -> list[Record]:
    """(id, name, how many there are) of the first sites by name; the demo site last."""
    return await pool.fetch(
        "select id, name, count(*) over ()::int as total from sites where $1::uuid is null or id = $1"
        " order by is_demo, lower(name), id limit $2",
        only,
        limit,
    )


async def site(pool: Reader, site_id: UUID) -> Site | None:
    """One site, or None."""
    row = await pool.fetchrow("select * from sites where id = $1", site_id)
    return _site(row) if row else None


async def add_site(
    connection: Pool | Connection,
    name: str,
    base_url: str,
    settings: dict[str, Any],
    *,
    is_demo: bool,
) -> Site | None:
    """A new site; None when its address is taken."""
    row = await connection.fetchrow(
        "insert into sites (name, base_url, settings, is_demo) values ($1, $2, $3, $4)"
        " on conflict (base_url) do nothing returning *",
        name, base_url, settings, is_demo,
    )  # fmt: skip
    return _site(row) if row else None


async def lock_site(connection: Connection, site_id: UUID) -> Site | None:
    """One site, kept from changes, from deletion and from new test jobs until the transaction ends."""
    row = await connection.fetchrow("select * from sites where id = $1 for update", site_id)
    return _site(row) if row else None


async def change_site(
    connection: Connection, site_id: UUID, name: str, base_url: str, settings: dict[str, Any]
) -> Site | None:
    """The site as it is now; None when its address is taken, and then the transaction is lost."""
    try:
        row = await connection.fetchrow(
            "update sites set name = $2, base_url = $3, settings = $4, updated_at = now()"
            " where id = $1 returning *",
            site_id, name, base_url, settings,
        )  # fmt: skip
    except UniqueViolationError:
        return None
    return _site(row) if row else None


async def work_under_way(connection: Connection, site_id: UUID) -> int:
    """Runs of a site that have not ended, or whose worker has not confirmed that it has ended."""
    count = await connection.fetchval(
        "select count(*) from service_runs where site_id = $1"
        " and (status in ('queued', 'running') or holds_slot)",
        site_id,
    )
    return int(count or 0)


async def delete_site(connection: Connection, site_id: UUID) -> None:
    """Forget a site with its test jobs, runs and evidence."""
    await connection.execute("delete from sites where id = $1", site_id)


async def put_demo_site(
    connection: Pool | Connection, name: str, base_url: str, settings: dict[str, Any]
) -> Site:
    """The one demo site, moved to the address where the sandbox serves it now."""
    row = await connection.fetchrow(
        "with moved as (update sites set base_url = $2, settings = settings || $3, updated_at = now()"
        "  where is_demo returning *),"
        " added as (insert into sites (name, base_url, settings, is_demo)"
        "  select $1, $2, $3, true where not exists (select from moved) returning *)"
        " select * from moved union all select * from added",
        name, base_url, settings,
    )  # fmt: skip
    assert row is not None, "one of the two branches always returns a row"  # noqa: S101
    return _site(row)
