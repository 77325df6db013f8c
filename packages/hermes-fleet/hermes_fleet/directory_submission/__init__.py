"""Directory-Bolt's own proof: every hop answers, and one tiny order comes through all of them."""

from typing import Annotated

from pydantic import Field

from hermes_fleet.directory_submission.client import not_ready, take_away
from hermes_fleet.directory_submission.following import carry, way
from hermes_fleet.directory_submission.models import Order
from hermes_fleet.directory_submission.report import OUTPUTS, refusal, report
from hermes_worker import Job, Result, Worker

worker = Worker(
    "directory_submission",
    version="1.0.0",
    outputs=OUTPUTS,
    modes=("smoke",),
    resumable=True,
    max_concurrency=1,
    ready=not_ready,
)


@worker.run
async def prove(job: Job, directories: Annotated[int, Field(ge=1, le=10)] = 1) -> Result:
    """One order of an invented business to `directories` demo directories; it is taken away again."""
    if job.checkpoint is None:
        if (refused := refusal(await way(job))) is not None:
            return worker.nothing(refused)
        ended = await carry(job, directories)
        await job.save(ended.model_dump(mode="json", by_alias=True))
    order = Order.model_validate(job.checkpoint, strict=False)
    return report(order, is_tidy=await take_away(order.id))
