"""What Hermes says of the way of orders, and the test orders that it makes and takes away."""

import asyncio
import logging
from typing import Any

from pydantic import TypeAdapter

from hermes_fleet import hermes_api
from hermes_fleet.directory_submission.models import Order, Pipeline
from hermes_worker import WorkerError

SECONDS_TO_LOOK = 4.0  # a health answer does not wait longer for Hermes
TRIES, EVERY_SECONDS = 80, 0.25  # a form may take its time
GONE = "wrong_endpoint_404"
log = logging.getLogger("hermes_fleet")


class Placed(hermes_api.ApiModel):
    """The answer to a new test order."""

    job_id: str


async def pipeline() -> Pipeline:
    """Every hop as it is now. WorkerError when Hermes cannot tell."""
    return await hermes_api.get(Pipeline, "/api/orders/pipeline")


async def not_ready() -> dict[str, str]:
    """hop -> what is wrong there and what to do, for /health."""
    if faults := hermes_api.not_ready():
        return faults
    try:
        async with asyncio.timeout(SECONDS_TO_LOOK):
            found = await pipeline()
    except WorkerError as error:
        return {"hermes": f"{error.message} Start Hermes with: hermes up"}
    except TimeoutError:
        return {"hermes": f"no response within {SECONDS_TO_LOOK:g} s. Check the web server's log."}
    return {hop.hop: hop.problem for hop in found.broken}


async def place(key: str, directories: int) -> str:
    """The test order of this key, made at the first call; its id."""
    body = await hermes_api.send("/api/orders/test", {"directories": directories}, key=key)
    return TypeAdapter(Placed).validate_json(body).job_id


async def order(order_id: str) -> Order | None:
    """The order as it is now; None when there is none."""
    try:
        return await hermes_api.get(Order, f"/api/staff/jobs/{order_id}")
    except WorkerError as error:
        if error.code != GONE:
            raise
        return None


async def take_away(order_id: str) -> bool:
    """Cancel what goes on, wait for the form that is being filled in, delete; False: it is still there."""
    message: Any = "a form of it is still being filled in"
    for _ in range(TRIES):
        try:
            found = await order(order_id)
            if found is None:
                return True
            path = f"/api/orders/test/{order_id}"
            if found.is_open:
                await hermes_api.send(f"{path}/cancel")
            elif not found.is_busy:
                await hermes_api.send(path, method="DELETE")
                return True
        except WorkerError as error:
            message = error.message
        await asyncio.sleep(EVERY_SECONDS)
    log.warning("test order %s is left behind: %s", order_id, message)
    return False
