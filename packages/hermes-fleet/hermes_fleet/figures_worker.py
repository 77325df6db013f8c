"""Workers whose outputs are figures that Hermes itself keeps."""

from typing import Annotated, Any

from pydantic import Field

from hermes_fleet import hermes_api
from hermes_worker import Job, Result, Worker


def figures_worker(slug: str, shape: type[hermes_api.ApiModel], path: str, newest: int) -> Worker:
    """A worker with one output for each field of `shape`, which Hermes answers at `path`.

    Its lists hold the `newest` entries unless the payload says otherwise.
    """
    worker = Worker(
        slug,
        version="1.0.0",
        outputs=tuple(shape.model_fields),
        modes=("smoke",),
        answer_within=hermes_api.ANSWER_WITHIN,
        resumable=True,
        ready=hermes_api.not_ready,
    )

    @worker.run
    async def report(
        job: Job,
        window_hours: Annotated[float, Field(gt=0, le=24 * 366)] = 24,
        limit: Annotated[int, Field(ge=1, le=1000)] = newest,
    ) -> Result:
        """The last `window_hours` hours of the job's site, else of all sites; the newest `limit`."""
        query = {"hours": str(window_hours), "limit": str(limit)}
        if job.site_id:
            query["site_id"] = job.site_id
        figures: dict[str, Any] = (await hermes_api.get(shape, path, query)).model_dump()
        return Result(figures, dict.fromkeys(figures, "measured"))

    return worker
