"""What is on record: how runs ended, how Hermes is, which services are unwell, who did what."""

from typing import Annotated, Any

from pydantic import Field

from hermes_fleet import hermes_api
from hermes_worker import Job, Result, Worker


class Observability(hermes_api.Figures):
    """`health_metrics`: name -> figure of Hermes itself; the lists are the newest first."""

    run_logs: list[dict[str, Any]]
    health_metrics: dict[str, Any]
    alerts: list[dict[str, Any]]
    change_audit: list[dict[str, Any]]


worker = Worker(
    "audit_log",
    version="1.0.0",
    outputs=tuple(Observability.model_fields),
    modes=("smoke",),
    answer_within=hermes_api.ANSWER_WITHIN,
    resumable=True,
    ready=hermes_api.not_ready,
)


@worker.run
async def report(
    job: Job,
    window_hours: Annotated[float, Field(gt=0, le=24 * 366)] = 24,
    limit: Annotated[int, Field(ge=1, le=1000)] = 20,
) -> Result:
    """The last `window_hours` hours of the job's site, else of all sites; the newest `limit` of each."""
    figures = await hermes_api.read(
        Observability, "/api/observability", window_hours, limit, job.site_id
    )
    outputs = figures.model_dump()
    return Result(outputs, dict.fromkeys(outputs, "measured"))
