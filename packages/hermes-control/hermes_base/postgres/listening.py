"""LISTEN: one connection that hears what other processes announce, and comes back when it is lost."""

# asyncpg ships no types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
import asyncio
import json
from collections.abc import Callable
from typing import Any

import asyncpg
import structlog

from hermes_base.database_address import DatabaseAddress

log = structlog.get_logger()

Heard = Callable[[dict[str, Any]], None]
CHANNELS = ("hermes", "hermes_due", "hermes_realtime")


class Listener:
    """Calls subscribers for each announcement. `connected` is measured, not assumed."""

    def __init__(self, where: str | DatabaseAddress) -> None:
        """`where` is a server, or a pooler that keeps sessions apart: `opening.listening_address`."""
        self._where = DatabaseAddress(where) if isinstance(where, str) else where
        self._subscribers: dict[str, list[Heard]] = {channel: [] for channel in CHANNELS}
        self._lost = asyncio.Event()
        self.connected = False

    def subscribe(self, channel: str, heard: Heard) -> Callable[[], None]:
        """Call `heard` for each announcement on a channel. Returns how to stop that."""
        self._subscribers[channel].append(heard)
        return lambda: self._subscribers[channel].remove(heard)

    async def run(self) -> None:
        """Listen until cancelled; after a loss say `{"resync": true}`, since something was missed."""
        while True:
            try:
                await self._listen()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as error:
                log.warning("listening again soon", error=type(error).__name__)
            finally:
                self.connected = False
            await asyncio.sleep(0.5)

    async def _listen(self) -> None:
        connection = await asyncpg.connect(
            self._where.url, timeout=10, **self._where.driver_options
        )
        self._lost.clear()
        connection.add_termination_listener(self._lose)
        try:
            for channel in CHANNELS:
                await connection.add_listener(channel, self._hear)
            self.connected = True
            self._tell_all({"resync": True})
            while not self._lost.is_set():
                await self._probe(connection)
        finally:
            connection.terminate()

    async def _probe(self, connection: asyncpg.Connection) -> None:
        """A connection may die without a word: ask it every few seconds."""
        try:
            await asyncio.wait_for(self._lost.wait(), timeout=5)
        except TimeoutError:
            await connection.fetchval("select 1", timeout=5)

    def _lose(self, connection: object) -> None:
        del connection
        self._lost.set()

    def _hear(self, connection: object, pid: int, channel: str, payload: str) -> None:
        del connection, pid
        self._tell(channel, json.loads(payload))

    def _tell_all(self, event: dict[str, Any]) -> None:
        for channel in CHANNELS:
            self._tell(channel, event)

    def _tell(self, channel: str, event: dict[str, Any]) -> None:
        for heard in list(self._subscribers[channel]):
            heard(event)
