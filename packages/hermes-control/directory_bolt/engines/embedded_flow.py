"""The embedded flow engine: a row that `hermes flow-worker` claims under a lease."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg

from directory_bolt.engines.flow import FlowAwayError, FlowState
from directory_bolt.storage import flows
from hermes_base.postgres.database import LOST_DATABASE, Pool


class EmbeddedFlow:
    """See `FlowEngine`. Needs nothing but the database and a flow worker."""

    name = "embedded"
    title = "embedded"

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def trigger(self, job_id: UUID) -> str:
        async with _away(), self._pool.acquire() as connection, connection.transaction():
            found = await flows.schedule(connection, job_id, self.name)
            found = found or await flows.open_flow(connection, job_id)
            if found is None:
                raise FlowAwayError("the flow run of this order ended just now")
            return str(found.id)

    async def state(self, flow_run: str) -> FlowState:
        async with _away():
            row = await flows.flow(self._pool, UUID(flow_run))
            if row is None:
                return FlowState("crashed", "There is no such flow run any more.")
            return FlowState(row.state, row.detail or "")

    async def cancel(self, flow_run: str) -> None:
        """Nothing to do: a flow worker sees at every directory that its order is cancelled."""
        del flow_run

    async def check(self) -> None:
        async with _away():
            await self._pool.fetchval("select 1 from flow_runs limit 1")


@asynccontextmanager
async def _away() -> AsyncGenerator[None]:
    try:
        yield
    except (*LOST_DATABASE, asyncpg.PostgresError) as error:
        raise FlowAwayError(f"the flow engine's database: {type(error).__name__}") from error
