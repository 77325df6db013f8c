"""The knowledge base in PostgreSQL: filled from the data that ships, and searched."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from asyncpg import Record

from hermes.core.knowledge import Knowledge, read
from hermes_base.postgres.database import Connection, Pool

LOCK = 4_837_006


@cache
def shipped() -> Knowledge:
    """The entries that ship in `hermes.knowledge`, validated; read once."""
    folder = files("hermes.knowledge")
    found = [each for each in folder.iterdir() if each.name.endswith(".toml")]
    return read({each.name: each.read_text("utf-8") for each in found})


async def keep_current(pool: Pool, knowledge: Knowledge) -> bool:
    """Fill the table when it holds another version: new data comes without a migration. True if so."""
    if await _version(pool) == knowledge.version:
        return False
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("select pg_advisory_xact_lock($1)", LOCK)
        if await _version(connection) == knowledge.version:
            return False
        await _fill(connection, knowledge)
    return True


async def _version(source: Pool | Connection) -> str | None:
    """Which version the table holds; None when it was never filled."""
    return await source.fetchval("select version from knowledge_version")


async def _fill(connection: Connection, knowledge: Knowledge) -> None:
    """Replace everything, in the caller's transaction."""
    rows = [
        (
            each.id, each.topic, each.title, each.advice, each.why, each.check, each.tip,
            list(each.applies_to), each.evidence,
            [knowledge.documents[name].model_dump() for name in each.sources], each.reviewed,
        )
        for each in knowledge.entries
    ]  # fmt: skip
    await connection.execute("delete from knowledge_entries")
    await connection.executemany(
        "insert into knowledge_entries (id, topic, title, advice, why, how_to_check, tip,"
        " applies_to, evidence, sources, reviewed)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        rows,
    )
    await connection.execute(
        "insert into knowledge_version (version) values ($1)"
        " on conflict (only_row) do update set version = excluded.version",
        knowledge.version,
    )


async def search(
    pool: Pool, words: str, findings: Sequence[str] | None, limit: int
) -> list[Record]:
    """Entries that answer one of the findings (None: any) and hold the words (empty: any), best first.

    What holds every word comes before what holds some; a query that excludes words stays strict.
    """
    return await pool.fetch(
        "with asked as (select websearch_to_tsquery('english', $1) as every),"
        " loose as (select every, case when every::text like '%!%' then every"
        "  else replace(every::text, ' & ', ' | ')::tsquery end as some from asked)"
        " select e.*, ts_rank(e.words, loose.some, 1)::float8 as rank"
        " from knowledge_entries e, loose"
        " where ($1 = '' or e.words @@ loose.some)"
        " and ($2::text[] is null or e.applies_to && $2)"
        " order by (e.words @@ loose.every) desc, rank desc, e.topic, e.id limit $3",
        words, findings, limit,
    )  # fmt: skip
