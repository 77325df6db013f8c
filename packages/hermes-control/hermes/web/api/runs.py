"""Single runs: one service asked once."""

from uuid import UUID

from hermes.core.views import RunView
from hermes.web.dependencies import Room
from hermes.web.watching import watched
from hermes_base.people.roles import ACT, READ
from hermes_base.web.api import Actor, problems
from hermes_base.web.routing import Router

router = Router(tags=["runs"])


@router.get("/api/runs/{run_id}", READ, responses=problems(404, 422))
async def run(run_id: UUID, hermes: Room) -> RunView:
    """A run with its outputs, stages and evidence."""
    found = await hermes.runs.one(run_id)
    await watched(hermes, found)
    return found


@router.post(
    "/api/runs/{run_id}/cancel", ACT, status_code=202, responses=problems(403, 404, 409, 422)
)
async def cancel_run(run_id: UUID, hermes: Room, actor: Actor) -> RunView:
    """Cancel a run; its worker is asked to stop."""
    return await hermes.runs.cancel(run_id, actor)
