"""A real PostgreSQL for the tests: one server a session, one cloned database a test."""

import asyncio
import hashlib
import os
import pwd
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import asyncpg

from hermes_base.postgres.database import open_pool
from hermes_base.postgres.embedded import Embedded, embedded
from hermes_base.postgres.schema import migrate

FAST = (
    ("fsync", "off"),
    ("synchronous_commit", "off"),
    ("full_page_writes", "off"),
    ("max_wal_size", "128MB"),
)
MEMORY = Path("/dev/shm")  # noqa: S108  # a file system in memory, where there is one
ROOM = 4 * 1024**3  # bytes free there, for the servers of all test processes
TEMPLATE = "hermes_template"


class Server:
    """The session's server; `database()` clones the migrated template."""

    def __init__(self, url: str) -> None:
        self._url = url

    def url(self, name: str) -> str:
        return self._url.replace("/hermes?", f"/{name}?")

    async def database(self) -> str:
        name = f"test_{uuid4().hex[:12]}"
        await self._execute(f"create database {name} template {TEMPLATE} strategy file_copy")
        return self.url(name)

    async def drop(self, url: str) -> None:
        name = (
            url.rsplit("/", maxsplit=1)[-1]
            if "?" not in url
            else url.split("?", maxsplit=1)[0].rsplit("/", maxsplit=1)[-1]
        )
        await self._execute(f"drop database if exists {name} with (force)")

    async def make_template(self) -> None:
        await self._execute(f"create database {TEMPLATE}")
        pool = await open_pool(self.url(TEMPLATE), size=1)
        await migrate(pool)
        await pool.close()

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(self.url("postgres"))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


def in_memory(server: Embedded, digest: str) -> Embedded:
    """The same with its data in memory: cloning a database takes a fifth of the time there."""
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ROOM:
        return server
    folder = MEMORY / f"hermes-{digest}"
    folder.mkdir(mode=0o700)
    if server.user is not None:
        shutil.chown(folder, server.user, pwd.getpwnam(server.user).pw_gid)
    return replace(server, folder=folder)


def serve(home: Path) -> Iterator[Server]:
    """Start a server below `home`, hand it out, stop it and remove its files.

    TESTS_POSTGRES is the URL of one that runs already, with its template: `make mutants` keeps one.
    TESTS_POSTGRES_PROGRAMS is the folder of another PostgreSQL than the wheel's: `make postgresql15`.
    """
    if running := os.environ.get("TESTS_POSTGRES"):
        yield Server(running)
        return
    digest = "test-" + hashlib.sha256(f"{home}{time.time_ns()}".encode()).hexdigest()[:12]
    usual = embedded(home, digest)
    if programs := os.environ.get("TESTS_POSTGRES_PROGRAMS"):
        usual = replace(usual, binaries=Path(programs))
    server = in_memory(usual, digest)
    server.start(FAST)
    try:
        found = Server(server.url)
        asyncio.run(found.make_template())
        yield found
    finally:
        server.stop()
        if server.process is not None:
            server.process.wait()
        shutil.rmtree(server.folder, ignore_errors=True)
        shutil.rmtree(usual.folder, ignore_errors=True)
