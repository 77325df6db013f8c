"""Numbered SQL migrations, each applied once, under an advisory lock; an old schema is refused."""

import hashlib
from collections.abc import Sequence
from importlib.resources import files

from hermes_base.postgres.database import Connection, Pool
from hermes_base.problems import Problem

LOCK = 4_837_001
IS_THERE = "select to_regclass('schema_migrations') is not null"
TABLE = (
    "create table schema_migrations (number integer primary key, name text not null,"
    " checksum text not null, applied_at timestamptz not null default now())"
)
OLDEST_SERVER = 150_000


def migrations() -> list[tuple[int, str, str]]:
    """(number, name, SQL) of every migration, in order."""
    folder = files("hermes_base.postgres") / "migrations"
    names = sorted(f.name for f in folder.iterdir() if f.name.endswith(".sql"))
    return [(int(n.split("_")[0]), n, (folder / n).read_text("utf-8")) for n in names]


async def migrate(pool: Pool) -> list[str]:
    """Apply what is missing, each migration in a transaction of its own. Returns the names applied."""
    async with pool.acquire() as connection:
        await _require_server(connection)
        async with connection.transaction():
            await connection.execute("select pg_advisory_xact_lock($1)", LOCK)
            if not await connection.fetchval(IS_THERE):
                await connection.execute(TABLE)
        return [
            name
            for number, name, sql in migrations()
            if await _apply(connection, number, name, sql)
        ]


async def _apply(connection: Connection, number: int, name: str, sql: str) -> bool:
    """Apply one migration unless it was. The lock is the transaction's: a session's would stay behind in
    a pooler."""
    async with connection.transaction():
        await connection.execute("select pg_advisory_xact_lock($1)", LOCK)
        known = await _checksums(connection)
        if number in known:
            _require_same(known[number], name, sql)
            return False
        await connection.execute(sql)
        await connection.execute(
            "insert into schema_migrations (number, name, checksum) values ($1, $2, $3)",
            number, name, _checksum(sql),
        )  # fmt: skip
    return True


async def require_current(pool: Pool) -> None:
    """Raises `schema_newer`, `schema_old` or `migration_changed` unless the database has exactly our
    migrations."""
    have, ours = await _checksums(pool), migrations()
    unknown = sorted(have.keys() - {number for number, _, _ in ours})
    missing = [name for number, name, _ in ours if number not in have]
    if unknown:
        message = f"The database has {_named(unknown)}, which this version of Hermes does not know."
        raise Problem("schema_newer", message, "Install the newer Hermes version that migrated it.")
    if missing:
        message = f"The database lacks {_named(missing)}."
        raise Problem("schema_old", message, "Run: hermes migrate")
    for number, name, sql in ours:
        _require_same(have[number], name, sql)


async def _checksums(pool: Pool | Connection) -> dict[int, str]:
    """Of the migrations that were applied, by number; empty where nobody ever migrated."""
    if not await pool.fetchval(IS_THERE):
        return {}
    rows = await pool.fetch("select number, checksum from schema_migrations")
    return {row["number"]: row["checksum"] for row in rows}


def _named(found: Sequence[int | str]) -> str:
    """`migration 0003_runs.sql`, `migrations 7, 8, 9 and 4 more`."""
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    return f"migration{'s' * (len(found) > 1)} {', '.join(map(str, found[:3]))}{more}"


async def _require_server(connection: Connection) -> None:
    version = int(str(await connection.fetchval("show server_version_num")))
    if version < OLDEST_SERVER:
        raise Problem(
            "server_old",
            f"The PostgreSQL server is version {version // 10_000}.",
            "Hermes needs PostgreSQL 15 or newer.",
        )


def _require_same(checksum: str, name: str, sql: str) -> None:
    if checksum != _checksum(sql):
        message = f"Migration {name} in the database differs from the installed one."
        raise Problem("migration_changed", message, "Install the Hermes version that wrote it.")


def _checksum(sql: str) -> str:
    return hashlib.sha256(sql.encode()).hexdigest()
