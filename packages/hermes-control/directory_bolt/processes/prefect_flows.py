"""The flow `process_job` and the task `submit_directory` as Prefect runs them.

A Prefect run is one attempt at an order: neither flow nor task is retried by Prefect. A directory's
next try stands in the database with its time, where the death of this process does not lose it and
the guard before the click sees it; a lost run is followed by another, a bounded number of times, by
the monitor. Two that retry would send a form twice as often as anybody meant.
"""

# An edge: Prefect is an extra, and its client is not typed to the end.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingImports=false, reportUntypedFunctionDecorator=false
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import structlog
from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run
from prefect.states import Cancelled, Completed

from directory_bolt.engines.prefect_flow import PrefectFlow
from directory_bolt.processes.flow import Flow
from directory_bolt.processes.hold import Hold, LeaseLostError
from directory_bolt.storage import flows
from directory_bolt.submitting import Submitter
from hermes_base import tracing
from hermes_base.background.leases import renewed
from hermes_base.postgres.database import Pool
from hermes_base.postgres.opening import clock_of, connect
from hermes_base.settings import Settings, load
from hermes_egress.opened import Opened

LEASE = 20.0


@flow(name="process_job", flow_run_name="job-{job_id}", retries=0, validate_parameters=False)
async def process_job(flow_id: str, job_id: str) -> Any:
    """One order, in a process and with a browser of its own."""
    from directory_bolt.browser import BrowserSubmitter  # noqa: PLC0415  # loads Playwright

    structlog.contextvars.bind_contextvars(jobId=job_id)
    settings = load()
    at_once = settings.directories_at_once
    tracing.start("flow-run")
    try:
        opened = Opened(settings.private_sites)
        async with BrowserSubmitter(settings.evidence, at_once=at_once, opened=opened) as submitter:
            return await work_off(settings, submitter, UUID(flow_id), UUID(job_id))
    finally:
        tracing.stop()


async def work_off(settings: Settings, submitter: Submitter, flow_id: UUID, job_id: UUID) -> Any:
    """Hold the order's flow run and process it; the state that Prefect is told."""
    hold = Hold(flow_id, f"prefect-{flow_run.get_id()}-{uuid4().hex[:6]}")
    pool = await connect(settings, size=settings.directories_at_once + 2)
    try:
        if await flows.take(pool, PrefectFlow.name, flow_id, hold.worker_id, LEASE) is None:
            return Completed(name="Over", message="This order's flow run has ended.")

        async def renew() -> bool:
            return await flows.keep(pool, flow_id, hold.worker_id, LEASE)

        async with renewed(renew, LEASE):  # a run that lost its hold learns it at its next write
            return await _process(pool, settings, submitter, job_id, hold)
    except LeaseLostError:
        return Completed(name="TakenOver", message="Another run has this order now.")
    finally:
        await pool.close()


async def _process(
    pool: Pool, settings: Settings, submitter: Submitter, job_id: UUID, hold: Hold
) -> Any:
    work = Flow(
        pool, submitter, settings.directories_at_once, clock=await clock_of(pool), around=_as_task
    )
    state = await work.process_order(job_id, hold)
    async with pool.acquire() as connection:
        await flows.finish(connection, hold.flow_id, hold.worker_id, state)
    if state == "cancelled":
        return Cancelled(message="The order was cancelled.")
    if state == "waiting":
        return Completed(message="The order waits for directories.")
    return Completed(message="Every directory has been processed.")


async def _as_task(name: str, work: Callable[[], Awaitable[None]]) -> None:
    await submit_directory(name, work)


@task(
    name="submit_directory", task_run_name="{directory}", retries=0,
    cache_policy=NO_CACHE, persist_result=False,
)  # fmt: skip
async def submit_directory(directory: str, work: Callable[[], Awaitable[None]]) -> None:
    """One directory of an order; its result stands in the database, not in Prefect."""
    del directory
    await work()
