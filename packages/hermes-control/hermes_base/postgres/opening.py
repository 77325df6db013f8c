"""From the settings to a pool: the embedded server, the schema, and connections on it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import asyncpg

from hermes_base import database_address as address
from hermes_base.database_address import DatabaseAddress
from hermes_base.home import Lock, make_home
from hermes_base.postgres import schema
from hermes_base.postgres.database import Pool, open_pool
from hermes_base.postgres.database_clock import DatabaseClock
from hermes_base.postgres.embedded import Embedded, embedded
from hermes_base.postgres.poolers import PooledConnection, has_pooler, shares_sessions
from hermes_base.problems import Problem
from hermes_base.settings import Settings

NO_RIGHTS = (
    asyncpg.InsufficientPrivilegeError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.InvalidSchemaNameError,  # no schema of the search path is there, or may be used
)
NOT_LET_IN = (OSError, TimeoutError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError)
"""What the driver raises where a server is out of reach, refuses, or is called wrongly."""


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
        if settings.embedded:
            return await open_pool(database_url(settings), size=size)
        return await _open_theirs(settings.database_url, size)
    except NOT_LET_IN as error:
        raise not_let_in(error) from None


async def _open_theirs(url: str, size: int) -> Pool:
    """A pool on a server of the user's own, through whatever stands before it."""
    found = address.read(url)
    if not (found.pooled or await has_pooler(url)):
        return await open_pool(found.url, size=size, **found.driver_options)
    options = {**found.driver_options, "statement_cache_size": 0}
    return await open_pool(found.url, size=size, connection_class=PooledConnection, **options)


def not_let_in(error: Exception) -> Problem:
    """Why the database cannot be reached, with what to do about it."""
    message = f"Cannot connect to the database: {type(error).__name__}: {error}"
    hint = "Check HERMES_DATABASE_URL, or start the embedded one with: hermes up"
    if isinstance(error, asyncpg.UndefinedObjectError | asyncpg.ProtocolViolationError):
        hint = "Remove that parameter from HERMES_DATABASE_URL."
    return Problem("database_away", message, hint)


async def listening_address(settings: Settings) -> DatabaseAddress:
    """Where LISTEN hears something: a server itself, or a pooler that keeps sessions apart.

    Raises `settings_invalid` where HERMES_DATABASE_URL leads through one that does not, and nothing
    else is set: pages would stand still, and nobody would know why.
    """
    if settings.embedded:
        return DatabaseAddress(database_url(settings))
    if settings.database_direct_url:
        return address.read(settings.database_direct_url)
    try:
        shared = await has_pooler(settings.database_url) and await shares_sessions(
            settings.database_url
        )
    except NOT_LET_IN as error:
        raise not_let_in(error) from None
    if shared:
        message = "HERMES_DATABASE_URL points to a pooler in transaction mode, where LISTEN receives nothing."
        hint = (
            "Set HERMES_DATABASE_DIRECT_URL to the server itself, or to the pooler's session mode."
        )
        raise Problem("settings_invalid", message, hint)
    return address.read(settings.database_url)


@asynccontextmanager
async def current_database(settings: Settings, *, size: int = 8) -> AsyncGenerator[Pool]:
    """A pool on a current schema. Raises `database_away`, or `schema_old` with the command to run."""
    pool = await connect(settings, size=size)
    try:
        await schema.require_current(pool)
        yield pool
    finally:
        await pool.close()


async def clock_of(pool: Pool) -> DatabaseClock:
    """The database's clock, asked once; `keep` asks it again. Raises `database_away`."""
    clock = DatabaseClock()
    try:
        await clock.sync(pool)
    except NOT_LET_IN as error:
        raise not_let_in(error) from None
    return clock


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
    direct = settings.database_direct_url
    if direct:
        settings = settings.model_copy(update={"database_url": direct})
    pool = await connect(settings, size=2)
    try:
        return await schema.migrate(pool)
    except NO_RIGHTS as error:
        message = f"This user may not change the schema: {error}."
        hint = "Migrate as the owner of the database: grant create on schema public, on a writable server."
        raise Problem("database_rights", message, hint) from None
    finally:
        await pool.close()
