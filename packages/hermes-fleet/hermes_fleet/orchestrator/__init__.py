"""The job runner's own figures: what is running, what ran, how often each service failed."""

from typing import Annotated, Any

from pydantic import Field

from hermes_fleet import hermes_api
from hermes_worker import Job, Result, Worker


class Operations(hermes_api.Figures):
    """`error_rates`: slug -> runs, failed, partial, rate (0-1), medianSeconds."""

    job_status: dict[str, int]
    run_history: list[dict[str, Any]]
    error_rates: dict[str, dict[str, Any]]


worker = Worker(
    "orchestrator",
    version="1.0.0",
    outputs=tuple(Operations.model_fields),
    modes=("smoke",),
    answer_within=hermes_api.ANSWER_WITHIN,
    resumable=True,
    ready=hermes_api.not_ready,
)


@worker.run
async def report(
    job: Job,
    window_hours: Annotated[float, Field(gt=0, le=24 * 366)] = 24,
    limit: Annotated[int, Field(ge=1, le=1000)] = 50,
) -> Result:
    """The last `window_hours` hours of the job's site, else of all sites; the newest `limit` runs."""
    figures = await hermes_api.read(Operations, "/api/operations", window_hours, limit, job.site_id)
    outputs = figures.model_dump()
    return Result(outputs, dict.fromkeys(outputs, "measured"))
