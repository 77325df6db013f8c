"""Registers in Prefect what runs orders: a process work pool and the deployment in it."""

# An edge: Prefect is an extra, and its client is not typed to the end.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingImports=false
from typing import Any

from directory_bolt.engines.prefect_api import DEPLOYMENT, FLOW, POOL, prefect_api

ENTRYPOINT = "directory_bolt.processes.prefect_flows.process_job"


async def deploy(api_url: str, at_once: int, entrypoint: str = ENTRYPOINT) -> None:
    """Make or bring up to date; done twice it changes nothing. `at_once`: orders at the same time.

    Raises `FlowAwayError`.
    """
    async with prefect_api(api_url) as client:
        await _put_pool(client, at_once)
        await client.create_deployment(
            await client.create_flow_from_name(FLOW), DEPLOYMENT.partition("/")[2],
            work_pool_name=POOL, entrypoint=entrypoint, paused=False,
            parameter_openapi_schema={"type": "object", "properties": {}},
            enforce_parameter_schema=False, description="Works one order of Directory-Bolt off.",
        )  # fmt: skip


async def _put_pool(client: Any, at_once: int) -> None:
    from prefect.client.schemas.actions import (  # noqa: PLC0415  # an extra
        WorkPoolCreate,
        WorkPoolUpdate,
    )
    from prefect.exceptions import ObjectNotFound  # noqa: PLC0415
    from prefect.workers.process import ProcessWorker  # noqa: PLC0415

    template = ProcessWorker.get_default_base_job_template()
    try:
        await client.read_work_pool(POOL)
    except ObjectNotFound:
        wanted = WorkPoolCreate(
            name=POOL, type="process", base_job_template=template, concurrency_limit=at_once
        )
        await client.create_work_pool(wanted)
    else:
        await client.update_work_pool(
            POOL, WorkPoolUpdate(concurrency_limit=at_once, is_paused=False)
        )
