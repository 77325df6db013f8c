"""Migrations: each once, whoever comes first; another schema is refused with the command to run."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable

import asyncpg
import pytest

from hermes_base.postgres import schema
from hermes_base.postgres.database import Pool, open_pool
from hermes_base.problems import Problem
from tests.support.database import Server


@pytest.fixture
async def empty(server: Server) -> AsyncGenerator[Pool]:
    """A database with nothing in it."""
    url = await server.database()
    pool = await open_pool(url, size=8)
    await pool.execute("drop schema public cascade; create schema public")
    yield pool
    await pool.close()
    await server.drop(url)


async def test_ten_migrations_at_once_apply_each_file_once(empty: Pool) -> None:
    done = await asyncio.gather(*(schema.migrate(empty) for _ in range(8)))
    names = [name for _, name, _ in schema.migrations()]
    assert sorted(name for applied in done for name in applied) == names
    await schema.require_current(empty)


async def test_an_empty_database_is_refused_with_the_command_to_run(empty: Pool) -> None:
    with pytest.raises(Problem) as refused:
        await schema.require_current(empty)
    assert (refused.value.code, refused.value.hint) == ("schema_old", "Run: hermes migrate")


async def test_a_newer_schema_is_refused(empty: Pool) -> None:
    await schema.migrate(empty)
    await empty.execute("insert into schema_migrations values (9999, 'future', '')")
    with pytest.raises(Problem) as refused:
        await schema.require_current(empty)
    assert refused.value.code == "schema_newer"


async def test_a_gap_below_the_newest_migration_is_refused_with_its_name(empty: Pool) -> None:
    await schema.migrate(empty)
    await empty.execute("delete from schema_migrations where number = 2")
    with pytest.raises(Problem) as refused:
        await schema.require_current(empty)
    assert (refused.value.code, refused.value.hint) == ("schema_old", "Run: hermes migrate")
    names = {number: name for number, name, _ in schema.migrations()}
    assert refused.value.message == f"The database lacks migration {names[2]}."


@pytest.mark.parametrize("check", [schema.migrate, schema.require_current])
async def test_a_migration_that_was_changed_afterwards_is_refused(
    empty: Pool, check: Callable[[Pool], Awaitable[object]]
) -> None:
    await schema.migrate(empty)
    await empty.execute("update schema_migrations set checksum = 'other' where number = 3")
    with pytest.raises(Problem) as refused:
        await check(empty)
    assert refused.value.code == "migration_changed"


async def test_a_migration_that_fails_leaves_nothing_of_itself(
    empty: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = [(1, "0001_x.sql", "create table half (n int); select nonsense")]
    monkeypatch.setattr(schema, "migrations", lambda: broken)
    with pytest.raises(asyncpg.PostgresError):
        await schema.migrate(empty)
    assert await empty.fetchval("select to_regclass('half')") is None
    assert await empty.fetchval("select count(*) from schema_migrations") == 0


async def test_a_run_type_has_no_default(empty: Pool) -> None:
    await schema.migrate(empty)
    column = await empty.fetchrow(
        "select column_default from information_schema.columns"
        " where table_name = 'service_runs' and column_name = 'run_type'"
    )
    assert column is not None, "there is such a column"
    assert column["column_default"] is None
