"""From the settings to a pool: the embedded server, the schema, and connections on it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import asyncpg

from hermes_base.home import Lock, make_home
from hermes_base.postgres import schema
from hermes_base.postgres.database import Pool, open_pool
from hermes_base.postgres.embedded import Embedded, embedded
from hermes_base.problems import Problem
from hermes_base.settings import Settings


def start_database(settings: Settings) -> Embedded | None:
    """Start the embedded PostgreSQL if it is wanted. None when a server of the user's own is set."""
    if not settings.embedded:
        return None
    server = embedded(settings.home, settings.digest)
    server.start()
    return server


def own_database(settings: Settings) -> Embedded | None:
    """Start the embedded PostgreSQL for who holds the home; `owned` says whether to stop it as well."""
    server = start_database(settings)
    if server is not None:
        server.own()
    return server


def database_url(settings: Settings) -> str:
    """The PostgreSQL URL: the configured one, else that of the embedded server."""
    return settings.database_url or embedded(settings.home, settings.digest).url


async def connect(settings: Settings, *, size: int = 8) -> Pool:
    """A pool of at most `size` connections. Raises `database_away` where the server is out of reach or
    refuses."""
    try:
        return await open_pool(database_url(settings), size=size)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        message = f"Cannot connect to the database: {type(error).__name__}: {error}"
        hint = "Check HERMES_DATABASE_URL, or start the embedded one with: hermes up"
        raise Problem("database_away", message, hint) from None


@asynccontextmanager
async def current_database(settings: Settings, *, size: int = 8) -> AsyncGenerator[Pool]:
    """A pool on a current schema. Raises `database_away`, or `schema_old` with the command to run."""
    pool = await connect(settings, size=size)
    try:
        await schema.require_current(pool)
        yield pool
    finally:
        await pool.close()


@asynccontextmanager
async def borrowed_database(settings: Settings) -> AsyncGenerator[None]:
    """The database for one command: an embedded one that was not running is stopped afterwards."""
    make_home(settings)
    server = await asyncio.to_thread(start_database, settings)
    try:
        if settings.embedded:
            await migrate(settings)
        yield
    finally:
        if server is not None and server.process is not None:
            await asyncio.to_thread(_stop_alone, settings, server)


def _stop_alone(settings: Settings, server: Embedded) -> None:
    """Stop the server of one command, unless `hermes up` has begun to live on it meanwhile."""
    with Lock(settings.lock_file) as lock:
        if lock.take("a command that ends"):
            server.stop()


async def migrate(settings: Settings) -> list[str]:
    """Bring the database to this version's schema. Returns the migrations applied."""
    pool = await connect(settings, size=2)
    try:
        return await schema.migrate(pool)
    finally:
        await pool.close()
