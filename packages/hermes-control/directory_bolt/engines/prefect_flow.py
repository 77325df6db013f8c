"""Prefect 3 as the flow engine: an order is a run of the deployment process_job/production.

The row of flow_runs comes first and gives the run its idempotency key: whoever dies in between, the
same order asked for again is the same run.
"""

# An edge: Prefect is an extra, and its client is not typed to the end.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingImports=false
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from directory_bolt.core.rows.deliveries import FlowRun
from directory_bolt.engines.flow import FlowAwayError, FlowState
from directory_bolt.engines.prefect_api import DEPLOYMENT, POOL, prefect_api
from directory_bolt.storage import flows
from hermes_base.clock import Clock, utc_now
from hermes_base.postgres.database import LOST_DATABASE, Pool

STATES = {
    "SCHEDULED": "scheduled",
    "PENDING": "running",  # a worker has it and starts its process
    "RUNNING": "running",
    "PAUSED": "running",
    "COMPLETED": "completed",
    "FAILED": "failed",
    "CRASHED": "crashed",
    "CANCELLING": "cancelled",
    "CANCELLED": "cancelled",
}
LATE = timedelta(minutes=1)
MISSING = f"deployment {DEPLOYMENT} is missing: run hermes prefect deploy"


class PrefectFlow:
    """See `FlowEngine`. `api_url` "" means as Prefect's own configuration says."""

    name = "prefect"
    title = "Prefect"

    def __init__(self, pool: Pool, api_url: str = "", clock: Clock = utc_now) -> None:
        self._pool = pool
        self._clock = clock
        self._api_url = api_url

    async def trigger(self, job_id: UUID) -> str:
        row = await self._row(job_id)
        if row.external_id:
            return str(row.external_id)
        run = await self.start(row, str(row.id))
        await flows.handed_over(self._pool, row.id, run)
        return run

    async def _row(self, job_id: UUID) -> FlowRun:
        try:
            async with self._pool.acquire() as connection, connection.transaction():
                found = await flows.schedule(connection, job_id, self.name)
                found = found or await flows.open_flow(connection, job_id)
        except (*LOST_DATABASE, asyncpg.PostgresError) as error:
            raise FlowAwayError(f"the table of flow runs: {type(error).__name__}") from error
        if found is None:
            raise FlowAwayError("the flow run of this order ended just now")
        if found.engine != self.name:
            raise FlowAwayError(f"this order is with the {found.engine} engine still")
        return found

    async def start(self, row: FlowRun, key: str) -> str:
        """A run of the deployment for this row, once for a key; the run's id."""
        async with prefect_api(self._api_url) as client:
            from prefect.deployments import arun_deployment  # noqa: PLC0415  # an extra
            from prefect.exceptions import ObjectNotFound  # noqa: PLC0415

            parameters = {"flow_id": str(row.id), "job_id": str(row.job_id)}
            try:
                run = await arun_deployment(
                    DEPLOYMENT, client=client, parameters=parameters, idempotency_key=key,
                    timeout=0, as_subflow=False,
                )  # fmt: skip
            except ObjectNotFound as error:
                raise FlowAwayError(MISSING) from error
            return str(run.id)

    async def state(self, flow_run: str) -> FlowState:
        """`since` is when a run was to begin, for one that has not begun."""
        run = await self._read(flow_run)
        if run is None:
            return FlowState("crashed", "Prefect no longer has this flow run.")
        state, detail = STATES[run.state.type.value], run.state.message or ""
        if state != "scheduled":
            return FlowState(state, detail, run.state.timestamp)
        since: datetime = run.next_scheduled_start_time or run.state.timestamp
        overdue = since < self._clock() - LATE
        return FlowState("late" if overdue else state, detail, since)

    async def cancel(self, flow_run: str) -> None:
        """Only a run that has not begun: one at work sees by itself, at its next directory, that its
        order is cancelled, and so the form that it is sending just now gets its true result."""
        run = await self._read(flow_run)
        if run is None or run.state.type.value != "SCHEDULED":
            return
        async with prefect_api(self._api_url) as client:
            from prefect.states import Cancelling  # noqa: PLC0415  # an extra

            await client.set_flow_run_state(run.id, Cancelling(message="The order was cancelled."))

    async def declare_crashed(self, flow_run: str, why: str) -> None:
        """A run whose process is gone unnoticed would keep its place in the work pool for ever."""
        async with prefect_api(self._api_url) as client:
            from prefect.states import Crashed  # noqa: PLC0415  # an extra

            await client.set_flow_run_state(UUID(flow_run), Crashed(message=why), force=True)

    async def check(self) -> None:
        async with prefect_api(self._api_url) as client:
            from prefect.exceptions import ObjectNotFound  # noqa: PLC0415  # an extra

            try:
                deployment = await client.read_deployment_by_name(DEPLOYMENT)
            except ObjectNotFound as error:
                raise FlowAwayError(MISSING) from error
            if deployment.paused:
                raise FlowAwayError(f"deployment {DEPLOYMENT} is paused: resume it in Prefect")
            if deployment.work_pool_name != POOL:
                message = f"deployment {DEPLOYMENT} is not in the work pool {POOL}: run hermes prefect deploy"
                raise FlowAwayError(message)

    async def _read(self, flow_run: str) -> Any:
        async with prefect_api(self._api_url) as client:
            from prefect.exceptions import ObjectNotFound  # noqa: PLC0415  # an extra

            try:
                return await client.read_flow_run(UUID(flow_run))
            except ObjectNotFound:
                return None
