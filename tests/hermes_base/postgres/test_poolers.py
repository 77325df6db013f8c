"""A real pgbouncer between us and the server, in both modes (F12): what works through it, and what is said of it."""

import asyncio
import os
import shutil
import socket
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from hermes_base.cli.database import examine_database
from hermes_base.postgres import schema
from hermes_base.postgres.database import open_pool
from hermes_base.postgres.listening import Listener
from hermes_base.postgres.opening import connect, listening_address, migrate
from hermes_base.postgres.poolers import has_pooler, shares_sessions
from hermes_base.problems import Problem
from hermes_base.settings import Settings, load
from tests.support.ports import held_port
from tests.support.waiting import until

pytestmark = pytest.mark.pgbouncer


@asynccontextmanager
async def pgbouncer(url: str, mode: str) -> AsyncGenerator[str]:
    """pgbouncer before a database of the tests; the URL through it. Two servers, so that they are mixed."""
    parts = urlsplit(url)
    name, where = parts.path.strip("/"), parse_qs(parts.query)["host"][0]
    folder = Path(tempfile.mkdtemp(prefix="pgbouncer-"))
    os.chmod(folder, 0o755)  # noqa: PTH101, S103  # read by `nobody`
    with held_port() as port:
        pass
    (folder / "pgbouncer.ini").write_text(
        f"[databases]\n{name} = host={where} dbname={name} user=hermes pool_size=3\n"
        f"[pgbouncer]\nlisten_addr=127.0.0.1\nlisten_port={port}\nauth_type=any\nunix_socket_dir=\n"
        f"pool_mode={mode}\nserver_round_robin=1\nignore_startup_parameters=extra_float_digits,search_path\n"
    )
    command = ["pgbouncer", "-q", str(folder / "pgbouncer.ini")]
    if os.geteuid() == 0:
        command[1:1] = ["-u", "nobody"]
    process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.DEVNULL)

    def listens() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    try:
        await until(listens, "pgbouncer listens")
        yield f"postgresql://hermes@127.0.0.1:{port}/{name}"
    finally:
        process.terminate()
        await process.wait()
        shutil.rmtree(folder)


def settings_of(url: str, folder: Path, direct: str = "") -> Settings:
    named = {"HERMES_DATABASE_URL": url, "HERMES_HOME": str(folder)}
    return load({**named, **({"HERMES_DATABASE_DIRECT_URL": direct} if direct else {})})


async def test_in_transaction_mode_all_statements_work_and_listening_asks_for_a_direct_address(
    database_url: str, tmp_path: Path
) -> None:
    """F12: raw tracebacks of 60 lines from `migrate` and `up`, and not a word of the pooler."""
    async with pgbouncer(database_url, "transaction") as url:
        assert await has_pooler(url)
        assert await shares_sessions(url)
        settings = settings_of(url, tmp_path)
        assert await migrate(settings) == []
        pool = await connect(settings, size=6)
        try:
            found = await asyncio.gather(
                *(pool.fetchval("select $1::jsonb", {"number": n}) for n in range(60)),
                *(pool.execute("select $1::text", f"x{n}") for n in range(60)),
            )
        finally:
            await pool.close()
        assert found[:60] == [{"number": n} for n in range(60)]
        with pytest.raises(Problem, match="LISTEN receives nothing") as refused:
            await listening_address(settings)
        assert "HERMES_DATABASE_DIRECT_URL" in refused.value.hint
        checks = {check.name: check for check in await examine_database(settings)}
        assert (checks["Pooler"].state, checks["Pooler"].text) == ("not ready", "one in transaction mode")  # fmt: skip
        settings = settings_of(url, tmp_path, database_url)
        assert {c.name: c.state for c in await examine_database(settings)}["Pooler"] == "ready"


async def test_in_session_mode_everything_works_and_notifications_are_heard(
    database_url: str, tmp_path: Path
) -> None:
    async with pgbouncer(database_url, "session") as url:
        settings = settings_of(url, tmp_path)
        assert not await shares_sessions(url)
        listener = Listener(await listening_address(settings))
        heard: list[object] = []
        listener.subscribe("hermes", heard.append)
        task = asyncio.create_task(listener.run())
        await until(lambda: listener.connected, "the listener is connected")
        pool = await connect(settings, size=1)
        await pool.execute("select pg_notify('hermes', '{\"a\": 1}')")
        await until(lambda: {"a": 1} in heard, "the notification is heard")
        await pool.close()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        checks = {check.name: check.text for check in await examine_database(settings)}
        assert checks["Pooler"] == "one that keeps sessions apart"


async def test_a_server_itself_is_no_pooler(database_url: str, tmp_path: Path) -> None:
    settings = settings_of(database_url, tmp_path)
    assert not await has_pooler(database_url)
    found = {check.name: (check.state, check.text) for check in await examine_database(settings)}
    assert found["Pooler"] == ("ready", "none")
    assert found["Encoding"] == ("ready", "UTF8")
    assert found["Schema"][0] == "ready"
    assert found["TLS"] == ("ready", "not needed: a socket of this machine")


async def test_who_may_not_change_the_schema_is_told_so_in_a_sentence(
    database_url: str, tmp_path: Path
) -> None:
    """F12: missing CREATE on schema public and a read-only role: raw tracebacks."""
    owner = await asyncpg.connect(database_url)
    await owner.execute("drop schema public cascade; create schema public; revoke all on schema public from public; drop role if exists reader; create role reader login")  # fmt: skip
    try:
        url = database_url.replace("hermes@", "reader@")
        with pytest.raises(Problem, match="may not change the schema") as refused:
            await migrate(settings_of(url, tmp_path))
        assert refused.value.code == "database_rights"
        read_only = f"{database_url}&options=-c%20default_transaction_read_only%3Don"
        with pytest.raises(Problem, match="may not change the schema"):
            await migrate(settings_of(read_only, tmp_path))
    finally:
        await owner.execute("drop owned by reader; drop role reader")
        await owner.close()


async def test_a_parameter_that_the_server_does_not_know_is_named(
    database_url: str, tmp_path: Path
) -> None:
    """F13: told with what to do, and without a traceback."""
    with pytest.raises(Problem, match="nonsense") as refused:
        await connect(settings_of(f"{database_url}&nonsense=1", tmp_path))
    assert "Remove that parameter" in refused.value.hint


async def test_migrations_that_race_are_applied_once(server: object, database_url: str) -> None:
    pools = [await open_pool(database_url, size=1) for _ in range(4)]
    await pools[0].execute("drop schema public cascade; create schema public")
    done = await asyncio.gather(*(schema.migrate(pool) for pool in pools))
    applied = [name for names in done for name in names]
    assert sorted(applied) == [name for _, name, _ in schema.migrations()]
    for pool in pools:
        await pool.close()
