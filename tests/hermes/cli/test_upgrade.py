"""The documented upgrade, from a database and home that an earlier version wrote: nothing is lost, everything opens."""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import asyncpg
import pytest

from hermes_base.home import make_home
from hermes_base.postgres import schema
from hermes_base.postgres.database import open_pool
from hermes_base.problems import Problem
from hermes_base.settings import Settings
from tests.hermes.cli.test_backup import empty_database, run, settings_of
from tests.support.database import Server
from tests.support.served import PASSWORD
from tests.support.waiting import until

DATA = Path(__file__).parent / "before" / "schema7.sql"
LAST = 7
TOKEN = "hermes_xVl3-zK80W-n9ZWsqtc8ZxP6rz_VfuJjIBAxm4Xl9LE"
MERGED = "order_alerts"
"""Into `alerts`, by the eighth migration."""
NOT_DATA = {"schema_migrations", "runners", "worker_heartbeats", "sessions", "sign_in_tries"}
PAGES = ("/", "/sites/{site}/integrations", "/sites/{site}/services/content_qa", "/runs/{run}", "/jobs/{job}",
    "/alerts", "/staff/dashboard", "/staff/jobs/{order}", "/staff/manual", "/staff/directories", "/settings/schedules",
    "/settings/waivers", "/settings/alerts", "/settings/audit", "/settings/users", "/settings/tokens")  # fmt: skip


async def old_installation(server: Server, home: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A database of the earlier schema with its data, and a home with keys and evidence."""
    settings = settings_of(await empty_database(server), home)
    pool = await open_pool(settings.database_url, size=1)
    with monkeypatch.context() as patch:
        known = [each for each in schema.migrations() if each[0] <= LAST]
        patch.setattr(schema, "migrations", lambda: known)
        await schema.migrate(pool)
    await pool.execute("delete from alert_rule")
    await pool.execute(DATA.read_text("utf-8"))
    await pool.close()
    make_home(settings)
    settings.customer_link_file.write_text("ab" * 32)
    settings.evidence.mkdir()
    (settings.evidence / "1.png").write_bytes(b"picture")
    return settings


async def counts(settings: Settings) -> dict[str, int]:
    """Rows by table, as far as they are data."""
    connection = await asyncpg.connect(settings.database_url)
    names = await connection.fetch("select tablename from pg_tables where schemaname = 'public'")
    found = {
        str(row[0]): await connection.fetchval(f"select count(*) from {row[0]}") for row in names
    }
    await connection.close()
    return {name: number for name, number in found.items() if name not in NOT_DATA}


def as_it_is_now(old: Mapping[str, int]) -> dict[str, int]:
    """What an earlier database holds, where this version keeps it."""
    found = {**old, "alerts": old["alerts"] + old[MERGED]}
    del found[MERGED]
    return found


async def ids(settings: Settings) -> dict[str, str]:
    connection = await asyncpg.connect(settings.database_url)
    tables = {"site": "sites", "run": "service_runs", "job": "test_jobs", "order": "jobs"}
    found = {
        name: str(await connection.fetchval(f"select id from {table} limit 1"))
        for name, table in tables.items()
    }
    await connection.close()
    return found


@asynccontextmanager
async def web_server(settings: Settings) -> AsyncGenerator[str]:
    """`hermes serve` on this installation; its address."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HERMES_")}
    given = {"HERMES_HOME": str(settings.home), "HERMES_DATABASE_URL": settings.database_url, "HERMES_PORT": "0"}  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hermes", "serve", env={**kept, **given},
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        await until(lambda: _answers(settings), "the web server answers")
        yield settings.address_file.read_text("utf-8").strip()
    finally:
        process.terminate()
        await process.wait()


async def _answers(settings: Settings) -> bool:
    if not settings.address_file.exists():
        return False
    url = settings.address_file.read_text("utf-8").strip()
    try:
        async with aiohttp.ClientSession(url) as http, http.get("/health") as answer:
            return answer.status == 200
    except aiohttp.ClientConnectorError:  # told before it listens
        return False


async def require_whole(settings: Settings) -> None:
    """Old tokens and passwords let in, and every page of the old data opens."""
    async with web_server(settings) as url, aiohttp.ClientSession(url, cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:  # fmt: skip
        async with http.get("/api/sites", headers={"Authorization": f"Bearer {TOKEN}"}) as answer:
            assert (answer.status, len(await answer.json())) == (200, 1)
        form = {"email": "ann@example.com", "password": PASSWORD, "back": "/"}
        async with http.post("/sign-in", data=form, headers={"Origin": url}) as answer:
            assert answer.status == 200, await answer.text()
        named = await ids(settings)
        asked = [page.format(**named) for page in PAGES]
        statuses: dict[str, int] = {}
        for page in asked:
            async with http.get(page) as answer:
                statuses[page] = answer.status
        assert statuses == dict.fromkeys(asked, 200)


async def test_an_installation_of_an_earlier_version_is_backed_up_upgraded_and_restored_whole(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = await old_installation(server, tmp_path / "home", monkeypatch)
    before, archive = await counts(old), tmp_path / "before.tar.gz"
    pool = await open_pool(old.database_url, size=1)
    with pytest.raises(Problem, match="The database lacks"):
        await schema.require_current(pool)
    await pool.close()
    code, said = await run(old, "backup", str(archive))
    assert code == 0, said
    code, said = await run(old, "migrate")
    assert code == 0, said
    kept = as_it_is_now(before)
    assert before["jobs"] == 2
    assert {name: number for name, number in (await counts(old)).items() if name in kept} == kept
    await require_whole(old)
    again = settings_of(await empty_database(server), tmp_path / "again")
    code, said = await run(again, "restore", str(archive))
    assert code == 0, said
    assert await counts(again) == {**await counts(old), "audit_events": before["audit_events"]}
    assert (again.evidence / "1.png").read_bytes() == b"picture"
    assert again.token_file.read_text() == old.token_file.read_text()
