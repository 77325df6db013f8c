"""Where workers call when a job has moved. The signature is the sign-in; polling stays the truth."""

from uuid import UUID

from fastapi import Request

from hermes.web.dependencies import Room
from hermes_base.people.roles import OPEN
from hermes_base.web.api import problems
from hermes_base.web.routing import Router

router = Router(tags=["callbacks"])


@router.post(
    "/api/callbacks/{run_id}", OPEN, status_code=202, responses=problems(404, 413, 422)
)  # workers sign these with their key
async def callback(run_id: UUID, request: Request, hermes: Room) -> dict[str, bool]:
    """Signed callback from a worker (Standard Webhooks). Hermes then checks the job's status itself and ignores the body."""
    return {"woken": await hermes.runs.callback(run_id, request.headers, await request.body())}
