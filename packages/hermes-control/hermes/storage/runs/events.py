"""Notifications over PostgreSQL: what open pages and waiting runners listen to."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from hermes_base.postgres.database import Connection, dump_json


async def announce(connection: Connection, events: Sequence[dict[str, Any]]) -> None:
    """Notify channel `hermes`. PostgreSQL takes payloads below 8,000 bytes: of an event that is longer the
    list of services is left out, which listeners read as all of them."""
    texts = [dump_json(event) for event in events]
    short = [
        text if len(text.encode()) < 7_900 else dump_json({**event, "services": []})
        for text, event in zip(texts, events, strict=True)
    ]
    await connection.execute(
        "select pg_notify('hermes', payload) from unnest($1::text[]) as payload", short
    )


async def wake_runners(connection: Connection, drop: Sequence[UUID]) -> None:
    """Notify channel `hermes_due`: something is due. `drop` are runs whose start is not to be waited for."""
    await connection.execute("select pg_notify('hermes_due', $1)", dump_json({"drop": list(drop)}))
