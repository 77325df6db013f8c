"""What is to be said of alerts is written into the outbox here: by routes, past maintenance windows."""

from collections.abc import Mapping
from dataclasses import replace

from asyncpg import Record

from hermes.core.alerting.life import Life
from hermes.core.alerting.routes import route_of
from hermes.core.alerting.telling import told_of
from hermes.core.alerts import Window, muting
from hermes.operations.scope import Scope
from hermes.storage import alerts, channels, outbox, windows
from hermes_base.alerts.storage import AlertStore
from hermes_base.postgres.database import Connection

FAULTY = 3
"""Attempts after which a channel is said not to deliver."""

_own = AlertStore("system")


class AlertTelling:
    """Looks at every alert of which there may be something to say. Several runners may look at once."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def tell(self) -> int:
        """Write what is to be said now; how many sayings."""
        await self._look_at_channels()
        now = self._scope.clock()
        async with self._scope.pool.acquire() as connection, connection.transaction():
            await alerts.forget_empty(connection)
            muted = await windows.open_windows(connection, now)
            routes = await channels.routes(connection)
            said = 0
            for life in await outbox.lives(connection):
                heard = _past(life, muted, self._scope)
                if heard is not None:
                    told = told_of(heard, route_of(routes, heard, now), now)
                    await outbox.tell(connection, life.id, told, now)
                    said += len(told.sayings)
        return said

    async def _look_at_channels(self) -> None:
        """A channel that does not deliver is an alert too, told over the others."""
        now, pool = self._scope.clock(), self._scope.pool
        faulty = {str(row["id"]): row for row in await outbox.faulty(pool, FAULTY)}
        async with pool.acquire() as connection, connection.transaction():
            await self._open_faulty(connection, faulty)
            for alert in await _own.alerts(connection):
                if alert.kind == "channel" and alert.key.removeprefix("channel:") not in faulty:
                    await _own.close_alert(connection, alert.key, [], now)

    async def _open_faulty(self, connection: Connection, faulty: Mapping[str, Record]) -> None:
        for channel_id, row in faulty.items():
            text = f"{row['name']} does not deliver; {row['kept']} kept. {row['fault']}"
            await _own.raise_alert(
                connection, f"channel:{channel_id}", "channel", text, at=self._scope.clock()
            )


def _past(life: Life, muted: list[Window], scope: Scope) -> Life | None:
    """The alert without the services that a window mutes; None where it mutes all of them."""
    if not life.places:
        return life
    now = scope.clock()
    heard = tuple(p for p in life.places if muting(muted, p[0], p[1], now) is None)
    return replace(life, places=heard) if heard else None
