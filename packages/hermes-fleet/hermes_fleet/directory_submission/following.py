"""One test order: the way is looked at first, then the order is followed to its end."""

import asyncio
import time

from hermes_fleet.directory_submission.client import order, pipeline, place, take_away
from hermes_fleet.directory_submission.models import Order, Pipeline
from hermes_worker import Job, WorkerError

EVERY_SECONDS = 0.5
SECONDS_TO_START = 20.0  # processes that were started with Hermes may still be on their way
SECONDS_TO_END = 80.0  # below the catalog's deadline, so that the hop is named and all is tidied up
REFUSED = ("missing_config", "auth_401", "forbidden_403", "malformed_reply", "not_json")
"""What does not pass by waiting."""


async def way(job: Job) -> Pipeline:
    """The pipeline once every hop answers. WorkerError `pipeline_broken` names the first that does not."""
    began = time.monotonic()
    while True:
        found = await pipeline()
        waits = found.broken or not found.is_ready("browser")
        hopeless = found.demo_directories == 0 or any(h.hop == "browser" for h in found.broken)
        if not waits or hopeless:
            return found
        if time.monotonic() - began > SECONDS_TO_START:
            raise WorkerError("pipeline_broken", _named(found))
        first = (found.broken or found.hops)[0]
        await job.progress(0, unit="directories", phase=f"waiting for {first.name}")
        await asyncio.sleep(EVERY_SECONDS)


def _named(found: Pipeline) -> str:
    unknown = [hop for hop in found.hops if hop.hop == "browser" and hop.state == "not set"]
    return " ".join(hop.problem for hop in found.broken or unknown)


async def carry(job: Job, directories: int) -> Order:
    """Order once and follow to the end; an order that does not get there is taken away again."""
    key = job.run_id or job.id
    try:
        order_id = await place(key, directories)
        try:
            return await _followed(job, order_id)
        except WorkerError:
            await take_away(order_id)
            raise
    except asyncio.CancelledError:
        if job.cancelling:  # a worker that only stops goes on with its order in its next life
            await take_away(await place(key, directories))
        raise


async def _followed(job: Job, order_id: str) -> Order:
    """The completed order. WorkerError says where it stopped, or how it ended."""
    began, last = time.monotonic(), "Order created"
    while time.monotonic() - began < SECONDS_TO_END:
        found = await _seen(order_id)
        if found is not None:
            last = found.timeline[-1].text if found.timeline else last
            await job.progress(
                found.directories_done, found.directories_total, unit="directories", phase=last
            )
            if not found.is_open:
                return _completed(found)
        await asyncio.sleep(EVERY_SECONDS)
    message = f'The order got no further than "{last}" within {SECONDS_TO_END:g} s.'
    raise WorkerError(
        "order_stalled", f"{message} {' '.join(h.problem for h in (await pipeline()).broken)}"
    )


async def _seen(order_id: str) -> Order | None:
    """The order; None while Hermes does not answer. WorkerError when it is gone, or asking is in vain."""
    try:
        found = await order(order_id)
    except WorkerError as error:
        if error.code in REFUSED:
            raise
        return None
    if found is None:
        raise WorkerError("order_gone", f"The order {order_id} was deleted while it was followed.")
    return found


def _completed(found: Order) -> Order:
    if found.status == "completed":
        return found
    why = found.error_message or (found.timeline[-1].text if found.timeline else "")
    raise WorkerError(f"order_{found.status}", f"The order finished as {found.status}: {why}")
