"""A pool of connections to PostgreSQL, with JSON read and written as Python values."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Generator, Iterable, Sequence
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Protocol

import asyncpg
import orjson
from asyncpg import Record

driver: Any = asyncpg
"""asyncpg where its missing types would be in the way: what it returns is typed by the protocols below."""


class Transaction(Protocol):
    """What is used of an asyncpg transaction; mostly as `async with`."""

    async def start(self) -> None: ...
    async def commit(self) -> None: ...
    async def rollback(self) -> None: ...
    async def __aenter__(self) -> object: ...
    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None: ...


class Statements(Protocol):
    """What sends statements. asyncpg ships no types; these are of those of its methods that are used.

    `execute` returns the command's tag, as in "UPDATE 1".
    """

    async def fetch(
        self, query: str, /, *args: Any, timeout: float | None = None
    ) -> list[Record]: ...
    async def fetchrow(
        self, query: str, /, *args: Any, timeout: float | None = None
    ) -> Record | None: ...
    async def fetchval(self, query: str, /, *args: Any, timeout: float | None = None) -> Any: ...
    async def execute(self, query: str, /, *args: Any, timeout: float | None = None) -> str: ...
    async def executemany(
        self, command: str, /, args: Iterable[Sequence[Any]], *, timeout: float | None = None
    ) -> None: ...


class Connection(Statements, Protocol):
    """One connection, of a pool or of its own."""

    def transaction(
        self, *, isolation: Any = None, readonly: bool = False, deferrable: bool = False
    ) -> Transaction: ...
    async def add_listener(self, channel: str, callback: Callable[..., Any], /) -> None: ...
    async def remove_listener(self, channel: str, callback: Callable[..., Any], /) -> None: ...


class Acquiring(Protocol):
    """A connection of a pool, on its way: `async with` gives it back by itself, `await` does not."""

    def __await__(self) -> Generator[Any, None, Connection]: ...
    async def __aenter__(self) -> Connection: ...
    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class Pool(Statements, Protocol):
    """A pool of connections."""

    def acquire(self, *, timeout: float | None = None) -> Acquiring: ...
    async def release(self, connection: Connection, /) -> None: ...
    async def close(self) -> None: ...
    def terminate(self) -> None: ...
    async def expire_connections(self) -> None: ...
    def get_max_size(self) -> int: ...


class DatabaseAwayError(ConnectionError):
    """No connection to the database could be made: its host, port, socket or certificate is at fault."""


LOST_DATABASE = (
    ConnectionError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.ReadOnlySQLTransactionError,  # a standby during a failover
    asyncpg.DiskFullError,
    # of the driver: a statement came between the last message of a server that stops and the end of
    # its connection
    asyncpg.InternalClientError,
)
"""What a database that is away for a while looks like: wait, and lose nothing."""


UNSTORABLE = (asyncpg.DataError, UnicodeEncodeError, RecursionError, OverflowError)
"""What a value looks like that PostgreSQL, UTF-8 or JSON cannot hold: NUL, half of a surrogate pair, a number
out of range, arrays in arrays without end."""


async def _prepare(connection: Any) -> None:
    await connection.set_type_codec(
        "jsonb", encoder=_encode, decoder=_decode, schema="pg_catalog", format="binary"
    )


async def _keep(connection: Any) -> None:
    """A connection goes back to the pool as it is; asyncpg has rolled back what was open. A lock or a
    listener of a session is given back where it was taken, so asyncpg's own reset, a round trip after
    every statement, would find nothing."""


def _encode(value: Any) -> bytes:
    return b"\x01" + _dumped(value)  # 1 is the version of jsonb's binary form


def _decode(data: bytes) -> Any:
    return orjson.loads(data[1:])


def dump_json(value: Any) -> str:
    """Compact JSON for a jsonb parameter. NUL and lone surrogates, which PostgreSQL cannot hold,
    become replacement characters. Infinite numbers raise ValueError."""
    return _dumped(value).decode()


def _plain(value: Any) -> bytes:
    try:
        return orjson.dumps(value, default=str)
    except TypeError:  # keys that are no texts: to allow them from the first takes twice as long
        return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS)


def _dumped(value: Any) -> bytes:
    try:
        text = _plain(value)
    except TypeError:  # integers over 64 bits and lone surrogates are beyond orjson
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, default=str).encode(
            "utf-8", "replace"
        )
    return text.replace(b"\\u0000", b"\\ufffd") if b"\\u0000" in text else text


async def connected(*args: Any, **options: Any) -> Any:
    """`asyncpg.connect`, with every failure to reach the server told from those of files and workers."""
    try:
        connection: Any = await driver.connect(*args, **options)
        return connection
    except OSError as error:
        raise DatabaseAwayError(str(error)) from error


async def open_pool(
    url: str, *, size: int = 8, connection_class: type | None = None, **options: Any
) -> Pool:
    """Connect. `url` is a PostgreSQL URL that the driver understands, `options` are the driver's.

    Raises OSError or asyncpg.PostgresError.
    """
    pool: Any = await driver.create_pool(
        url,
        connect=connected,
        connection_class=connection_class or asyncpg.Connection,
        min_size=1,
        max_size=size,
        init=_prepare,
        reset=_keep,
        command_timeout=30,
        **{"server_settings": {"application_name": "hermes"}, **options},
    )
    return pool


class Snapshot:
    """One connection inside one read-only, repeatable-read transaction.

    All its reads see the database as it was at the first of them, so that what is shown together agrees.
    It offers the reading methods of a pool and nothing else: what needs a transaction of its own does
    not type-check on it. Reads that are started concurrently wait for each other.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._turn = asyncio.Lock()  # asyncpg refuses a second statement while one is under way

    async def fetch(self, statement: str, *values: Any) -> list[Record]:
        """All rows of a statement."""
        async with self._turn:
            return await self._connection.fetch(statement, *values)

    async def fetchrow(self, statement: str, *values: Any) -> Record | None:
        """The first row of a statement, or None."""
        async with self._turn:
            return await self._connection.fetchrow(statement, *values)

    async def fetchval(self, statement: str, *values: Any) -> Any:
        """The first column of the first row, or None."""
        async with self._turn:
            return await self._connection.fetchval(statement, *values)


Reader = Pool | Connection | Snapshot
"""What a statement that changes nothing can be sent to."""


@asynccontextmanager
async def snapshot(reader: Pool | Snapshot) -> AsyncGenerator[Snapshot]:
    """Open a snapshot of the database; inside another snapshot, the same one."""
    if isinstance(reader, Snapshot):
        yield reader
        return
    async with (
        reader.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        yield Snapshot(connection)
