"""Whether the database can be worked with now, told within two seconds whatever has become of it."""

import asyncio
import shutil
import time
from pathlib import Path

import asyncpg

from hermes_base.postgres.database import LOST_DATABASE, Pool

PATIENCE = 1.5
"""Seconds for one look. A frozen server answers nothing, and the driver's own time limits wait for its answer."""
REMEMBERED = 30.0
"""Seconds for which a write that found the disk full speaks for the database: reading goes on by itself."""
LEAST_FREE = 32 * 1024 * 1024
"""Bytes free on the disk of a database on this machine: two segments of its log."""
SILENT = "the database does not respond"

_looks: dict[int, asyncio.Task[str]] = {}  # under way, by the id of the pool that each holds
_refused: dict[str, float] = {}  # what a write was refused with, and when


def cause_of(error: BaseException) -> str:
    """What has become of the database, by what it, or the way to it, says."""
    match error:
        case asyncpg.DiskFullError():
            return "the disk of the database is full"
        case asyncpg.ReadOnlySQLTransactionError():
            return "the database is read-only"
        case asyncpg.TooManyConnectionsError():
            return "the database has no free connection"
        case asyncpg.CannotConnectNowError() | asyncpg.AdminShutdownError():
            return "the database is starting or stopping"
        case TimeoutError():
            return f"{SILENT} in time"
        case _:
            return f"{SILENT} ({type(error).__name__})"


def note(error: BaseException) -> str:
    """Keep that a write was refused, for `fault`. Returns its cause."""
    cause = cause_of(error)
    if isinstance(error, asyncpg.DiskFullError):
        _refused[cause] = time.monotonic()
    return cause


async def fault(pool: Pool) -> str:
    """Why the database cannot be worked with now; "" when it can. Reading alone is not enough."""
    look = _looks.get(id(pool))
    if look is None:
        look = _looks[id(pool)] = asyncio.create_task(_look(pool))
        look.add_done_callback(lambda _: _looks.pop(id(pool)))
    # Only waited for: a cancelled statement would have to ask the frozen server once more.
    done, _ = await asyncio.wait({look}, timeout=PATIENCE)
    found = look.result() if done else f"{SILENT} in time"
    recent = (cause for cause, at in _refused.items() if time.monotonic() - at < REMEMBERED)
    return found or next(recent, "")


async def _look(pool: Pool) -> str:
    try:
        row = await pool.fetchrow(
            "select current_setting('transaction_read_only') = 'on' as only_reads,"
            " case when inet_server_addr() is null"
            " and pg_has_role(current_user, 'pg_read_all_settings', 'usage')"
            " then current_setting('data_directory') end as folder"
        )
    except (*LOST_DATABASE, asyncpg.PostgresError) as error:
        return cause_of(error)
    assert row is not None  # noqa: S101  # it has no condition
    if row["only_reads"]:
        return "the database is read-only"
    return "the disk of the database is full" if row["folder"] and _full(row["folder"]) else ""


def _full(folder: str) -> bool:
    """Of a server on this machine, such as the embedded one."""
    try:
        return shutil.disk_usage(Path(folder)).free < LEAST_FREE
    except OSError:  # in a container of its own
        return False
