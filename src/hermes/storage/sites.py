"""Sites: what the fleet works on."""

from typing import Any
from uuid import UUID

from asyncpg import Record

from hermes.core.runs import Site
from hermes.storage.database import Connection, Pool


def _site(row: Record) -> Site:
    return Site(row["id"], row["name"], row["base_url"], row["is_demo"], row["settings"])


async def sites(pool: Pool | Connection) -> list[Site]:
    """All sites by name; the demo site last."""
    rows = await pool.fetch("select * from sites order by is_demo, lower(name), id")
    return [_site(row) for row in rows]


async def site(pool: Pool | Connection, site_id: UUID) -> Site | None:
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
