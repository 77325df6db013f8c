"""`hermes backup` and `hermes restore`: everything is there again, or nothing is touched."""

import asyncio
import os
import sys
import tarfile
from pathlib import Path

import asyncpg
import pytest

from hermes_base.home import make_home
from hermes_base.postgres import schema
from hermes_base.settings import Settings, load
from tests.support.database import Server


async def run(settings: Settings, *words: str) -> tuple[int | None, str]:
    """A command as a process, on this database and home."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HERMES_")}
    given = {"HERMES_HOME": str(settings.home), "HERMES_DATABASE_URL": settings.database_url}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hermes", *words, env={**kept, **given},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await process.communicate()
    return process.returncode, " ".join(said.decode().split())


def settings_of(url: str, home: Path) -> Settings:
    return load({"HERMES_HOME": str(home), "HERMES_DATABASE_URL": url})


async def empty_database(server: Server) -> str:
    url = await server.database()
    connection = await asyncpg.connect(url)
    await connection.execute("drop schema public cascade; create schema public")
    await connection.close()
    return url


async def test_a_backup_of_an_older_schema_is_restored_whole_and_brought_up_to_date(
    server: Server, database_url: str, tmp_path: Path
) -> None:
    """S22: token, keys and evidence are files outside a dump, and nothing said how to keep them."""
    settings = settings_of(database_url, tmp_path / "home")
    make_home(settings)
    settings.customer_link_file.write_text("ab" * 32)
    settings.evidence.mkdir()
    (settings.evidence / "1.png").write_bytes(b"picture")
    connection = await asyncpg.connect(database_url)
    await connection.execute(
        "insert into sites (name, base_url) values ('Shop', 'https://shop.test')"
    )
    last, name, _ = schema.migrations()[-1]
    await connection.close()
    archive = tmp_path / "hermes.tar.gz"
    code, said = await run(settings, "backup", str(archive))
    assert (code, "Backup of" in said) == (0, True), said
    assert archive.stat().st_mode & 0o777 == 0o600
    again = settings_of(await empty_database(server), tmp_path / "again")
    code, said = await run(again, "restore", str(archive))
    assert (code, "Restored" in said) == (0, True), said
    assert again.token_file.read_text() == settings.token_file.read_text()
    assert (again.evidence / "1.png").read_bytes() == b"picture"
    connection = await asyncpg.connect(again.database_url)
    assert await connection.fetchval("select name from sites") == "Shop"
    found = await connection.fetchval("select name from schema_migrations where number = $1", last)
    assert found == name
    await connection.close()
    code, said = await run(again, "restore", str(archive))
    assert (code, "is the home of a Hermes already" in said) == (4, True), said
    other = settings_of(again.database_url, tmp_path / "third")
    code, said = await run(other, "restore", str(archive))
    assert (code, "The database is not empty" in said) == (4, True), said
    assert not other.token_file.exists(), "nothing was touched"


@pytest.mark.parametrize("broken", ["cut", "other", "climbing"])
async def test_what_is_no_whole_archive_is_refused_and_nothing_is_touched(
    server: Server, tmp_path: Path, broken: str
) -> None:
    archive = tmp_path / "archive.tar.gz"
    if broken == "other":
        archive.write_bytes(b"something else")
    else:
        (tmp_path / "x").write_bytes(os.urandom(100_000))
        with tarfile.open(archive, "w:gz") as made:
            made.add(tmp_path / "x", "../escaped" if broken == "climbing" else "database.dump")
    if broken == "cut":
        archive.write_bytes(archive.read_bytes()[:50_000])
    settings = settings_of(await server.database(), tmp_path / "home")
    code, said = await run(settings, "restore", str(archive))
    assert (code, "is no whole archive" in said) == (4, True), said
    assert not settings.token_file.exists()
    assert not (tmp_path / "escaped").exists()
