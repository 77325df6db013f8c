"""`hermes flow-worker` on Prefect: a process worker of the work pool `hermes`."""

# An edge: Prefect is an extra, and its client is not typed to the end.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingImports=false
import asyncio
import os

import structlog

from directory_bolt.engines.flow import FlowAwayError, FlowEngine
from directory_bolt.engines.prefect_api import POOL
from directory_bolt.processes.heartbeat import Heartbeat
from hermes_base.background.loops import rest

log = structlog.get_logger()

PAUSE = 5.0


async def run_prefect_worker(
    engine: FlowEngine, api_url: str, heartbeat: Heartbeat, stop: asyncio.Event
) -> None:
    """Work until `stop`; what is under way then is followed by another run, started by the monitor."""
    while not stop.is_set():
        try:
            await engine.check()
        except FlowAwayError as error:
            heartbeat.fault = f"the flow engine is unavailable: {error}"
            log.warning("Prefect away, waiting", error=str(error))
            await rest(stop, PAUSE)
        else:
            heartbeat.fault = ""
            await _work(api_url, heartbeat, stop)


async def _work(api_url: str, heartbeat: Heartbeat, stop: asyncio.Event) -> None:
    from prefect.settings import PREFECT_API_URL, temporary_settings  # noqa: PLC0415  # an extra
    from prefect.workers.process import ProcessWorker  # noqa: PLC0415

    with temporary_settings({PREFECT_API_URL: api_url} if api_url else {}):
        if api_url:  # for the processes of the runs
            os.environ["PREFECT_API_URL"] = api_url
        worker = ProcessWorker(
            work_pool_name=POOL, name=heartbeat.worker_id, create_pool_if_not_found=False
        )
        working = asyncio.create_task(worker.start(printer=log.info))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait([working, stopping], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if working.done():
        working.result()  # says why it ended by itself
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
