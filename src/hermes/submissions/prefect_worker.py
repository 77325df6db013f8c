"""`hermes flow-worker` on Prefect: a process worker of the work pool `hermes`."""

# pyright: reportMissingImports=false
import asyncio
import os

import structlog

from hermes.engines.prefect_api import POOL, speak_plainly
from hermes.submissions.living import Life

log = structlog.get_logger()


async def run_prefect_worker(api_url: str, life: Life, stop: asyncio.Event) -> None:
    """Work until `stop`; what is under way then is followed by another run, started by the monitor."""
    speak_plainly()
    if api_url:  # the processes of the runs inherit it
        os.environ["PREFECT_API_URL"] = api_url
    from prefect.workers.process import ProcessWorker  # noqa: PLC0415  # an extra, and slow to import

    worker = ProcessWorker(work_pool_name=POOL, name=life.worker_id, create_pool_if_not_found=False)
    working = asyncio.create_task(worker.start(printer=log.info))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait([working, stopping], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not working.done():
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        return
    working.result()
