"""A pool of connections to PostgreSQL, with JSON read and written as Python values."""

import json
from typing import Any

import asyncpg

Pool = asyncpg.Pool
Connection = asyncpg.Connection | asyncpg.pool.PoolConnectionProxy


async def _prepare(connection: Any) -> None:
    await connection.set_type_codec(
        "jsonb", encoder=dump_json, decoder=json.loads, schema="pg_catalog", format="text"
    )


def dump_json(value: Any) -> str:
    """Compact JSON for a jsonb parameter. NaN is refused; NUL cannot be stored in jsonb."""
    text = json.dumps(
        value, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=str
    )
    return text.replace("\\u0000", "\\ufffd")


async def open_pool(url: str, *, size: int = 8) -> Pool:
    """Connect. `url` is a PostgreSQL URL. Raises OSError or asyncpg.PostgresError."""
    return await asyncpg.create_pool(
        url,
        min_size=1,
        max_size=size,
        init=_prepare,
        command_timeout=30,
        server_settings={"application_name": "hermes"},
    )
