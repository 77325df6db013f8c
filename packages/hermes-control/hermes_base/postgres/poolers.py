"""Poolers between us and the server, such as pgbouncer: found by what they do, and worked through."""

# asyncpg ships no types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from typing import Any

import asyncpg

from hermes_base import database_address as address
from hermes_base.postgres.database import driver

OWN = "select pg_backend_pid()"
LOOKS = 50


class PooledConnection(asyncpg.Connection):  # pyright: ignore[reportMissingTypeArgument]  # the driver ships no types
    """A connection through a pooler in transaction mode, where two messages outside of a transaction may
    reach two servers: so every statement is a transaction."""

    async def execute(self, *args: Any, **options: Any) -> Any:
        """As the driver's, in a transaction; so are the others."""
        return await self._in_one(super().execute, *args, **options)

    async def executemany(self, *args: Any, **options: Any) -> Any:
        """Many times."""
        return await self._in_one(super().executemany, *args, **options)

    async def fetch(self, *args: Any, **options: Any) -> Any:
        """All rows."""
        return await self._in_one(super().fetch, *args, **options)

    async def fetchval(self, *args: Any, **options: Any) -> Any:
        """One value."""
        return await self._in_one(super().fetchval, *args, **options)

    async def fetchrow(self, *args: Any, **options: Any) -> Any:
        """One row."""
        return await self._in_one(super().fetchrow, *args, **options)

    async def _in_one(self, statement: Any, *args: Any, **options: Any) -> Any:
        own: Any = self
        if own.is_in_transaction() or own._top_xact is not None:  # noqa: SLF001  # set while BEGIN is under way
            return await statement(*args, **options)
        async with own.transaction():
            return await statement(*args, **options)


async def has_pooler(url: str) -> bool:
    """Whether something between us and the server shares its connections. Raises OSError, asyncpg's errors.

    A pooler invents the process id that it tells at the beginning.
    """
    connection = await _open(url)
    try:
        return connection.get_server_pid() != await connection.fetchval(OWN)
    finally:
        connection.terminate()


async def shares_sessions(url: str) -> bool:
    """Whether a pooler gives a session's server to others between two transactions. Raises as above."""
    first, second = await _open(url), await _open(url)
    try:
        held = await first.fetchval(OWN)
        for _ in range(LOOKS):  # some poolers give the server used last, others each in its turn
            if await second.fetchval(OWN) == held:
                return True
        return False
    finally:
        first.terminate()
        second.terminate()


async def _open(url: str) -> Any:
    found = address.read(url)
    options = {**found.driver_options, "statement_cache_size": 0}
    return await driver.connect(found.url, timeout=10, connection_class=PooledConnection, **options)
