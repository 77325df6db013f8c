"""Advice on search from a reviewed collection: for what was found on this site, and on a topic."""

from time import monotonic
from typing import Annotated

from pydantic import Field

from hermes_fleet import hermes_api
from hermes_fleet.seo_kbase.consultation import consult
from hermes_worker import Job, Result, Worker

worker = Worker(
    "seo_kbase",
    version="1.0.0",
    outputs=("seo_recommendations", "best_practices", "optimization_tips", "reference_docs"),
    modes=("smoke", "full"),
    answer_within=45,
    resumable=True,
    time_limit={"smoke": 55, "full": 55},
    ready=hermes_api.not_ready,
)


@worker.run
async def advise(
    job: Job,
    topic: Annotated[str, Field(max_length=300)] = "",
    limit: Annotated[int, Field(ge=1, le=100)] = 20,
) -> Result:
    """At most `limit` recommendations for the job's site, and as many entries on the topic (none: all)."""
    begun = monotonic()
    result = await consult(job, " ".join(topic.split()), limit)
    return Result(
        outputs=result.outputs,
        provenance=result.provenance,
        metrics={**result.metrics, "seconds": round(monotonic() - begun, 2)},
        missing=result.missing,
    )
