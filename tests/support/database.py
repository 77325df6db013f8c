"""A real PostgreSQL for the tests: one server a session, one cloned database a test."""

import asyncio
import hashlib
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg

from hermes.storage.database import open_pool
from hermes.storage.embedded import Embedded, embedded
from hermes.storage.schema import migrate

FAST = (("fsync", "off"), ("synchronous_commit", "off"), ("full_page_writes", "off"))
TEMPLATE = "hermes_template"


class Server:
    """The session's server; `database()` clones the migrated template."""

    def __init__(self, server: Embedded) -> None:
        self.server = server

    def url(self, name: str) -> str:
        return self.server.url.replace("/hermes?", f"/{name}?")

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


def serve(home: Path) -> Iterator[Server]:
    """Start a server below `home`, hand it out, stop it and remove its files."""
    digest = "test-" + hashlib.sha256(f"{home}{time.time_ns()}".encode()).hexdigest()[:12]
    server = embedded(home, digest)
    server.start(FAST)
    try:
        found = Server(server)
        asyncio.run(found.make_template())
        yield found
    finally:
        server.stop()
        if server.process is not None:
            server.process.wait()
        shutil.rmtree(server.folder, ignore_errors=True)
